#include "sim/study/explain.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/handle.h"
#include "sim/study/apdu_trace.h"
#include "sim/study/explain_cards.h"
#include "sim/study/explain_end.h"
#include "sim/study/explain_exchange.h"
#include "sim/study/explain_fields.h"
#include "sim/study/explain_printer.h"
#include "sim/world/world.h"

static void
print_trace(const ApduTrace *trace, const StagedMeeting *meeting,
            const char *const names[static N_SIDES], const WireSettlement *settlement, FILE *out)
{
    const Seat seats[N_SIDES] = { staged_meeting_seat(meeting, SIDE_PAYER),
                                  staged_meeting_seat(meeting, SIDE_PAYEE) };
    g_autoptr(GPtrArray) carried = explain_fields_new_carried();
    ExplainPrinter printer = {
        .trace = trace,
        .protocol = &meeting->world->protocol,
        .terminal = meeting->world->terminals->groups[meeting->terminal.group].kind,
        .names = names,
        .seats = seats,
        .settlement = settlement,
        .course = &settlement->result.course,
        .out = out,
        .carried = carried,
    };
    Micros activation =
        seats[SIDE_PAYER].interface->activation_us + seats[SIDE_PAYEE].interface->activation_us;

    fprintf(out, "Selection and information\n");
    printer.line = activation;
    explain_print_timed(&printer, "", "both cards get power", "line", activation);
    while (printer.next < trace->transmissions->len)
        explain_exchange_print(&printer);
    explain_end_print(&printer, settlement->end - meeting->at);
    g_free(printer.last_step);
}

void
explain_settlement(StagedMeeting *meeting, const guint cohorts[static N_SIDES], Cents amount,
                   FILE *out)
{
    const Scenario *scenario = meeting->world->scenario;
    g_autoptr(ApduTrace) trace = apdu_trace_new();
    const WireListener listener = apdu_trace_listener(trace);
    const WireSettlement settlement = staged_meeting_settle(meeting, amount, &listener);
    g_autofree char *payer =
        g_strdup_printf("%s (payer)", scenario_cohort(scenario, cohorts[SIDE_PAYER])->name);
    g_autofree char *payee =
        g_strdup_printf("%s (payee)", scenario_cohort(scenario, cohorts[SIDE_PAYEE])->name);
    const char *const names[N_SIDES] = { payer, payee };

    explain_cards_print_place(meeting, out);
    explain_cards_print(meeting, cohorts, names, settlement.result.before, "before", out);
    fprintf(out, "\n");
    print_trace(trace, meeting, names, &settlement, out);
    explain_cards_print(meeting, cohorts, names, settlement.result.after, "after", out);
    explain_end_print_books(meeting, names, &settlement, out);
}
