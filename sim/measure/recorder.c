#include "sim/measure/recorder.h"

#include "sim/measure/sampling.h"

#include <string.h>

#define ID_COLUMNS "scenario,point,replication,"

const char *const recorder_file_names[N_FILES] = {
    "propagation.csv", "outcomes.csv", "latency.csv", "value.csv", "till.csv", "summary.csv"
};
const char *const recorder_file_columns[N_FILES] = {
    ID_COLUMNS "time_s,key,generation,cards,share,share_at_least",
    ID_COLUMNS "time_s,outcome,count",
    LATENCY_COLUMNS,
    ID_COLUMNS "time_s,initial,loaded,unloaded,paid,destroyed,minted,stranded,residual",
    ID_COLUMNS "time_s,till_seconds_added,updates_symmetric,updates_public_key",
    ID_COLUMNS "metric,key,generation,share,unit,value",
};

#define NOT_YET (-1)

/* One generation of one kind of key. */
typedef struct {
    uint32_t id;
    int64_t cards; /* that hold exactly this one now */
    Micros first;  /* appearance; NOT_YET */
    uint64_t first_meeting;
    guint next_share;  /* the first of metric_shares not yet reached */
    Micros half_first; /* time to half of the first one; NOT_YET */
    Micros time[METRIC_N_SHARES];
    uint64_t meetings[METRIC_N_SHARES];
    int64_t *deltas; /* change of cards per interval */
} Generation;

/* What updates cost in one interval. */
typedef struct {
    Micros added;
    uint64_t updates[N_PATHS];
} Till;

struct Recorder {
    Sampling sampling;
    Generation *generations[N_KEY_KINDS];
    guint n_generations[N_KEY_KINDS];
    guint n_kinds;
    uint64_t n_cards;
    uint64_t n_meetings;
    uint64_t (*outcomes)[N_OUTCOMES]; /* per interval */
    Till *till;                       /* likewise */
    uint64_t totals[N_OUTCOMES];
    uint64_t updates[N_PATHS];
    Cents (*postings)[N_BOOKS]; /* per interval, before them what was there at time 0 */
    Cents books[N_BOOKS];
    Cents residual;
    uint64_t ties;
    Micros latest; /* of what was posted */
    guint current; /* the sample that was asked for last, of [current_from, current_until) */
    Micros current_from;
    Micros current_until;
};

Recorder *
recorder_new(Micros duration, Micros sample_interval, GArray *const ids[static N_KEY_KINDS],
             bool has_update_keys)
{
    Recorder *recorder = g_new0(Recorder, 1);

    sampling_init(&recorder->sampling, sample_interval, duration);
    recorder->outcomes = g_malloc0_n(recorder->sampling.n, sizeof *recorder->outcomes);
    recorder->postings = g_malloc0_n(recorder->sampling.n + 1, sizeof *recorder->postings);
    recorder->till = g_new0(Till, recorder->sampling.n);
    recorder->n_kinds = has_update_keys ? N_KEY_KINDS : 1;
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        recorder->n_generations[kind] = ids[kind]->len;
        recorder->generations[kind] = g_new0(Generation, ids[kind]->len);
        for (guint i = 0; i < ids[kind]->len; i++) {
            Generation *generation = &recorder->generations[kind][i];

            generation->id = g_array_index(ids[kind], guint32, i);
            generation->first = NOT_YET;
            generation->half_first = NOT_YET;
            /* one more than intervals: what was there at time 0 */
            generation->deltas = g_new0(int64_t, recorder->sampling.n + 1);
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
    g_free(recorder->postings);
    g_free(recorder->till);
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
interval_of(Recorder *recorder, Micros at)
{
    recorder->latest = MAX(recorder->latest, at);
    if (at < recorder->current_from || at >= recorder->current_until) {
        recorder->current = sampling_number(&recorder->sampling, at);
        recorder->current_until = sampling_next(&recorder->sampling, at);
        recorder->current_from = recorder->current_until - recorder->sampling.interval;
    }
    return recorder->current;
}

/* Notes each share that this many cards reach. @meetings: so far */
static void
take_shares(const Recorder *recorder, Generation *generation, int64_t at_least, Micros at,
            uint64_t meetings)
{
    if (generation->half_first == NOT_YET &&
        (uint64_t)at_least * 2000 >= recorder->n_cards * metric_shares[0])
        generation->half_first = at - generation->first;
    while (generation->next_share < METRIC_N_SHARES &&
           (uint64_t)at_least * 1000 >= recorder->n_cards * metric_shares[generation->next_share]) {
        generation->time[generation->next_share] = at - generation->first;
        generation->meetings[generation->next_share] = meetings - generation->first_meeting;
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
                take_shares(recorder, generation, at_least, at, recorder->n_meetings);
        }
    }
}

static void
change_count(Generation *generation, guint interval, Micros at, int64_t by, uint64_t meetings)
{
    generation->cards += by;
    generation->deltas[interval] += by;
    if (generation->first == NOT_YET) {
        generation->first = at;
        generation->first_meeting = meetings;
    }
}

void
recorder_cards_enter(Recorder *recorder, Micros at, uint64_t n, uint32_t transfer_id,
                     uint32_t update_id)
{
    const uint32_t ids[N_KEY_KINDS] = { transfer_id, update_id };
    bool is_initial = at == RECORDER_FROM_THE_START;
    guint interval = is_initial ? 0 : interval_of(recorder, at);

    recorder->n_cards += n;
    g_assert(recorder->n_kinds <= N_KEY_KINDS);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
        change_count(&recorder->generations[kind][generation_index(recorder, kind, ids[kind])],
                     interval, is_initial ? 0 : at, (int64_t)n, recorder->n_meetings);
}

/* One card goes from one generation to another. */
static void
move_card(Recorder *recorder, KeyKind kind, guint from, guint to, Micros at, uint64_t meetings)
{
    Generation *generations = recorder->generations[kind];
    guint interval = interval_of(recorder, at);
    int64_t at_least = 0;

    change_count(&generations[from], interval, at, -1, meetings);
    change_count(&generations[to], interval, at, 1, meetings);
    for (guint i = recorder->n_generations[kind]; i-- > from + 1;) {
        at_least += generations[i].cards;
        if (i <= to && generations[i].first != NOT_YET)
            take_shares(recorder, &generations[i], at_least, at, meetings);
    }
}

void
recorder_change_add(RecorderChange *change, const Recorder *recorder, KeyKind kind, uint32_t from,
                    uint32_t to)
{
    if (kind >= recorder->n_kinds || from == to)
        return;
    change->keys[change->n].kind = kind;
    change->keys[change->n].from = generation_index(recorder, kind, from);
    change->keys[change->n].to = generation_index(recorder, kind, to);
    change->n++;
}

void
recorder_change(Recorder *recorder, Micros at, const RecorderChange *change, uint64_t unreported)
{
    for (guint i = 0; i < change->n; i++)
        move_card(recorder, change->keys[i].kind, change->keys[i].from, change->keys[i].to, at,
                  recorder->n_meetings + unreported);
}

void
recorder_key_changes(Recorder *recorder, Micros at, KeyKind kind, uint32_t from, uint32_t to)
{
    RecorderChange change = { 0 };

    recorder_change_add(&change, recorder, kind, from, to);
    recorder_change(recorder, at, &change, 0);
}

void
recorder_card_busy(Recorder *recorder, Micros at, uint64_t n)
{
    recorder->outcomes[interval_of(recorder, at) - 1][OUTCOME_CARD_BUSY] += n;
    recorder->totals[OUTCOME_CARD_BUSY] += n;
}

void
recorder_meetings(Recorder *recorder, Micros at, Outcome outcome, uint64_t n, Cents moved)
{
    guint interval = interval_of(recorder, at);

    recorder->n_meetings += n;
    recorder->outcomes[interval - 1][outcome] += n;
    recorder->totals[outcome] += n;
    recorder->postings[interval][BOOK_PAID] += moved;
    recorder->books[BOOK_PAID] += moved;
}

void
recorder_update(Recorder *recorder, Micros at, Path path, uint64_t n)
{
    recorder->till[interval_of(recorder, at) - 1].updates[path] += n;
    recorder->updates[path] += n;
}

void
recorder_till_time(Recorder *recorder, Micros at, Micros micros)
{
    if (micros > 0)
        recorder->till[interval_of(recorder, at) - 1].added += micros;
}

void
recorder_book(Recorder *recorder, Micros at, Book book, Cents value)
{
    guint interval = at == RECORDER_FROM_THE_START ? 0 : interval_of(recorder, at);

    recorder->postings[interval][book] += value;
    recorder->books[book] += value;
}

Cents
recorder_balance_books(Recorder *recorder, Cents balances)
{
    const Cents *books = recorder->books;

    recorder->residual = books[BOOK_INITIAL] + books[BOOK_LOADED] + books[BOOK_MINTED] -
                         books[BOOK_UNLOADED] - books[BOOK_DESTROYED] - books[BOOK_STRANDED] -
                         balances;
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

int64_t
recorder_cards_with(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    if (kind >= recorder->n_kinds)
        return 0;
    return recorder->generations[kind][generation_index(recorder, kind, id)].cards;
}

Micros
recorder_first_appearance(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    return recorder->generations[kind][generation_index(recorder, kind, id)].first;
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

uint64_t
recorder_meetings_to_share(const Recorder *recorder, KeyKind kind, uint32_t id, guint share)
{
    return recorder->generations[kind][generation_index(recorder, kind, id)].meetings[share];
}

Micros
recorder_first(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    return recorder->generations[kind][generation_index(recorder, kind, id)].first;
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

static void
write_propagation(const Recorder *recorder, const RunId *id, Table *table)
{
    int64_t *cards[N_KEY_KINDS] = { NULL };
    bool *has_appeared[N_KEY_KINDS] = { NULL };

    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        cards[kind] = g_new0(int64_t, recorder->n_generations[kind]);
        has_appeared[kind] = g_new0(bool, recorder->n_generations[kind]);
    }
    for (guint k = 0; k <= recorder->sampling.n; k++)
        for (KeyKind kind = 0; kind < recorder->n_kinds; kind++)
            write_sample(recorder, id, kind, k, cards[kind], has_appeared[kind], table);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        g_free(cards[kind]);
        g_free(has_appeared[kind]);
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

/* Appends time-to-share or meetings-to-share of one generation at every share. */
static void
add_shares(GArray *metrics, const char *name, const char *unit, KeyKind kind,
           const Generation *generation, bool is_time)
{
    for (int share = 0; share < METRIC_N_SHARES; share++) {
        Metric metric = {
            .name = name,
            .key = (int)kind,
            .generation = generation->id,
            .share = share,
            .unit = unit,
            .reached = (guint)share < generation->next_share,
            .is_integer = !is_time,
            .integer = (int64_t)generation->meetings[share],
            .number = (double)generation->time[share] / MICROS_PER_SECOND,
        };

        g_array_append_val(metrics, metric);
    }
}

static void
add_generation(const Recorder *recorder, KeyKind kind, const Generation *generation,
               GArray *metrics)
{
    /* whoever begins with more than that never comes from there */
    Metric doubling = {
        .name = "doubling-time",
        .key = (int)kind,
        .generation = generation->id,
        .share = METRIC_NO_SHARE,
        .unit = "s",
        .reached = generation->half_first > 0 && generation->next_share > 0,
        .number = (double)(generation->time[0] - generation->half_first) / MICROS_PER_SECOND,
    };
    Metric final = {
        .name = "final-share",
        .key = (int)kind,
        .generation = generation->id,
        .share = METRIC_NO_SHARE,
        .unit = "share",
        .reached = true,
        .number = recorder_final_share(recorder, kind, generation->id),
    };

    add_shares(metrics, METRIC_TIME_TO_SHARE, "s", kind, generation, true);
    g_array_append_val(metrics, doubling);
    add_shares(metrics, METRIC_MEETINGS_TO_SHARE, "meetings", kind, generation, false);
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
            if (recorder->generations[kind][i].first != NOT_YET)
                add_generation(recorder, kind, &recorder->generations[kind][i], metrics);
    add_totals(recorder, latency, metrics);
    return metrics;
}

void
recorder_set_end(Recorder *recorder, Micros end)
{
    g_assert(end > 0 && end <= recorder->sampling.end);
    sampling_init(&recorder->sampling, recorder->sampling.interval, end);
}

Micros
recorder_interval_end(const Recorder *recorder, Micros at)
{
    return sampling_next(&recorder->sampling, at);
}

uint64_t
recorder_sampled_cards(const Recorder *recorder, KeyKind kind, uint32_t id, Micros at,
                       uint64_t *all)
{
    guint next = sampling_number(&recorder->sampling, at);
    guint last = MIN(sampling_number(&recorder->sampling, recorder->latest), recorder->sampling.n);
    int64_t cards = 0;

    *all = recorder->n_cards;
    for (guint i = recorder->n_generations[kind]; i-- > 0;) {
        const Generation *generation = &recorder->generations[kind][i];

        if (generation->id < id)
            break;
        cards += generation->cards;
        for (guint k = next; k <= last; k++)
            cards -= generation->deltas[k];
    }
    return (uint64_t)cards;
}

Micros
recorder_next_sample(const Recorder *recorder, Micros now)
{
    return recorder_interval_end(recorder, MAX(now, recorder->latest));
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
