/* scenario_mistakes.h - everything that is wrong with a scenario, in order.
 *
 * Reading goes on after a mistake, so that one look at the messages is enough. */
#ifndef SIM_SCENARIO_MISTAKES_H
#define SIM_SCENARIO_MISTAKES_H

#include <glib.h>
#include <stdbool.h>

typedef struct ScenarioMistakes ScenarioMistakes;

ScenarioMistakes *scenario_mistakes_new(void);
void scenario_mistakes_free(ScenarioMistakes *mistakes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioMistakes, scenario_mistakes_free)

/**
 * scenario_mistakes_add:
 * @order: mistakes are reported by ascending order, equal ones as they came
 * @message: (transfer full): one line
 */
void scenario_mistakes_add(ScenarioMistakes *mistakes, gint64 order, char *message);

/**
 * scenario_mistakes_report:
 *
 * Returns: (transfer full) (nullable): the lines, joined; after a thousand only
 *   how many more there are. NULL if nothing is wrong.
 */
char *scenario_mistakes_report(ScenarioMistakes *mistakes);

#endif
