#include "sim/world/torn_log.h"

/* Of one card: the number of the settlement that it has not finished as payer, its last debit, and
 * as payee, the credit for which it waits, though nobody may have been debited; 0 if none.
 * @value: of the credit */
typedef struct {
    uint64_t unfinished[N_SIDES];
    Cents value;
} Entry;

struct TornLog {
    const Scheme *scheme;
    GHashTable *entries; /* of Entry, by card; never gone through */
    uint64_t n_unfinished;
};

TornLog *
torn_log_new(const Scheme *scheme)
{
    TornLog *log = g_new0(TornLog, 1);

    log->scheme = scheme;
    log->entries = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return log;
}

void
torn_log_free(TornLog *log)
{
    if (log == NULL)
        return;
    g_hash_table_unref(log->entries);
    g_free(log);
}

static Entry *
find(const TornLog *log, uint32_t card)
{
    return g_hash_table_lookup(log->entries, GUINT_TO_POINTER(card));
}

static Entry *
find_or_add(TornLog *log, uint32_t card)
{
    Entry *entry = find(log, card);

    if (entry != NULL)
        return entry;
    entry = g_new0(Entry, 1);
    g_hash_table_insert(log->entries, GUINT_TO_POINTER(card), entry);
    return entry;
}

bool
torn_log_concerns(const TornLog *log, uint32_t card, uint32_t other)
{
    return find(log, card) != NULL || find(log, other) != NULL;
}

void
torn_log_forget(TornLog *log, uint32_t card)
{
    g_hash_table_remove(log->entries, GUINT_TO_POINTER(card));
}

/* What the card has not finished on @side is over. */
static void
strike(TornLog *log, uint32_t card, Side side)
{
    Entry *entry = find(log, card);

    if (entry == NULL)
        return;
    entry->unfinished[side] = 0;
    if (entry->unfinished[side_other(side)] == 0)
        torn_log_forget(log, card);
}

/* The payee waits from now on. */
static void
await(TornLog *log, const TornLogPayment *payment)
{
    Entry *waiting = find_or_add(log, payment->cards[SIDE_PAYEE]);

    waiting->unfinished[SIDE_PAYEE] = ++log->n_unfinished;
    waiting->value = payment->amount;
}

/* Whether the credit that the card on @side waits for is the counterpart of the other card's last
 * debit and there is room for it beside @balance; if so it is finished. */
static void
finish(const TornLog *log, TornLogPayment *payment, Side side, Cents balance)
{
    const Entry *waiting = find(log, payment->cards[side]);
    const Entry *debited = find(log, payment->cards[side_other(side)]);
    Cents sum;

    if (waiting == NULL || debited == NULL || waiting->unfinished[SIDE_PAYEE] == 0 ||
        waiting->unfinished[SIDE_PAYEE] != debited->unfinished[SIDE_PAYER] ||
        __builtin_add_overflow(balance, waiting->value, &sum) || sum > log->scheme->max_balance)
        return;
    payment->finishes[side] = true;
    payment->restored[side] = waiting->value;
}

void
torn_log_open(const TornLog *log, TornLogPayment *payment, CardMemory *payee)
{
    for (Side side = 0; side < N_SIDES; side++) {
        const Entry *entry = find(log, payment->cards[side]);

        payment->waited[side] = entry != NULL && entry->unfinished[SIDE_PAYEE] != 0;
        payment->finishes[side] = false;
        payment->restored[side] = 0;
    }
    finish(log, payment, SIDE_PAYEE, payee->balance);
    payee->balance += payment->restored[SIDE_PAYEE];
}

/* What each card is credited in the end. */
static void
decide(const TornLog *log, TornLogPayment *payment, const Course *course, const Timeline *timeline,
       const Tear *tear, Cents payer_balance)
{
    if (!settle_takes(log->scheme, course, timeline, tear, SIDE_PAYEE, CARD_STEP_S2101B)) {
        payment->finishes[SIDE_PAYEE] = false;
        payment->restored[SIDE_PAYEE] = 0;
    }
    if (settle_takes(log->scheme, course, timeline, tear, SIDE_PAYER, CARD_STEP_S2103A))
        finish(log, payment, SIDE_PAYER, payer_balance);
}

void
torn_log_close(TornLog *log, TornLogPayment *payment, const Course *course,
               const Timeline *timeline, const Tear *tear, Outcome outcome,
               CardMemory before[static N_SIDES], CardMemory after[static N_SIDES])
{
    const Cents opened[N_SIDES] = { 0, payment->restored[SIDE_PAYEE] };

    decide(log, payment, course, timeline, tear, before[SIDE_PAYER].balance);
    for (Side side = 0; side < N_SIDES; side++) {
        before[side].balance += payment->restored[side] - opened[side];
        after[side].balance += payment->restored[side] - opened[side];
        if (payment->finishes[side])
            strike(log, payment->cards[side], SIDE_PAYEE);
    }
    if (outcome_is_paid(outcome) || outcome == OUTCOME_TORN_AFTER_CREDIT) {
        strike(log, payment->cards[SIDE_PAYEE], SIDE_PAYEE);
        strike(log, payment->cards[SIDE_PAYER], SIDE_PAYER);
    } else if (settle_takes(log->scheme, course, timeline, tear, SIDE_PAYEE, CARD_STEP_S2103B)) {
        await(log, payment);
    }
    if (outcome == OUTCOME_TORN_AFTER_DEBIT)
        find_or_add(log, payment->cards[SIDE_PAYER])->unfinished[SIDE_PAYER] = log->n_unfinished;
}
