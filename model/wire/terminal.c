#include "model/wire/terminal.h"

#include "model/protocol/bytes.h"
#include "model/protocol/keyring.h"

#include <string.h>

/* One settlement under way. */
typedef struct {
    Terminal *terminal;
    Reader *readers[N_SIDES];
    Settlement seen;
} Work;

/* Where the last value of @field that a card gave is kept. */
static uint8_t *
place_of(Said *said, Field field)
{
    switch (field) {
    case FIELD_CERTIFICATE:
        return said->certificate;
    case FIELD_PROTECTED_KEY:
        return said->protected_key;
    case FIELD_SIGNATURE:
        return said->signature;
    case FIELD_KEY_SIGNATURES:
        return said->key_signatures;
    case FIELD_HELD_KEY_IDS:
        return said->held_key_ids;
    default:
        return said->small[field];
    }
}

/* A command carries what the terminal itself says and what the other card said. */
static const uint8_t *
source_of(Terminal *terminal, Side to, Field field)
{
    switch (field) {
    case FIELD_SERVICE:
        return settlement_service;
    case FIELD_PAID_VALUE:
        return terminal->paid_value;
    case FIELD_DATE:
        return terminal->date;
    case FIELD_COMMON_KEY_ID:
        return terminal->common_key_id;
    default:
        return place_of(&terminal->said[side_other(to)], field);
    }
}

/* Whether the card says to a command that is sent again that it has done it already. */
static bool
was_done_before(Exchange which, uint16_t status)
{
    return status == SW_OUT_OF_TURN ||
           (which >= EXCHANGE_S2003 && apdu_status_outcome(status) == OUTCOME_REFUSED_BALANCE);
}

/* Passes a command, of Fig. 4 once more where the scheme lets it. */
static uint16_t
transmit(Work *work, Exchange which, Side to, const ApduCommand *command, size_t n_expected,
         uint8_t *response, size_t *n_response)
{
    Reader *reader = work->readers[to];
    uint16_t status = reader_exchange(reader, command, n_expected, response, n_response);

    if (status != SW_NONE || exchanges[which].phase != PHASE_VALUE ||
        work->terminal->protocol->scheme.recovery != RECOVERY_RETRY_IN_FIELD)
        return status;
    status = reader_exchange(reader, command, n_expected, response, n_response);
    return was_done_before(which, status) ? SW_NONE : status;
}

/* One row of the table. Returns the status word, 0 if the card did not answer or
 * its answer has the wrong length. */
static uint16_t
exchange(Work *work, Exchange which, Side to)
{
    Terminal *terminal = work->terminal;
    const ExchangePlan *plan = &terminal->protocol->plan[work->seen.path][which];
    uint8_t data[APDU_BYTES_MAX];
    uint8_t response[APDU_BYTES_MAX];
    size_t n_response;
    uint16_t status;
    ApduCommand command = {
        .cla = which == EXCHANGE_SELECT ? APDU_CLASS_INTERINDUSTRY : APDU_CLASS_SETTLEMENT,
        .ins = exchanges[which].instruction,
        .p1 = which == EXCHANGE_SELECT                 ? APDU_P1_SELECT_BY_NAME
              : exchanges[which].phase == PHASE_UPDATE ? (uint8_t)work->seen.path
                                                       : 0,
        .data = data,
        .n_data = plan->command.bytes,
    };

    for (guint i = 0; i < plan->command.n_slots; i++) {
        const Slot *slot = &plan->command.slots[i];

        memcpy(data + slot->at, source_of(terminal, to, slot->field), slot->bytes);
    }
    work->seen.n_exchanges++;
    status = transmit(work, which, to, &command, plan->response.bytes, response, &n_response);
    work->seen.status = status;
    work->seen.answered = status == SW_DONE || status == SW_TRANSFER_KEY_ALONE;
    if (status != SW_DONE)
        return status;
    if (n_response != plan->response.bytes) {
        work->seen.answered = false;
        return work->seen.status = SW_WRONG_LENGTH;
    }
    for (guint i = 0; i < plan->response.n_slots; i++) {
        const Slot *slot = &plan->response.slots[i];

        memcpy(place_of(&terminal->said[to], slot->field), response + slot->at, slot->bytes);
    }
    return status;
}

static bool
stop(Work *work, Outcome outcome)
{
    work->seen.outcome = outcome;
    return false;
}

/* Ends the settlement for a status word; a card that does not answer tore it, and
 * the terminal cannot know how much was committed. */
static bool
stop_for(Work *work, Exchange which, uint16_t status)
{
    if (status == SW_NONE)
        return stop(work,
                    which < EXCHANGE_S2003 ? OUTCOME_TORN_BEFORE_DEBIT : OUTCOME_TORN_AFTER_DEBIT);
    return stop(work, apdu_status_outcome(status));
}

static bool
has_done(Work *work, Exchange which, Side to)
{
    uint16_t status = exchange(work, which, to);

    return status == SW_DONE || stop_for(work, which, status);
}

static uint32_t
id_of(Work *work, Side side, Field field)
{
    return bytes_get_u32(work->terminal->said[side].small[field]);
}

static bool
tell_different_update_keys(Work *work)
{
    return id_of(work, SIDE_PAYER, FIELD_UPDATE_KEY_ID) !=
           id_of(work, SIDE_PAYEE, FIELD_UPDATE_KEY_ID);
}

static bool
is_expired(Work *work, Side side, Micros now)
{
    uint16_t term = bytes_get_u16(work->terminal->said[side].small[FIELD_TERM]);
    Micros clock = now + work->terminal->clock_skew;

    return term != UINT16_MAX && clock >= (Micros)term * MICROS_PER_DAY;
}

static bool
is_revoked(Work *work, Side side)
{
    return crl_names(&work->terminal->crl,
                     certificate_peek_serial(work->terminal->said[side].certificate));
}

/* Whether an expired card stops this settlement. */
static bool
expiry_stops(Work *work, Micros now, bool ids_differ)
{
    bool payer = is_expired(work, SIDE_PAYER, now);
    bool payee = is_expired(work, SIDE_PAYEE, now);

    switch (work->terminal->protocol->scheme.expired) {
    case EXPIRED_STOP:
        return payer || payee;
    case EXPIRED_ALLOW_EQUAL_KEYS:
        return (payer || payee) && ids_differ;
    case EXPIRED_ALLOW_PAYER:
        return payee;
    case N_EXPIRED:
        break;
    }
    g_assert_not_reached();
}

static bool
says_it_holds(Work *work, Side side, uint32_t id)
{
    const uint8_t *ids = work->terminal->said[side].held_key_ids;

    for (guint i = 0; i < work->terminal->protocol->scheme.n_held; i++)
        if (bytes_get_u32(ids + (size_t)i * FIELD_ID_BYTES) == id)
            return true;
    return false;
}

/* The oldest transfer key that both cards hold. */
static bool
choose_common_key(Work *work)
{
    const uint8_t *ids = work->terminal->said[SIDE_PAYER].held_key_ids;
    uint32_t oldest = KEYRING_LAST_ID; /* fills the places of no key */

    for (guint i = 0; i < work->terminal->protocol->scheme.n_held; i++) {
        uint32_t id = bytes_get_u32(ids + (size_t)i * FIELD_ID_BYTES);

        if (id < oldest && says_it_holds(work, SIDE_PAYEE, id))
            oldest = id;
    }
    bytes_put_u32(work->terminal->common_key_id, oldest);
    return oldest != KEYRING_LAST_ID || stop(work, OUTCOME_REFUSED_DIFFERENT_IDS);
}

/* Sx003: term of validity, CRL, transfer-key IDs, update-key IDs, in this order. */
static bool
decide(Work *work, Micros now)
{
    const Protocol *protocol = work->terminal->protocol;
    const Scheme *scheme = &protocol->scheme;
    uint32_t payer_id = id_of(work, SIDE_PAYER, FIELD_TRANSFER_KEY_ID);
    uint32_t payee_id = id_of(work, SIDE_PAYEE, FIELD_TRANSFER_KEY_ID);
    bool ids_differ = payer_id != payee_id;

    if (expiry_stops(work, now, ids_differ))
        return stop(work, OUTCOME_REFUSED_EXPIRED);
    if (protocol->has_certificates &&
        ((scheme->crl_scope == CRL_SCOPE_BOTH && is_revoked(work, SIDE_PAYER)) ||
         is_revoked(work, SIDE_PAYEE)))
        return stop(work, OUTCOME_REFUSED_REVOKED);
    if (scheme->pays_with == PAYS_WITH_OLDEST_COMMON)
        return choose_common_key(work);
    if (!ids_differ)
        return true;
    if (scheme->pays_with == PAYS_WITH_OWN)
        return stop(work, OUTCOME_REFUSED_DIFFERENT_IDS);
    if (scheme->authenticate == AUTHENTICATE_COMMON_KEY && protocol->has_update_key_ids &&
        tell_different_update_keys(work))
        return stop(work, OUTCOME_REFUSED_UPDATE_KEY);
    work->seen.payer_is_older = payer_id < payee_id;
    work->seen.path = PATH_SYMMETRIC;
    if (scheme->authenticate == AUTHENTICATE_PUBLIC_KEY ||
        (scheme->authenticate == AUTHENTICATE_BY_UPDATE_KEY && tell_different_update_keys(work)))
        work->seen.path = PATH_PUBLIC_KEY;
    return true;
}

/* Sx004 to Sx006: @receiver takes the key of the other card. Returns the status
 * word of the exchange that ended it. */
static uint16_t
update(Work *work, Side receiver, Exchange *last)
{
    uint16_t status;

    work->seen.rounds++;
    *last = EXCHANGE_PERMISSION;
    status = exchange(work, *last, receiver);
    if (status != SW_DONE)
        return status;
    *last = EXCHANGE_OBTAINING;
    status = exchange(work, *last, side_other(receiver));
    if (status != SW_DONE)
        return status;
    *last = EXCHANGE_UPDATE;
    return exchange(work, *last, receiver);
}

/* Whether a refusal only says that the card does not take a key. */
static bool
is_key_refusal(uint16_t status)
{
    return status == SW_UPDATE_KEY_ALONE || status == SW_TRANSFER_KEY_RANGE ||
           status == SW_UPDATE_KEY_ORDER || status == SW_UPDATE_KEY_LIMIT ||
           status == SW_KEY_SIGNATURE;
}

/* The update between Sx003 and Fig. 4. With uk-rule = bidirectional a crossed
 * pair, whose older card has the newer update key, hands that over afterwards;
 * the transfer keys are equal by then, so a refusal of the update key does not
 * end the settlement. */
static bool
bring_up_to_date(Work *work)
{
    const Scheme *scheme = &work->terminal->protocol->scheme;
    Side older = work->seen.payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
    Exchange last;
    uint16_t status = update(work, older, &last);

    if (status != SW_DONE && status != SW_TRANSFER_KEY_ALONE)
        return stop_for(work, last, status);
    if (scheme->uk_rule != UK_RULE_BIDIRECTIONAL || scheme->update_key != UPDATE_KEY_TRAVELS ||
        work->seen.path != PATH_PUBLIC_KEY ||
        id_of(work, older, FIELD_UPDATE_KEY_ID) <=
            id_of(work, side_other(older), FIELD_UPDATE_KEY_ID))
        return true;
    status = update(work, side_other(older), &last);
    return status == SW_DONE || status == SW_TRANSFER_KEY_ALONE ||
           (last == EXCHANGE_UPDATE && is_key_refusal(status)) || stop_for(work, last, status);
}

/* A payee that has left would never get what the payer is about to pay. */
static bool
payee_is_there(Work *work)
{
    Reader *reader = work->readers[SIDE_PAYEE];

    return !work->terminal->protocol->scheme.presence_check || reader->has_card == NULL ||
           reader->has_card(reader) || stop(work, OUTCOME_TORN_BEFORE_DEBIT);
}

static const Outcome paid_after[N_PATHS] = {
    [PATH_NONE] = OUTCOME_PAID,
    [PATH_SYMMETRIC] = OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE,
    [PATH_PUBLIC_KEY] = OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE,
};

static bool
settle(Work *work, Micros now)
{
    return has_done(work, EXCHANGE_SELECT, SIDE_PAYER) &&
           has_done(work, EXCHANGE_SELECT, SIDE_PAYEE) &&
           has_done(work, EXCHANGE_INFORMATION, SIDE_PAYER) &&
           has_done(work, EXCHANGE_INFORMATION, SIDE_PAYEE) && decide(work, now) &&
           (work->seen.path == PATH_NONE || bring_up_to_date(work)) &&
           has_done(work, EXCHANGE_S2001, SIDE_PAYER) &&
           has_done(work, EXCHANGE_S2002, SIDE_PAYEE) && payee_is_there(work) &&
           has_done(work, EXCHANGE_S2003, SIDE_PAYER) && has_done(work, EXCHANGE_S2004, SIDE_PAYEE);
}

void
terminal_init(Terminal *terminal, const Protocol *protocol, const uint8_t *authority_key)
{
    memset(terminal, 0, sizeof *terminal);
    terminal->protocol = protocol;
    terminal->authority_key = authority_key;
}

void
terminal_clear(Terminal *terminal)
{
    crl_clear(&terminal->crl);
    memset(terminal, 0, sizeof *terminal);
}

bool
terminal_load_crl(Terminal *terminal, GBytes *list)
{
    return terminal->authority_key != NULL &&
           crl_load(&terminal->crl, terminal->authority_key, terminal->protocol->suite, list);
}

Settlement
terminal_settle(Terminal *terminal, Reader *payer, Reader *payee, Cents amount, int64_t date,
                Micros now)
{
    Work work = { .terminal = terminal, .readers = { payer, payee } };

    g_assert(amount >= 0);
    bytes_put_u64(terminal->paid_value, (uint64_t)amount);
    bytes_put_u64(terminal->date, (uint64_t)date);
    if (settle(&work, now))
        work.seen.outcome = paid_after[work.seen.path];
    return work.seen;
}
