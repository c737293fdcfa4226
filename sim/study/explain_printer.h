/* explain_printer.h - what the parts of an explained settlement have in common: how far the
 * printing has come, and the lines that all of them print. */
#ifndef SIM_STUDY_EXPLAIN_PRINTER_H
#define SIM_STUDY_EXPLAIN_PRINTER_H

#include "model/wire/terminal.h"

#include "sim/study/apdu_trace.h"

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

/* Width of the column of step numbers, which other lines leave blank. */
#define EXPLAIN_STEP_COLUMN 8

/**
 * ExplainPrinter: the printing of one trace under way
 * @names: of the two cards, for people
 * @next: the transmission to be printed next
 * @n: exchanges so far
 * @line: time on the line so far
 * @chip: time of the chips so far
 * @bytes: that have passed so far
 * @phase: of the exchange printed last
 * @last_number: the terminal step printed last
 * @last_step: the last step of a card that was completed, with the card's name; NULL: none
 * @carried: see explain_fields.h
 */
typedef struct {
    const ApduTrace *trace;
    const Protocol *protocol;
    const LinkTerminal *terminal;
    const char *const *names;
    const Seat *seats;
    const WireSettlement *settlement;
    const Course *course;
    FILE *out;
    guint next;
    guint n;
    Micros line;
    Micros chip;
    gsize bytes;
    Phase phase;
    const char *last_number;
    char *last_step;
    GPtrArray *carried;
} ExplainPrinter;

const char *explain_name(const ExplainPrinter *printer, Side side);

/**
 * explain_print_timed:
 * @number: of the step; empty if none
 * @what: "line" or "chip"
 * @time: that this step took
 *
 * A line with times at its right: of this step, and in all so far.
 */
void explain_print_timed(ExplainPrinter *printer, const char *number, const char *text,
                         const char *what, Micros time);

void explain_print_hex(FILE *out, const uint8_t *bytes, gsize n);

/* Hex in rows below each other, the first one after @lead, and how many bytes they are. */
void explain_print_hex_rows(FILE *out, const char *lead, const uint8_t *bytes, gsize n);

#endif
