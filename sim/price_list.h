/* price_list.h - the tables that durations are computed from, printed whole. */
#ifndef SIM_PRICE_LIST_H
#define SIM_PRICE_LIST_H

#include <stdio.h>

/* Prints chips, suites, interfaces, terminals, step operations and the cost of one
 * symmetric and one public-key update on each chip. Every figure that enters a
 * duration is printed in full, so that it can be computed again from this text. */
void price_list_print(FILE *out);

#endif
