/* explain_exchange.h - one exchange: the bytes both ways, what they hold, what was done. */
#ifndef SIM_STUDY_EXPLAIN_EXCHANGE_H
#define SIM_STUDY_EXPLAIN_EXCHANGE_H

#include "sim/study/explain_printer.h"

/* Prints the exchange that begins with the next transmission, and goes on behind it. */
void explain_exchange_print(ExplainPrinter *printer);

#endif
