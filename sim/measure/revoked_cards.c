#include "sim/measure/revoked_cards.h"

#include "sim/measure/metrics.h"

/* What happened between two samples. @cards: change of the revoked ones in circulation */
typedef struct {
    int64_t cards;
    uint64_t settlements;
    uint64_t accepted;
    uint64_t refused;
} Interval;

/* @first: the first interval in which cards were revoked; @n_intervals: none were */
struct RevokedCards {
    Micros duration;
    Micros interval;
    guint n_intervals;
    guint first;
    Interval *intervals;
};

static guint
count_intervals(Micros duration, Micros interval)
{
    return (guint)((duration + interval - 1) / interval);
}

RevokedCards *
revoked_cards_new(Micros duration, Micros sample_interval)
{
    RevokedCards *acceptance = g_new0(RevokedCards, 1);

    acceptance->duration = duration;
    acceptance->interval = sample_interval;
    acceptance->n_intervals = count_intervals(duration, sample_interval);
    acceptance->first = acceptance->n_intervals;
    acceptance->intervals = g_new0(Interval, acceptance->n_intervals);
    return acceptance;
}

void
revoked_cards_free(RevokedCards *acceptance)
{
    if (acceptance == NULL)
        return;
    g_free(acceptance->intervals);
    g_free(acceptance);
}

static Interval *
interval_of(const RevokedCards *acceptance, Micros at)
{
    return &acceptance->intervals[at / acceptance->interval];
}

void
revoked_cards_cards(RevokedCards *acceptance, Micros at, int64_t n)
{
    acceptance->first = MIN(acceptance->first, (guint)(at / acceptance->interval));
    interval_of(acceptance, at)->cards += n;
}

void
revoked_cards_settled(RevokedCards *acceptance, Micros at, Outcome outcome)
{
    Interval *interval = interval_of(acceptance, at);

    interval->settlements++;
    interval->accepted += outcome_is_paid(outcome);
    interval->refused += outcome == OUTCOME_REFUSED_REVOKED;
}

void
revoked_cards_close(RevokedCards *acceptance, Micros end, GArray *metrics)
{
    int64_t settlements = 0;
    int64_t accepted = 0;

    acceptance->duration = end;
    acceptance->n_intervals = count_intervals(end, acceptance->interval);
    for (guint k = 0; k < acceptance->n_intervals; k++) {
        settlements += (int64_t)acceptance->intervals[k].settlements;
        accepted += (int64_t)acceptance->intervals[k].accepted;
    }
    metrics_add_integer(metrics, "revoked-settlements", "meetings", settlements);
    metrics_add_integer(metrics, "revoked-accepted", "meetings", accepted);
}

void
revoked_cards_write(const RevokedCards *acceptance, const RunId *id, Table *table)
{
    int64_t cards = 0;

    for (guint k = acceptance->first; k < acceptance->n_intervals; k++) {
        const Interval *interval = &acceptance->intervals[k];
        Micros end = MIN((k + INT64_C(1)) * acceptance->interval, acceptance->duration);

        cards += interval->cards;
        run_id_begin_row(id, table);
        table_number(table, (double)end / MICROS_PER_SECOND);
        table_integer(table, cards);
        table_unsigned(table, interval->settlements);
        table_unsigned(table, interval->accepted);
        table_unsigned(table, interval->refused);
        table_end_row(table);
    }
}
