#include "sim/recorder.h"

#include <string.h>

const guint recorder_shares[RECORDER_N_SHARES] = { 100, 500, 900, 990, 999, 1000 };

#define ID_COLUMNS "scenario,point,replication,"

const char *const recorder_file_names[N_FILES] = { "propagation.csv", "outcomes.csv", "latency.csv",
                                                   "summary.csv" };
const char *const recorder_file_columns[N_FILES] = {
    ID_COLUMNS "time_s,key,generation,cards,share,share_at_least",
    ID_COLUMNS "time_s,outcome,count",
    LATENCY_COLUMNS,
    ID_COLUMNS "metric,key,generation,share,unit,value",
};

#define NOT_YET (-1)

/* One generation of one kind of key. */
typedef struct {
    uint32_t id;
    int64_t cards; /* that hold exactly this one now */
    Micros first;  /* appearance; NOT_YET */
    uint64_t first_meeting;
    guint next_share; /* the first of recorder_shares not yet reached */
    Micros time[RECORDER_N_SHARES];
    uint64_t meetings[RECORDER_N_SHARES];
    int64_t *deltas; /* change of cards per interval */
} Generation;

struct Recorder {
    Micros duration;
    Micros interval;
    guint n_intervals;
    Generation *generations[N_KEY_KINDS];
    guint n_generations[N_KEY_KINDS];
    guint n_kinds;
    uint64_t n_cards;
    uint64_t n_meetings;
    uint64_t (*outcomes)[N_OUTCOMES]; /* per interval */
    uint64_t totals[N_OUTCOMES];
    uint64_t updates[N_PATHS];
    Cents value_paid;
    Cents books[N_BOOKS];
    Cents residual;
    uint64_t ties;
};

Recorder *
recorder_new(Micros duration, Micros sample_interval, GArray *const ids[static N_KEY_KINDS],
             bool has_update_keys)
{
    Recorder *recorder = g_new0(Recorder, 1);

    recorder->duration = duration;
    recorder->interval = sample_interval;
    recorder->n_intervals = (guint)((duration + sample_interval - 1) / sample_interval);
    recorder->outcomes = g_malloc0_n(recorder->n_intervals, sizeof *recorder->outcomes);
    recorder->n_kinds = has_update_keys ? N_KEY_KINDS : 1;
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        recorder->n_generations[kind] = ids[kind]->len;
        recorder->generations[kind] = g_new0(Generation, ids[kind]->len);
        for (guint i = 0; i < ids[kind]->len; i++) {
            Generation *generation = &recorder->generations[kind][i];

            generation->id = g_array_index(ids[kind], guint32, i);
            generation->first = NOT_YET;
            /* one more than intervals: what was there at time 0 */
            generation->deltas = g_new0(int64_t, recorder->n_intervals + 1);
        }
    }
    return recorder;
}

void
recorder_free(Recorder *recorder)
{
    if (recorder == NULL)
        return;
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        for (guint i = 0; i < recorder->n_generations[kind]; i++)
            g_free(recorder->generations[kind][i].deltas);
        g_free(recorder->generations[kind]);
    }
    g_free(recorder->outcomes);
    g_free(recorder);
}

static guint
generation_index(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    guint low = 0;
    guint high = recorder->n_generations[kind];

    while (low < high) {
        guint middle = (low + high) / 2;

        if (recorder->generations[kind][middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    g_assert(low < recorder->n_generations[kind] && recorder->generations[kind][low].id == id);
    return low;
}

/* The interval into whose end a change at @at shows: 1 for [0, T1). */
static guint
interval_of(const Recorder *recorder, Micros at)
{
    return (guint)(at / recorder->interval) + 1;
}

/* Notes each share that this many cards reach. */
static void
take_shares(const Recorder *recorder, Generation *generation, int64_t at_least, Micros at)
{
    while (generation->next_share < RECORDER_N_SHARES &&
           (uint64_t)at_least * 1000 >=
               recorder->n_cards * recorder_shares[generation->next_share]) {
        generation->time[generation->next_share] = at - generation->first;
        generation->meetings[generation->next_share] =
            recorder->n_meetings - generation->first_meeting;
        generation->next_share++;
    }
}

void
recorder_settle_shares(Recorder *recorder, Micros at)
{
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        int64_t at_least = 0;

        for (guint i = recorder->n_generations[kind]; i-- > 0;) {
            Generation *generation = &recorder->generations[kind][i];

            at_least += generation->cards;
            if (generation->first != NOT_YET)
                take_shares(recorder, generation, at_least, at);
        }
    }
}

static void
change_count(Recorder *recorder, KeyKind kind, guint i, guint interval, Micros at, int64_t by)
{
    Generation *generation = &recorder->generations[kind][i];

    generation->cards += by;
    generation->deltas[interval] += by;
    if (generation->first == NOT_YET) {
        generation->first = at;
        generation->first_meeting = recorder->n_meetings;
    }
}

void
recorder_card_enters(Recorder *recorder, Micros at, uint32_t transfer_id, uint32_t update_id)
{
    const uint32_t ids[N_KEY_KINDS] = { transfer_id, update_id };
    bool is_initial = at == RECORDER_FROM_THE_START;
    guint interval = is_initial ? 0 : interval_of(recorder, at);

    recorder->n_cards++;
    g_assert(recorder->n_kinds <= N_KEY_KINDS);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
        change_count(recorder, kind, generation_index(recorder, kind, ids[kind]), interval,
                     is_initial ? 0 : at, 1);
}

void
recorder_key_changes(Recorder *recorder, Micros at, KeyKind kind, uint32_t from, uint32_t to)
{
    guint interval = interval_of(recorder, at);
    guint old;
    guint new;
    int64_t at_least = 0;

    if (kind >= recorder->n_kinds || from == to)
        return;
    old = generation_index(recorder, kind, from);
    new = generation_index(recorder, kind, to);
    change_count(recorder, kind, old, interval, at, -1);
    change_count(recorder, kind, new, interval, at, 1);
    for (guint i = recorder->n_generations[kind]; i-- > 0;) {
        Generation *generation = &recorder->generations[kind][i];

        at_least += generation->cards;
        if (i > old && i <= new && generation->first != NOT_YET)
            take_shares(recorder, generation, at_least, at);
    }
}

void
recorder_card_busy(Recorder *recorder, Micros at)
{
    recorder->outcomes[interval_of(recorder, at) - 1][OUTCOME_CARD_BUSY]++;
    recorder->totals[OUTCOME_CARD_BUSY]++;
}

void
recorder_meeting(Recorder *recorder, Micros at, Outcome outcome, Cents moved)
{
    recorder->n_meetings++;
    recorder->outcomes[interval_of(recorder, at) - 1][outcome]++;
    recorder->totals[outcome]++;
    recorder->value_paid += moved;
}

void
recorder_update(Recorder *recorder, Path path)
{
    recorder->updates[path]++;
}

void
recorder_book(Recorder *recorder, Book book, Cents value)
{
    recorder->books[book] += value;
}

Cents
recorder_close_books(Recorder *recorder, Cents balances)
{
    const Cents *books = recorder->books;

    recorder->residual = books[BOOK_INITIAL] + books[BOOK_LOADED] + books[BOOK_MINTED] -
                         books[BOOK_DESTROYED] - books[BOOK_STRANDED] - balances;
    return recorder->residual;
}

void
recorder_set_ties(Recorder *recorder, uint64_t ties)
{
    recorder->ties = ties;
}

uint64_t
recorder_n_cards(const Recorder *recorder)
{
    return recorder->n_cards;
}

uint64_t
recorder_outcome(const Recorder *recorder, Outcome outcome)
{
    return recorder->totals[outcome];
}

uint64_t
recorder_updates(const Recorder *recorder, Path path)
{
    return recorder->updates[path];
}

Micros
recorder_time_to_share(const Recorder *recorder, KeyKind kind, uint32_t id, guint share)
{
    const Generation *generation =
        &recorder->generations[kind][generation_index(recorder, kind, id)];

    return share < generation->next_share ? generation->time[share] : NOT_YET;
}

double
recorder_final_share(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    int64_t at_least = 0;

    for (guint i = recorder->n_generations[kind]; i-- > 0;) {
        at_least += recorder->generations[kind][i].cards;
        if (recorder->generations[kind][i].id == id)
            break;
    }
    return (double)at_least / (double)recorder->n_cards;
}

/* The time of sample @k; the last one stands at the end of the run. */
static Micros
sample_time(const Recorder *recorder, guint k)
{
    return MIN((Micros)k * recorder->interval, recorder->duration);
}

static void
write_time(Micros time, Table *table)
{
    table_number(table, (double)time / MICROS_PER_SECOND);
}

/* Rows of the generations of one kind at sample @k. @cards: running counts. */
static void
write_sample(const Recorder *recorder, const RunId *id, KeyKind kind, guint k, int64_t *cards,
             bool *has_appeared, Table *table)
{
    guint n = recorder->n_generations[kind];
    int64_t all = 0;
    int64_t older = 0;

    for (guint i = 0; i < n; i++) {
        cards[i] += recorder->generations[kind][i].deltas[k];
        has_appeared[i] = has_appeared[i] || cards[i] != 0;
        all += cards[i];
    }
    for (guint i = 0; i < n; i++) {
        if (has_appeared[i]) {
            run_id_begin_row(id, table);
            write_time(sample_time(recorder, k), table);
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

static void
write_propagation(const Recorder *recorder, const RunId *id, guint n_samples, Table *table)
{
    int64_t *cards[N_KEY_KINDS] = { NULL };
    bool *has_appeared[N_KEY_KINDS] = { NULL };

    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        cards[kind] = g_new0(int64_t, recorder->n_generations[kind]);
        has_appeared[kind] = g_new0(bool, recorder->n_generations[kind]);
    }
    for (guint k = 0; k <= n_samples; k++)
        for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
            write_sample(recorder, id, kind, k, cards[kind], has_appeared[kind], table);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        g_free(cards[kind]);
        g_free(has_appeared[kind]);
    }
}

static void
write_outcomes(const Recorder *recorder, const RunId *id, guint n_samples, Table *table)
{
    for (guint k = 0; k < n_samples; k++)
        for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
            if (recorder->outcomes[k][outcome] == 0)
                continue;
            run_id_begin_row(id, table);
            write_time(sample_time(recorder, k + 1), table);
            table_text(table, outcome_names[outcome]);
            table_unsigned(table, recorder->outcomes[k][outcome]);
            table_end_row(table);
        }
}

/* Columns of a row of summary.csv up to the value. */
static void
begin_metric(const RunId *id, const char *metric, const char *key, const Generation *generation,
             gint share, const char *unit, Table *table)
{
    run_id_begin_row(id, table);
    table_text(table, metric);
    table_text(table, key);
    if (generation != NULL)
        table_unsigned(table, generation->id);
    else
        table_empty(table);
    if (share >= 0)
        table_number(table, (double)recorder_shares[share] / 1000.0);
    else
        table_empty(table);
    table_text(table, unit);
}

static void
write_generation(const Recorder *recorder, const RunId *id, KeyKind kind,
                 const Generation *generation, Table *table)
{
    const char *key = key_kind_names[kind];

    for (gint share = 0; share < RECORDER_N_SHARES; share++) {
        begin_metric(id, "time-to-share", key, generation, share, "s", table);
        if ((guint)share < generation->next_share)
            write_time(generation->time[share], table);
        else
            table_empty(table);
        table_end_row(table);
    }
    for (gint share = 0; share < RECORDER_N_SHARES; share++) {
        begin_metric(id, "meetings-to-share", key, generation, share, "meetings", table);
        if ((guint)share < generation->next_share)
            table_unsigned(table, generation->meetings[share]);
        else
            table_empty(table);
        table_end_row(table);
    }
    begin_metric(id, "final-share", key, generation, -1, "share", table);
    table_number(table, recorder_final_share(recorder, kind, generation->id));
    table_end_row(table);
}

static void
write_integer_metric(const RunId *id, const char *metric, const char *unit, int64_t value,
                     Table *table)
{
    begin_metric(id, metric, "", NULL, -1, unit, table);
    table_integer(table, value);
    table_end_row(table);
}

static void
write_number_metric(const RunId *id, const char *metric, const char *unit, double value,
                    Table *table)
{
    begin_metric(id, metric, "", NULL, -1, unit, table);
    table_number(table, value);
    table_end_row(table);
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
write_totals(const Recorder *recorder, const Latency *latency, const RunId *id, Table *table)
{
    write_integer_metric(id, "meetings", "meetings", (int64_t)recorder->n_meetings, table);
    write_integer_metric(id, "paid", "meetings", sum_outcomes(recorder, outcome_is_paid), table);
    write_integer_metric(id, "updates-symmetric", "updates",
                         (int64_t)recorder->updates[PATH_SYMMETRIC], table);
    write_integer_metric(id, "updates-public-key", "updates",
                         (int64_t)recorder->updates[PATH_PUBLIC_KEY], table);
    write_integer_metric(id, "refused", "meetings", sum_outcomes(recorder, outcome_is_refused),
                         table);
    write_integer_metric(id, "card-busy", "arrivals", (int64_t)recorder->totals[OUTCOME_CARD_BUSY],
                         table);
    write_integer_metric(id, "value-paid", "minor-units", recorder->value_paid, table);
    write_integer_metric(id, "value-destroyed", "minor-units", recorder->books[BOOK_DESTROYED],
                         table);
    write_integer_metric(id, "books-residual", "minor-units", recorder->residual, table);
    write_integer_metric(id, "ties", "events", (int64_t)recorder->ties, table);
    write_number_metric(id, "till-seconds-added", "s",
                        (double)latency_till_time_added(latency) / MICROS_PER_SECOND, table);
    write_number_metric(id, "share-over-200ms", "share", latency_share_over(latency, 200000),
                        table);
    write_number_metric(id, "share-over-500ms", "share", latency_share_over(latency, 500000),
                        table);
}

void
recorder_write(const Recorder *recorder, const Latency *latency, const RunId *id, Micros until,
               Table *const tables[static N_FILES])
{
    guint n_samples =
        until >= recorder->duration ? recorder->n_intervals : (guint)(until / recorder->interval);

    write_propagation(recorder, id, n_samples, tables[FILE_PROPAGATION]);
    write_outcomes(recorder, id, n_samples, tables[FILE_OUTCOMES]);
    latency_write(latency, id, tables[FILE_LATENCY]);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
        for (guint i = 0; i < recorder->n_generations[kind]; i++)
            if (recorder->generations[kind][i].first != NOT_YET)
                write_generation(recorder, id, kind, &recorder->generations[kind][i],
                                 tables[FILE_SUMMARY]);
    write_totals(recorder, latency, id, tables[FILE_SUMMARY]);
}
