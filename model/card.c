#include "model/card.h"

#include "model/bytes.h"

#include <sodium.h>
#include <string.h>

/* Template that names the service, ISO/IEC 7816-4. */
static const uint8_t control_information[FIELD_CONTROL_INFORMATION_BYTES] = {
    0x6F, 0x07, 0x84, 0x05, 0xF0, 0x00, 0x00, 0x00, 0x01,
};

G_STATIC_ASSERT(FIELD_RANDOM_BYTES <= ENTROPY_BLOCK_BYTES);
G_STATIC_ASSERT(FIELD_CHALLENGE_BYTES == SEAL_CHALLENGE_BYTES);

/* One command while the card works on it. */
typedef struct {
    Card *card;
    const ExchangePlan *plan;
    Path path;
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

/* Card information and the key update. */

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
    bytes_put_u16(answer(work, FIELD_TERM), memory->expiry_day);
    return SW_DONE;
}

static uint16_t
give_random(Work *work)
{
    Card *card = work->card;

    entropy_draw(&card->entropy, card->ram.random, sizeof card->ram.random);
    memcpy(answer(work, FIELD_UPDATE_RANDOM), card->ram.random, sizeof card->ram.random);
    return SW_DONE;
}

/* Writes the payload: [update key ID, update key,] transfer key ID [, transfer key]. */
static size_t
put_payload(const Card *card, Path path, uint8_t *out)
{
    const Scheme *scheme = &card->protocol->scheme;
    const CardMemory *memory = card->identity.memory;
    KeyHandle handles[2];
    size_t n = 0;
    size_t length = 0;

    if (path == PATH_PUBLIC_KEY && scheme->update_key == UPDATE_KEY_TRAVELS)
        handles[n++] = memory->update_key;
    handles[n++] = memory->transfer_key;
    for (size_t i = 0; i < n; i++) {
        const KeyPair *pair = keyring_pair(card->ring, handles[i]);

        bytes_put_u32(out + length, pair->id);
        length += FIELD_ID_BYTES;
        if (scheme->deliver == DELIVER_KEY) {
            memcpy(out + length, pair->key, KEYRING_KEY_BYTES);
            length += KEYRING_KEY_BYTES;
        }
    }
    g_assert(length == card->protocol->payload_bytes[path]);
    return length;
}

static uint16_t
encrypt_under_update_key(Work *work)
{
    Card *card = work->card;
    uint8_t nonce[SEAL_NONCE_BYTES];
    uint8_t text[SEAL_TEXT_MAX];
    size_t length = FIELD_RANDOM_BYTES;

    memcpy(text, given(work, FIELD_UPDATE_RANDOM), FIELD_RANDOM_BYTES);
    length += put_payload(card, work->path, text + length);
    entropy_draw(&card->entropy, nonce, sizeof nonce);
    seal_message(keyring_pair(card->ring, card->identity.memory->update_key), nonce, text, length,
                 answer(work, FIELD_PROTECTED_KEY));
    sodium_memzero(text, sizeof text);
    return SW_DONE;
}

static uint16_t
check_random(Work *work)
{
    Card *card = work->card;
    uint8_t text[SEAL_TEXT_MAX];
    bool fresh = seal_open_message(keyring_pair(card->ring, card->identity.memory->update_key),
                                   given(work, FIELD_PROTECTED_KEY),
                                   bytes_of(&work->plan->command, FIELD_PROTECTED_KEY), text) &&
                 sodium_memcmp(text, card->ram.random, FIELD_RANDOM_BYTES) == 0;

    if (fresh)
        memcpy(card->ram.text, text + FIELD_RANDOM_BYTES,
               card->protocol->payload_bytes[work->path]);
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
    sodium_memzero(ephemeral, sizeof ephemeral);
    sodium_memzero(text, sizeof text);
    return SW_DONE;
}

/* Joins E and R into what is signed. */
static size_t
join_signed(const uint8_t *envelope, size_t length, const uint8_t *random, uint8_t *out)
{
    memcpy(out, envelope, length);
    memcpy(out + length, random, FIELD_RANDOM_BYTES);
    return length + FIELD_RANDOM_BYTES;
}

static uint16_t
sign_envelope(Work *work)
{
    const Card *card = work->card;
    uint8_t data[APDU_BYTES_MAX];
    size_t length = join_signed(answer(work, FIELD_PROTECTED_KEY),
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
        join_signed(given(work, FIELD_PROTECTED_KEY),
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

    if (!lies_in_range(range, own, offered, CARD_NO_LIMIT))
        return SW_UPDATE_KEY_ORDER;
    if (!lies_in_range(range, own, offered, card->identity.profile->update_key_limit))
        return SW_UPDATE_KEY_LIMIT;
    return SW_DONE;
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

/* S6104A: the key is there already, only the ID in use moves. */
static uint16_t
store_id(Card *card, uint32_t offered)
{
    CardMemory *memory = card->identity.memory;
    KeyHandle preloaded = find_preloaded(card, offered);

    if (offered <= keyring_id(card->ring, memory->transfer_key))
        return SW_TRANSFER_KEY_RANGE;
    if (preloaded == 0)
        return SW_NOT_PRELOADED;
    memory->transfer_key = preloaded;
    card->log.wrote |= WROTE_TRANSFER_KEY_ID;
    return SW_DONE;
}

static bool
write_key(Card *card, KeyKind kind, uint32_t id, const uint8_t *key)
{
    KeyHandle handle = keyring_adopt(card->ring, kind, id, key);

    if (handle == 0)
        return false;
    if (kind == KEY_TRANSFER) {
        card->identity.memory->transfer_key = handle;
        card->log.wrote |= WROTE_TRANSFER_KEY;
    } else {
        card->identity.memory->update_key = handle;
        card->log.wrote |= WROTE_UPDATE_KEY;
    }
    return true;
}

/* S1104A and its like, and S8105A: range checks, then the writes. */
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

    if (work->path == PATH_PUBLIC_KEY && scheme->update_key == UPDATE_KEY_TRAVELS) {
        update_part = card->ram.text;
        transfer_part += FIELD_ID_BYTES + KEYRING_KEY_BYTES;
        update_verdict = judge_update_key(card, bytes_get_u32(update_part));
    }
    transfer_id = bytes_get_u32(transfer_part);
    if (scheme->deliver == DELIVER_ID)
        return store_id(card, transfer_id);
    transfer_fits =
        lies_in_range(scheme->range, keyring_id(card->ring, card->identity.memory->transfer_key),
                      transfer_id, card->identity.profile->transfer_key_limit);
    update_fits = update_part != NULL && update_verdict == SW_DONE;

    if (scheme->uk_rule == UK_RULE_STRICT && update_verdict != SW_DONE)
        return update_verdict;
    if (!transfer_fits && (update_part == NULL || scheme->uk_rule == UK_RULE_STRICT ||
                           scheme->uk_rule == UK_RULE_TK_ONLY))
        return SW_TRANSFER_KEY_RANGE;
    if (update_fits &&
        !write_key(card, KEY_UPDATE, bytes_get_u32(update_part), update_part + FIELD_ID_BYTES))
        return SW_MEMORY_FAILURE;
    if (transfer_fits &&
        !write_key(card, KEY_TRANSFER, transfer_id, transfer_part + FIELD_ID_BYTES))
        return SW_MEMORY_FAILURE;
    if (!transfer_fits)
        return update_fits ? SW_UPDATE_KEY_ALONE : SW_TRANSFER_KEY_RANGE;
    return update_verdict == SW_DONE ? SW_DONE : SW_TRANSFER_KEY_ALONE;
}

/* Fig. 4. */

typedef enum { TRANSMISSION = 1, RECEPTION = 2 } Direction;

/* Joins what 224 (transmission) or 226 (reception) authenticates. */
static size_t
join_challenged(const Card *card, Direction direction, bool is_payer, const uint8_t *random,
                uint8_t *out)
{
    SchemeFig4Mac form = card->protocol->scheme.fig4_mac;
    uint8_t *end = out;
    uint8_t own[FIELD_SERIAL_BYTES];

    memcpy(end, card->ram.deal, sizeof card->ram.deal);
    end += sizeof card->ram.deal;
    memcpy(end, random, FIELD_RANDOM_BYTES);
    end += FIELD_RANDOM_BYTES;
    if (form != FIG4_MAC_SPEC)
        *end++ = (uint8_t)direction;
    if (form == FIG4_MAC_DIRECTION_AND_CARDS) {
        bytes_put_u64(own, card->identity.serial);
        memcpy(end, is_payer ? own : card->ram.peer_serial, FIELD_SERIAL_BYTES);
        end += FIELD_SERIAL_BYTES;
        memcpy(end, is_payer ? card->ram.peer_serial : own, FIELD_SERIAL_BYTES);
        end += FIELD_SERIAL_BYTES;
    }
    return (size_t)(end - out);
}

#define CHALLENGED_MAX 64

static void
make_challenge(const Card *card, Direction direction, bool is_payer, const uint8_t *random,
               uint8_t *out)
{
    uint8_t data[CHALLENGED_MAX];
    size_t length = join_challenged(card, direction, is_payer, random, data);

    seal_challenge(keyring_pair(card->ring, card->identity.memory->transfer_key), data, length,
                   out);
}

static bool
check_challenge(const Card *card, Direction direction, bool is_payer, const uint8_t *random,
                const uint8_t *challenge)
{
    uint8_t data[CHALLENGED_MAX];
    size_t length = join_challenged(card, direction, is_payer, random, data);

    return seal_check_challenge(keyring_pair(card->ring, card->identity.memory->transfer_key), data,
                                length, challenge);
}

static void
remember_deal(Work *work)
{
    CardVolatile *ram = &work->card->ram;
    const uint8_t *serial = given(work, FIELD_SERIAL);

    memcpy(ram->deal, given(work, FIELD_PAID_VALUE), FIELD_PAID_VALUE_BYTES);
    memcpy(ram->deal + FIELD_PAID_VALUE_BYTES, given(work, FIELD_DATE), FIELD_DATE_BYTES);
    if (serial != NULL)
        memcpy(ram->peer_serial, serial, FIELD_SERIAL_BYTES);
}

/* S2101A, S2101B: the tentative balance. */
static uint16_t
tentatively_debit(Work *work)
{
    Card *card = work->card;
    const Scheme *scheme = &card->protocol->scheme;
    uint64_t paid = bytes_get_u64(given(work, FIELD_PAID_VALUE));
    Cents balance = card->identity.memory->balance;

    remember_deal(work);
    if (paid > INT64_MAX || (scheme->overdraft == OVERDRAFT_REFUSE && (int64_t)paid > balance) ||
        __builtin_sub_overflow(balance, (int64_t)paid, &card->ram.tentative))
        return SW_BALANCE_TOO_SMALL;
    return SW_DONE;
}

static uint16_t
tentatively_credit(Work *work)
{
    Card *card = work->card;
    uint64_t paid = bytes_get_u64(given(work, FIELD_PAID_VALUE));

    remember_deal(work);
    if (paid > INT64_MAX ||
        __builtin_add_overflow(card->identity.memory->balance, (int64_t)paid,
                               &card->ram.tentative) ||
        card->ram.tentative > card->protocol->scheme.max_balance)
        return SW_BALANCE_TOO_LARGE;
    return SW_DONE;
}

static uint16_t
give_transmission_random(Work *work)
{
    Card *card = work->card;

    entropy_draw(&card->entropy, card->ram.random, sizeof card->ram.random);
    memcpy(answer(work, FIELD_TRANSMISSION_RANDOM), card->ram.random, sizeof card->ram.random);
    return SW_DONE;
}

static uint16_t
make_transmission_challenge(Work *work)
{
    make_challenge(work->card, TRANSMISSION, false, given(work, FIELD_TRANSMISSION_RANDOM),
                   answer(work, FIELD_TRANSMISSION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
give_reception_random(Work *work)
{
    Card *card = work->card;

    entropy_draw(&card->entropy, card->ram.random, sizeof card->ram.random);
    memcpy(answer(work, FIELD_RECEPTION_RANDOM), card->ram.random, sizeof card->ram.random);
    return SW_DONE;
}

static uint16_t
check_transmission_challenge(Work *work)
{
    if (!check_challenge(work->card, TRANSMISSION, true, work->card->ram.random,
                         given(work, FIELD_TRANSMISSION_CHALLENGE)))
        return SW_TRANSMISSION_CHALLENGE;
    return SW_DONE;
}

static uint16_t
commit_balance(Work *work)
{
    work->card->identity.memory->balance = work->card->ram.tentative;
    return SW_DONE;
}

static uint16_t
make_reception_challenge(Work *work)
{
    make_challenge(work->card, RECEPTION, true, given(work, FIELD_RECEPTION_RANDOM),
                   answer(work, FIELD_RECEPTION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
check_reception_challenge(Work *work)
{
    if (!check_challenge(work->card, RECEPTION, false, work->card->ram.random,
                         given(work, FIELD_RECEPTION_CHALLENGE)))
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
    [CARD_STEP_S2104A] = commit_balance,
    [CARD_STEP_S2105A] = make_reception_challenge,
    [CARD_STEP_S2104B] = check_reception_challenge,
    [CARD_STEP_S2105B] = commit_balance,
};

/* Where each command may come, and where it leads if it is accepted. A command
 * that begins something may come at any time after selection and drops what was
 * begun before; one that ends something needs its beginning. A refusal leads back
 * to CARD_SELECTED, so no random number serves twice. */
#define ANY_TIME N_CARD_STATES
static const struct {
    CardState from;
    CardState to;
} turns[N_EXCHANGES][N_PATHS] = {
    /* clang-format off */
    /*                          no update or Fig. 4                     symmetric                                 public key */
    [EXCHANGE_INFORMATION] = { { ANY_TIME,           CARD_SELECTED } },
    [EXCHANGE_PERMISSION]  = { { CARD_OFF,           CARD_OFF },        { ANY_TIME,         CARD_GAVE_RANDOM },   { ANY_TIME,                    CARD_GAVE_RANDOM_PUBLIC_KEY } },
    [EXCHANGE_OBTAINING]   = { { CARD_OFF,           CARD_OFF },        { ANY_TIME,         CARD_SELECTED },      { ANY_TIME,                    CARD_SELECTED } },
    [EXCHANGE_UPDATE]      = { { CARD_OFF,           CARD_OFF },        { CARD_GAVE_RANDOM, CARD_SELECTED },      { CARD_GAVE_RANDOM_PUBLIC_KEY, CARD_SELECTED } },
    [EXCHANGE_S2001]       = { { ANY_TIME,           CARD_PAYER_PENDING } },
    [EXCHANGE_S2002]       = { { ANY_TIME,           CARD_PAYEE_PENDING } },
    [EXCHANGE_S2003]       = { { CARD_PAYER_PENDING, CARD_SELECTED } },
    [EXCHANGE_S2004]       = { { CARD_PAYEE_PENDING, CARD_SELECTED } },
    /* clang-format on */
};

static void
forget(Card *card, CardState state)
{
    sodium_memzero(&card->ram, sizeof card->ram);
    card->ram.state = state;
}

static bool
path_exists(const Scheme *scheme, Exchange exchange, Path path)
{
    switch (path) {
    case PATH_NONE:
        return exchange != EXCHANGE_PERMISSION && exchange != EXCHANGE_OBTAINING &&
               exchange != EXCHANGE_UPDATE;
    case PATH_SYMMETRIC:
        return scheme_has_update_keys(scheme);
    case PATH_PUBLIC_KEY:
        return scheme_has_certificates(scheme);
    case N_PATHS:
        break;
    }
    return false;
}

/* Takes the steps of @exchange one by one; the first that refuses ends them. */
static uint16_t
take_steps(Work *work)
{
    Card *card = work->card;

    for (guint i = 0; i < work->plan->n_steps; i++) {
        CardStep step = work->plan->steps[i];
        uint16_t status = actions[step](work);

        if (status == SW_DONE)
            continue;
        if (status != SW_TRANSFER_KEY_ALONE)
            card->log.refused = step;
        return status;
    }
    return SW_DONE;
}

/* 6Cxx with the right Le, before anything is done; SW_DONE if Le will do. T=0
 * wants it exact. */
static uint16_t
judge_expected(const Card *card, const ApduCommand *command, size_t n)
{
    bool is_short = command->n_expected < n && command->n_expected != APDU_SHORT_RESPONSE_MAX;
    bool is_inexact = card->reader.protocol == LINK_T_0 && command->n_data == 0 &&
                      n < APDU_SHORT_RESPONSE_MAX && n != command->n_expected;

    if (n == 0 || command->n_expected == 0 || (!is_short && !is_inexact))
        return SW_DONE;
    return (uint16_t)(SW_WRONG_EXPECTED | (n > 255 ? 0 : n));
}

static uint16_t
select_service(Card *card, const ApduCommand *command, uint8_t *out, size_t *n_out)
{
    uint16_t status;

    forget(card, CARD_UNSELECTED);
    if (command->p1 != APDU_P1_SELECT_BY_NAME || command->p2 != 0)
        return SW_WRONG_PARAMETERS;
    if (command->n_data != sizeof settlement_service ||
        memcmp(command->data, settlement_service, sizeof settlement_service) != 0)
        return SW_NO_SUCH_SERVICE;
    status = judge_expected(card, command, sizeof control_information);
    if (status != SW_DONE)
        return status;
    card->ram.state = CARD_SELECTED;
    memcpy(out, control_information, sizeof control_information);
    *n_out = sizeof control_information;
    return SW_DONE;
}

/* A command of the settlement service. P1 says which update it belongs to. */
static uint16_t
serve(Card *card, const ApduCommand *command, uint8_t *out, size_t *n_out)
{
    const Scheme *scheme = &card->protocol->scheme;
    Exchange exchange = steps_exchange_of_instruction(command->ins);
    Path path = command->p1;
    Work work = { .card = card, .path = path, .data = command->data, .out = out };
    CardState from;
    CardState to;
    uint16_t status;

    if (exchange == N_EXCHANGES || exchange == EXCHANGE_SELECT)
        return SW_NO_SUCH_INSTRUCTION;
    if (command->p2 != 0 || path >= N_PATHS || !path_exists(scheme, exchange, path) ||
        (path != PATH_NONE && exchanges[exchange].phase != PHASE_UPDATE))
        return SW_WRONG_PARAMETERS;
    work.plan = &card->protocol->plan[path][exchange];
    if (command->n_data != work.plan->command.bytes)
        return SW_WRONG_LENGTH;
    from = turns[exchange][path].from;
    to = turns[exchange][path].to;
    if (card->ram.state < CARD_SELECTED || (from != ANY_TIME && card->ram.state != from)) {
        if (card->ram.state > CARD_SELECTED)
            forget(card, CARD_SELECTED);
        return SW_OUT_OF_TURN;
    }
    status = judge_expected(card, command, work.plan->response.bytes);
    if (status != SW_DONE)
        return status;
    if (card->ram.state > CARD_SELECTED && from == ANY_TIME)
        forget(card, CARD_SELECTED);
    status = take_steps(&work);
    if (from != ANY_TIME || status != SW_DONE)
        forget(card, CARD_SELECTED);
    if (status == SW_DONE)
        card->ram.state = to;
    if (exchange == EXCHANGE_UPDATE && !scheme->update_ack)
        return SW_DONE;
    if (status == SW_DONE)
        *n_out = work.plan->response.bytes;
    return status;
}

static size_t
finish(uint8_t *response, size_t n, uint16_t status)
{
    bytes_put_u16(response + n, status);
    return n + APDU_STATUS_BYTES;
}

static size_t
more_data(size_t left, uint8_t *response, size_t n)
{
    return finish(response, n, (uint16_t)(SW_MORE_DATA | (left > 255 ? 0 : left)));
}

/* Answers with the next @n_expected bytes of what is held. */
static size_t
give_held(Card *card, uint32_t n_expected, uint8_t *response)
{
    size_t left = (size_t)(card->n_held - card->held_at);
    size_t n = MIN(left, n_expected);

    if (left == 0)
        return finish(response, 0, SW_OUT_OF_TURN);
    if (n < left && n_expected != APDU_SHORT_RESPONSE_MAX)
        return finish(response, 0, (uint16_t)(SW_WRONG_EXPECTED | (left > 255 ? 0 : left)));
    memcpy(response, card->held + card->held_at, n);
    sodium_memzero(card->held + card->held_at, n);
    card->held_at = (uint16_t)(card->held_at + n);
    if (n < left)
        return more_data(left - n, response, n);
    return finish(response, n, SW_DONE);
}

static void
hold(Card *card, const uint8_t *data, size_t n)
{
    memcpy(card->held, data, n);
    card->n_held = (uint16_t)n;
    card->held_at = 0;
}

/* Brings @n bytes of response data into the form that the command asked for. */
static size_t
respond(Card *card, const ApduCommand *command, uint8_t *response, size_t n)
{
    if (n == 0)
        return finish(response, 0, SW_DONE);
    if (command->n_expected == 0) { /* T=0: the data did not fit beside the command's */
        hold(card, response, n);
        return more_data(n, response, 0);
    }
    if (n > command->n_expected) { /* only ever by what 256 bytes cannot hold */
        hold(card, response, n);
        return give_held(card, command->n_expected, response);
    }
    return finish(response, n, SW_DONE);
}

static size_t
process_whole(Card *card, const ApduCommand *command, uint8_t *response)
{
    size_t n = 0;
    uint16_t status;

    if (command->cla == APDU_CLASS_INTERINDUSTRY &&
        command->ins == exchanges[EXCHANGE_SELECT].instruction)
        status = select_service(card, command, response, &n);
    else if (command->cla == APDU_CLASS_SETTLEMENT)
        status = serve(card, command, response, &n);
    else
        status =
            command->cla == APDU_CLASS_INTERINDUSTRY ? SW_NO_SUCH_INSTRUCTION : SW_NO_SUCH_CLASS;
    if (status != SW_DONE)
        return finish(response, 0, status);
    return respond(card, command, response, n);
}

static void
drop_chain(Card *card)
{
    if (card->n_chained > 0)
        sodium_memzero(card->chained, card->n_chained);
    card->n_chained = 0;
}

static void
drop_held(Card *card)
{
    if (card->n_held > 0)
        sodium_memzero(card->held, card->n_held);
    card->n_held = card->held_at = 0;
}

/* Adds a command to its chain; at the last one processes them as one. */
static size_t
process_chain(Card *card, ApduCommand *command, uint8_t *response)
{
    bool is_last = (command->cla & APDU_CLASS_CHAINED) == 0;
    uint8_t header[4] = { command->cla & (uint8_t)~APDU_CLASS_CHAINED, command->ins, command->p1,
                          command->p2 };
    size_t n;

    if (card->n_chained == 0)
        memcpy(card->chain_header, header, sizeof header);
    if (memcmp(card->chain_header, header, sizeof header) != 0) {
        drop_chain(card);
        return finish(response, 0, SW_CHAIN_NOT_ENDED);
    }
    if (command->n_data == 0 || card->n_chained + command->n_data > sizeof card->chained) {
        drop_chain(card);
        return finish(response, 0, SW_WRONG_LENGTH);
    }
    memcpy(card->chained + card->n_chained, command->data, command->n_data);
    card->n_chained = (uint16_t)(card->n_chained + command->n_data);
    if (!is_last)
        return finish(response, 0, SW_DONE);
    command->data = card->chained;
    command->n_data = card->n_chained;
    n = process_whole(card, command, response);
    drop_chain(card);
    return n;
}

size_t
card_process(Card *card, const uint8_t *command, size_t length, uint8_t *response)
{
    ApduCommand parsed;

    if (card->ram.state == CARD_OFF)
        return 0;
    if (!apdu_parse(command, length, &parsed))
        return finish(response, 0, SW_WRONG_LENGTH);
    if (parsed.cla == APDU_CLASS_INTERINDUSTRY && parsed.ins == APDU_INS_GET_RESPONSE)
        return give_held(card, parsed.n_expected, response);
    if (card->n_held > 0)
        drop_held(card);
    if (card->n_chained > 0 || (parsed.cla & APDU_CLASS_CHAINED) != 0)
        return process_chain(card, &parsed, response);
    return process_whole(card, &parsed, response);
}

static size_t
transmit(Reader *reader, const uint8_t *command, size_t length, uint8_t *response)
{
    return card_process((Card *)reader, command, length, response);
}

void
card_credential_derive(CardCredential *credential, const Authority *authority, uint64_t serial,
                       uint16_t valid_from, uint16_t valid_until,
                       const uint8_t seed[static SEAL_SEED_BYTES])
{
    uint8_t label[FIELD_SERIAL_BYTES];
    uint8_t own_seed[SEAL_SEED_BYTES];
    Certificate *certificate = &credential->certificate;

    bytes_put_u64(label, serial);
    crypto_generichash(own_seed, sizeof own_seed, label, sizeof label, seed, SEAL_SEED_BYTES);
    seal_derive_keys(&credential->secret, certificate->public_key, own_seed);
    certificate->serial = serial;
    certificate->valid_from = valid_from;
    certificate->valid_until = valid_until;
    authority_certify(authority, certificate);
    sodium_memzero(own_seed, sizeof own_seed);
}

void
card_init(Card *card, const Protocol *protocol, KeyRing *ring, const uint8_t *authority_key)
{
    memset(card, 0, sizeof *card);
    card->reader.transmit = transmit;
    card->protocol = protocol;
    card->ring = ring;
    card->authority_key = authority_key;
}

void
card_power_on(Card *card, const CardIdentity *identity, LinkProtocol link,
              const uint8_t entropy_key[static ENTROPY_KEY_BYTES], uint64_t entropy_nonce)
{
    g_assert(card->ram.state == CARD_OFF);
    card->identity = *identity;
    card->reader.protocol = link;
    card->log = (CardLog){ .refused = CARD_STEP_NONE };
    card->ram.state = CARD_UNSELECTED;
    entropy_init(&card->entropy, entropy_key, entropy_nonce);
}

void
card_power_off(Card *card)
{
    forget(card, CARD_OFF);
    drop_chain(card);
    drop_held(card);
    entropy_clear(&card->entropy);
    memset(&card->identity, 0, sizeof card->identity);
}
