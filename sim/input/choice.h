/* choice.h - values that are one of several names. */
#ifndef SIM_INPUT_CHOICE_H
#define SIM_INPUT_CHOICE_H

#include <glib.h>

typedef struct Scenario Scenario;

/**
 * Choice: how a name becomes a field and back
 * @store: puts the name with this index into the field
 * @index: of the name in the field; negative or past the end if there is none
 */
typedef struct {
    void (*store)(int index, void *field);
    int (*index)(const void *field);
} Choice;

extern const Choice choice_of_enum;
extern const Choice choice_of_bool;       /* no, yes */
extern const Choice choice_of_embodiment; /* four axes of a Scheme */
extern const Choice choice_of_chip;       /* const Chip *, a shipped one */
extern const Choice choice_of_interface;  /* const LinkInterface *, likewise */
extern const Choice choice_of_int;

/* Each appends the names of one table, in its order, to @names; of chips and interfaces the
 * shipped ones, then the scenario's own. @scenario is NULL for the manual. */
void choice_list_yes_no(const Scenario *scenario, GPtrArray *names);
void choice_list_torn_parties(const Scenario *scenario, GPtrArray *names);
void choice_list_actions(const Scenario *scenario, GPtrArray *names);
void choice_list_suites(const Scenario *scenario, GPtrArray *names);
void choice_list_shipped_chips(const Scenario *scenario, GPtrArray *names);
void choice_list_chips(const Scenario *scenario, GPtrArray *names);
void choice_list_kinds(const Scenario *scenario, GPtrArray *names);
void choice_list_shipped_interfaces(const Scenario *scenario, GPtrArray *names);
void choice_list_interfaces(const Scenario *scenario, GPtrArray *names);
void choice_list_cohorts(const Scenario *scenario, GPtrArray *names);
void choice_list_terminals(const Scenario *scenario, GPtrArray *names);

#endif
