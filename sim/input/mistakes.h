/* mistakes.h - everything that is wrong with a scenario, in order.
 *
 * Reading goes on after a mistake, so that one look at the messages is enough. */
#ifndef SIM_INPUT_MISTAKES_H
#define SIM_INPUT_MISTAKES_H

#include <glib.h>
#include <stdbool.h>

typedef struct Mistakes Mistakes;

Mistakes *mistakes_new(void);
void mistakes_free(Mistakes *mistakes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mistakes, mistakes_free)

/**
 * mistakes_add:
 * @order: mistakes are reported by ascending order, equal ones as they came
 * @message: (transfer full): one line
 */
void mistakes_add(Mistakes *mistakes, gint64 order, char *message);

/**
 * mistakes_report:
 *
 * Returns: (transfer full) (nullable): the lines, joined; after a thousand only
 *   how many more there are. NULL if nothing is wrong.
 */
char *mistakes_report(Mistakes *mistakes);

#endif
