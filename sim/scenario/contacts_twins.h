/* contacts_twins.h - names of a trace that are two cards and may be meant to be one: they differ
 * in white space at their ends, in capitals or in leading zeros alone. */
#ifndef SIM_SCENARIO_CONTACTS_TWINS_H
#define SIM_SCENARIO_CONTACTS_TWINS_H

#include "sim/scenario/contacts_names.h"

#include <stdint.h>

/**
 * contacts_twins_find:
 * @one, @other: (out) (transfer full): the first two; NULL if there are none
 *
 * Of a trace with millions of names that are written unusually, the first million is looked at.
 *
 * Returns: how many names there are of which there is a twin
 */
uint64_t contacts_twins_find(const ContactsNames *names, char **one, char **other);

#endif
