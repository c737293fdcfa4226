#include "model/wire/card_update.h"

#include "model/protocol/bytes.h"

#include <sodium.h>
#include <string.h>

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

    if ((out = work_answer(work, FIELD_CERTIFICATE)) != NULL)
        certificate_write(&card->identity.credential->certificate, card->protocol->suite, out);
    if ((out = work_answer(work, FIELD_SERIAL)) != NULL)
        bytes_put_u64(out, card->identity.serial);
    if ((out = work_answer(work, FIELD_UPDATE_KEY_ID)) != NULL)
        bytes_put_u32(out, keyring_id(card->ring, memory->update_key));
    bytes_put_u32(work_answer(work, FIELD_TRANSFER_KEY_ID),
                  keyring_id(card->ring, memory->transfer_key));
    if ((out = work_answer(work, FIELD_HELD_KEY_IDS)) != NULL)
        put_held_ids(card, out);
    bytes_put_u16(work_answer(work, FIELD_TERM), memory->expiry_day);
    return SW_DONE;
}

static uint16_t
give_random(Work *work)
{
    return work_give_random(work, FIELD_UPDATE_RANDOM);
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
    uint8_t *out = work_answer(work, FIELD_KEY_SIGNATURES);
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
        const uint8_t *signature = work_given(work, FIELD_KEY_SIGNATURES) + (size_t)i * bytes;
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

    memcpy(text, work_given(work, FIELD_UPDATE_RANDOM), length);
    length += put_payload(card, work->path, text + length);
    entropy_draw(&card->entropy, nonce, sizeof nonce);
    seal_message(card->protocol->scheme.update_cipher,
                 keyring_pair(card->ring, card->identity.memory->update_key), nonce, text, length,
                 work_answer(work, FIELD_PROTECTED_KEY));
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
    bool fresh =
        seal_open_message(card->protocol->scheme.update_cipher,
                          keyring_pair(card->ring, card->identity.memory->update_key),
                          work_given(work, FIELD_PROTECTED_KEY),
                          work_message_bytes(&work->plan->command, FIELD_PROTECTED_KEY), text) &&
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
                           work_given(work, FIELD_CERTIFICATE), &certificate))
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
                           work_given(work, FIELD_CERTIFICATE), &certificate))
        return SW_OLDER_CERTIFICATE;
    entropy_draw(&card->entropy, ephemeral, sizeof ephemeral);
    seal_envelope(card->protocol->suite, certificate.public_key, ephemeral, text,
                  put_payload(card, work->path, text), work_answer(work, FIELD_PROTECTED_KEY));
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
    size_t length = join_signed(card, work_answer(work, FIELD_PROTECTED_KEY),
                                work_message_bytes(&work->plan->response, FIELD_PROTECTED_KEY),
                                work_given(work, FIELD_UPDATE_RANDOM), data);

    seal_sign(card->protocol->suite, &card->identity.credential->secret, data, length,
              work_answer(work, FIELD_SIGNATURE));
    return SW_DONE;
}

static uint16_t
check_signature(Work *work)
{
    const Card *card = work->card;
    uint8_t data[APDU_BYTES_MAX];
    size_t length = join_signed(card, work_given(work, FIELD_PROTECTED_KEY),
                                work_message_bytes(&work->plan->command, FIELD_PROTECTED_KEY),
                                card->ram.random, data);

    if (!seal_verify(card->protocol->suite, card->ram.peer_key, data, length,
                     work_given(work, FIELD_SIGNATURE)))
        return SW_SIGNATURE;
    return SW_DONE;
}

static uint16_t
open_envelope(Work *work)
{
    Card *card = work->card;
    const CardCredential *credential = card->identity.credential;

    if (!seal_open_envelope(card->protocol->suite, &credential->secret,
                            credential->certificate.public_key,
                            work_given(work, FIELD_PROTECTED_KEY), card->ram.text,
                            card->protocol->payload_bytes[work->path]))
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

/* Whether only the limit keeps the card from storing a key. */
static bool
is_above_limit(SchemeRange range, uint32_t own, uint32_t offered, uint32_t limit)
{
    return !lies_in_range(range, own, offered, limit) &&
           lies_in_range(range, own, offered, CARD_NO_LIMIT);
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
    KeyHandle preloaded = work_find_preloaded(card, offered);

    if (offered == KEYRING_LAST_ID || offered <= keyring_id(card->ring, memory->transfer_key) ||
        is_too_far(card, offered))
        return SW_TRANSFER_KEY_RANGE;
    if (preloaded == 0) {
        card->log.at_limit = next_preloaded_id(card, offered) == KEYRING_LAST_ID;
        return SW_NOT_PRELOADED;
    }
    if (work_fields_written(work, 1) == 0)
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
static void
write_key(Card *card, KeyKind kind, const uint8_t *part, guint n)
{
    KeyHandle *place = kind == KEY_TRANSFER ? &card->identity.memory->transfer_key
                                            : &card->identity.memory->update_key;
    KeyHandle handle;

    if (n == 0)
        return;
    g_assert(part != NULL);
    handle = keyring_adopt(card->ring, kind, bytes_get_u32(part), part + FIELD_ID_BYTES);
    if (n < FIELDS_OF_A_KEY)
        handle = write_half(card, *place, handle);
    *place = handle;
    if (n == FIELDS_OF_A_KEY)
        card->log.wrote |= kind == KEY_TRANSFER ? WROTE_TRANSFER_KEY : WROTE_UPDATE_KEY;
}

/* Writes the keys that are offered, NULL if not, the update key first or last. */
static void
write_keys(Work *work, const uint8_t *update_part, const uint8_t *transfer_part)
{
    Card *card = work->card;
    guint n_update = update_part != NULL ? FIELDS_OF_A_KEY : 0;
    guint n_transfer = transfer_part != NULL ? FIELDS_OF_A_KEY : 0;
    guint n = work_fields_written(work, n_update + n_transfer);

    if (card->protocol->scheme.torn_pair == TORN_PAIR_UK_FIRST) {
        n_update = MIN(n, n_update);
        n_transfer = n - n_update;
    } else {
        n_transfer = MIN(n, n_transfer);
        n_update = n - n_transfer;
    }
    write_key(card, KEY_UPDATE, update_part, n_update);
    write_key(card, KEY_TRANSFER, transfer_part, n_transfer);
}

/* Notes whether a key that is judged is above the card's limit; NULL: it is not judged. */
static void
note_limits(Card *card, const uint8_t *update_part, const uint8_t *transfer_part)
{
    const CardMemory *memory = card->identity.memory;
    const CardProfile *profile = card->identity.profile;
    SchemeRange range = card->protocol->scheme.range;

    if (update_part != NULL)
        card->log.at_limit |= is_above_limit(range, keyring_id(card->ring, memory->update_key),
                                             bytes_get_u32(update_part), profile->update_key_limit);
    if (transfer_part != NULL)
        card->log.at_limit |=
            is_above_limit(range, keyring_id(card->ring, memory->transfer_key),
                           bytes_get_u32(transfer_part), profile->transfer_key_limit);
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
    bool ends_at_once;

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

    ends_at_once = scheme->uk_rule == UK_RULE_STRICT && update_verdict != SW_DONE;
    note_limits(card, update_part, ends_at_once ? NULL : transfer_part);
    if (ends_at_once)
        return update_verdict;
    if (!transfer_fits && (update_part == NULL || scheme->uk_rule == UK_RULE_STRICT ||
                           scheme->uk_rule == UK_RULE_TK_ONLY))
        return SW_TRANSFER_KEY_RANGE;
    write_keys(work, update_fits ? update_part : NULL, transfer_fits ? transfer_part : NULL);
    if (!transfer_fits)
        return update_fits ? SW_UPDATE_KEY_ALONE : SW_TRANSFER_KEY_RANGE;
    return update_verdict == SW_DONE ? SW_DONE : SW_TRANSFER_KEY_ALONE;
}

const CardAction card_update_actions[N_CARD_STEPS] = {
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
};
