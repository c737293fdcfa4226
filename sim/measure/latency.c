#include "sim/measure/latency.h"

/* Torn settlements of one setting. */
typedef struct {
    uint32_t setting;
    uint64_t n;
    MicrosSum total;
} Torn;

/* Torn settlements that were paid all the same and took the same time. */
typedef struct {
    Path path;
    Duration duration;
    uint64_t n;
} PaidTorn;

struct Latency {
    const Protocol *protocol;
    GPtrArray *classes;       /* of LatencyClass */
    GHashTable *index;        /* their keys to them */
    Histogram waits[N_PATHS]; /* of those that did wait */
    GArray *torn;             /* of Torn, in no order that matters */
    GArray *paid_torn;        /* of PaidTorn, likewise; these are in torn too */
    MicrosSum torn_update;    /* of all of them, in the update phase */
};

static void
free_class(gpointer data)
{
    LatencyClass *class = data;

    g_free(class->timeline);
    g_free(class);
}

Latency *
latency_new(const Protocol *protocol)
{
    Latency *latency = g_new0(Latency, 1);

    latency->protocol = protocol;
    latency->classes = g_ptr_array_new_with_free_func(free_class);
    latency->index = g_hash_table_new(g_int64_hash, g_int64_equal);
    latency->torn = g_array_new(FALSE, FALSE, sizeof(Torn));
    latency->paid_torn = g_array_new(FALSE, FALSE, sizeof(PaidTorn));
    return latency;
}

void
latency_free(Latency *latency)
{
    if (latency == NULL)
        return;
    for (Path path = 0; path < N_PATHS; path++)
        histogram_clear(&latency->waits[path]);
    g_array_unref(latency->torn);
    g_array_unref(latency->paid_torn);
    g_hash_table_unref(latency->index);
    g_ptr_array_unref(latency->classes);
    g_free(latency);
}

static LatencyClass *
class_at(const Latency *latency, guint i)
{
    return latency->classes->pdata[i];
}

LatencyClass *
latency_class(Latency *latency, const Course *course, uint32_t setting,
              const Seat seats[static N_SIDES], const LinkTerminal *terminal)
{
    uint64_t key = (uint64_t)setting << DURATION_CLASS_BITS | duration_class(course);
    LatencyClass *class = g_hash_table_lookup(latency->index, &key);

    g_assert(setting < LATENCY_SETTINGS_MAX);
    if (class != NULL)
        return class;
    class = g_new(LatencyClass, 1);
    *class = (LatencyClass){
        .key = key,
        .path = course->seen.path,
        .is_completed = outcome_is_paid(course->seen.outcome),
        .duration = duration_of(latency->protocol, seats, terminal, course),
    };
    g_ptr_array_add(latency->classes, class);
    g_hash_table_insert(latency->index, &class->key, class);
    return class;
}

void
latency_note_waits(Latency *latency, Path path, const Histogram *waits)
{
    histogram_add_all(&latency->waits[path], waits);
}

void
latency_count(Latency *latency, LatencyClass *class, Micros wait)
{
    class->count++;
    if (wait > 0 && class->is_completed)
        histogram_add(&latency->waits[class->path], wait, 1);
}

const Timeline *
latency_timeline(const Latency *latency, LatencyClass *class, const Course *course,
                 const Seat seats[static N_SIDES], const LinkTerminal *terminal)
{
    if (class->timeline == NULL) {
        class->timeline = g_new(Timeline, 1);
        timeline_init(class->timeline, latency->protocol, seats, terminal, course);
    }
    return class->timeline;
}

static Torn *
torn_in(Latency *latency, uint32_t setting)
{
    const Torn none = { .setting = setting };

    for (guint i = 0; i < latency->torn->len; i++)
        if (g_array_index(latency->torn, Torn, i).setting == setting)
            return &g_array_index(latency->torn, Torn, i);
    g_array_append_val(latency->torn, none);
    return &g_array_index(latency->torn, Torn, latency->torn->len - 1);
}

static bool
is_same(const PaidTorn *one, Path path, const Duration *duration)
{
    for (Phase phase = 0; phase < N_PHASES; phase++)
        if (one->duration.phase[phase] != duration->phase[phase])
            return false;
    return one->path == path && one->duration.total == duration->total;
}

/* They lasted as a class does, or that and an exchange once more: there are few durations. */
static void
count_paid_torn(Latency *latency, Path path, const Duration *duration)
{
    const PaidTorn new = { path, *duration, 1 };

    for (guint i = 0; i < latency->paid_torn->len; i++) {
        PaidTorn *one = &g_array_index(latency->paid_torn, PaidTorn, i);

        if (is_same(one, path, duration)) {
            one->n++;
            return;
        }
    }
    g_array_append_val(latency->paid_torn, new);
}

void
latency_count_torn(Latency *latency, uint32_t setting, const TornCourse *course, Path path,
                   Micros wait)
{
    Torn *torn = torn_in(latency, setting);

    torn->n++;
    torn->total += course->duration.total;
    latency->torn_update += course->duration.phase[PHASE_UPDATE];
    if (!outcome_is_paid(course->outcome))
        return;
    count_paid_torn(latency, path, &course->duration);
    if (wait > 0)
        histogram_add(&latency->waits[path], wait, 1);
}

MicrosSum
latency_occupation(const Latency *latency, uint32_t first, uint32_t settings, uint64_t *n)
{
    MicrosSum sum = 0;

    *n = 0;
    for (guint i = 0; i < latency->classes->len; i++) {
        const LatencyClass *class = class_at(latency, i);
        uint64_t setting = class->key >> DURATION_CLASS_BITS;

        if (setting < first || setting - first >= settings)
            continue;
        *n += class->count;
        sum += (MicrosSum) class->duration.total * class->count;
    }
    for (guint i = 0; i < latency->torn->len; i++) {
        const Torn *torn = &g_array_index(latency->torn, Torn, i);

        if (torn->setting < first || torn->setting - first >= settings)
            continue;
        *n += torn->n;
        sum += torn->total;
    }
    return sum;
}

MicrosSum
latency_till_time_added(const Latency *latency)
{
    MicrosSum sum = latency->torn_update;

    for (guint i = 0; i < latency->classes->len; i++)
        sum += (MicrosSum)class_at(latency, i)->duration.phase[PHASE_UPDATE] *
               class_at(latency, i)->count;
    return sum;
}

double
latency_share_over(const Latency *latency, Micros budget)
{
    uint64_t n = 0;
    uint64_t over = 0;

    for (guint i = 0; i < latency->classes->len; i++) {
        const LatencyClass *class = class_at(latency, i);

        if (!class->is_completed)
            continue;
        n += class->count;
        if (class->duration.total > budget)
            over += class->count;
    }
    for (guint i = 0; i < latency->paid_torn->len; i++) {
        const PaidTorn *one = &g_array_index(latency->paid_torn, PaidTorn, i);

        n += one->n;
        over += one->duration.total > budget ? one->n : 0;
    }
    return n == 0 ? 0.0 : (double)over / (double)n;
}

static void
write_row(const RunId *id, Path path, const char *phase, const Distribution *distribution,
          Table *table)
{
    run_id_begin_row(id, table);
    table_text(table, path_names[path]);
    table_text(table, phase);
    table_unsigned(table, distribution->n);
    table_number(table, distribution->mean);
    table_number(table, distribution->sd);
    table_number(table, distribution->least);
    table_number(table, distribution->p50);
    table_number(table, distribution->p90);
    table_number(table, distribution->p99);
    table_number(table, distribution->most);
    table_end_row(table);
}

/* How long it takes in @phase, or in all with N_PHASES. */
static Micros
time_in(const Duration *duration, guint phase)
{
    return phase < N_PHASES ? duration->phase[phase] : duration->total;
}

/* Durations of completed settlements of @path in @phase, of the whole with N_PHASES. */
static Distribution
distribution_of(const Latency *latency, Path path, guint phase)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(DistributionPoint));

    for (guint i = 0; i < latency->classes->len; i++) {
        const LatencyClass *class = class_at(latency, i);
        DistributionPoint point = {
            .value = time_in(&class->duration, phase),
            .count = class->count,
        };

        if (class->path == path && class->is_completed && class->count > 0)
            g_array_append_val(points, point);
    }
    for (guint i = 0; i < latency->paid_torn->len; i++) {
        const PaidTorn *one = &g_array_index(latency->paid_torn, PaidTorn, i);
        DistributionPoint point = { .value = time_in(&one->duration, phase), .count = one->n };

        if (one->path == path)
            g_array_append_val(points, point);
    }
    return distribution_of_points((DistributionPoint *)(void *)points->data, points->len);
}

/* The waits of completed settlements of @path, those that found a free terminal included. */
static Distribution
waits_of(const Latency *latency, Path path)
{
    g_auto(Histogram) all = { 0 };
    uint64_t n = 0;

    histogram_add_all(&all, &latency->waits[path]);
    for (guint i = 0; i < latency->classes->len; i++)
        if (class_at(latency, i)->path == path && class_at(latency, i)->is_completed)
            n += class_at(latency, i)->count;
    for (guint i = 0; i < latency->paid_torn->len; i++)
        if (g_array_index(latency->paid_torn, PaidTorn, i).path == path)
            n += g_array_index(latency->paid_torn, PaidTorn, i).n;
    histogram_add(&all, 0, n - all.n);
    return histogram_distribution(&all);
}

void
latency_write(const Latency *latency, const RunId *id, Table *table)
{
    for (Path path = 0; path < N_PATHS; path++) {
        Distribution wait = waits_of(latency, path);

        if (wait.n == 0)
            continue;
        for (guint phase = 0; phase <= N_PHASES; phase++) {
            Distribution one = distribution_of(latency, path, phase);

            write_row(id, path, phase < N_PHASES ? phase_names[phase] : "total", &one, table);
        }
        write_row(id, path, "wait", &wait, table);
    }
}
