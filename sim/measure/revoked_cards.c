#include "sim/measure/revoked_cards.h"

#include "sim/measure/metrics.h"
#include "sim/measure/sampling.h"

/* What happened between two samples. @cards: change of the revoked ones in circulation */
typedef struct {
    int64_t cards;
    uint64_t settlements;
    uint64_t accepted;
    uint64_t refused;
} Interval;

/* @first: the first interval in which cards were revoked; @sampling.n: none were */
struct RevokedCards {
    Sampling sampling;
    guint first;
    Interval *intervals;
    Observers *observers; /* to join with the first revocation; NULL: not to, or joined */
    const Population *population;
};

RevokedCards *
revoked_cards_new(Micros duration, Micros sample_interval)
{
    RevokedCards *revoked = g_new0(RevokedCards, 1);

    sampling_init(&revoked->sampling, sample_interval, duration);
    revoked->first = revoked->sampling.n;
    revoked->intervals = g_new0(Interval, revoked->sampling.n);
    return revoked;
}

void
revoked_cards_free(RevokedCards *revoked)
{
    if (revoked == NULL)
        return;
    g_free(revoked->intervals);
    g_free(revoked);
}

static guint
interval_at(const RevokedCards *revoked, Micros at)
{
    return sampling_number(&revoked->sampling, at) - 1;
}

/* ---- As an observer ---------------------------------------------------- */

static bool
is_revoked(const Population *population, uint32_t card)
{
    return population_entry(population, population->records[card].entry)->revoked_by !=
           POPULATION_NOT_REVOKED;
}

static void
on_settlement(gpointer data, const ObservedSettlement *settlement)
{
    RevokedCards *revoked = data;

    if (settlement->kind == OBSERVED_MEETING &&
        (is_revoked(revoked->population, settlement->cards[SIDE_PAYER]) ||
         is_revoked(revoked->population, settlement->cards[SIDE_PAYEE])))
        revoked_cards_settled(revoked, settlement->start, settlement->outcome);
}

void
revoked_cards_watch(RevokedCards *revoked, Observers *observers, const Population *population)
{
    revoked->observers = observers;
    revoked->population = population;
}

/* Nobody needs to tell plain payments one by one before a card is revoked. */
static void
join(RevokedCards *revoked)
{
    const Observer observer = { .on_settlement = on_settlement,
                                .hears_plain = true,
                                .data = revoked };

    if (revoked->observers != NULL)
        observers_join(revoked->observers, &observer);
    revoked->observers = NULL;
}

/* ---- What happens ------------------------------------------------------ */

void
revoked_cards_cards(RevokedCards *revoked, Micros at, int64_t n)
{
    guint k = interval_at(revoked, at);

    join(revoked);
    revoked->first = MIN(revoked->first, k);
    revoked->intervals[k].cards += n;
}

void
revoked_cards_settled(RevokedCards *revoked, Micros at, Outcome outcome)
{
    Interval *interval = &revoked->intervals[interval_at(revoked, at)];

    interval->settlements++;
    interval->accepted += outcome_is_paid(outcome);
    interval->refused += outcome == OUTCOME_REFUSED_REVOKED;
}

void
revoked_cards_close(RevokedCards *revoked, Micros end, GArray *metrics)
{
    int64_t settlements = 0;
    int64_t accepted = 0;

    sampling_init(&revoked->sampling, revoked->sampling.interval, end);
    for (guint k = 0; k < revoked->sampling.n; k++) {
        settlements += (int64_t)revoked->intervals[k].settlements;
        accepted += (int64_t)revoked->intervals[k].accepted;
    }
    metrics_add_integer(metrics, "revoked-settlements", "meetings", settlements);
    metrics_add_integer(metrics, "revoked-accepted", "meetings", accepted);
}

void
revoked_cards_write(const RevokedCards *revoked, const RunId *id, Table *table)
{
    int64_t cards = 0;

    for (guint k = revoked->first; k < revoked->sampling.n; k++) {
        const Interval *interval = &revoked->intervals[k];

        cards += interval->cards;
        run_id_begin_row(id, table);
        table_number(table, (double)sampling_time(&revoked->sampling, k + 1) / MICROS_PER_SECOND);
        table_integer(table, cards);
        table_unsigned(table, interval->settlements);
        table_unsigned(table, interval->accepted);
        table_unsigned(table, interval->refused);
        table_end_row(table);
    }
}
