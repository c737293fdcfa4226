#include "model/wire/card.h"

#include "model/protocol/bytes.h"
#include "model/wire/card_steps.h"

#include <sodium.h>
#include <string.h>

/* Template that names the service, ISO/IEC 7816-4. */
static const uint8_t control_information[FIELD_CONTROL_INFORMATION_BYTES] = {
    0x6F, 0x07, 0x84, 0x05, 0xF0, 0x00, 0x00, 0x00, 0x01,
};

/* Where each command may come, and where it leads if it is accepted. A command
 * that begins something may come at any time after selection and drops what was
 * begun before; one that ends something needs its beginning. A refusal leads back
 * to CARD_SELECTED, so no random number serves twice; unless random numbers live as
 * long as the power, when one that ends something leaves everything as it is. */
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

void
card_begin_log(Card *card)
{
    const CardUnfinished *unfinished = card->identity.unfinished;

    card->log = (CardLog){
        .refused = CARD_STEP_NONE,
        .waited = unfinished != NULL && unfinished->credit.deal.key != 0,
    };
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
    card_begin_log(card);
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
    Exchange exchange = protocol_exchange_of_instruction(command->ins);
    Path path = command->p1;
    const ExchangePlan *plan;
    CardState from;
    CardState to;
    bool lives_on;
    uint16_t status;

    if (exchange == N_EXCHANGES || exchange == EXCHANGE_SELECT)
        return SW_NO_SUCH_INSTRUCTION;
    if (command->p2 != 0 || path >= N_PATHS || !path_exists(scheme, exchange, path) ||
        (path != PATH_NONE && exchanges[exchange].phase != PHASE_UPDATE))
        return SW_WRONG_PARAMETERS;
    plan = &card->protocol->plan[path][exchange];
    if (command->n_data != plan->command.bytes)
        return SW_WRONG_LENGTH;
    from = turns[exchange][path].from;
    to = turns[exchange][path].to;
    if (card->ram.state < CARD_SELECTED || (from != ANY_TIME && card->ram.state != from)) {
        if (card->ram.state > CARD_SELECTED)
            forget(card, CARD_SELECTED);
        return SW_OUT_OF_TURN;
    }
    status = judge_expected(card, command, plan->response.bytes);
    if (status != SW_DONE)
        return status;
    if (card->ram.state > CARD_SELECTED && from == ANY_TIME)
        forget(card, CARD_SELECTED);
    status = card_take_steps(card, exchange, path, command->data, out);
    if (status == SW_NONE)
        return SW_NONE;
    lives_on = from != ANY_TIME && scheme->nonce_life == NONCE_LIFE_POWER_ON;
    if (!lives_on && (from != ANY_TIME || status != SW_DONE))
        forget(card, CARD_SELECTED);
    if (!lives_on && status == SW_DONE)
        card->ram.state = to;
    if (exchange == EXCHANGE_UPDATE && !scheme->update_ack)
        return SW_DONE;
    if (status == SW_DONE)
        *n_out = plan->response.bytes;
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

static bool
is_selection(uint8_t cla, uint8_t ins)
{
    return cla == APDU_CLASS_INTERINDUSTRY && ins == exchanges[EXCHANGE_SELECT].instruction;
}

static size_t
process_whole(Card *card, const ApduCommand *command, uint8_t *response)
{
    size_t n = 0;
    uint16_t status;

    if (is_selection(command->cla, command->ins))
        status = select_service(card, command, response, &n);
    else if (command->cla == APDU_CLASS_SETTLEMENT)
        status = serve(card, command, response, &n);
    else
        status =
            command->cla == APDU_CLASS_INTERINDUSTRY ? SW_NO_SUCH_INSTRUCTION : SW_NO_SUCH_CLASS;
    if (status == SW_NONE) {
        card_power_off(card);
        return 0;
    }
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
    if (parsed.cla == APDU_CLASS_INTERINDUSTRY && parsed.ins == APDU_INS_GET_RESPONSE &&
        card->n_chained == 0)
        return give_held(card, parsed.n_expected, response);
    if (card->n_held > 0)
        drop_held(card);
    if (is_selection(parsed.cla, parsed.ins) &&
        !is_selection(card->chain_header[0], card->chain_header[1]))
        drop_chain(card); /* of a settlement that has been given up */
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
    card->cut = (CardCut){ .step = CARD_STEP_NONE };
    card_begin_log(card);
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

void
card_cut_power(Card *card, const CardCut *cut)
{
    card->cut = *cut;
}
