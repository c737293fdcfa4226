/* text.h - the text of a scenario: groups, keys and where they stand.
 *
 * A scanner walks the lines and refuses what GKeyFile would let pass or would stop
 * at: doubled groups and keys, lines that are none of `[GROUP]`, `KEY = VALUE` and
 * `# comment`, empty values, bytes that are no text. What it accepts goes into a
 * GKeyFile, and --set writes into the same. It does not know which groups and keys
 * exist.
 *
 * Each value remembers its line, or the --set that it came from, and whether it can
 * be relied on: a check across fields keeps silent about a value that has been
 * complained of already, so that one mistake is one message. */
#ifndef SIM_INPUT_TEXT_H
#define SIM_INPUT_TEXT_H

#include <glib.h>
#include <stdbool.h>

#define SCENARIO_TEXT_LINE_BYTES 100000

typedef struct ScenarioText ScenarioText;

/**
 * text_new:
 * @path: names the file in messages
 */
ScenarioText *text_new(const char *path);
void text_free(ScenarioText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioText, text_free)

/**
 * text_scan:
 * @data: the whole file; a byte order mark and CRLF are accepted
 */
void text_scan(ScenarioText *text, const char *data, gsize length);

/**
 * text_set:
 * @assignment: GROUP.KEY=VALUE; the last dot before the first `=` separates group
 *   and key (of sweep.GROUP.KEY the first one); a later one replaces an earlier one
 */
void text_set(ScenarioText *text, const char *assignment);

/* Whether @name may stand in a group's brackets. */
bool text_is_group_name(const char *name);

/**
 * text_substitute:
 *
 * Gives @key of @group a value that came from @source_key of @source_group, whose place
 * is told in messages.
 */
void text_substitute(ScenarioText *text, const char *group, const char *key, const char *value,
                     const char *source_group, const char *source_key);

/**
 * text_groups:
 *
 * Returns: (transfer full): all groups in order, NULL-terminated
 */
char **text_groups(const ScenarioText *text);
char **text_keys(const ScenarioText *text, const char *group);

/**
 * text_value:
 *
 * Returns: (transfer full) (nullable): the value, or NULL if it is not set
 */
char *text_value(const ScenarioText *text, const char *group, const char *key);
bool text_has(const ScenarioText *text, const char *group, const char *key);

/* All values, by group and key. */
GKeyFile *text_values(const ScenarioText *text);

/**
 * text_may_hide:
 *
 * Returns: whether a line that is no text or no proper header mentions @name, so that
 *   it may have been the header of a group of that name
 */
bool text_may_hide(const ScenarioText *text, const char *name);

/**
 * text_line:
 *
 * Returns: line of the group's header; 0 if --set made the group or nothing did
 */
int text_line(const ScenarioText *text, const char *group);

/**
 * text_mistake:
 * @group: NULL if the file as a whole is meant
 * @key: NULL if the group as a whole is meant
 * @format: `expected ..., found ...`
 *
 * Notes a mistake at the key, or at the group's header if the key is not set. The
 * key is not sure any more.
 */
void text_mistake(ScenarioText *text, const char *group, const char *key, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/**
 * text_foreign_mistake:
 * @message: one line, with its place
 *
 * Notes a mistake in another file, which the key names.
 */
void text_foreign_mistake(ScenarioText *text, const char *group, const char *key,
                          const char *message);

/**
 * text_doubt:
 * @group: NULL for the file as a whole
 *
 * Something could not be assigned: what seems to be missing may only be misspelt.
 */
void text_doubt(ScenarioText *text, const char *group);

/**
 * text_is_sure:
 * @group: NULL: no group is missing for want of a legible header
 * @key: NULL: nothing in the group is in doubt
 *
 * Returns: whether the value, set or not, is what the author wants
 */
bool text_is_sure(const ScenarioText *text, const char *group, const char *key);

/**
 * text_report:
 *
 * Returns: (transfer full) (nullable): one line per mistake, in order of lines and
 *   then of --set, or NULL if there is none
 */
char *text_report(ScenarioText *text);

#endif
