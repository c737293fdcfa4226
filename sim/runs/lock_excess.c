#include "sim/runs/lock_excess.h"

#include "model/decision/settle.h"
#include "model/decision/settle_class.h"
#include "model/protocol/duration.h"
#include "model/protocol/population.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

#define MICROS_PER_MILLISECOND 1000.0
#define TICK ((double)(1 << POPULATION_TICK_BITS))

/* Of const Chip *: those of cohorts and plan, each once. */
static GPtrArray *
collect_chips(const Scenario *scenario)
{
    GPtrArray *all = g_ptr_array_new();

    for (guint i = 0; i < scenario_n_cohorts(scenario) + scenario_n_plan(scenario); i++) {
        const CardTerms *terms =
            i < scenario_n_cohorts(scenario)
                ? &scenario_cohort(scenario, i)->terms
                : &scenario_plan(scenario, i - scenario_n_cohorts(scenario))->terms;

        if (terms->chip != NULL && !g_ptr_array_find(all, terms->chip, NULL))
            g_ptr_array_add(all, (gpointer)terms->chip);
    }
    return all;
}

/* The shortest payment without an update at @terminals: what one card takes does not depend on the
 * other's chip. */
static Micros
shortest_at(const Protocol *protocol, const ScenarioTerminals *terminals, const GPtrArray *all)
{
    Seat seats[N_SIDES];
    Micros shortest = INT64_MAX;
    Course paid;

    settle_class_describe(&protocol->scheme, SETTLE_PAID, &paid);
    for (Side side = 0; side < N_SIDES; side++)
        seats[side] = (Seat){ all->pdata[0], terminals->interface[side] };
    for (Side side = 0; side < N_SIDES; side++) {
        const Chip *best = seats[side].chip;

        for (guint i = 0; i < all->len; i++) {
            Micros total;

            seats[side].chip = all->pdata[i];
            total = duration_of(protocol, seats, &link_terminals[terminals->kind], &paid).total;
            if (total < shortest) {
                shortest = total;
                best = seats[side].chip;
            }
        }
        seats[side].chip = best;
    }
    return shortest;
}

static Micros
shortest_payment(const Scenario *scenario)
{
    g_autoptr(GPtrArray) all = collect_chips(scenario);
    Micros shortest = INT64_MAX;
    Protocol protocol;

    protocol_init(&protocol, &scenario->scheme);
    for (guint i = 0; i < scenario_n_terminals(scenario); i++) {
        const Micros here = shortest_at(&protocol, scenario_terminals(scenario, i), all);

        shortest = MIN(shortest, here);
    }
    return shortest;
}

void
lock_excess_print(const GPtrArray *points, FILE *out)
{
    Micros shortest = INT64_MAX;

    for (guint i = 0; i < points->len; i++) {
        const Scenario *scenario = points->pdata[i];

        if (scenario->mixing != MIXING_TRACE) {
            const Micros here = shortest_payment(scenario);

            shortest = MIN(shortest, here);
        }
    }
    if (shortest < INT64_MAX)
        fprintf(
            out,
            "# card-busy up to %.3g %% too high: cards stay locked for %.3g ms more in the mean, "
            "and the shortest payment takes %.5g ms\n",
            100 * TICK / 2 / (double)shortest, TICK / 2 / MICROS_PER_MILLISECOND,
            (double)shortest / MICROS_PER_MILLISECOND);
}
