/* explain_steps.h - the steps of terminal and cards, with the numbers of the specification. */
#ifndef SIM_STUDY_EXPLAIN_STEPS_H
#define SIM_STUDY_EXPLAIN_STEPS_H

#include "sim/study/explain_printer.h"

#include <stdbool.h>

/* The terminal's step of which @exchange is a part, unless it was printed with the part before. */
void explain_steps_print_terminal(ExplainPrinter *printer, Exchange exchange);

/**
 * explain_steps_print_card:
 * @has_answered: whether the card's response came
 *
 * What the card at @side did between command and response: up to a step that it refused, or to
 * the one during which somebody went.
 */
void explain_steps_print_card(ExplainPrinter *printer, Exchange exchange, Side side,
                              bool has_answered);

/* What the terminal decided at Sx003, and from what. */
void explain_steps_print_decision(ExplainPrinter *printer);

/* The number of a card's step, as S7102A. Returns: owned by the caller */
char *explain_steps_number(const ExplainPrinter *printer, CardStep step, Side side);

#endif
