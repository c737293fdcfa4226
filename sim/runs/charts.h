/* charts.h - charts that plots/draw.sh has drawn of an earlier run.
 *
 * It lists them in CHARTS_LIST, as checksum_line.h says, below a first line of its own. */
#ifndef SIM_RUNS_CHARTS_H
#define SIM_RUNS_CHARTS_H

#include <glib.h>

#define CHARTS_LIST "charts.sha256"
#define CHARTS_FIRST_LINE "# drawn by plots/draw.sh"

/* Removes the charts in @folder that stand as they were drawn, and their list. */
void charts_remove(const char *folder);

/* (transfer full): of char *, names of the pictures in @folder, sorted. */
GPtrArray *charts_left(const char *folder);

#endif
