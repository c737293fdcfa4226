/* lock_excess.h - by how much card-busy is too high.
 *
 * A card's record keeps the end of its last settlement in ticks, rounded up, so that it counts as
 * busy for up to a tick too long, and for half a tick in the mean. */
#ifndef SIM_RUNS_LOCK_EXCESS_H
#define SIM_RUNS_LOCK_EXCESS_H

#include <glib.h>
#include <stdio.h>

/* Prints what that makes of card-busy at most, in the mean, where the shortest payment of all
 * points of a sweep is repeated; nothing where all of them read a trace. @points: of Scenario* */
void lock_excess_print(const GPtrArray *points, FILE *out);

#endif
