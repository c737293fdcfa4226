#include "sim/measure/recorder.h"

#include "sim/measure/recorder_counts.h"

Recorder *
recorder_new(Micros duration, Micros sample_interval, GArray *const ids[static N_KEY_KINDS],
             bool has_update_keys)
{
    Recorder *recorder = g_new0(Recorder, 1);

    sampling_init(&recorder->sampling, sample_interval, duration);
    recorder->outgrown = NEVER_OUTGROWN;
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
            generation->first_sample = G_MAXUINT;
            /* one more than intervals: what was there at time 0 */
            generation->deltas = g_new0(int64_t, recorder->sampling.n + 1);
        }
    }
    recorder->shares = shares_new(recorder->n_kinds, recorder->n_generations);
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
    shares_free(recorder->shares);
    g_free(recorder->outcomes);
    g_free(recorder->postings);
    g_free(recorder->till);
    g_free(recorder);
}

/* ---- What is posted ---------------------------------------------------- */

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
        g_assert(recorder->current <= recorder->sampling.n);
    }
    return recorder->current;
}

void
recorder_settle_shares(Recorder *recorder, Micros at)
{
    shares_take(recorder->shares, at, recorder->n_meetings);
}

static void
change_count(Generation *generation, guint sample, int64_t by)
{
    generation->cards += by;
    generation->deltas[sample] += by;
    if (by > 0)
        generation->first_sample = MIN(generation->first_sample, sample);
}

void
recorder_cards_enter(Recorder *recorder, Micros at, uint64_t n, uint32_t transfer_id,
                     uint32_t update_id)
{
    const uint32_t ids[N_KEY_KINDS] = { transfer_id, update_id };
    guint sample = at == RECORDER_FROM_THE_START ? 0 : interval_of(recorder, at);
    guint numbers[N_KEY_KINDS] = { 0 };

    g_assert(recorder->n_kinds <= N_KEY_KINDS);
    for (KeyKind kind = 0; kind < recorder->n_kinds; kind++) {
        numbers[kind] = generation_index(recorder, kind, ids[kind]);
        change_count(&recorder->generations[kind][numbers[kind]], sample, (int64_t)n);
    }
    shares_enter(recorder->shares, at, n, numbers, recorder->n_meetings);
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
recorder_change(Recorder *recorder, Micros now, Micros at, const RecorderChange *change,
                uint64_t unreported)
{
    guint sample = interval_of(recorder, at);

    for (guint i = 0; i < change->n; i++) {
        KeyKind kind = change->keys[i].kind;
        guint from = change->keys[i].from;
        guint to = change->keys[i].to;

        change_count(&recorder->generations[kind][from], sample, -1);
        change_count(&recorder->generations[kind][to], sample, 1);
        shares_change(recorder->shares, now, at, kind, from, to, recorder->n_meetings + unreported);
    }
}

void
recorder_key_changes(Recorder *recorder, Micros now, Micros at, KeyKind kind, uint32_t from,
                     uint32_t to)
{
    RecorderChange change = { 0 };

    recorder_change_add(&change, recorder, kind, from, to);
    recorder_change(recorder, now, at, &change, 0);
}

void
recorder_card_busy(Recorder *recorder, Micros at, uint64_t n)
{
    recorder->outcomes[interval_of(recorder, at) - 1][OUTCOME_CARD_BUSY] += n;
    recorder->totals[OUTCOME_CARD_BUSY] += n;
}

static void
outgrow(Recorder *recorder, guint interval)
{
    if (recorder->outgrown == NEVER_OUTGROWN)
        recorder->outgrown = sampling_time(&recorder->sampling, interval);
}

/* What all postings come to decides whether one more can be posted: then no sum of some of them,
 * in whatever order, wraps. What enters is bounded by the scenario (SCENARIO_MONEY_SUM_MAX). */
static void
post(Recorder *recorder, guint interval, Book book, Cents value)
{
    const bool is_entry = book == BOOK_INITIAL || book == BOOK_LOADED;
    Cents turnover;

    if (__builtin_add_overflow(recorder->turnover, is_entry ? 0 : ABS(value), &turnover)) {
        outgrow(recorder, interval);
        return;
    }
    recorder->turnover = turnover;
    recorder->postings[interval][book] += value;
    recorder->books[book] += value;
}

void
recorder_meetings(Recorder *recorder, Micros at, Outcome outcome, uint64_t n, Cents moved)
{
    guint interval = interval_of(recorder, at);

    recorder->n_meetings += n;
    recorder->outcomes[interval - 1][outcome] += n;
    recorder->totals[outcome] += n;
    post(recorder, interval, BOOK_PAID, moved);
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

static guint
book_interval(Recorder *recorder, Micros at)
{
    return at == RECORDER_FROM_THE_START ? 0 : interval_of(recorder, at);
}

void
recorder_book(Recorder *recorder, Micros at, Book book, Cents value)
{
    post(recorder, book_interval(recorder, at), book, value);
}

void
recorder_outgrow(Recorder *recorder, Micros at)
{
    outgrow(recorder, book_interval(recorder, at));
}

bool
recorder_has_outgrown(const Recorder *recorder, Micros *by)
{
    *by = recorder->outgrown;
    return recorder->outgrown != NEVER_OUTGROWN;
}

Cents
recorder_balance_books(Recorder *recorder, CentsSum balances)
{
    static const int signs[N_BOOKS] = {
        [BOOK_INITIAL] = 1,   [BOOK_LOADED] = 1,     [BOOK_MINTED] = 1,
        [BOOK_UNLOADED] = -1, [BOOK_DESTROYED] = -1, [BOOK_STRANDED] = -1,
    };
    CentsSum residual = -balances;

    for (Book book = 0; book < N_BOOKS; book++)
        residual += signs[book] * (CentsSum)recorder->books[book];
    recorder->residual = (Cents)residual;
    return recorder->residual;
}

void
recorder_set_ties(Recorder *recorder, uint64_t ties)
{
    recorder->ties = ties;
}

void
recorder_set_unserved(Recorder *recorder, uint64_t unserved)
{
    recorder->unserved = unserved;
}

/* ---- What it comes to -------------------------------------------------- */

uint64_t
recorder_n_cards(const Recorder *recorder)
{
    return shares_n_cards(recorder->shares);
}

int64_t
recorder_cards_with(const Recorder *recorder, Micros now, KeyKind kind, uint32_t id)
{
    guint generation;

    if (kind >= recorder->n_kinds)
        return 0;
    generation = generation_index(recorder, kind, id);
    return recorder->generations[kind][generation].cards -
           shares_pending(recorder->shares, now, kind, generation);
}

Micros
recorder_first_appearance(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    return shares_first(recorder->shares, kind, generation_index(recorder, kind, id));
}

Micros
recorder_begin(const Recorder *recorder, KeyKind kind, uint32_t id)
{
    return kind >= recorder->n_kinds
               ? SHARES_NOT_YET
               : shares_begin(recorder->shares, kind, generation_index(recorder, kind, id));
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
    return shares_time_to(recorder->shares, kind, generation_index(recorder, kind, id), share);
}

uint64_t
recorder_meetings_to_share(const Recorder *recorder, KeyKind kind, uint32_t id, guint share)
{
    return shares_meetings_to(recorder->shares, kind, generation_index(recorder, kind, id), share);
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
    return (double)at_least / (double)recorder_n_cards(recorder);
}

void
recorder_close(Recorder *recorder)
{
    shares_close(recorder->shares);
}

/* ---- Samples ----------------------------------------------------------- */

void
recorder_set_end(Recorder *recorder, Micros end)
{
    g_assert(end > 0 && end <= recorder->sampling.end);
    sampling_init(&recorder->sampling, recorder->sampling.interval, end);
}

Micros
recorder_end(const Recorder *recorder)
{
    return recorder->sampling.end;
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

    *all = recorder_n_cards(recorder);
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
