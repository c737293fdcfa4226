#include "model/wire/card_transfer.h"

#include "model/protocol/bytes.h"

#include <string.h>

G_STATIC_ASSERT(FIELD_CHALLENGE_BYTES == SEAL_CHALLENGE_BYTES);

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
    return id > own_id && id != KEYRING_LAST_ID ? work_find_preloaded(card, id) : 0;
}

/* Returns: whether the card holds the key to pay with. */
static bool
remember_deal(Work *work)
{
    CardDeal *deal = &work->card->ram.deal;
    const uint8_t *serial = work_given(work, FIELD_SERIAL);

    memcpy(deal->terms, work_given(work, FIELD_PAID_VALUE), FIELD_PAID_VALUE_BYTES);
    memcpy(deal->terms + FIELD_PAID_VALUE_BYTES, work_given(work, FIELD_DATE), FIELD_DATE_BYTES);
    if (serial != NULL)
        memcpy(deal->peer_serial, serial, FIELD_SERIAL_BYTES);
    deal->key = key_to_pay_with(work->card, work_given(work, FIELD_COMMON_KEY_ID));
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
    uint8_t *out = work_answer(work, FIELD_LAST_CHALLENGE);

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
                         work_given(work, FIELD_LAST_CHALLENGE)) ||
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
    return work_give_random(work, FIELD_TRANSMISSION_RANDOM);
}

static uint16_t
make_transmission_challenge(Work *work)
{
    make_challenge(work->card, &work->card->ram.deal, TRANSMISSION, false,
                   work_given(work, FIELD_TRANSMISSION_RANDOM),
                   work_answer(work, FIELD_TRANSMISSION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
give_reception_random(Work *work)
{
    Card *card = work->card;
    uint16_t status = work_give_random(work, FIELD_RECEPTION_RANDOM);

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
                         work_given(work, FIELD_TRANSMISSION_CHALLENGE)))
        return SW_TRANSMISSION_CHALLENGE;
    return SW_DONE;
}

/* The balance, and with it the switch to the key that was used. Returns: whether this write
 * reached the balance. */
static bool
commit_balance(Work *work)
{
    Card *card = work->card;
    CardMemory *memory = card->identity.memory;
    bool switches = memory->transfer_key != card->ram.deal.key;
    guint n = work_fields_written(work, switches ? 2 : 1);
    bool has_both = n == 2 || !switches;
    bool id_is_first = card->protocol->scheme.torn_write == TORN_WRITE_ID_FIRST;
    bool has_balance = n > 0 && (has_both || !id_is_first);

    if (has_balance) {
        memory->balance = card->ram.tentative;
        card->log.committed = true;
    }
    if (n > 0 && switches && (has_both || id_is_first)) {
        memory->transfer_key = card->ram.deal.key;
        card->log.wrote |= WROTE_SWITCH;
    }
    return has_balance;
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
    if (commit_balance(work) && card->identity.unfinished != NULL)
        log_pledge(&card->identity.unfinished->debit, &card->ram.deal,
                   work_given(work, FIELD_RECEPTION_RANDOM), card->protocol->random_bytes);
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
    if (commit_balance(work) && card->identity.unfinished != NULL)
        card->identity.unfinished->credit = (CardPledge){ 0 };
    return SW_DONE;
}

static uint16_t
make_reception_challenge(Work *work)
{
    make_challenge(work->card, &work->card->ram.deal, RECEPTION, true,
                   work_given(work, FIELD_RECEPTION_RANDOM),
                   work_answer(work, FIELD_RECEPTION_CHALLENGE));
    return SW_DONE;
}

static uint16_t
check_reception_challenge(Work *work)
{
    if (!check_challenge(work->card, &work->card->ram.deal, RECEPTION, false,
                         work->card->ram.random, work_given(work, FIELD_RECEPTION_CHALLENGE)))
        return SW_RECEPTION_CHALLENGE;
    return SW_DONE;
}

const CardAction card_transfer_actions[N_CARD_STEPS] = {
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
