/* contacts_numbers.h - which numbers occur, of up to 2^32, in little memory where they lie close
 * together. */
#ifndef SIM_SCENARIO_CONTACTS_NUMBERS_H
#define SIM_SCENARIO_CONTACTS_NUMBERS_H

#include <glib.h>
#include <stdint.h>

typedef struct ContactsNumbers ContactsNumbers;

ContactsNumbers *contacts_numbers_new(void);
void contacts_numbers_free(ContactsNumbers *numbers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactsNumbers, contacts_numbers_free)

void contacts_numbers_add(ContactsNumbers *numbers, uint32_t number);

/* So many different ones have been added. */
uint64_t contacts_numbers_count(const ContactsNumbers *numbers);

/* The smallest one, from 0, that has not. */
uint64_t contacts_numbers_first_missing(const ContactsNumbers *numbers);

#endif
