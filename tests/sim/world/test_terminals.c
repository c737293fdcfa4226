/* Which terminal takes a settlement, and how long one waits for it: shares of the groups, the
 * uniform choice, and the mean wait that Pollaczek and Khinchine found for such a queue. */
#include "sim/scenario/scenario.h"

#include "sim/traffic/arrivals.h"
#include "sim/traffic/terminals.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

#define SECOND MICROS_PER_SECOND
#define FAR 5.0 /* standard deviations */

static const char head[] = "[scenario]\nname = t\nduration = 365d\n"
                           "[scheme]\nembodiment = 3\n"
                           "[cohort a]\ncards = 60\ntransfer-key = 1\nupdate-key = 1\n";

/* Terminals and the scenario that they borrow. */
typedef struct {
    Scenario *scenario;
    Terminals *terminals;
} Hall;

static Hall
open_hall(const char *groups)
{
    g_autofree char *text = g_strconcat(head, groups, NULL);
    Hall hall = { .scenario = parse(text, NULL) };

    hall.terminals = terminals_new(hall.scenario, 1);
    return hall;
}

static void
close_hall(Hall *hall)
{
    terminals_free(hall->terminals);
    scenario_free(hall->scenario);
}

/* ---- The choice -------------------------------------------------------- */

#define CHOICES 256
#define ROUNDS 4000

static void
groups_get_their_shares(void)
{
    Hall hall = open_hall("[terminals a]\nshare = 30%\n[terminals b]\nshare = 0%\n"
                          "[terminals c]\nshare = 15%\ncount = 3\n[terminals d]\nshare = 5%\n");
    const double shares[] = { 0.6, 0, 0.3, 0.1 };
    const double n = (double)CHOICES * ROUNDS;
    guint counts[G_N_ELEMENTS(shares)] = { 0 };

    for (guint round = 0; round < ROUNDS; round++) {
        TerminalChoice choices[CHOICES] = { 0 };

        terminals_draw(hall.terminals, NULL, choices, CHOICES);
        for (guint i = 0; i < CHOICES; i++)
            counts[choices[i].group]++;
    }
    for (guint i = 0; i < G_N_ELEMENTS(shares); i++)
        g_assert_cmpfloat(fabs(counts[i] - n * shares[i]), <=,
                          FAR * sqrt(n * shares[i] * (1 - shares[i])));
    close_hall(&hall);
}

/* Chi square over the pairs of successive choices: terminals are equally likely, whichever
 * came before. */
static void
terminals_of_a_group_are_chosen_uniformly(void)
{
    enum { TERMINALS = 7, CELLS = TERMINALS * TERMINALS };
    Hall hall = open_hall("[terminals a]\ncount = 7\n");
    const double expected = (double)CHOICES / 2 * ROUNDS / CELLS;
    guint counts[CELLS] = { 0 };
    double chi_square = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        TerminalChoice choices[CHOICES] = { 0 };

        terminals_draw(hall.terminals, NULL, choices, CHOICES);
        for (guint i = 0; i < CHOICES; i += 2)
            counts[choices[i].number * TERMINALS + choices[i + 1].number]++;
    }
    for (guint i = 0; i < CELLS; i++)
        chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
    g_assert_cmpfloat(fabs(chi_square - (CELLS - 1)), <, FAR * sqrt(2.0 * (CELLS - 1)));
    close_hall(&hall);
}

static void
nothing_is_drawn_where_nothing_is_to_be_decided(void)
{
    Hall hall = open_hall("[terminals a]\ncrl-source = factory\n");
    const TerminalChoice none = { 0 };
    const Stream groups = hall.terminals->which_group;
    const Stream numbers = hall.terminals->which_terminal;
    TerminalChoice choice = { 0 };

    terminals_draw(hall.terminals, NULL, &choice, 1);
    g_assert_cmpint(memcmp(&choice, &none, sizeof none), ==, 0);
    g_assert_cmpint(memcmp(&groups, &hall.terminals->which_group, sizeof groups), ==, 0);
    g_assert_cmpint(memcmp(&numbers, &hall.terminals->which_terminal, sizeof numbers), ==, 0);
    g_assert_null(terminals_free_at(&hall.terminals->groups[0], &choice));
    close_hall(&hall);
}

/* A terminal fetches the revocation list when it does, whoever comes; one of an unlimited
 * group serves one settlement only. */
static void
each_terminal_has_a_phase_of_its_own(void)
{
    Hall hall = open_hall("[terminals a]\ncount = 5\ncrl-source = network 2h\n"
                          "[terminals b]\ncrl-source = network 2h\n");
    const Micros period = 7200 * SECOND;
    const Micros *phases = hall.terminals->groups[0].crl_phase;
    TerminalChoice choices[CHOICES] = { 0 };
    double sum = 0;
    guint n = 0;

    terminals_draw(hall.terminals, NULL, choices, CHOICES);
    for (guint i = 0; i < CHOICES; i++) {
        g_assert_cmpint(choices[i].crl_phase, >=, 0);
        g_assert_cmpint(choices[i].crl_phase, <, period);
        if (choices[i].group == 0) {
            g_assert_cmpint(choices[i].crl_phase, ==, phases[choices[i].number]);
        } else {
            sum += (double)choices[i].crl_phase / (double)period;
            n++;
        }
    }
    g_assert_cmpuint(n, >, CHOICES / 4);
    g_assert_cmpfloat(fabs(sum / n - 0.5), <, FAR / sqrt(12.0 * n));
    for (guint i = 1; i < 5; i++)
        g_assert_cmpint(phases[i], !=, phases[0]);
    close_hall(&hall);
}

/* ---- The queue --------------------------------------------------------- */

/* Service times and how often they occur. */
typedef struct {
    const char *name;
    guint n;
    Micros service[3];
    double share[3];
} Service;

#define PATHS 3
static const Service by_path = {
    "three-paths", PATHS, { 300000, 450000, 1500000 }, { 0.90, 0.08, 0.02 }
};
static const Service constant = { "constant-service", 1, { 336000 }, { 1 } };

/* Waits are correlated over some 50 settlements in one queue, so their error is estimated from
 * the means of batches that are far longer. */
#define QUEUES 4
#define LOAD 0.8
#define BATCHES 160
#define BLOCKS_A_BATCH 512
#define SETTLEMENTS ((double)BATCHES * BLOCKS_A_BATCH * CHOICES)

static double
mean_power(const Service *service, guint power)
{
    double sum = 0;

    for (guint i = 0; i < service->n; i++)
        sum += service->share[i] * pow((double)service->service[i] / SECOND, power);
    return sum;
}

static Micros
draw_service(const Service *service, Stream *stream)
{
    double u = (double)(stream_next(stream) >> 11) * 0x1p-53;
    guint i = 0;

    for (; i + 1 < service->n && u >= service->share[i]; i++)
        u -= service->share[i];
    return service->service[i];
}

/* A queue while it is observed. */
typedef struct {
    Hall hall;
    Arrivals arrivals;
    Stream services;
    Micros busy; /* all terminals together */
    Micros last;
} Queue;

/* Settles a block by Lindley's recursion. Returns: the sum of the waits, in seconds */
static double
settle_block(Queue *queue, const Service *service)
{
    const TerminalGroup *group = &queue->hall.terminals->groups[0];
    TerminalChoice choices[CHOICES] = { 0 };
    Micros at[CHOICES];
    Micros waits = 0;

    g_assert_cmpuint(arrivals_draw(&queue->arrivals, INT64_MAX, at, CHOICES), ==, CHOICES);
    terminals_draw(queue->hall.terminals, NULL, choices, CHOICES);
    for (guint i = 0; i < CHOICES; i++) {
        Micros *free_at = terminals_free_at(group, &choices[i]);
        Micros start = MAX(at[i], *free_at);
        Micros duration = draw_service(service, &queue->services);

        waits += start - at[i];
        queue->busy += duration;
        *free_at = start + duration;
    }
    queue->last = at[CHOICES - 1];
    return (double)waits / SECOND;
}

static void
assert_load(const Queue *queue, const Service *service)
{
    double load = (double)queue->busy / ((double)queue->last * QUEUES);
    /* of as many gaps and service times; the square of a gap's variation is 1 */
    double squared = mean_power(service, 2) / pow(mean_power(service, 1), 2);

    g_test_message("load %.5f", load);
    g_assert_cmpfloat(fabs(load / LOAD - 1), <, FAR * sqrt(squared / SETTLEMENTS));
}

static void
wait_is_that_of_pollaczek_and_khinchine(gconstpointer data)
{
    const Service *service = data;
    const double per_second = LOAD / mean_power(service, 1);
    const double expected = per_second * mean_power(service, 2) / (2 * (1 - LOAD));
    Queue queue = { .hall = open_hall("[terminals a]\ncount = 4\n") };
    double sum = 0;
    double squares = 0;
    double mean, error;

    arrivals_init(&queue.arrivals, 1, 1);
    arrivals_set_rate(&queue.arrivals, 0, QUEUES * per_second * 86400);
    stream_init(&queue.services, 1, 1, "service times");
    for (guint batch = 0; batch < BATCHES; batch++) {
        double waits = 0;

        for (guint block = 0; block < BLOCKS_A_BATCH; block++)
            waits += settle_block(&queue, service);
        waits /= BLOCKS_A_BATCH * CHOICES;
        sum += waits;
        squares += waits * waits;
    }
    mean = sum / BATCHES;
    error = sqrt((squares / BATCHES - mean * mean) / (BATCHES - 1));
    g_test_message("mean wait %.5f s, expected %.5f s, standard error %.5f s, z = %.2f", mean,
                   expected, error, (mean - expected) / error);
    g_assert_cmpfloat(4 * error, <, 0.01 * expected);
    g_assert_cmpfloat(fabs(mean - expected), <, 4 * error);
    assert_load(&queue, service);
    close_hall(&queue.hall);
}

/* The figures that the paths' times and shares stand for. */
static void
formula_agrees_with_worked_figures(void)
{
    const double per_second = LOAD / mean_power(&by_path, 1);

    g_assert_cmpfloat_with_epsilon(mean_power(&by_path, 1), 0.336, 1e-9);
    g_assert_cmpfloat_with_epsilon(per_second * mean_power(&by_path, 2) / 0.4, 0.8464, 5e-5);
    g_assert_cmpfloat_with_epsilon(per_second * mean_power(&constant, 2) / 0.4, 0.672, 5e-4);
}

/* Whole runs settle at a terminal as here: without updates all payments take equally long. */
static void
run_waits_as_long(void)
{
    enum { RUNS = 20 };
    static const char text[] = "[scenario]\nname = t\nduration = 4h\nsample-interval = 4h\n"
                               "fidelity = decision\n"
                               "[scheme]\nembodiment = 1\n"
                               "[cohort a]\ncards = 50k\ntransfer-key = 1\nupdate-key = 1\n"
                               "[terminals a]\ncount = 1\n";
    g_auto(Rows) idle = run_text(text, NULL);
    const double service = number_at(&idle, FILE_LATENCY, "none,total,", 1) / 1000;
    const double activity = LOAD / service * 86400 / 50000;
    double sum = 0;
    double squares = 0;

    for (guint seed = 1; seed <= RUNS; seed++) {
        g_autofree char *rate = g_strdup_printf("cohort a.activity=constant %.6f/d", activity);
        g_autofree char *with_seed = g_strdup_printf("scenario.seed=%u", seed);
        g_auto(Rows) rows = run_text(text, SETS(rate, with_seed));
        double wait = number_at(&rows, FILE_LATENCY, "none,wait,", 1) / 1000;

        sum += wait;
        squares += wait * wait;
    }
    g_assert_cmpfloat(fabs(sum / RUNS - service * LOAD / (2 * (1 - LOAD))), <,
                      4 * sqrt((squares / RUNS - sum * sum / (RUNS * RUNS)) / (RUNS - 1)));
}

/* What an arrival draws does not depend on what becomes of it: with one terminal there are as many
 * as with no end of them. */
static void
who_has_no_turn_is_counted(void)
{
    static const char text[] = "[scenario]\nname = t\nduration = 10min\nsample-interval = 10min\n"
                               "[scheme]\nembodiment = 1\n"
                               "[cohort a]\ncards = 20k\ntransfer-key = 1\nupdate-key = 1\n"
                               "activity = constant 5/h\n"
                               "[terminals a]\ncount = 1\n";

    for (Fidelity level = FIDELITY_APDU; level < N_FIDELITIES; level++) {
        g_autofree char *fidelity =
            g_strconcat("scenario.fidelity=", scenario_fidelity_names[level], NULL);
        g_auto(Rows) queue = run_text(text, SETS(fidelity));
        g_auto(Rows) no_queue = run_text(text, SETS("terminals a.count=unlimited", fidelity));

        g_assert_cmpfloat(metric(&queue, "unserved"), >, 1000);
        g_assert_cmpfloat(metric(&no_queue, "unserved"), ==, 0);
        g_assert_cmpfloat(metric(&queue, "meetings") + metric(&queue, "card-busy") +
                              metric(&queue, "unserved"),
                          ==, metric(&no_queue, "meetings") + metric(&no_queue, "card-busy"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/terminals/draw/groups-get-their-shares", groups_get_their_shares);
    g_test_add_func("/terminals/draw/terminals-of-a-group-are-chosen-uniformly",
                    terminals_of_a_group_are_chosen_uniformly);
    g_test_add_func("/terminals/draw/nothing-is-drawn-where-nothing-is-to-be-decided",
                    nothing_is_drawn_where_nothing_is_to_be_decided);
    g_test_add_func("/terminals/draw/each-terminal-has-a-phase-of-its-own",
                    each_terminal_has_a_phase_of_its_own);
    g_test_add_func("/terminals/queue/formula-agrees-with-worked-figures",
                    formula_agrees_with_worked_figures);
    g_test_add_data_func("/terminals/queue/wait-with-updates-is-that-of-pollaczek-and-khinchine",
                         &by_path, wait_is_that_of_pollaczek_and_khinchine);
    g_test_add_data_func("/terminals/queue/wait-without-is-that-of-pollaczek-and-khinchine",
                         &constant, wait_is_that_of_pollaczek_and_khinchine);
    g_test_add_func("/terminals/queue/a-run-waits-as-long", run_waits_as_long);
    g_test_add_func("/terminals/queue/who-has-no-turn-is-counted", who_has_no_turn_is_counted);
    return g_test_run();
}
