/* type_row.h - the rows of the table in types.c, and what they read and print with: a file a
 * subject (types_numbers, types_time, types_laws, types_names). */
#ifndef SIM_INPUT_TYPE_ROW_H
#define SIM_INPUT_TYPE_ROW_H

#include "sim/input/choice.h"
#include "sim/scenario/handle.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define BITS_OF_A_BYTE 8
#define RATE_PER_DAY_MAX 1000000.0

typedef struct TypeRow TypeRow;

/**
 * TypeRow:
 * @read, @print: as types_read() and types_print()
 * @expected: what a value looks like; NULL where it follows from the rest
 * @low, @high: range of a number
 * @word: may stand in place of the number @word_value
 * @names, @n_names: of a choice, from the key
 * @list_names: the same where the names stand elsewhere
 * @of_scenario: whether a scenario alone knows them
 * @choice: of a choice
 * @unit_ps: picoseconds that the field of a time counts in
 */
struct TypeRow {
    bool (*read)(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
    char *(*print)(const TypeRow *row, const void *field, const Scenario *scenario);
    const char *expected;
    int64_t low;
    int64_t high;
    const char *word;
    int64_t word_value;
    const char *const *names;
    guint n_names;
    bool of_scenario;
    void (*list_names)(const Scenario *scenario, GPtrArray *names);
    const Choice *choice;
    int64_t unit_ps;
};

/* (transfer full): the words of @text between separators, without empty ones. */
char **types_split(const char *text, const char *separators);

/* Whether the row's range has @value. */
bool types_is_in_range(const TypeRow *row, int64_t value);

/* (transfer full): of char *, the names of a choice. */
GPtrArray *types_list_names(const TypeRow *row, const Scenario *scenario);

/* As types_read() and types_print(), with the row of the type. */
bool types_read_number(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_number(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_bits(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
bool types_read_replications(const TypeRow *row, const char *text, void *field,
                             const Scenario *scenario);
char *types_print_replications(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_seed(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_seed(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_share(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_share(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_exponent(const TypeRow *row, const char *text, void *field,
                         const Scenario *scenario);
char *types_print_exponent(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_weights(const TypeRow *row, const char *text, void *field,
                        const Scenario *scenario);
char *types_print_weights(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_preloaded(const TypeRow *row, const char *text, void *field,
                          const Scenario *scenario);
char *types_print_preloaded(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_current(const TypeRow *row, const char *text, void *field,
                        const Scenario *scenario);
bool types_read_duration(const TypeRow *row, const char *text, void *field,
                         const Scenario *scenario);
char *types_print_duration(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_date(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_date(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_expiry(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_expiry(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_crl_source(const TypeRow *row, const char *text, void *field,
                           const Scenario *scenario);
char *types_print_crl_source(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_time(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_time(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_cost(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_cost(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_law(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_law(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_activity(const TypeRow *row, const char *text, void *field,
                         const Scenario *scenario);
char *types_print_activity(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_name(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
bool types_read_text(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_text(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_choice(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_choice(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_chip(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_chip(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_cohorts(const TypeRow *row, const char *text, void *field,
                        const Scenario *scenario);
char *types_print_cohorts(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_trigger(const TypeRow *row, const char *text, void *field,
                        const Scenario *scenario);
char *types_print_trigger(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_leak(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_leak(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_rate(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
bool types_read_hazard(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
char *types_print_rate(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_interfaces(const TypeRow *row, const char *text, void *field,
                           const Scenario *scenario);
char *types_print_interfaces(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_trace_columns(const TypeRow *row, const char *text, void *field,
                              const Scenario *scenario);
char *types_print_trace_columns(const TypeRow *row, const void *field, const Scenario *scenario);
bool types_read_delimiter(const TypeRow *row, const char *text, void *field,
                          const Scenario *scenario);
char *types_print_delimiter(const TypeRow *row, const void *field, const Scenario *scenario);

#endif
