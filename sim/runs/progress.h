/* progress.h - how far a run has come, on stderr. */
#ifndef SIM_RUNS_PROGRESS_H
#define SIM_RUNS_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* auto: a line that is rewritten, if stderr is a terminal, else nothing; plain: a
 * line now and then; none. */
typedef enum { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_NONE, N_PROGRESS } ProgressMode;
extern const char *const progress_mode_names[N_PROGRESS + 1];

typedef struct {
    ProgressMode mode;
    gint64 started;
} Progress;

/* Starts the clock; PROGRESS_AUTO becomes PROGRESS_NONE where nobody watches. */
void progress_init(Progress *progress, ProgressMode mode);

/* How often to call progress_show(), in milliseconds; 0: never. */
guint progress_period_ms(const Progress *progress);

/**
 * progress_show:
 * @share: of the whole work, 0 to 1
 * @n_events: run so far
 * @what: what is being done, "replication 3 of 20"
 */
void progress_show(Progress *progress, double share, uint64_t n_events, const char *what);

/* Says @text in a line that stays, where progress is shown at all. */
void progress_say(const Progress *progress, const char *text);

/* Removes the line. */
void progress_end(Progress *progress);

#endif
