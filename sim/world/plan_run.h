/* plan_run.h - the plan as it takes place: which action when, on which cards. */
#ifndef SIM_WORLD_PLAN_RUN_H
#define SIM_WORLD_PLAN_RUN_H

#include "sim/base/engine.h"
#include "sim/measure/exposure.h"
#include "sim/traffic/meetings.h"
#include "sim/world/issuer.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct PlanRun PlanRun;

/**
 * plan_run_new:
 * @world, @engine, @issuer, @pairs, @meetings: borrowed
 * @exposure: borrowed: what leaks; NULL where nothing does
 * @number: of the replication
 *
 * Schedules every action of the scenario's plan.
 */
PlanRun *plan_run_new(World *world, SimEngine *engine, Issuer *issuer, Pairs *pairs,
                      Meetings *meetings, Exposure *exposure, uint64_t number);
void plan_run_free(PlanRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanRun, plan_run_free)

#endif
