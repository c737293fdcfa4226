#include "model/wire/rogue.h"

#include "model/protocol/bytes.h"
#include "model/protocol/keyring.h"
#include "model/protocol/seal.h"

#include <string.h>

/**
 * Rogue:
 * @recorded: R to the data of the Sx006 that answered it, of GBytes both
 * @certificate: one that no list named when it passed
 * @seen_ids: of this settlement, by side: transfer keys, update keys
 * @deal: data of the S2001 that was held back
 * @random: R of this settlement
 */
struct Rogue {
    RogueKind kind;
    const Protocol *protocol;
    uint32_t target_id;
    GHashTable *recorded;
    GBytes *certificate;
    const Terminal *terminal;
    Micros clock;
    RogueReport report;
    uint32_t seen_ids[N_SIDES][2];
    uint8_t deal[APDU_BYTES_MAX];
    uint8_t random[FIELD_RANDOM_BYTES];
};

/* A reader whose card cannot be spoken to but through the rogue terminal. */
typedef struct {
    Reader reader;
    Reader *behind;
    Rogue *rogue;
    Side side;
} Between;

/**
 * Passing: one exchange on its way to a card
 * @data: of the command, which may be altered
 * @response, @n_response: filled by pass(), then likewise
 */
typedef struct {
    Rogue *rogue;
    Reader *card;
    Side side;
    Exchange exchange;
    Path path;
    ApduCommand command;
    uint8_t data[APDU_BYTES_MAX];
    size_t n_expected;
    uint8_t *response;
    size_t *n_response;
} Passing;

/* Returns: the status word */
static uint16_t
pass(Passing *passing)
{
    return reader_exchange(passing->card, &passing->command, passing->n_expected, passing->response,
                           passing->n_response);
}

/* Where @field stands in @bytes, laid out as @message; NULL if it has none. */
static uint8_t *
find_field(const Message *message, Field field, uint8_t *bytes)
{
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == field)
            return bytes + message->slots[i].at;
    return NULL;
}

static const ExchangePlan *
plan_of(const Passing *passing)
{
    return &passing->rogue->protocol->plan[passing->path][passing->exchange];
}

static uint8_t *
answered(const Passing *passing, Field field)
{
    return find_field(&plan_of(passing)->response, field, passing->response);
}

static bool
is_information(const Passing *passing, uint16_t status)
{
    return passing->exchange == EXCHANGE_INFORMATION && status == SW_DONE;
}

/* ---- What is altered in card information ------------------------------- */

static uint16_t
freeze(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    uint16_t status = pass(passing);
    uint32_t shown = rogue->seen_ids[SIDE_PAYER][KEY_TRANSFER];

    if (is_information(passing, status) && passing->side == SIDE_PAYEE &&
        scheme_has_updates(&rogue->protocol->scheme) &&
        bytes_get_u32(answered(passing, FIELD_TRANSFER_KEY_ID)) != shown) {
        rogue->report = (RogueReport){ true, true };
        bytes_put_u32(answered(passing, FIELD_TRANSFER_KEY_ID), shown);
    }
    return status;
}

static uint16_t
force_public_key(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    uint16_t status = pass(passing);
    const uint32_t *payer = rogue->seen_ids[SIDE_PAYER];
    uint8_t *update_key;

    if (!is_information(passing, status) || passing->side != SIDE_PAYEE)
        return status;
    update_key = answered(passing, FIELD_UPDATE_KEY_ID);
    if (rogue->protocol->has_certificates && update_key != NULL &&
        bytes_get_u32(update_key) == payer[KEY_UPDATE] &&
        bytes_get_u32(answered(passing, FIELD_TRANSFER_KEY_ID)) != payer[KEY_TRANSFER]) {
        rogue->report.attempted = true;
        bytes_put_u32(update_key, payer[KEY_UPDATE] ^ 1);
    }
    return status;
}

static uint16_t
ignore_expiry(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    uint16_t status = pass(passing);
    uint16_t term;

    if (!is_information(passing, status))
        return status;
    term = bytes_get_u16(answered(passing, FIELD_TERM));
    if (term != UINT16_MAX && rogue->clock >= (Micros)term * MICROS_PER_DAY) {
        rogue->report.attempted = true;
        bytes_put_u16(answered(passing, FIELD_TERM), UINT16_MAX);
    }
    return status;
}

/* Who took the lists away asks nothing more; see rogue_settle(). */
static uint16_t
ignore_crl(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    uint16_t status = pass(passing);

    if (is_information(passing, status) && rogue->protocol->has_certificates)
        rogue->report.attempted |= crl_names(
            &rogue->terminal->crl, certificate_peek_serial(answered(passing, FIELD_CERTIFICATE)));
    return status;
}

/* Keeps a certificate that is none of a revoked card's, and shows it for one that is. */
static uint16_t
show_foreign_certificate(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    gsize n = certificate_bytes(rogue->protocol->suite);
    uint16_t status = pass(passing);
    uint8_t *certificate;

    if (!is_information(passing, status) || !rogue->protocol->has_certificates)
        return status;
    certificate = answered(passing, FIELD_CERTIFICATE);
    if (!crl_names(&rogue->terminal->crl, certificate_peek_serial(certificate))) {
        g_clear_pointer(&rogue->certificate, g_bytes_unref);
        rogue->certificate = g_bytes_new(certificate, n);
    } else if (rogue->certificate != NULL) {
        rogue->report.attempted = true;
        memcpy(certificate, g_bytes_get_data(rogue->certificate, NULL), n);
    }
    return status;
}

/* ---- What is altered in an update -------------------------------------- */

/* The cipher text of the ID is exchanged as its plain text would be: who knows which ID is
 * there can put another one in its place, unless something notices. */
static uint16_t
malleate(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    const uint32_t *giver = rogue->seen_ids[side_other(passing->side)];
    uint8_t *id;
    uint16_t status;

    if (passing->exchange != EXCHANGE_UPDATE || passing->path != PATH_SYMMETRIC)
        return pass(passing);
    id = passing->data + SEAL_NONCE_BYTES + rogue->protocol->random_bytes;
    bytes_put_u32(id, bytes_get_u32(id) ^ giver[KEY_TRANSFER] ^ rogue->target_id);
    status = pass(passing);
    rogue->report = (RogueReport){ true, status == SW_DONE };
    return status;
}

/* Sx006 is kept with its R; a later card that gives the same R gets it again. */
static uint16_t
replay_update(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    gsize n_random = rogue->protocol->random_bytes;
    g_autoptr(GBytes) random = NULL;
    GBytes *recorded;
    uint16_t status;

    if (passing->path != PATH_SYMMETRIC || passing->exchange != EXCHANGE_UPDATE) {
        status = pass(passing);
        if (passing->path == PATH_SYMMETRIC && passing->exchange == EXCHANGE_PERMISSION &&
            status == SW_DONE)
            memcpy(rogue->random, passing->response, n_random);
        return status;
    }
    random = g_bytes_new(rogue->random, n_random);
    recorded = g_hash_table_lookup(rogue->recorded, random);
    rogue->report.attempted = true;
    if (recorded == NULL) {
        g_hash_table_insert(rogue->recorded, g_steal_pointer(&random),
                            g_bytes_new(passing->data, passing->command.n_data));
        return pass(passing);
    }
    memcpy(passing->data, g_bytes_get_data(recorded, NULL), passing->command.n_data);
    status = pass(passing);
    rogue->report.succeeded = status == SW_DONE;
    return status;
}

/* ---- What is altered in Fig. 4 ----------------------------------------- */

static uint16_t
burn(Passing *passing)
{
    if (passing->exchange != EXCHANGE_S2004)
        return pass(passing);
    passing->rogue->report = (RogueReport){ true, true };
    return 0; /* as if the card had gone */
}

static uint16_t
replay(Passing *passing)
{
    uint16_t status = pass(passing);

    if (passing->exchange == EXCHANGE_S2004 && status == SW_DONE)
        passing->rogue->report = (RogueReport){ true, pass(passing) == SW_DONE };
    return status;
}

/* The payee gets the answer to the first S2003; the second one can only cost the payer. */
static uint16_t
replay_debit(Passing *passing)
{
    uint16_t status = pass(passing);
    uint8_t again[APDU_BYTES_MAX];
    size_t n_again;

    if (passing->exchange != EXCHANGE_S2003 || status != SW_DONE)
        return status;
    passing->rogue->report.attempted = true;
    passing->rogue->report.succeeded =
        reader_exchange(passing->card, &passing->command, passing->n_expected, again, &n_again) ==
        SW_DONE;
    return status;
}

/* S2002 for the card that should pay, with the other card's 225 as 223: its 224 is that
 * card's 226. */
static uint16_t
reflect(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    const ExchangePlan *asked = &rogue->protocol->plan[PATH_NONE][EXCHANGE_S2001];
    const ExchangePlan *sent = &rogue->protocol->plan[PATH_NONE][EXCHANGE_S2002];
    uint8_t answer[APDU_BYTES_MAX];
    uint8_t data[APDU_BYTES_MAX];
    ApduCommand command = passing->command;
    size_t n_answer;
    uint16_t status;

    for (guint i = 0; i < sent->command.n_slots; i++) {
        const Slot *slot = &sent->command.slots[i];
        const uint8_t *from =
            slot->field == FIELD_TRANSMISSION_RANDOM
                ? find_field(&plan_of(passing)->command, FIELD_RECEPTION_RANDOM, passing->data)
                : find_field(&asked->command, slot->field, rogue->deal);

        memcpy(data + slot->at, from, slot->bytes);
    }
    command.ins = exchanges[EXCHANGE_S2002].instruction;
    command.data = data;
    command.n_data = sent->command.bytes;
    status = reader_exchange(passing->card, &command, sent->response.bytes, answer, &n_answer);
    if (status != SW_DONE)
        return status;
    memcpy(passing->response, find_field(&sent->response, FIELD_TRANSMISSION_CHALLENGE, answer),
           FIELD_CHALLENGE_BYTES);
    *passing->n_response = FIELD_CHALLENGE_BYTES;
    return SW_DONE;
}

static uint16_t
mint(Passing *passing)
{
    Rogue *rogue = passing->rogue;
    uint16_t status;

    switch (passing->exchange) {
    case EXCHANGE_S2001: /* the card that should pay never hears of it */
        memcpy(rogue->deal, passing->data, passing->command.n_data);
        memset(passing->response, 0, rogue->protocol->random_bytes);
        *passing->n_response = rogue->protocol->random_bytes;
        return SW_DONE;
    case EXCHANGE_S2003:
        return reflect(passing);
    case EXCHANGE_S2004:
        status = pass(passing);
        rogue->report = (RogueReport){ true, status == SW_DONE };
        return status;
    default:
        return pass(passing);
    }
}

/* ---- One settlement ---------------------------------------------------- */

/* What it does with one exchange, and whether a settlement that was attacked has to be paid
 * for the attack to succeed. */
static const struct {
    uint16_t (*attack)(Passing *passing);
    bool wants_payment;
} kinds[N_ROGUES] = {
    [ROGUE_NONE] = { pass, false },
    [ROGUE_MINT] = { mint, false },
    [ROGUE_BURN] = { burn, false },
    [ROGUE_REPLAY] = { replay, false },
    [ROGUE_REPLAY_DEBIT] = { replay_debit, false },
    [ROGUE_REPLAY_UPDATE] = { replay_update, false },
    [ROGUE_FREEZE] = { freeze, false },
    [ROGUE_FORCE_PUBLIC_KEY] = { force_public_key, false },
    [ROGUE_IGNORE_EXPIRY] = { ignore_expiry, true },
    [ROGUE_IGNORE_CRL] = { ignore_crl, true },
    [ROGUE_MALLEATE] = { malleate, false },
    [ROGUE_FOREIGN_CERTIFICATE] = { show_foreign_certificate, true },
};

/* Keeps what a card sends of its keys in clear. */
static void
note_ids(const Passing *passing)
{
    uint32_t *ids = passing->rogue->seen_ids[passing->side];
    const uint8_t *update_key = answered(passing, FIELD_UPDATE_KEY_ID);

    ids[KEY_TRANSFER] = bytes_get_u32(answered(passing, FIELD_TRANSFER_KEY_ID));
    ids[KEY_UPDATE] = update_key == NULL ? 0 : bytes_get_u32(update_key);
}

static uint16_t
stand_between(Reader *reader, const ApduCommand *command, size_t n_expected, uint8_t *response,
              size_t *n_response)
{
    Between *between = (Between *)reader;
    Passing passing = {
        .rogue = between->rogue,
        .card = between->behind,
        .side = between->side,
        .exchange = protocol_exchange_of_instruction(command->ins),
        .path = command->ins == exchanges[EXCHANGE_SELECT].instruction ? PATH_NONE : command->p1,
        .command = *command,
        .n_expected = n_expected,
        .response = response,
        .n_response = n_response,
    };
    uint16_t status;

    if (command->n_data > 0)
        memcpy(passing.data, command->data, command->n_data);
    passing.command.data = passing.data;
    *n_response = 0;
    status = kinds[between->rogue->kind].attack(&passing);
    if (is_information(&passing, status))
        note_ids(&passing);
    return status;
}

static bool
has_card(Reader *reader)
{
    Reader *behind = ((Between *)reader)->behind;

    return behind->has_card == NULL || behind->has_card(behind);
}

Rogue *
rogue_new(RogueKind kind, const Protocol *protocol, uint32_t target_id)
{
    Rogue *rogue = g_new0(Rogue, 1);

    rogue->kind = kind;
    rogue->protocol = protocol;
    rogue->target_id = target_id;
    rogue->recorded = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, (GDestroyNotify)g_bytes_unref);
    return rogue;
}

void
rogue_free(Rogue *rogue)
{
    if (rogue == NULL)
        return;
    g_hash_table_unref(rogue->recorded);
    g_clear_pointer(&rogue->certificate, g_bytes_unref);
    g_free(rogue);
}

Settlement
rogue_settle(Rogue *rogue, Terminal *terminal, Reader *payer, Reader *payee, Cents amount,
             int64_t date, Micros now, RogueReport *report)
{
    Reader *cards[N_SIDES] = { payer, payee };
    Between between[N_SIDES];
    Terminal blind = *terminal;
    Settlement seen;

    rogue->terminal = terminal;
    rogue->clock = now + terminal->clock_skew;
    rogue->report = (RogueReport){ false, false };
    for (Side side = 0; side < N_SIDES; side++)
        between[side] = (Between){
            .reader = { .exchange = stand_between,
                        .has_card = has_card,
                        .protocol = cards[side]->protocol },
            .behind = cards[side],
            .rogue = rogue,
            .side = side,
        };
    if (rogue->kind == ROGUE_IGNORE_CRL)
        blind.crl = (Crl){ 0 };
    seen = terminal_settle(&blind, &between[SIDE_PAYER].reader, &between[SIDE_PAYEE].reader, amount,
                           date, now);
    if (kinds[rogue->kind].wants_payment)
        rogue->report.succeeded = rogue->report.attempted && outcome_is_paid(seen.outcome);
    if (rogue->kind == ROGUE_FORCE_PUBLIC_KEY)
        rogue->report.succeeded = rogue->report.attempted && seen.path == PATH_PUBLIC_KEY;
    *report = rogue->report;
    return seen;
}
