/* contacts_names.h - the names of a trace's cards, numbered as they appear. */
#ifndef SIM_SCENARIO_CONTACTS_NAMES_H
#define SIM_SCENARIO_CONTACTS_NAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct ContactsNames ContactsNames;

ContactsNames *contacts_names_new(void);
void contacts_names_free(ContactsNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactsNames, contacts_names_free)

/* So many different names have been added. */
uint32_t contacts_names_count(const ContactsNames *names);

/* The number of a name of @length bytes, which may be any; the next one, from 0, if it is new. */
uint32_t contacts_names_add(ContactsNames *names, const char *text, gsize length);

/* Returns: false if there is no such name. Several threads may look at once. */
bool contacts_names_find(const ContactsNames *names, const char *text, gsize length,
                         uint32_t *number);

typedef void (*ContactsNamesSee)(const char *text, gsize length, gpointer data);

/* Calls @see for each name, in the order of their numbers. */
void contacts_names_foreach(const ContactsNames *names, ContactsNamesSee see, gpointer data);

/* Fetches from memory what the two above will look at: nothing but speed depends on it. */
void contacts_names_fetch(const ContactsNames *names, const char *text, gsize length);

#endif
