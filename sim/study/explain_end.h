/* explain_end.h - how a settlement ended: its outcome, a tear, and what the books say. */
#ifndef SIM_STUDY_EXPLAIN_END_H
#define SIM_STUDY_EXPLAIN_END_H

#include "sim/study/explain_printer.h"

/* The outcome, and the sums of all exchanges; who left and when, if it was torn.
 * @took: until it was over */
void explain_end_print(const ExplainPrinter *printer, Micros took);

/* Minted or destroyed: nothing is printed of a plain payment. */
void explain_end_print_books(const StagedMeeting *meeting, const char *const names[static N_SIDES],
                             const WireSettlement *settlement, FILE *out);

#endif
