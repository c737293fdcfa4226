/* earlier.h - what earlier runs have left in a folder, and what is somebody else's.
 *
 * run.ini lists the files of its run with their checksums. A run that was killed while its files
 * got their names has left both lists, its own and that of the run before, in temporary files
 * of run.ini. A file is ours if it stands as one of these lists says. Older versions wrote no list:
 * beside a run.ini of theirs, a file that has one of our names and begins with our columns is taken
 * for ours. */
#ifndef SIM_RUNS_EARLIER_H
#define SIM_RUNS_EARLIER_H

#include <glib.h>
#include <stdbool.h>

typedef struct Earlier Earlier;

/* What stands under a name. */
typedef enum {
    EARLIER_NOTHING,
    EARLIER_OURS,
    EARLIER_CHANGED, /* an earlier run wrote a file of that name, but not this one */
    EARLIER_FOREIGN
} EarlierState;

/* Reads the lists in a folder. @known: of char *, names of all files that a run may write */
Earlier *earlier_new(const char *folder, const GPtrArray *known);
void earlier_free(Earlier *earlier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Earlier, earlier_free)

/* Reads the file @name from end to end if there is one. */
EarlierState earlier_state(const Earlier *earlier, const char *name);

/* The run.ini of an earlier run; NULL: there is none. */
GKeyFile *earlier_run_ini(const Earlier *earlier);

/* Removes every file of an earlier run that stands as it was written, but for those that are
 * @kept: a set of names. */
void earlier_remove(const Earlier *earlier, GHashTable *kept);

#endif
