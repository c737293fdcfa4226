#include "sim/study/explain_printer.h"

#define TEXT_COLUMN 66
#define BYTES_SHOWN 24

void
explain_print_timed(ExplainPrinter *printer, const char *number, const char *text, const char *what,
                    Micros time)
{
    fprintf(printer->out, "%-*s%-*s %s %9.3f ms   total %9.3f ms\n", EXPLAIN_STEP_COLUMN, number,
            TEXT_COLUMN, text, what, (double)time / 1000,
            (double)(printer->line + printer->chip) / 1000);
}

void
explain_print_hex(FILE *out, const uint8_t *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++)
        fprintf(out, "%02X", bytes[i]);
}

void
explain_print_hex_rows(FILE *out, const char *lead, const uint8_t *bytes, gsize n)
{
    for (gsize at = 0; at < n; at += BYTES_SHOWN) {
        fprintf(out, "%*s%s", EXPLAIN_STEP_COLUMN, "", at == 0 ? lead : "  ");
        explain_print_hex(out, bytes + at, MIN(BYTES_SHOWN, n - at));
        if (at + BYTES_SHOWN >= n)
            fprintf(out, "   %" G_GSIZE_FORMAT " bytes", n);
        fprintf(out, "\n");
    }
}

const char *
explain_name(const ExplainPrinter *printer, Side side)
{
    return printer->names[side];
}
