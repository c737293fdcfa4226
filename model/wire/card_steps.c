#include "model/wire/card_steps.h"

#include "model/protocol/bytes.h"
#include "model/protocol/random_range.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT(FIELD_RANDOM_BYTES <= ENTROPY_BLOCK_BYTES);
G_STATIC_ASSERT(FIELD_CHALLENGE_BYTES == SEAL_CHALLENGE_BYTES);

/* One command while the card works on it.
 * @is_cut: power goes in the step that it takes now */
typedef struct {
    Card *card;
    const ExchangePlan *plan;
    Path path;
    bool is_cut;
    const uint8_t *data; /* laid out as plan->command */
    uint8_t *out;        /* to be laid out as plan->response */
} Work;

static const uint8_t *
given(const Work *work, Field field)
{
    for (guint i = 0; i < work->plan->command.n_slots; i++)
        if (work->plan->command.slots[i].field == field)
            return work->data + work->plan->command.slots[i].at;
    return NULL;
}

static uint8_t *
answer(const Work *work, Field field)
{
    for (guint i = 0; i < work->plan->response.n_slots; i++)
        if (work->plan->response.slots[i].field == field)
            return work->out + work->plan->response.slots[i].at;
    return NULL;
}

static uint16_t
bytes_of(const Message *message, Field field)
{
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == field)
            return message->slots[i].bytes;
    return 0;
}

/* The preloaded key with that ID, 0 if there is none. */
static KeyHandle
find_preloaded(const Card *card, uint32_t id)
{
    const CardProfile *profile = card->identity.profile;

    for (guint i = 0; i < profile->n_preloaded; i++)
        if (keyring_id(card->ring, profile->preloaded[i]) == id)
            return profile->preloaded[i];
    return 0;
}

/* Card information and the key update. */

/* The smallest ID above @id that is preloaded; KEYRING_LAST_ID if there is none. */
static uint32_t
next_preloaded_id(const Card *card, uint32_t id)
{
    const CardProfile *profile = card->identity.profile;
    uint32_t next = KEYRING_LAST_ID;

    for (guint i = 0; i < profile->n_preloaded; i++) {
        uint32_t one = keyring_id(card->ring, profile->preloaded[i]);

        if (one > id && one < next)
            next = one;
    }
    return next;
}

static void
put_held_ids(const Card *card, uint8_t *out)
{
    uint32_t id = keyring_id(card->ring, card->identity.memory->transfer_key);

    for (guint i = 0; i < card->protocol->scheme.n_held; i++) {
        bytes_put_u32(out + (size_t)i * FIELD_ID_BYTES, id);
        id = next_preloaded_id(card, id);
    }
    g_assert(id == KEYRING_LAST_ID); /* there was a place for each */
}

static uint16_t
give_information(Work *work)
{
    const Card *card = work->card;
    const CardMemory *memory = card->identity.memory;
    uint8_t *out;

    if ((out = answer(work, FIELD_CERTIFICATE)) != NULL)
        certificate_write(&card->identity.credential->certificate, card->protocol->suite, out);
    if ((out = answer(work, FIELD_SERIAL)) != NULL)
        bytes_put_u64(out, card->identity.serial);
    if ((out = answer(work, FIELD_UPDATE_KEY_ID)) != NULL)
        bytes_put_u32(out, keyring_id(card->ring, memory->update_key));
    bytes_put_u32(answer(work, FIELD_TRANSFER_KEY_ID),
                  keyring_id(card->ring, memory->transfer_key));
    if ((out = answer(work, FIELD_HELD_KEY_IDS)) != NULL)
        put_held_ids(card, out);
    bytes_put_u16(answer(work, FIELD_TERM), memory->expiry_day);
    return SW_DONE;
}

/* Draws a random number of the scheme's length and answers with it. */
static uint16_t
give_random_in(Work *work, Field field)
{
    Card *card = work->card;

    entropy_draw(&card->entropy, card->ram.random, card->protocol->random_bytes);
    memcpy(answer(work, field), card->ram.random, card->protocol->random_bytes);
    return SW_DONE;
}

static uint16_t
give_random(Work *work)
{
    return give_random_in(work, FIELD_UPDATE_RANDOM);
}

/* The keys that an update hands on: [update key,] transfer key. Returns: how many */
static guint
keys_to_give(const Card *card, Path path, KeyHandle handles[static 2])
{
    const CardMemory *memory = card->identity.memory;
    guint n = 0;

    if (path == PATH_PUBLIC_KEY && card->protocol->scheme.update_key == UPDATE_KEY_TRAVELS)
        handles[n++] = memory->update_key;
    handles[n++] = memory->transfer_key;
    return n;
}

/* Writes the payload: [update key ID, update key,] transfer key ID [, transfer key]. */
static size_t
put_payload(const Card *card, Path path, uint8_t *out)
{
    KeyHandle handles[2];
    guint n = keys_to_give(card, path, handles);
    size_t length = 0;

    for (guint i = 0; i < n; i++) {
        const KeyPair *pair = keyring_pair(card->ring, handles[i]);

        bytes_put_u32(out + length, pair->id);
        length += FIELD_ID_BYTES;
        if (card->protocol->scheme.deliver == DELIVER_KEY) {
            memcpy(out + length, pair->key, KEYRING_KEY_BYTES);
            length += KEYRING_KEY_BYTES;
        }
    }
    g_assert(length == card->protocol->payload_bytes[path]);
    return length;
}

/* Beside the payload: what the issuer signed of each key in it. */
static void
put_key_signatures(Work *work)
{
    Card *card = work->card;
    uint16_t bytes = card->protocol->suite->signature_bytes;
    uint8_t *out = answer(work, FIELD_KEY_SIGNATURES);
    KeyHandle handles[2];
    guint n = keys_to_give(card, work->path, handles);

    for (guint i = 0; out != NULL && i < n; i++, out += bytes) {
        memset(out, 0, bytes);
        keyring_signature(card->ring, handles[i], out);
    }
}

/* Whether the issuer signed each key of the opened payload. All are looked at, whatever
 * the first one says. */
static bool
are_keys_signed(Work *work)
{
    const Card *card = work->card;
    uint16_t bytes = card->protocol->suite->signature_bytes;
    guint n = card->protocol->n_signed_keys[work->path];
    bool are_signed = true;

    for (guint i = 0; i < n; i++) {
        const uint8_t *part = card->ram.text + (size_t)i * (FIELD_ID_BYTES + KEYRING_KEY_BYTES);
        const uint8_t *signature = given(work, FIELD_KEY_SIGNATURES) + (size_t)i * bytes;
        KeyKind kind = i + 1 == n ? KEY_TRANSFER : KEY_UPDATE;

        are_signed &=
            keyring_is_signed(card->ring, kind, bytes_get_u32(part), part + FIELD_ID_BYTES,
                              signature) &&
            seal_is_padding(signature + KEYRING_SIGNATURE_BYTES, bytes - KEYRING_SIGNATURE_BYTES);
    }
    return are_signed;
}

static uint16_t
encrypt_under_update_key(Work *work)
{
    Card *card = work->card;
    uint8_t nonce[SEAL_NONCE_BYTES];
    uint8_t text[SEAL_TEXT_MAX];
    size_t length = card->protocol->random_bytes;

    memcpy(text, given(work, FIELD_UPDATE_RANDOM), length);
    length += put_payload(card, work->path, text + length);
    entropy_draw(&card->entropy, nonce, sizeof nonce);
    seal_message(card->protocol->scheme.update_cipher,
                 keyring_pair(card->ring, card->identity.memory->update_key), nonce, text, length,
                 answer(work, FIELD_PROTECTED_KEY));
    put_key_signatures(work);
    sodium_memzero(text, sizeof text);
    return SW_DONE;
}

static uint16_t
check_random(Work *work)
{
    Card *card = work->card;
    size_t n = card->protocol->random_bytes;
    uint8_t text[SEAL_TEXT_MAX];
    bool fresh = seal_open_message(card->protocol->scheme.update_cipher,
                                   keyring_pair(card->ring, card->identity.memory->update_key),
                                   given(work, FIELD_PROTECTED_KEY),
                                   bytes_of(&work->plan->command, FIELD_PROTECTED_KEY), text) &&
                 sodium_memcmp(text, card->ram.random, n) == 0;

    if (fresh)
        memcpy(card->ram.text, text + n, card->protocol->payload_bytes[work->path]);
    sodium_memzero(text, sizeof text);
    return fresh ? SW_DONE : SW_UPDATE_KEY_DIFFERS;
}

static uint16_t
check_newer_certificate(Work *work)
{
    Card *card = work->card;
    Certificate certificate;

    if (!certificate_check(card->authority_key, card->protocol->suite,
                           given(work, FIELD_CERTIFICATE), &certificate))
        return SW_NEWER_CERTIFICATE;
    memcpy(card->ram.peer_key, certificate.public_key, sizeof card->ram.peer_key);
    return give_random(work);
}

static uint16_t
check_older_certificate(Work *work)
{
    Card *card = work->card;
    uint8_t ephemeral[32];
    uint8_t text[SEAL_TEXT_MAX];
    Certificate certificate;

    if (!certificate_check(card->authority_key, card->protocol->suite,
                           given(work, FIELD_CERTIFICATE), &certificate))
        return SW_OLDER_CERTIFICATE;
    entropy_draw(&card->entropy, ephemeral, sizeof ephemeral);
    seal_envelope(card->protocol->suite, certificate.public_key, ephemeral, text,
                  put_payload(card, work->path, text), answer(work, FIELD_PROTECTED_KEY));
    put_key_signatures(work);
    sodium_memzero(ephemeral, sizeof ephemeral);
    sodium_memzero(text, sizeof text);
    return SW_DONE;
}

/* Joins E and R into what is signed. */
static size_t
join_signed(const Card *card, const uint8_t *envelope, size_t length, const uint8_t *random,
            uint8_t *out)
{
    memcpy(out, envelope, length);
    memcpy(out + length, random, card->protocol->random_bytes);
    return length + card->protocol->random_bytes;
}

static uint16_t
sign_envelope(Work *work)
{
    const Card *card = work->card;
    uint8_t data[APDU_BYTES_MAX];
    size_t length = join_signed(card, answer(work, FIELD_PROTECTED_KEY),
                                bytes_of(&work->plan->response, FIELD_PROTECTED_KEY),
                                given(work, FIELD_UPDATE_RANDOM), data);

    seal_sign(card->protocol->suite, &card->identity.credential->secret, data, length,
              answer(work, FIELD_SIGNATURE));
    return SW_DONE;
}

static uint16_t
check_signature(Work *work)
{
    const Card *card = work->card;
    uint8_t data[APDU_BYTES_MAX];
    size_t length =
        join_signed(card, given(work, FIELD_PROTECTED_KEY),
                    bytes_of(&work->plan->command, FIELD_PROTECTED_KEY), card->ram.random, data);

    if (!seal_verify(card->protocol->suite, card->ram.peer_key, data, length,
                     given(work, FIELD_SIGNATURE)))
        return SW_SIGNATURE;
    return SW_DONE;
}

static uint16_t
open_envelope(Work *work)
{
    Card *card = work->card;
    const CardCredential *credential = card->identity.credential;

    if (!seal_open_envelope(card->protocol->suite, &credential->secret,
                            credential->certificate.public_key, given(work, FIELD_PROTECTED_KEY),
                            card->ram.text, card->protocol->payload_bytes[work->path]))
        return SW_ENVELOPE;
    return SW_DONE;
}

static bool
lies_in_range(SchemeRange range, uint32_t own, uint32_t offered, uint32_t limit)
{
    if (offered == KEYRING_LAST_ID)
        return false;
    switch (range) {
    case RANGE_INCLUSIVE:
        return own < offered && offered <= limit;
    case RANGE_LIMIT_EXCLUSIVE:
        return own < offered && (offered < limit || limit == CARD_NO_LIMIT);
    case RANGE_LOWER_INCLUSIVE:
        return own <= offered && offered <= limit;
    case N_RANGE:
        break;
    }
    g_assert_not_reached();
}

/* The check of the update key in S8105A. */
static uint16_t
judge_update_key(const Card *card, uint32_t offered)
{
    SchemeRange range = card->protocol->scheme.range;
    uint32_t own = keyring_id(card->ring, card->identity.memory->update_key);

    if (offered != KEYRING_LAST_ID && !lies_in_range(range, own, offered, CARD_NO_LIMIT))
        return SW_UPDATE_KEY_ORDER;
    if (!lies_in_range(range, own, offered, card->identity.profile->update_key_limit))
        return SW_UPDATE_KEY_LIMIT;
    return SW_DONE;
}

/* Of @n fields that a step writes, in order, how many are written before power goes. One
 * field alone, and an atomic write, are not there until they are whole. */
static guint
fields_written(const Work *work, guint n)
{
    const Scheme *scheme = &work->card->protocol->scheme;

    if (!work->is_cut)
        return n;
    if (scheme->torn_write == TORN_WRITE_ATOMIC || n < 2)
        return 0;
    return 1 + random_range_below((uint64_t)work->card->cut.chance << 32, n - 1);
}

/* Whether a transfer key is so far ahead that no honest generation is. */
static bool
is_too_far(const Card *card, uint32_t offered)
{
    uint32_t own = keyring_id(card->ring, card->identity.memory->transfer_key);

    return (int64_t)offered - own > card->protocol->scheme.max_step;
}

/* S6104A: the key is there already, only the ID in use moves. */
static uint16_t
store_id(Work *work, uint32_t offered)
{
    Card *card = work->card;
    CardMemory *memory = card->identity.memory;
    KeyHandle preloaded = find_preloaded(card, offered);

    if (offered == KEYRING_LAST_ID || offered <= keyring_id(card->ring, memory->transfer_key) ||
        is_too_far(card, offered))
        return SW_TRANSFER_KEY_RANGE;
    if (preloaded == 0)
        return SW_NOT_PRELOADED;
    if (fields_written(work, 1) == 0)
        return SW_DONE;
    memory->transfer_key = preloaded;
    card->log.wrote |= WROTE_TRANSFER_KEY_ID;
    return SW_DONE;
}

#define FIELDS_OF_A_KEY 2 /* its ID and itself */

/* One of the two fields: the other stays that of the old key. */
static KeyHandle
write_half(Card *card, KeyHandle old, KeyHandle new)
{
    if (card->protocol->scheme.torn_write == TORN_WRITE_ID_FIRST)
        return keyring_cross(card->ring, new, old);
    return keyring_cross(card->ring, old, new);
}

/* Writes the first @n fields of the ID and key at @part, which are FIELDS_OF_A_KEY. */
static bool
write_key(Card *card, KeyKind kind, const uint8_t *part, guint n)
{
    KeyHandle *place = kind == KEY_TRANSFER ? &card->identity.memory->transfer_key
                                            : &card->identity.memory->update_key;
    KeyHandle handle;

    if (n == 0)
        return true;
    handle = keyring_adopt(card->ring, kind, bytes_get_u32(part), part + FIELD_ID_BYTES);
    if (handle != 0 && n < FIELDS_OF_A_KEY)
        handle = write_half(card, *place, handle);
    if (handle == 0)
        return false;
    *place = handle;
    if (n == FIELDS_OF_A_KEY)
        card->log.wrote |= kind == KEY_TRANSFER ? WROTE_TRANSFER_KEY : WROTE_UPDATE_KEY;
    return true;
}

/* Writes the keys that are offered, NULL if not, the update key first or last. */
static bool
write_keys(Work *work, const uint8_t *update_part, const uint8_t *transfer_part)
{
    Card *card = work->card;
    guint n_update = update_part != NULL ? FIELDS_OF_A_KEY : 0;
    guint n_transfer = transfer_part != NULL ? FIELDS_OF_A_KEY : 0;
    guint n = fields_written(work, n_update + n_transfer);

    if (card->protocol->scheme.torn_pair == TORN_PAIR_UK_FIRST) {
        n_update = MIN(n, n_update);
        n_transfer = n - n_update;
    } else {
        n_transfer = MIN(n, n_transfer);
        n_update = n - n_transfer;
    }
    return write_key(card, KEY_UPDATE, update_part, n_update) &&
           write_key(card, KEY_TRANSFER, transfer_part, n_transfer);
}

/* S1104A and its like, and S8105A: the issuer's signatures where there are such, range
 * checks, then the writes. */
static uint16_t
store_keys(Work *work)
{
    Card *card = work->card;
    const Scheme *scheme = &card->protocol->scheme;
    const uint8_t *update_part = NULL;
    const uint8_t *transfer_part = card->ram.text;
    uint32_t transfer_id;
    uint16_t update_verdict = SW_DONE;
    bool transfer_fits;
    bool update_fits;

    if (!are_keys_signed(work))
        return SW_KEY_SIGNATURE;
    if (work->path == PATH_PUBLIC_KEY && scheme->update_key == UPDATE_KEY_TRAVELS) {
        update_part = card->ram.text;
        transfer_part += FIELD_ID_BYTES + KEYRING_KEY_BYTES;
        update_verdict = judge_update_key(card, bytes_get_u32(update_part));
    }
    transfer_id = bytes_get_u32(transfer_part);
    if (scheme->deliver == DELIVER_ID)
        return store_id(work, transfer_id);
    transfer_fits =
        lies_in_range(scheme->range, keyring_id(card->ring, card->identity.memory->transfer_key),
                      transfer_id, card->identity.profile->transfer_key_limit) &&
        !is_too_far(card, transfer_id);
    update_fits = update_part != NULL && update_verdict == SW_DONE;

    if (scheme->uk_rule == UK_RULE_STRICT && update_verdict != SW_DONE)
        return update_verdict;
    if (!transfer_fits && (update_part == NULL || scheme->uk_rule == UK_RULE_STRICT ||
                           scheme->uk_rule == UK_RULE_TK_ONLY))
        return SW_TRANSFER_KEY_RANGE;
    if (!write_keys(work, update_fits ? update_part : NULL, transfer_fits ? transfer_part : NULL))
        return SW_MEMORY_FAILURE;
    if (!transfer_fits)
        return update_fits ? SW_UPDATE_KEY_ALONE : SW_TRANSFER_KEY_RANGE;
    return update_verdict == SW_DONE ? SW_DONE : SW_TRANSFER_KEY_ALONE;
}

/* Fig. 4. */

typedef enum { TRANSMISSION = 1, RECEPTION = 2 } Direction;

/* Joins what 224 (transmission) or 226 (reception) authenticates. */
static size_t
join_challenged(const Card *card, const CardDeal *deal, Direction direction, bool is_payer,
                const uint8_t *random, uint8_t *out)
{
    SchemeFig4Mac form = card->protocol->scheme.fig4_mac;
    uint8_t *end = out;
    uint8_t own[FIELD_SERIAL_BYTES];

    memcpy(end, deal->terms, sizeof deal->terms);
    end += sizeof deal->terms;
    memcpy(end, random, card->protocol->random_bytes);
    end += card->protocol->random_bytes;
    if (form != FIG4_MAC_SPEC)
        *end++ = (uint8_t)direction;
    if (form == FIG4_MAC_DIRECTION_AND_CARDS) {
        bytes_put_u64(own, card->identity.serial);
        memcpy(end, is_payer ? own : deal->peer_serial, FIELD_SERIAL_BYTES);
        end += FIELD_SERIAL_BYTES;
        memcpy(end, is_payer ? deal->peer_serial : own, FIELD_SERIAL_BYTES);
        end += FIELD_SERIAL_BYTES;
    }
    return (size_t)(end - out);
}

#define CHALLENGED_MAX 64

static void
make_challenge(const Card *card, const CardDeal *deal, Direction direction, bool is_payer,
               const uint8_t *random, uint8_t *out)
{
    uint8_t data[CHALLENGED_MAX];
    size_t length = join_challenged(card, deal, direction, is_payer, random, data);

    seal_challenge(keyring_pair(card->ring, deal->key), data, length, out);
}

static bool
check_challenge(const Card *card, const CardDeal *deal, Direction direction, bool is_payer,
                const uint8_t *random, const uint8_t *challenge)
{
    uint8_t data[CHALLENGED_MAX];
    size_t length = join_challenged(card, deal, direction, is_payer, random, data);

    return seal_check_challenge(keyring_pair(card->ring, deal->key), data, length, challenge);
}

/* The transfer key that the terminal names: the current one, or a preloaded one that
 * is newer; older ones are gone. Without a name the current one; 0 if it is not held. */
static KeyHandle
key_to_pay_with(const Card *card, const uint8_t *named)
{
    KeyHandle own = card->identity.memory->transfer_key;
    uint32_t own_id = keyring_id(card->ring, own);
    uint32_t id = named == NULL ? own_id : bytes_get_u32(named);

    if (id == own_id)
        return own;
    return id > own_id && id != KEYRING_LAST_ID ? find_preloaded(card, id) : 0;
}

/* Returns: whether the card holds the key to pay with. */
static bool
remember_deal(Work *work)
{
    CardDeal *deal = &work->card->ram.deal;
    const uint8_t *serial = given(work, FIELD_SERIAL);

    memcpy(deal->terms, given(work, FIELD_PAID_VALUE), FIELD_PAID_VALUE_BYTES);
    memcpy(deal->terms + FIELD_PAID_VALUE_BYTES, given(work, FIELD_DATE), FIELD_DATE_BYTES);
    if (serial != NULL)
        memcpy(deal->peer_serial, serial, FIELD_SERIAL_BYTES);
    deal->key = key_to_pay_with(work->card, given(work, FIELD_COMMON_KEY_ID));
    return deal->key != 0;
}

/* S2101A, S2101B: the tentative balance. */
static uint16_t
make_debit(Card *card)
{
    uint64_t paid = bytes_get_u64(card->ram.deal.terms);
    Cents balance = card->identity.memory->balance;

    if (card->identity.profile->pays_from_nothing) {
        card->ram.tentative = balance;
        return SW_DONE;
    }
    if (paid > INT64_MAX ||
        (card->protocol->scheme.overdraft == OVERDRAFT_REFUSE && (int64_t)paid > balance) ||
        __builtin_sub_overflow(balance, (int64_t)paid, &card->ram.tentative))
        return SW_BALANCE_TOO_SMALL;
    return SW_DONE;
}

static uint16_t
make_credit(Card *card, const CardDeal *deal)
{
    uint64_t paid = bytes_get_u64(deal->terms);

    if (paid > INT64_MAX ||
        __builtin_add_overflow(card->identity.memory->balance, (int64_t)paid,
                               &card->ram.tentative) ||
        card->ram.tentative > card->protocol->scheme.max_balance)
        return SW_BALANCE_TOO_LARGE;
    return SW_DONE;
}

/* ---- What a tear has left unfinished (recovery = torn-log) -------------- */

/* With the write of this step. */
static void
log_pledge(CardPledge *pledge, const CardDeal *deal, const uint8_t *random, size_t n_random)
{
    pledge->deal = *deal;
    memcpy(pledge->random, random, n_random);
}

/* 226 of the last debit, for the other card if it waits for that; zeros if there was none. */
static void
tell_last_challenge(Work *work)
{
    const CardUnfinished *unfinished = work->card->identity.unfinished;
    uint8_t *out = answer(work, FIELD_LAST_CHALLENGE);

    if (out == NULL)
        return;
    memset(out, 0, FIELD_CHALLENGE_BYTES);
    if (unfinished != NULL && unfinished->debit.deal.key != 0)
        make_challenge(work->card, &unfinished->debit.deal, RECEPTION, true,
                       unfinished->debit.random, out);
}

/* S2104B and S2105B of the credit for which the card waits, if the other card's last debit is
 * its counterpart. One write credits and strikes it, so that it cannot come twice. */
static void
finish_credit(Work *work)
{
    Card *card = work->card;
    CardPledge *credit;

    if (card->identity.unfinished == NULL || work->is_cut)
        return;
    credit = &card->identity.unfinished->credit;
    if (credit->deal.key == 0 ||
        !check_challenge(card, &credit->deal, RECEPTION, false, credit->random,
                         given(work, FIELD_LAST_CHALLENGE)) ||
        make_credit(card, &credit->deal) != SW_DONE)
        return;
    card->log.restored += card->ram.tentative - card->identity.memory->balance;
    card->identity.memory->balance = card->ram.tentative;
    *credit = (CardPledge){ 0 };
}

static uint16_t
tentatively_debit(Work *work)
{
    return remember_deal(work) ? make_debit(work->card) : SW_KEY_NOT_HELD;
}

static uint16_t
tentatively_credit(Work *work)
{
    finish_credit(work);
    return remember_deal(work) ? make_credit(work->card, &work->card->ram.deal) : SW_KEY_NOT_HELD;
}

static uint16_t
give_transmission_random(Work *work)
{
    tell_last_challenge(work);
    return give_random_in(work, FIELD_TRANSMISSION_RANDOM);
}

static uint16_t
make_transmission_challenge(Work *work)
{
    make_challenge(work->card, &work->card->ram.deal, TRANSMISSION, false,
                   given(work, FIELD_TRANSMISSION_RANDOM),
                   answer(work, FIELD_TRANSMISSION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
give_reception_random(Work *work)
{
    Card *card = work->card;
    uint16_t status = give_random_in(work, FIELD_RECEPTION_RANDOM);

    tell_last_challenge(work);
    if (card->identity.unfinished != NULL && !work->is_cut)
        log_pledge(&card->identity.unfinished->credit, &card->ram.deal, card->ram.random,
                   card->protocol->random_bytes);
    return status;
}

static uint16_t
check_transmission_challenge(Work *work)
{
    Card *card = work->card;

    finish_credit(work);
    if (card->identity.unfinished != NULL)
        make_debit(card); /* from what there is now */
    if (!check_challenge(card, &card->ram.deal, TRANSMISSION, true, card->ram.random,
                         given(work, FIELD_TRANSMISSION_CHALLENGE)))
        return SW_TRANSMISSION_CHALLENGE;
    return SW_DONE;
}

/* The balance, and with it the switch to the key that was used. */
static void
commit_balance(Work *work)
{
    Card *card = work->card;
    CardMemory *memory = card->identity.memory;
    bool switches = memory->transfer_key != card->ram.deal.key;
    guint n = fields_written(work, switches ? 2 : 1);
    bool has_both = n == 2 || !switches;
    bool id_is_first = card->protocol->scheme.torn_write == TORN_WRITE_ID_FIRST;

    if (n == 0)
        return;
    if (has_both || !id_is_first) {
        memory->balance = card->ram.tentative;
        card->log.committed = true;
    }
    if (switches && (has_both || id_is_first)) {
        memory->transfer_key = card->ram.deal.key;
        card->log.wrote |= WROTE_SWITCH;
    }
}

/* Whether this may be the second debit or credit on one random number, which comes on top
 * of the first. */
static bool
may_come_again(const Work *work)
{
    return work->card->protocol->scheme.nonce_life == NONCE_LIFE_POWER_ON;
}

/* S2104A; with the balance goes the log. */
static uint16_t
commit_debit(Work *work)
{
    Card *card = work->card;
    uint16_t status = may_come_again(work) ? make_debit(card) : SW_DONE;

    if (status != SW_DONE)
        return status;
    commit_balance(work);
    if (card->identity.unfinished != NULL && card->log.committed)
        log_pledge(&card->identity.unfinished->debit, &card->ram.deal,
                   given(work, FIELD_RECEPTION_RANDOM), card->protocol->random_bytes);
    return SW_DONE;
}

/* S2105B; likewise. */
static uint16_t
commit_credit(Work *work)
{
    Card *card = work->card;
    uint16_t status = may_come_again(work) ? make_credit(card, &card->ram.deal) : SW_DONE;

    if (status != SW_DONE)
        return status;
    commit_balance(work);
    if (card->identity.unfinished != NULL && card->log.committed)
        card->identity.unfinished->credit = (CardPledge){ 0 };
    return SW_DONE;
}

static uint16_t
make_reception_challenge(Work *work)
{
    make_challenge(work->card, &work->card->ram.deal, RECEPTION, true,
                   given(work, FIELD_RECEPTION_RANDOM), answer(work, FIELD_RECEPTION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
check_reception_challenge(Work *work)
{
    if (!check_challenge(work->card, &work->card->ram.deal, RECEPTION, false,
                         work->card->ram.random, given(work, FIELD_RECEPTION_CHALLENGE)))
        return SW_RECEPTION_CHALLENGE;
    return SW_DONE;
}

/* What the card does in each step of the table. */
static uint16_t (*const actions[N_CARD_STEPS])(Work *work) = {
    [CARD_STEP_INFORMATION] = give_information,
    [CARD_STEP_GIVE_RANDOM] = give_random,
    [CARD_STEP_ENCRYPT] = encrypt_under_update_key,
    [CARD_STEP_CHECK_RANDOM] = check_random,
    [CARD_STEP_STORE] = store_keys,
    [CARD_STEP_CHECK_NEWER] = check_newer_certificate,
    [CARD_STEP_CHECK_OLDER] = check_older_certificate,
    [CARD_STEP_SIGN] = sign_envelope,
    [CARD_STEP_CHECK_SIGNATURE] = check_signature,
    [CARD_STEP_OPEN] = open_envelope,
    [CARD_STEP_STORE_OPENED] = store_keys,
    [CARD_STEP_S2101A] = tentatively_debit,
    [CARD_STEP_S2102A] = give_transmission_random,
    [CARD_STEP_S2101B] = tentatively_credit,
    [CARD_STEP_S2102B] = make_transmission_challenge,
    [CARD_STEP_S2103B] = give_reception_random,
    [CARD_STEP_S2103A] = check_transmission_challenge,
    [CARD_STEP_S2104A] = commit_debit,
    [CARD_STEP_S2105A] = make_reception_challenge,
    [CARD_STEP_S2104B] = check_reception_challenge,
    [CARD_STEP_S2105B] = commit_credit,
};

static void
note_refusal(Card *card, Exchange exchange, CardStep step)
{
    if (exchange == EXCHANGE_UPDATE && !card->protocol->scheme.update_ack)
        card->log.refused_in_silence = step;
    else
        card->log.refused = step;
}

uint16_t
card_take_steps(Card *card, Exchange exchange, Path path, const uint8_t *data, uint8_t *out)
{
    const ExchangePlan *plan = &card->protocol->plan[path][exchange];
    Work work = { .card = card, .plan = plan, .path = path, .data = data, .out = out };

    for (guint i = 0; i < plan->n_steps; i++) {
        uint16_t status;

        work.is_cut = plan->steps[i] == card->cut.step;
        status = actions[plan->steps[i]](&work);
        if (work.is_cut)
            return SW_NONE;
        if (status == SW_DONE)
            continue;
        if (status != SW_TRANSFER_KEY_ALONE)
            note_refusal(card, exchange, plan->steps[i]);
        return status;
    }
    return SW_DONE;
}
