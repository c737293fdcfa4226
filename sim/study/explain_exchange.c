#include "sim/study/explain_exchange.h"

#include "sim/study/explain_fields.h"
#include "sim/study/explain_steps.h"

/* Time on the line of @n transmissions, rounded once. */
static Micros
line_time(const ExplainPrinter *printer, guint n)
{
    int64_t ps = 0;

    for (guint i = 0; i < n; i++) {
        const Transmission *one = apdu_trace_at(printer->trace, printer->next + i);

        ps += (int64_t)printer->terminal->reader_overhead_us * 1000000 +
              link_frames_ps(printer->seats[one->side].interface, g_bytes_get_size(one->command),
                             g_bytes_get_size(one->response));
    }
    return link_round_us(ps);
}

static void
print_passed(ExplainPrinter *printer, const char *lead, GBytes *passed)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(passed, &length);

    printer->bytes += length;
    if (length == 0)
        fprintf(printer->out, "%*s%s(no answer)\n", EXPLAIN_STEP_COLUMN, "", lead);
    explain_print_hex_rows(printer->out, lead, bytes, length);
}

/* The transmissions from the @from-th of the exchange up to the @to-th, both ways. */
static void
print_pairs(ExplainPrinter *printer, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        const Transmission *one = apdu_trace_at(printer->trace, printer->next + i);

        print_passed(printer, "> ", one->command);
        print_passed(printer, "< ", one->response);
    }
}

static const char *
verdict_of(uint16_t status)
{
    if (status == SW_TRANSFER_KEY_ALONE || status == SW_UPDATE_KEY_ALONE)
        return "IN PART: ";
    return status == SW_DONE ? "" : "REFUSED: ";
}

static void
print_status(ExplainPrinter *printer, uint16_t status, Micros time)
{
    g_autofree char *text = status == 0 ? g_strdup("no answer")
                                        : g_strdup_printf("%s%04X %s", verdict_of(status), status,
                                                          apdu_status_meaning(status));

    printer->line += time;
    explain_print_timed(printer, "", text, "line", time);
}

static void
print_heading(ExplainPrinter *printer, Exchange exchange)
{
    Phase phase = exchanges[exchange].phase;
    bool is_first = printer->phase != phase;

    if (exchange == EXCHANGE_PERMISSION)
        fprintf(printer->out, "\nKey update%s\n", is_first ? "" : ", the other way");
    else if (is_first && phase == PHASE_VALUE)
        fprintf(printer->out, "\nValue transfer\n");
    printer->phase = phase;
}

void
explain_exchange_print(ExplainPrinter *printer)
{
    const Transmission *first = apdu_trace_at(printer->trace, printer->next);
    Exchange exchange = transmission_exchange(first);
    const ExchangePlan *plan = &printer->protocol->plan[printer->course->seen.path][exchange];
    guint n = apdu_trace_exchange_length(printer->trace, printer->next);
    guint acting = apdu_trace_acting_one(printer->trace, printer->next, n);
    uint16_t status = transmission_status(apdu_trace_at(printer->trace, printer->next + n - 1));
    const Transmission *act = apdu_trace_at(printer->trace, printer->next + acting);
    g_autoptr(GByteArray) commands = apdu_trace_join_data(printer->trace, printer->next, n, true);
    g_autoptr(GByteArray) responses = apdu_trace_join_data(printer->trace, printer->next, n, false);

    print_heading(printer, exchange);
    explain_steps_print_terminal(printer, exchange);
    fprintf(printer->out, "%*sto %s\n", EXPLAIN_STEP_COLUMN, "",
            explain_name(printer, first->side));
    print_pairs(printer, 0, acting);
    print_passed(printer, "> ", act->command);
    explain_fields_print(printer, first->side, &plan->command, commands);
    explain_steps_print_card(printer, exchange, first->side, status != 0);
    print_passed(printer, "< ", act->response);
    print_pairs(printer, acting + 1, n);
    explain_fields_print(printer, first->side, &plan->response, responses);
    print_status(printer, status, line_time(printer, n));
    printer->next += n;
    printer->n++;
    if (exchange == EXCHANGE_INFORMATION && first->side == SIDE_PAYEE && status == SW_DONE)
        explain_steps_print_decision(printer);
}
