/* space.h - how much a run writes at least, before it starts. */
#ifndef SIM_RUNS_SPACE_H
#define SIM_RUNS_SPACE_H

#include "sim/measure/recorder.h"

typedef struct Scenario Scenario;

/* Bytes that one replication adds to a file, at least; 0 where that hangs on what happens. */
double space_least_bytes(const Scenario *scenario, RecorderFile file);

#endif
