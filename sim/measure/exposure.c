#include "sim/measure/exposure.h"

#include "sim/measure/metrics.h"
#include "sim/measure/pending.h"
#include "sim/measure/sampling.h"

#define NOT_YET (-1)
#define CARD_DAY ((double)MICROS_PER_DAY)

/* Cards times microseconds: a century of all cards there may be takes more than 64 bits. */
typedef __int128 CardTime;

/* Shares below which exposure is reported. */
static const int thresholds[] = { METRIC_BELOW_1_PERCENT, METRIC_BELOW_01_PERCENT };
#define N_THRESHOLDS G_N_ELEMENTS(thresholds)

/**
 * Track: one leaked key
 * @cards: that hold it at the moment
 * @begin: at the leak, with that many cards exposed of @of
 * @first: number of the first sample after it
 * @changes: of the number of cards, by sample from @first on, in which they show
 * @times: what these changes add to the card-time up to that sample
 * @looks: likewise; @look: at the leak
 * @below: when the share fell below each threshold for good, from the leak on
 */
typedef struct {
    const char *leak;
    KeyKind kind;
    uint32_t id;
    int64_t cards;
    Micros begin;
    int64_t at_begin;
    uint64_t of;
    guint first;
    int64_t *changes;
    CardTime *times;
    ExposureLook look;
    ExposureLook *looks;
    Micros below[N_THRESHOLDS];
} Track;

/* A generation of one kind. */
typedef struct {
    KeyKind kind;
    uint32_t id;
} Key;

/**
 * Exposure:
 * @entered: cards, by the sample in which they first show
 * @tracks: of Track, in the order of their leaks
 * @to_leak: of Key
 * @pending: by ID
 * @moment: of the last change that has taken place
 * @count: NULL: active cards are not counted
 * @expected: when the first attacker began to wait; NOT_YET
 */
struct Exposure {
    const Recorder *recorder;
    Sampling sampling;
    uint64_t n_cards;
    uint64_t *entered;
    GPtrArray *tracks;
    GArray *to_leak;
    Pending *pending;
    Micros moment;
    ExposureCount count;
    gpointer data;
    Micros expected;
};

static void
free_track(gpointer data)
{
    Track *track = data;

    g_free(track->changes);
    g_free(track->times);
    g_free(track->looks);
    g_free(track);
}

Exposure *
exposure_new(Micros duration, Micros sample_interval, const Recorder *recorder, ExposureCount count,
             gpointer data)
{
    Exposure *exposure = g_new0(Exposure, 1);

    exposure->recorder = recorder;
    exposure->count = count;
    exposure->data = data;
    exposure->expected = NOT_YET;
    sampling_init(&exposure->sampling, sample_interval, duration);
    exposure->entered = g_new0(uint64_t, exposure->sampling.n + 1);
    exposure->tracks = g_ptr_array_new_with_free_func(free_track);
    exposure->to_leak = g_array_new(FALSE, FALSE, sizeof(Key));
    exposure->pending = pending_new();
    exposure->moment = RECORDER_FROM_THE_START;
    return exposure;
}

void
exposure_free(Exposure *exposure)
{
    if (exposure == NULL)
        return;
    g_free(exposure->entered);
    g_ptr_array_unref(exposure->tracks);
    g_array_unref(exposure->to_leak);
    pending_free(exposure->pending);
    g_free(exposure);
}

static Track *
find(const Exposure *exposure, KeyKind kind, uint32_t id)
{
    for (guint i = 0; i < exposure->tracks->len; i++) {
        Track *track = exposure->tracks->pdata[i];

        if (track->kind == kind && track->id == id)
            return track;
    }
    return NULL;
}

bool
exposure_has(const Exposure *exposure, KeyKind kind, uint32_t id)
{
    return find(exposure, kind, id) != NULL;
}

/* ---- Changes ----------------------------------------------------------- */

/* Notes whether the share is below the thresholds, once all of a moment has taken place. */
static void
take_thresholds(const Exposure *exposure, Track *track)
{
    for (guint i = 0; i < N_THRESHOLDS; i++) {
        bool is_below =
            track->cards * 1000 < (int64_t)exposure->n_cards * metric_shares[thresholds[i]];

        if (!is_below)
            track->below[i] = NOT_YET;
        else if (track->below[i] == NOT_YET)
            track->below[i] = exposure->moment - track->begin;
    }
}

static void
end_moment(const Exposure *exposure)
{
    for (guint i = 0; i < exposure->tracks->len; i++)
        take_thresholds(exposure, exposure->tracks->pdata[i]);
}

/* Something changes at @at, which is not before the moment. */
static void
begin_moment(Exposure *exposure, Micros at)
{
    if (at <= exposure->moment)
        return;
    end_moment(exposure);
    exposure->moment = at;
}

static void
change(const Exposure *exposure, Track *track, Micros at, int64_t by)
{
    guint k = sampling_number(&exposure->sampling, at);

    track->cards += by;
    track->changes[k - track->first] += by;
    track->times[k - track->first] += (CardTime)by * (sampling_time(&exposure->sampling, k) - at);
}

static void
change_cards(Exposure *exposure, const PendingChange *pending)
{
    Track *old = find(exposure, pending->kind, pending->from);
    Track *new = find(exposure, pending->kind, pending->to);

    begin_moment(exposure, pending->at);
    if (old != NULL)
        change(exposure, old, pending->at, -1);
    if (new != NULL)
        change(exposure, new, pending->at, 1);
}

/* What has been decided and begins up to @now takes place. */
static void
follow_to(Exposure *exposure, Micros now)
{
    PendingChange pending;

    while (pending_take(exposure->pending, now, &pending))
        change_cards(exposure, &pending);
}

void
exposure_key_changes(Exposure *exposure, Micros now, Micros at, KeyKind kind, uint32_t from,
                     uint32_t to)
{
    const PendingChange pending = { .at = at, .kind = kind, .from = from, .to = to };

    if (from == to)
        return;
    follow_to(exposure, now);
    if (at > now)
        pending_add(exposure->pending, &pending);
    else
        change_cards(exposure, &pending);
}

void
exposure_cards_enter(Exposure *exposure, Micros at, uint64_t n, uint32_t transfer_id,
                     uint32_t update_id)
{
    const uint32_t ids[N_KEY_KINDS] = { transfer_id, update_id };
    guint sample = at == RECORDER_FROM_THE_START ? 0 : sampling_number(&exposure->sampling, at);

    follow_to(exposure, at);
    begin_moment(exposure, at);
    exposure->n_cards += n;
    exposure->entered[sample] += n;
    for (guint i = 0; i < exposure->tracks->len; i++) {
        Track *track = exposure->tracks->pdata[i];

        if (track->id == ids[track->kind])
            change(exposure, track, at, (int64_t)n);
    }
}

/* ---- Leaks ------------------------------------------------------------- */

void
exposure_expect(Exposure *exposure, Micros now)
{
    if (exposure->expected == NOT_YET)
        exposure->expected = now;
}

void
exposure_expect_leak(Exposure *exposure, KeyKind kind, uint32_t id)
{
    const Key key = { kind, id };

    for (guint i = 0; i < exposure->to_leak->len; i++) {
        const Key *other = &g_array_index(exposure->to_leak, Key, i);

        if (other->kind == kind && other->id == id)
            return;
    }
    g_array_append_val(exposure->to_leak, key);
}

/* Without the changes after @shown, which are decided, so that the cards have them already. Those
 * cards are active: their settlements have not ended. */
static ExposureLook
look_at(const Exposure *exposure, const Track *track, Micros now, Micros shown)
{
    ExposureLook look = exposure->count(exposure->data, track->kind, track->id, now);
    int64_t gain = pending_gain(exposure->pending, shown, track->kind, track->id);

    look.exposed = (uint64_t)((int64_t)look.exposed - gain);
    return look;
}

void
exposure_leak(Exposure *exposure, const char *leak, KeyKind kind, uint32_t id, Micros now)
{
    Track *track;
    guint n;

    if (exposure_has(exposure, kind, id))
        return;
    follow_to(exposure, now);
    begin_moment(exposure, now);
    track = g_new0(Track, 1);
    track->leak = leak;
    track->kind = kind;
    track->id = id;
    track->begin = now;
    track->cards = recorder_cards_with(exposure->recorder, now, kind, id);
    track->at_begin = track->cards;
    track->of = exposure->n_cards;
    track->first = sampling_number(&exposure->sampling, now);
    n = exposure->sampling.n - track->first + 1;
    track->changes = g_new0(int64_t, n);
    track->times = g_new0(CardTime, n);
    for (guint i = 0; i < N_THRESHOLDS; i++)
        track->below[i] = NOT_YET;
    if (exposure->count != NULL) {
        track->looks = g_new0(ExposureLook, n);
        track->look = look_at(exposure, track, now, now);
    }
    g_ptr_array_add(exposure->tracks, track);
}

/* ---- Samples ----------------------------------------------------------- */

static void
take_looks(Exposure *exposure, guint k, Micros now)
{
    for (guint i = 0; exposure->count != NULL && i < exposure->tracks->len; i++) {
        Track *track = exposure->tracks->pdata[i];

        if (k >= track->first)
            track->looks[k - track->first] = look_at(exposure, track, now, now - 1);
    }
}

void
exposure_sample(Exposure *exposure, Micros now)
{
    take_looks(exposure, sampling_number(&exposure->sampling, now) - 1, now);
}

/* ---- As an observer ---------------------------------------------------- */

static void
on_keys(gpointer exposure, Micros now, Micros at, KeyKind kind, uint32_t from, uint32_t to)
{
    exposure_key_changes(exposure, now, at, kind, from, to);
}

static void
on_cards(gpointer exposure, Micros at, uint32_t first G_GNUC_UNUSED, uint64_t n,
         uint32_t transfer_id, uint32_t update_id)
{
    exposure_cards_enter(exposure, at, n, transfer_id, update_id);
}

static void
on_sample(gpointer exposure, Micros now)
{
    exposure_sample(exposure, now);
}

void
exposure_join(Exposure *exposure, Observers *observers)
{
    observers_join(observers, &(Observer){
                                  .on_keys = on_keys,
                                  .on_cards = on_cards,
                                  .on_sample = exposure->count == NULL ? NULL : on_sample,
                                  .data = exposure,
                              });
}

/* ---- What is written --------------------------------------------------- */

static void
write_active(const Exposure *exposure, const ExposureLook *look, Table *table)
{
    if (exposure->count == NULL) {
        table_empty(table);
        table_empty(table);
        return;
    }
    table_unsigned(table, look->exposed);
    if (look->active == 0)
        table_empty(table);
    else
        table_number(table, (double)look->exposed / (double)look->active);
}

static void
write_row(const Exposure *exposure, const Track *track, Micros at, int64_t cards, uint64_t of,
          const ExposureLook *look, CardTime sum, const RunId *id, Table *table)
{
    run_id_begin_row(id, table);
    table_number(table, (double)at / MICROS_PER_SECOND);
    table_text(table, track->leak);
    table_text(table, key_kind_names[track->kind]);
    table_unsigned(table, track->id);
    table_integer(table, cards);
    table_number(table, (double)cards / (double)of);
    write_active(exposure, look, table);
    table_number(table, (double)sum / CARD_DAY);
    table_end_row(table);
}

/* Moves a running count of exposed cards and their time from the sample before to sample @k. */
static void
pass(const Exposure *exposure, const Track *track, guint k, int64_t *cards, CardTime *sum)
{
    Micros before = MAX(sampling_time(&exposure->sampling, k - 1), track->begin);

    *sum += (CardTime)*cards * (sampling_time(&exposure->sampling, k) - before) +
            track->times[k - track->first];
    *cards += track->changes[k - track->first];
}

static void
write_track(const Exposure *exposure, const Track *track, const RunId *id, Table *table)
{
    int64_t cards = track->at_begin;
    CardTime sum = 0;
    uint64_t of = 0;

    for (guint k = 0; k < track->first; k++)
        of += exposure->entered[k];
    write_row(exposure, track, track->begin, cards, track->of, &track->look, sum, id, table);
    for (guint k = track->first; k <= exposure->sampling.n; k++) {
        of += exposure->entered[k];
        pass(exposure, track, k, &cards, &sum);
        write_row(exposure, track, sampling_time(&exposure->sampling, k), cards, of,
                  exposure->count != NULL ? &track->looks[k - track->first] : NULL, sum, id, table);
    }
}

void
exposure_write(const Exposure *exposure, const RunId *id, Table *table)
{
    for (guint i = 0; i < exposure->tracks->len; i++)
        write_track(exposure, exposure->tracks->pdata[i], id, table);
}

/* ---- The end ----------------------------------------------------------- */

/* @below: microseconds from the leak on, by threshold; NOT_YET */
static void
add_exposure(KeyKind kind, uint32_t id, double card_days, const Micros below[static N_THRESHOLDS],
             GArray *metrics)
{
    Metric metric = metric_of_generation("exposure", "card-days", kind, id);

    metric.absent_is_zero = true;
    metric.number = card_days;
    g_array_append_val(metrics, metric);
    metric.name = "time-to-exposure-below";
    metric.unit = "s";
    for (guint i = 0; i < N_THRESHOLDS; i++) {
        metric.share = thresholds[i];
        metric.reached = below[i] != NOT_YET;
        metric.number = (double)below[i] / MICROS_PER_SECOND;
        g_array_append_val(metrics, metric);
    }
}

static void
add_track(const Exposure *exposure, const Track *track, GArray *metrics)
{
    int64_t cards = track->at_begin;
    CardTime sum = 0;

    for (guint k = track->first; k <= exposure->sampling.n; k++)
        pass(exposure, track, k, &cards, &sum);
    add_exposure(track->kind, track->id, (double)sum / CARD_DAY, track->below, metrics);
}

/* What was to leak and has not. */
static void
add_no_leaks(const Exposure *exposure, GArray *metrics)
{
    const Micros at_once[N_THRESHOLDS] = { 0 };

    for (guint i = 0; i < exposure->to_leak->len; i++) {
        const Key *key = &g_array_index(exposure->to_leak, Key, i);

        if (!exposure_has(exposure, key->kind, key->id) &&
            recorder_begin(exposure->recorder, key->kind, key->id) != NOT_YET)
            add_exposure(key->kind, key->id, 0, at_once, metrics);
    }
}

static void
add_time_to_extraction(const Exposure *exposure, uint32_t id, GArray *metrics)
{
    Micros first = recorder_first_appearance(exposure->recorder, KEY_TRANSFER, id);
    const Track *track = find(exposure, KEY_TRANSFER, id);
    Micros since = MAX(first, exposure->expected);
    Metric metric = metric_of_generation("time-to-extraction", "s", KEY_TRANSFER, id);

    if (first == NOT_YET)
        return;
    metric.reached = track != NULL;
    if (track != NULL)
        metric.number = (double)MAX(track->begin - since, 0) / MICROS_PER_SECOND;
    g_array_append_val(metrics, metric);
}

void
exposure_close(Exposure *exposure, const GArray *ids, Micros end, GArray *metrics)
{
    follow_to(exposure, INT64_MAX);
    end_moment(exposure);
    sampling_init(&exposure->sampling, exposure->sampling.interval, end);
    take_looks(exposure, exposure->sampling.n, end);
    for (guint i = 0; i < exposure->tracks->len; i++)
        add_track(exposure, exposure->tracks->pdata[i], metrics);
    add_no_leaks(exposure, metrics);
    for (guint i = 0; exposure->expected != NOT_YET && i < ids->len; i++)
        add_time_to_extraction(exposure, g_array_index(ids, guint32, i), metrics);
    exposure->recorder = NULL;
}
