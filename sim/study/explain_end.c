#include "sim/study/explain_end.h"

#include "sim/study/explain_steps.h"

/* Where in the settlement the tear fell, in words. */
static char *
describe_moment(const ExplainPrinter *printer)
{
    const WireSettlement *settlement = printer->settlement;
    const Moment *moment = &settlement->moment;
    ExchangeVisit visits[COURSE_EXCHANGES_MAX];
    g_autofree char *step = NULL;

    course_exchanges(&printer->course->seen, visits);
    switch (moment->place) {
    case PLACE_BEFORE:
        return g_strdup_printf("before the command to %s: %s",
                               explain_name(printer, visits[moment->visit].to),
                               exchanges[visits[moment->visit].exchange].meaning);
    case PLACE_THERE:
    case PLACE_BACK:
        return g_strdup_printf("during the %s %s %s: %s",
                               moment->place == PLACE_THERE ? "command" : "response",
                               moment->place == PLACE_THERE ? "to" : "of",
                               explain_name(printer, visits[moment->visit].to),
                               exchanges[visits[moment->visit].exchange].meaning);
    case PLACE_STEP:
        step = explain_steps_number(printer, moment->step, visits[moment->visit].to);
        return g_strdup_printf("during %s of %s", step,
                               explain_name(printer, visits[moment->visit].to));
    case N_PLACES:
        break;
    }
    g_assert_not_reached();
}

static void
print_tear(const ExplainPrinter *printer)
{
    const Tear *tear = &printer->settlement->tear;
    g_autofree char *where = describe_moment(printer);

    fprintf(printer->out, "tear    %s %s after %.3f ms, %s\n",
            tear->party == TEAR_PAYER   ? explain_name(printer, SIDE_PAYER)
            : tear->party == TEAR_PAYEE ? explain_name(printer, SIDE_PAYEE)
                                        : "the terminal",
            tear->party == TEAR_TERMINAL ? "fails" : "leaves its reader",
            (double)tear->instant / 1000, where);
    fprintf(printer->out, "        last step completed before: %s\n",
            printer->last_step == NULL ? "none" : printer->last_step);
}

void
explain_end_print(const ExplainPrinter *printer, Micros took)
{
    const WireSettlement *settlement = printer->settlement;

    fprintf(printer->out, "\n");
    if (settlement->is_torn) {
        print_tear(printer);
        fprintf(printer->out, "%s: %u exchanges, %" G_GSIZE_FORMAT " bytes, over after %.3f ms\n",
                outcome_names[settlement->outcome], printer->n, printer->bytes,
                (double)took / 1000);
        return;
    }
    fprintf(printer->out,
            "%s: %u exchanges, %" G_GSIZE_FORMAT " bytes, line %.3f ms + chip %.3f ms = %.3f ms\n",
            outcome_names[settlement->outcome], printer->n, printer->bytes,
            (double)printer->line / 1000, (double)printer->chip / 1000,
            (double)(printer->line + printer->chip) / 1000);
}

void
explain_end_print_books(const StagedMeeting *meeting, const char *const names[static N_SIDES],
                        const WireSettlement *settlement, FILE *out)
{
    const WireResult *result = &settlement->result;
    Cents debit = result->before[SIDE_PAYER].balance - result->after[SIDE_PAYER].balance;
    Cents credit = result->after[SIDE_PAYEE].balance - result->before[SIDE_PAYEE].balance;
    const TerminalGroup *group = &meeting->world->terminals->groups[meeting->terminal.group];

    if (debit == credit && !settlement->is_torn && group->place.rogue == NULL)
        return;
    fprintf(out, "books   %s credited %" G_GINT64_FORMAT ", %s debited %" G_GINT64_FORMAT ": ",
            names[SIDE_PAYEE], credit, names[SIDE_PAYER], debit);
    if (debit == credit)
        fprintf(out, "nothing minted, nothing destroyed\n");
    else
        fprintf(out, "%s %" G_GINT64_FORMAT "\n", credit > debit ? "minted" : "destroyed",
                ABS(credit - debit));
}
