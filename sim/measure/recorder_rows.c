#include "sim/measure/recorder.h"
#include "sim/measure/recorder_counts.h"

#define ID_COLUMNS "scenario,point,replication,"

const char *const recorder_file_names[N_FILES] = {
    [FILE_PROPAGATION] = "propagation.csv",
    [FILE_OUTCOMES] = "outcomes.csv",
    [FILE_LATENCY] = "latency.csv",
    [FILE_VALUE] = "value.csv",
    [FILE_TILL] = "till.csv",
    [FILE_SUMMARY] = "summary.csv",
};
const char *const recorder_file_columns[N_FILES] = {
    [FILE_PROPAGATION] = ID_COLUMNS "time_s,key,generation,cards,share,share_at_least",
    [FILE_OUTCOMES] = ID_COLUMNS "time_s,outcome,count",
    [FILE_LATENCY] = LATENCY_COLUMNS,
    [FILE_VALUE] =
        ID_COLUMNS "time_s,initial,loaded,unloaded,paid,destroyed,minted,stranded,residual",
    [FILE_TILL] = ID_COLUMNS "time_s,till_seconds_added,updates_symmetric,updates_public_key",
    [FILE_SUMMARY] = ID_COLUMNS "metric,key,generation,share,unit,value",
};

/* ---- Rows -------------------------------------------------------------- */

static void
write_time(Micros time, Table *table)
{
    table_number(table, (double)time / MICROS_PER_SECOND);
}

/* Rows of the generations of one kind at sample @k. @cards: running counts. A generation has rows
 * from the appearance of it or a newer one on. */
static void
write_sample(const Recorder *recorder, const RunId *id, KeyKind kind, guint k, int64_t *cards,
             const guint *first_samples, Table *table)
{
    guint n = recorder->n_generations[kind];
    int64_t all = 0;
    int64_t older = 0;

    for (guint i = 0; i < n; i++) {
        cards[i] += recorder->generations[kind][i].deltas[k];
        all += cards[i];
    }
    for (guint i = 0; i < n; i++) {
        if (k >= first_samples[i]) {
            run_id_begin_row(id, table);
            write_time(sampling_time(&recorder->sampling, k), table);
            table_text(table, key_kind_names[kind]);
            table_unsigned(table, recorder->generations[kind][i].id);
            table_integer(table, cards[i]);
            table_number(table, (double)cards[i] / (double)all);
            table_number(table, (double)(all - older) / (double)all);
            table_end_row(table);
        }
        older += cards[i];
    }
}

/* Of each generation the first sample with a row. (transfer full) */
static guint *
find_first_samples(const Recorder *recorder, KeyKind kind)
{
    guint *samples = g_new(guint, recorder->n_generations[kind]);
    guint first = G_MAXUINT;

    for (guint i = recorder->n_generations[kind]; i-- > 0;) {
        first = MIN(first, recorder->generations[kind][i].first_sample);
        samples[i] = first;
    }
    return samples;
}

static void
write_propagation(const Recorder *recorder, const RunId *id, Table *table)
{
    int64_t *cards[N_KEY_KINDS] = { NULL };
    guint *first_samples[N_KEY_KINDS] = { NULL };

    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        cards[kind] = g_new0(int64_t, recorder->n_generations[kind]);
        first_samples[kind] = find_first_samples(recorder, kind);
    }
    for (guint k = 0; k <= recorder->sampling.n; k++)
        for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
            write_sample(recorder, id, kind, k, cards[kind], first_samples[kind], table);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        g_free(cards[kind]);
        g_free(first_samples[kind]);
    }
}

static void
write_outcomes(const Recorder *recorder, const RunId *id, Table *table)
{
    for (guint k = 0; k < recorder->sampling.n; k++)
        for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
            if (recorder->outcomes[k][outcome] == 0)
                continue;
            run_id_begin_row(id, table);
            write_time(sampling_time(&recorder->sampling, k + 1), table);
            table_text(table, outcome_names[outcome]);
            table_unsigned(table, recorder->outcomes[k][outcome]);
            table_end_row(table);
        }
}

/* A row for each sample. A run whose books do not balance at any moment writes nothing. */
static void
write_value(const Recorder *recorder, const RunId *id, Table *table)
{
    Cents sums[N_BOOKS] = { 0 };

    for (guint k = 0; k <= recorder->sampling.n; k++) {
        run_id_begin_row(id, table);
        write_time(sampling_time(&recorder->sampling, k), table);
        for (Book book = 0; book < N_BOOKS; book++) {
            sums[book] += recorder->postings[k][book];
            table_integer(table, sums[book]);
        }
        table_integer(table, recorder->residual);
        table_end_row(table);
    }
}

static void
write_till(const Recorder *recorder, const RunId *id, Table *table)
{
    for (guint k = 0; k < recorder->sampling.n; k++) {
        const Till *till = &recorder->till[k];

        if (till->added == 0)
            continue;
        run_id_begin_row(id, table);
        write_time(sampling_time(&recorder->sampling, k + 1), table);
        table_number(table, (double)till->added / MICROS_PER_SECOND);
        table_unsigned(table, till->updates[PATH_SYMMETRIC]);
        table_unsigned(table, till->updates[PATH_PUBLIC_KEY]);
        table_end_row(table);
    }
}

void
recorder_write(const Recorder *recorder, const Latency *latency, const RunId *id,
               Table *const tables[static N_FILES])
{
    write_propagation(recorder, id, tables[FILE_PROPAGATION]);
    write_outcomes(recorder, id, tables[FILE_OUTCOMES]);
    latency_write(latency, id, tables[FILE_LATENCY]);
    write_value(recorder, id, tables[FILE_VALUE]);
    write_till(recorder, id, tables[FILE_TILL]);
}

/* ---- Metrics ----------------------------------------------------------- */

static void
add_times_to_shares(const Recorder *recorder, KeyKind kind, guint i, GArray *metrics)
{
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        Metric metric = metric_of_generation(METRIC_TIME_TO_SHARE, "s", kind,
                                             recorder->generations[kind][i].id);
        Micros time = shares_time_to(recorder->shares, kind, i, share);

        metric.share = (int)share;
        metric.reached = time != SHARES_NOT_YET;
        metric.number = (double)time / MICROS_PER_SECOND;
        g_array_append_val(metrics, metric);
    }
}

static void
add_meetings_to_shares(const Recorder *recorder, KeyKind kind, guint i, GArray *metrics)
{
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        Metric metric = metric_of_generation(METRIC_MEETINGS_TO_SHARE, "meetings", kind,
                                             recorder->generations[kind][i].id);

        metric.share = (int)share;
        metric.reached = shares_time_to(recorder->shares, kind, i, share) != SHARES_NOT_YET;
        metric.is_integer = true;
        metric.integer = (int64_t)shares_meetings_to(recorder->shares, kind, i, share);
        g_array_append_val(metrics, metric);
    }
}

static void
add_generation(const Recorder *recorder, KeyKind kind, guint i, GArray *metrics)
{
    uint32_t id = recorder->generations[kind][i].id;
    Micros doubled_in = shares_doubling_time(recorder->shares, kind, i);
    Metric doubling = metric_of_generation("doubling-time", "s", kind, id);
    Metric final = metric_of_generation("final-share", "share", kind, id);

    doubling.reached = doubled_in != SHARES_NOT_YET;
    doubling.number = (double)doubled_in / MICROS_PER_SECOND;
    final.number = recorder_final_share(recorder, kind, id);
    final.absent_is_zero = true;
    add_times_to_shares(recorder, kind, i, metrics);
    g_array_append_val(metrics, doubling);
    add_meetings_to_shares(recorder, kind, i, metrics);
    g_array_append_val(metrics, final);
}

static int64_t
sum_outcomes(const Recorder *recorder, bool (*belongs)(Outcome outcome))
{
    uint64_t sum = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (belongs(outcome))
            sum += recorder->totals[outcome];
    return (int64_t)sum;
}

static void
add_totals(const Recorder *recorder, const Latency *latency, GArray *metrics)
{
    metrics_add_integer(metrics, "meetings", "meetings", (int64_t)recorder->n_meetings);
    metrics_add_integer(metrics, "paid", "meetings", sum_outcomes(recorder, outcome_is_paid));
    metrics_add_integer(metrics, "updates-symmetric", "updates",
                        (int64_t)recorder->updates[PATH_SYMMETRIC]);
    metrics_add_integer(metrics, "updates-public-key", "updates",
                        (int64_t)recorder->updates[PATH_PUBLIC_KEY]);
    metrics_add_integer(metrics, "refused", "meetings", sum_outcomes(recorder, outcome_is_refused));
    metrics_add_integer(metrics, "card-busy", "arrivals",
                        (int64_t)recorder->totals[OUTCOME_CARD_BUSY]);
    metrics_add_integer(metrics, "unserved", "arrivals", (int64_t)recorder->unserved);
    metrics_add_integer(metrics, "value-paid", "minor-units", recorder->books[BOOK_PAID]);
    metrics_add_integer(metrics, "value-destroyed", "minor-units", recorder->books[BOOK_DESTROYED]);
    metrics_add_integer(metrics, "books-residual", "minor-units", recorder->residual);
    metrics_add_integer(metrics, "ties", "events", (int64_t)recorder->ties);
    metrics_add_number(metrics, "till-seconds-added", "s",
                       (double)latency_till_time_added(latency) / MICROS_PER_SECOND);
    metrics_add_number(metrics, "share-over-200ms", "share", latency_share_over(latency, 200000));
    metrics_add_number(metrics, "share-over-500ms", "share", latency_share_over(latency, 500000));
}

GArray *
recorder_metrics(const Recorder *recorder, const Latency *latency)
{
    GArray *metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
        for (guint i = 0; i < recorder->n_generations[kind]; i++)
            if (shares_begin(recorder->shares, kind, i) != SHARES_NOT_YET)
                add_generation(recorder, kind, i, metrics);
    add_totals(recorder, latency, metrics);
    return metrics;
}
