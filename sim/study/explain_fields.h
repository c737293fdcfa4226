/* explain_fields.h - the fields of a message, and where a random number in it comes from. */
#ifndef SIM_STUDY_EXPLAIN_FIELDS_H
#define SIM_STUDY_EXPLAIN_FIELDS_H

#include "sim/study/explain_printer.h"

#include <glib.h>

/* Random numbers and challenges that have passed: what a printer's @carried is made of. */
GPtrArray *explain_fields_new_carried(void);

/**
 * explain_fields_print:
 * @side: of the card that @data goes to or comes from
 * @data: printed only if it is as long as @message says
 *
 * One line a field, as @message lays them out. A random number or challenge that an earlier field
 * of another name held says so: that is how a terminal reflects what a card said.
 */
void explain_fields_print(ExplainPrinter *printer, Side side, const Message *message,
                          const GByteArray *data);

#endif
