/* The event queue against a list that is searched from end to end, and the main-loop
 * source against stepping. */
#include "sim/base/engine.h"

#include "sim/base/engine_source.h"
#include "sim/base/stream.h"

#include <string.h>

/* ---- The oracle -------------------------------------------------------- */

/* What the test knows of an event that it scheduled. Its place is its name. */
typedef struct {
    Micros at;
    EngineRank rank;
    bool is_over;
} Planned;

/* An engine under test. Events schedule others as long as @n_children are left. */
typedef struct {
    SimEngine *engine;
    GArray *planned; /* of Planned, in the order scheduled */
    GArray *ran;     /* of guint, places in planned */
    GPtrArray *errands;
    Stream stream;
    guint n_children;
    guint span;
} World;

typedef struct {
    World *world;
    guint place;
} Errand;

static void on_event(SimEngine *engine, gpointer data);

static void
world_init(World *world, uint64_t seed)
{
    *world = (World){
        .engine = sim_engine_new(),
        .planned = g_array_new(FALSE, FALSE, sizeof(Planned)),
        .ran = g_array_new(FALSE, FALSE, sizeof(guint)),
        .errands = g_ptr_array_new_with_free_func(g_free),
        .span = 20,
    };
    stream_init(&world->stream, seed, 1, "test");
}

static void
world_clear(World *world)
{
    sim_engine_free(world->engine);
    g_array_unref(world->planned);
    g_array_unref(world->ran);
    g_ptr_array_unref(world->errands);
}

static Planned *
planned_at(const World *world, guint place)
{
    return &g_array_index(world->planned, Planned, place);
}

static guint
schedule(World *world, Micros at, EngineRank rank)
{
    Planned planned = { .at = at, .rank = rank };
    Errand *errand = g_new(Errand, 1);

    *errand = (Errand){ .world = world, .place = world->planned->len };
    g_ptr_array_add(world->errands, errand);
    sim_engine_schedule(world->engine, at, rank, on_event, errand);
    g_array_append_val(world->planned, planned);
    return errand->place;
}

static void
schedule_at_random(World *world)
{
    Micros at = sim_engine_now(world->engine) + (Micros)stream_below(&world->stream, world->span);

    schedule(world, at, (EngineRank)stream_below(&world->stream, N_RANKS));
}

static void
on_event(SimEngine *engine, gpointer data)
{
    const Errand *errand = data;
    World *world = errand->world;

    g_assert_cmpint(sim_engine_now(engine), ==, planned_at(world, errand->place)->at);
    g_assert_false(planned_at(world, errand->place)->is_over);
    planned_at(world, errand->place)->is_over = true;
    g_array_append_val(world->ran, errand->place);
    for (uint64_t n = stream_below(&world->stream, 4); n > 0 && world->n_children > 0; n--) {
        world->n_children--;
        schedule_at_random(world);
    }
}

/* The place of the event that must run next, by looking at all; -1 if none is left. */
static int
find_next(const World *world)
{
    int next = -1;

    for (guint i = 0; i < world->planned->len; i++) {
        const Planned *one = planned_at(world, i);
        const Planned *best = next < 0 ? NULL : planned_at(world, (guint)next);

        if (one->is_over)
            continue;
        if (best == NULL || one->at < best->at || (one->at == best->at && one->rank < best->rank))
            next = (int)i;
    }
    return next;
}

/* Runs to the end. Before each step the oracle says what it will be. */
static void
step_to_the_end(World *world)
{
    guint n = world->ran->len;
    uint64_t ties = sim_engine_n_ties(world->engine);
    Micros before = -1;
    int next;

    while ((next = find_next(world)) >= 0) {
        Micros at = planned_at(world, (guint)next)->at;

        g_assert_cmpint(sim_engine_next_time(world->engine), ==, at);
        g_assert_true(sim_engine_step(world->engine));
        g_assert_cmpuint(world->ran->len, ==, ++n);
        g_assert_cmpuint(g_array_index(world->ran, guint, n - 1), ==, (guint)next);
        g_assert_cmpint(sim_engine_now(world->engine), ==, at);
        ties += at == before ? 1 : 0;
        before = at;
        g_assert_cmpuint(sim_engine_n_ties(world->engine), ==, ties);
        g_assert_cmpuint(sim_engine_n_events(world->engine), ==, n);
    }
    g_assert_cmpint(sim_engine_next_time(world->engine), ==, INT64_MAX);
    g_assert_false(sim_engine_step(world->engine));
    g_assert_cmpuint(sim_engine_n_events(world->engine), ==, n);
}

static void
assert_ran(const World *world, guint n, const guint *places)
{
    g_assert_cmpuint(world->ran->len, ==, n);
    for (guint i = 0; i < n; i++)
        g_assert_cmpuint(g_array_index(world->ran, guint, i), ==, places[i]);
}
#define ASSERT_RAN(world, ...)                                                                     \
    assert_ran(world, G_N_ELEMENTS(((const guint[]){ __VA_ARGS__ })),                              \
               (const guint[]){ __VA_ARGS__ })

/* ---- Stepping ---------------------------------------------------------- */

static void
earlier_time_runs_first(void)
{
    World world;

    world_init(&world, 1);
    schedule(&world, 30, RANK_SAMPLE);
    schedule(&world, 10, RANK_ARRIVAL);
    schedule(&world, 20, RANK_PLAN);
    step_to_the_end(&world);
    ASSERT_RAN(&world, 1, 2, 0);
    world_clear(&world);
}

static void
same_time_runs_in_order_of_rank(void)
{
    World world;

    world_init(&world, 1);
    schedule(&world, 10, RANK_ARRIVAL);
    schedule(&world, 10, RANK_PLAN);
    schedule(&world, 10, RANK_SAMPLE);
    step_to_the_end(&world);
    ASSERT_RAN(&world, 2, 1, 0);
    world_clear(&world);
}

static void
same_time_runs_in_order_scheduled(void)
{
    World world;

    world_init(&world, 1);
    for (guint i = 0; i < 1000; i++)
        schedule(&world, 10, RANK_ARRIVAL);
    step_to_the_end(&world);
    for (guint i = 0; i < 1000; i++)
        g_assert_cmpuint(g_array_index(world.ran, guint, i), ==, i);
    g_assert_cmpuint(sim_engine_n_ties(world.engine), ==, 999);
    world_clear(&world);
}

static void
empty_engine_has_nothing_to_step(void)
{
    g_autoptr(SimEngine) engine = sim_engine_new();

    g_assert_false(sim_engine_step(engine));
    g_assert_cmpint(sim_engine_next_time(engine), ==, INT64_MAX);
    g_assert_cmpint(sim_engine_now(engine), ==, 0);
    g_assert_cmpuint(sim_engine_n_events(engine), ==, 0);
    g_assert_cmpuint(sim_engine_n_ties(engine), ==, 0);
}

static void
first_event_at_time_zero_is_no_tie(void)
{
    World world;

    world_init(&world, 1);
    schedule(&world, 0, RANK_ARRIVAL);
    step_to_the_end(&world);
    g_assert_cmpuint(sim_engine_n_ties(world.engine), ==, 0);
    world_clear(&world);
}

static gint
compare_planned(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const World *world = user_data;
    guint i = *(const guint *)a;
    guint j = *(const guint *)b;
    const Planned *x = planned_at(world, i);
    const Planned *y = planned_at(world, j);

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return i < j ? -1 : 1;
}

/* All scheduled beforehand: the order is the sorted one, at every size of the heap. */
static void
random_schedules_run_sorted(void)
{
    for (guint n = 0; n < 400; n++) {
        g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(guint));
        World world;

        world_init(&world, n);
        world.span = 1 + n % 50 * (n % 50);
        for (guint i = 0; i < n; i++) {
            schedule_at_random(&world);
            g_array_append_val(sorted, i);
        }
        g_array_sort_with_data(sorted, compare_planned, &world);
        while (sim_engine_step(world.engine))
            continue;
        g_assert_cmpuint(world.ran->len, ==, n);
        for (guint i = 0; i < n; i++)
            g_assert_cmpuint(g_array_index(world.ran, guint, i), ==,
                             g_array_index(sorted, guint, i));
        world_clear(&world);
    }
}

static void
events_that_schedule_events_keep_the_order(void)
{
    for (guint seed = 0; seed < 100; seed++) {
        World world;

        world_init(&world, seed);
        world.n_children = 300;
        world.span = 1 + seed;
        for (guint i = 0; i < 5; i++)
            schedule_at_random(&world);
        step_to_the_end(&world);
        world_clear(&world);
    }
}

/* ---- Scheduling -------------------------------------------------------- */

static void
schedule_sample_of_the_past(SimEngine *engine, gpointer data G_GNUC_UNUSED)
{
    sim_engine_schedule(engine, sim_engine_now(engine) - 1, RANK_SAMPLE,
                        schedule_sample_of_the_past, NULL);
}

static void
refuses_the_past(void)
{
    if (g_test_subprocess()) {
        g_autoptr(SimEngine) engine = sim_engine_new();

        sim_engine_schedule(engine, 5, RANK_SAMPLE, schedule_sample_of_the_past, NULL);
        sim_engine_step(engine);
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*assertion failed*now*");
}

static void
schedule_sample_now(SimEngine *engine, gpointer data)
{
    const Errand *errand = data;

    schedule(errand->world, sim_engine_now(engine), RANK_SAMPLE);
}

/* What is scheduled for now runs next, even before what has a later rank. */
static void
accepts_the_present(void)
{
    World world;
    Errand errand = { .world = &world };

    world_init(&world, 1);
    sim_engine_schedule(world.engine, 5, RANK_PLAN, schedule_sample_now, &errand);
    schedule(&world, 5, RANK_ARRIVAL);
    while (sim_engine_step(world.engine))
        continue;
    ASSERT_RAN(&world, 1, 0);
    g_assert_cmpuint(sim_engine_n_ties(world.engine), ==, 2);
    world_clear(&world);
}

static void
times_of_centuries_keep_the_order(void)
{
    World world;

    world_init(&world, 1);
    schedule(&world, INT64_MAX, RANK_SAMPLE);
    schedule(&world, INT64_C(1) << 56, RANK_SAMPLE);
    schedule(&world, (INT64_C(1) << 56) - 1, RANK_ARRIVAL);
    step_to_the_end(&world);
    ASSERT_RAN(&world, 2, 1, 0);
    world_clear(&world);
}

/* ---- The end ----------------------------------------------------------- */

static void
nothing_runs_at_the_end_or_after_it(void)
{
    World world;

    world_init(&world, 1);
    for (guint i = 0; i < 4; i++)
        schedule(&world, 9 + (Micros)i, RANK_PLAN);
    sim_engine_set_end(world.engine, 11);
    while (sim_engine_step(world.engine))
        continue;
    ASSERT_RAN(&world, 0, 1);
    g_assert_cmpint(sim_engine_now(world.engine), ==, 10);
    world_clear(&world);
}

/* ---- A crowd ----------------------------------------------------------- */

/* Events at given times, run in lots of at most @lot, and between them what is queued. */
typedef struct {
    GArray *times; /* of Micros, ascending */
    guint n_run;
    guint lot;
    GString *order;
} Lots;

static Micros
next_of_lots(gpointer data)
{
    const Lots *lots = data;

    return lots->n_run == lots->times->len ? INT64_MAX
                                           : g_array_index(lots->times, Micros, lots->n_run);
}

static void
run_lot(SimEngine *engine, Micros until, gpointer data)
{
    Lots *lots = data;
    guint first = lots->n_run;

    while (next_of_lots(lots) < until && lots->n_run < first + lots->lot) {
        g_string_append_printf(lots->order, "%" G_GINT64_FORMAT " ", next_of_lots(lots));
        lots->n_run++;
    }
    g_assert_cmpuint(lots->n_run, >, first);
    sim_engine_count(engine, &g_array_index(lots->times, Micros, first), lots->n_run - first);
    g_assert_cmpint(sim_engine_now(engine), ==,
                    g_array_index(lots->times, Micros, lots->n_run - 1));
}

static void
note_queued(SimEngine *engine, gpointer data)
{
    g_string_append_printf(((Lots *)data)->order, "(%" G_GINT64_FORMAT ") ",
                           sim_engine_now(engine));
}

/* What is queued for a time runs before the crowd's events of that time. */
static void
crowd_runs_between_what_is_queued(void)
{
    static const SimCrowd crowd = { next_of_lots, run_lot };
    const Micros times[] = { 0, 0, 3, 5, 5, 5, 8, 12, 13 };

    for (guint lot = 1; lot <= G_N_ELEMENTS(times); lot++) {
        g_autoptr(SimEngine) engine = sim_engine_new();
        g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Micros));
        g_autoptr(GString) order = g_string_new(NULL);
        Lots lots = { .times = list, .lot = lot, .order = order };

        g_array_append_vals(list, times, G_N_ELEMENTS(times));
        sim_engine_set_crowd(engine, &crowd, &lots);
        sim_engine_schedule(engine, 5, RANK_PLAN, note_queued, &lots);
        sim_engine_schedule(engine, 6, RANK_SAMPLE, note_queued, &lots);
        sim_engine_schedule(engine, 13, RANK_PLAN, note_queued, &lots);
        sim_engine_set_end(engine, 13);
        g_assert_cmpint(sim_engine_next_time(engine), ==, 0);
        while (sim_engine_step(engine))
            continue;
        g_assert_cmpstr(order->str, ==, "0 0 3 (5) 5 5 5 (6) 8 12 ");
        g_assert_cmpuint(sim_engine_n_events(engine), ==, 10);
        g_assert_cmpuint(sim_engine_n_ties(engine), ==, 4);
        g_assert_cmpint(sim_engine_next_time(engine), ==, 13);
    }
}

/* ---- In a main loop ---------------------------------------------------- */

/* A main context of the test's own with an engine in it. */
typedef struct {
    GMainContext *context;
    GMainLoop *loop;
    guint n_finished;
    World *world;
} Loop;

static void
loop_init(Loop *loop, SimEngine *engine, guint batch, GSourceFunc on_finished)
{
    g_autoptr(GSource) source = sim_engine_source_new(engine, batch);

    loop->context = g_main_context_new();
    loop->loop = g_main_loop_new(loop->context, FALSE);
    loop->n_finished = 0;
    g_source_set_callback(source, on_finished, loop, NULL);
    g_source_attach(source, loop->context);
}

static void
loop_clear(Loop *loop)
{
    g_main_loop_unref(loop->loop);
    g_main_context_unref(loop->context);
}

static gboolean
quit_loop(gpointer data)
{
    Loop *loop = data;

    loop->n_finished++;
    g_main_loop_quit(loop->loop);
    return G_SOURCE_REMOVE;
}

static void
fill_for_loop(World *world)
{
    world_init(world, 4711);
    world->n_children = 5000;
    for (guint i = 0; i < 50; i++)
        schedule_at_random(world);
}

static void
batch_size_changes_nothing(gconstpointer data)
{
    World stepped;
    World looped;
    Loop loop;

    fill_for_loop(&stepped);
    fill_for_loop(&looped);
    step_to_the_end(&stepped);
    loop_init(&loop, looped.engine, *(const guint *)data, quit_loop);
    g_main_loop_run(loop.loop);
    g_assert_cmpuint(loop.n_finished, ==, 1);
    g_assert_cmpuint(stepped.ran->len, >, 3000);
    g_assert_cmpuint(looped.ran->len, ==, stepped.ran->len);
    for (guint i = 0; i < stepped.ran->len; i++)
        g_assert_cmpuint(g_array_index(looped.ran, guint, i), ==,
                         g_array_index(stepped.ran, guint, i));
    g_assert_cmpuint(sim_engine_n_ties(looped.engine), ==, sim_engine_n_ties(stepped.engine));
    loop_clear(&loop);
    world_clear(&stepped);
    world_clear(&looped);
}

static void
one_dispatch_runs_one_batch(void)
{
    World world;
    Loop loop;

    world_init(&world, 1);
    for (guint i = 0; i < 20; i++)
        schedule(&world, i, RANK_ARRIVAL);
    loop_init(&loop, world.engine, 7, quit_loop);
    for (guint n = 7; n <= 14; n += 7) {
        g_assert_true(g_main_context_iteration(loop.context, FALSE));
        g_assert_cmpuint(world.ran->len, ==, n);
    }
    g_assert_true(g_main_context_iteration(loop.context, FALSE));
    g_assert_cmpuint(world.ran->len, ==, 20);
    g_assert_cmpuint(loop.n_finished, ==, 1);
    g_assert_false(g_main_context_iteration(loop.context, FALSE));
    loop_clear(&loop);
    world_clear(&world);
}

static void
source_without_callback_removes_itself(void)
{
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(SimEngine) engine = sim_engine_new();
    g_autoptr(GSource) source = sim_engine_source_new(engine, 1);

    g_source_attach(source, context);
    g_assert_true(g_main_context_iteration(context, FALSE));
    g_assert_true(g_source_is_destroyed(source));
}

/* The next replication of a run may start in the callback. */
static gboolean
schedule_another_round(gpointer data)
{
    Loop *loop = data;

    if (++loop->n_finished == 3) {
        g_main_loop_quit(loop->loop);
        return G_SOURCE_REMOVE;
    }
    schedule(loop->world, sim_engine_now(loop->world->engine) + 1, RANK_ARRIVAL);
    return G_SOURCE_CONTINUE;
}

static void
callback_decides_whether_it_goes_on(void)
{
    World world;
    Loop loop = { .world = &world };

    world_init(&world, 1);
    loop_init(&loop, world.engine, 10, schedule_another_round);
    g_main_loop_run(loop.loop);
    g_assert_cmpuint(loop.n_finished, ==, 3);
    ASSERT_RAN(&world, 0, 1);
    loop_clear(&loop);
    world_clear(&world);
}

/* An engine that is never done, and what ends the test if no timer does. */
typedef struct {
    bool has_fired;
    gint64 give_up_at;
    Loop loop;
} Endless;

static void
run_on(SimEngine *engine, gpointer data)
{
    const Endless *endless = data;

    if (!endless->has_fired && g_get_monotonic_time() < endless->give_up_at)
        sim_engine_schedule(engine, sim_engine_now(engine) + 1, RANK_ARRIVAL, run_on, data);
}

static gboolean
fire(gpointer data)
{
    ((Endless *)data)->has_fired = true;
    return G_SOURCE_REMOVE;
}

/* A batch without end: the wall clock bounds it. */
static void
timer_fires_beside_it(gconstpointer data)
{
    g_autoptr(SimEngine) engine = sim_engine_new();
    g_autoptr(GSource) timer = g_timeout_source_new(2);
    Endless endless = { .give_up_at = g_get_monotonic_time() + INT64_C(600) * G_USEC_PER_SEC };

    sim_engine_schedule(engine, 0, RANK_ARRIVAL, run_on, &endless);
    loop_init(&endless.loop, engine, *(const guint *)data, quit_loop);
    g_source_set_callback(timer, fire, &endless, NULL);
    g_source_attach(timer, endless.loop.context);
    g_main_loop_run(endless.loop.loop);
    g_assert_true(endless.has_fired);
    g_assert_cmpint(g_get_monotonic_time(), <, endless.give_up_at);
    loop_clear(&endless.loop);
}

static gboolean
note_events_so_far(gpointer data)
{
    *(guint *)data += 1;
    return G_SOURCE_REMOVE;
}

/* What is as urgent as a signal or a timer is dispatched before the first event. */
static void
gives_way_to_default_priority(void)
{
    g_autoptr(GSource) urgent = g_idle_source_new();
    guint n_noted = 0;
    World world;
    Loop loop;

    world_init(&world, 1);
    schedule(&world, 0, RANK_ARRIVAL);
    loop_init(&loop, world.engine, 1024, quit_loop);
    g_source_set_priority(urgent, G_PRIORITY_DEFAULT);
    g_source_set_callback(urgent, note_events_so_far, &n_noted, NULL);
    g_source_attach(urgent, loop.context);
    g_assert_true(g_main_context_iteration(loop.context, FALSE));
    g_assert_cmpuint(n_noted, ==, 1);
    g_assert_cmpuint(world.ran->len, ==, 0);
    g_main_loop_run(loop.loop);
    g_assert_cmpuint(world.ran->len, ==, 1);
    loop_clear(&loop);
    world_clear(&world);
}

static void
add_stepping(void)
{
    g_test_add_func("/engine/step/earlier-time-runs-first", earlier_time_runs_first);
    g_test_add_func("/engine/step/same-time-runs-in-order-of-rank",
                    same_time_runs_in_order_of_rank);
    g_test_add_func("/engine/step/same-time-runs-in-order-scheduled",
                    same_time_runs_in_order_scheduled);
    g_test_add_func("/engine/step/empty-engine-has-nothing-to-step",
                    empty_engine_has_nothing_to_step);
    g_test_add_func("/engine/step/first-event-at-time-zero-is-no-tie",
                    first_event_at_time_zero_is_no_tie);
    g_test_add_func("/engine/step/random-schedules-run-sorted", random_schedules_run_sorted);
    g_test_add_func("/engine/step/events-that-schedule-events-keep-the-order",
                    events_that_schedule_events_keep_the_order);
}

static void
add_scheduling(void)
{
    g_test_add_func("/engine/schedule/refuses-the-past", refuses_the_past);
    g_test_add_func("/engine/schedule/accepts-the-present", accepts_the_present);
    g_test_add_func("/engine/schedule/times-of-centuries-keep-the-order",
                    times_of_centuries_keep_the_order);
}

static void
add_end_and_crowd(void)
{
    g_test_add_func("/engine/end/nothing-runs-at-the-end-or-after-it",
                    nothing_runs_at_the_end_or_after_it);
    g_test_add_func("/engine/crowd/runs-between-what-is-queued", crowd_runs_between_what_is_queued);
}

static void
add_main_loop(void)
{
    static const guint batches[] = { 1, 7, 1024, G_MAXUINT };

    for (guint i = 0; i < G_N_ELEMENTS(batches); i++) {
        g_autofree char *same =
            g_strdup_printf("/engine-source/batch-%u-runs-as-stepping-does", batches[i]);
        g_autofree char *timer =
            g_strdup_printf("/engine-source/batch-%u-lets-a-timer-fire", batches[i]);

        g_test_add_data_func(same, &batches[i], batch_size_changes_nothing);
        g_test_add_data_func(timer, &batches[i], timer_fires_beside_it);
    }
    g_test_add_func("/engine-source/one-dispatch-runs-one-batch", one_dispatch_runs_one_batch);
    g_test_add_func("/engine-source/without-callback-removes-itself",
                    source_without_callback_removes_itself);
    g_test_add_func("/engine-source/callback-decides-whether-it-goes-on",
                    callback_decides_whether_it_goes_on);
    g_test_add_func("/engine-source/gives-way-to-default-priority", gives_way_to_default_priority);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_stepping();
    add_scheduling();
    add_end_and_crowd();
    add_main_loop();
    return g_test_run();
}
