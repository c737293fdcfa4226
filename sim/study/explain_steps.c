#include "sim/study/explain_steps.h"

#include "model/protocol/bytes.h"

void
explain_steps_print_terminal(ExplainPrinter *printer, Exchange exchange)
{
    const ExchangeRow *row = &exchanges[exchange];
    Path path = printer->course->seen.path;

    if (printer->last_number == row->number && row->to == RECIPIENT_BOTH)
        return; /* the other card's half of Sx001 or Sx002 */
    printer->last_number = row->number;
    if (row->number[0] == 'S')
        fprintf(printer->out, "%-*s", EXPLAIN_STEP_COLUMN, row->number);
    else
        fprintf(printer->out, "S%d%-*s", protocol_terminal_series(&printer->protocol->scheme, path),
                EXPLAIN_STEP_COLUMN - 2, row->number);
    fprintf(printer->out, "terminal: %s\n", row->meaning);
}

/* How many steps a card came to before it went in an exchange that brought no answer; the last
 * one of them was cut off if @is_cut. */
static guint
steps_before_tear(const ExplainPrinter *printer, const ExchangePlan *plan, bool *is_cut)
{
    const Moment *moment = &printer->settlement->moment;

    *is_cut = false;
    if (printer->n > moment->visit || moment->place == PLACE_BEFORE || moment->place == PLACE_THERE)
        return 0;
    for (guint i = 0; moment->place == PLACE_STEP && i < plan->n_steps; i++)
        if (plan->steps[i] == moment->step) {
            *is_cut = true;
            return i + 1;
        }
    return plan->n_steps;
}

/* Whether a step of the exchange that is printed was over when somebody went. */
static bool
was_before_tear(const ExplainPrinter *printer, const ExchangePlan *plan, CardStep step)
{
    const Moment *moment = &printer->settlement->moment;

    if (!printer->settlement->is_torn || printer->n != moment->visit)
        return !printer->settlement->is_torn || printer->n < moment->visit;
    if (moment->place != PLACE_STEP)
        return moment->place == PLACE_BACK;
    for (guint i = 0; i < plan->n_steps && plan->steps[i] != moment->step; i++)
        if (plan->steps[i] == step)
            return true;
    return false;
}

static bool
is_older(const ExplainPrinter *printer, Side side)
{
    return (side == SIDE_PAYER) == printer->course->seen.payer_is_older;
}

char *
explain_steps_number(const ExplainPrinter *printer, CardStep step, Side side)
{
    const char *number = card_steps[step].number;
    Path path = printer->course->seen.path;
    bool is_a = path == PATH_NONE ? side == SIDE_PAYER : is_older(printer, side);

    if (number[0] == 'S')
        return g_strdup(number);
    return g_strdup_printf("S%d%s%s", protocol_card_series(&printer->protocol->scheme, path),
                           number,
                           step != CARD_STEP_INFORMATION ? ""
                           : is_a                        ? "A"
                                                         : "B");
}

/* Whether a step that stores two keys has stored one of them. */
static bool
is_in_part(const ExplainPrinter *printer, CardStep step, Side side, bool refused)
{
    uint8_t wrote = printer->course->log[side].wrote;

    return step == CARD_STEP_STORE_OPENED && scheme_moves_update_keys(&printer->protocol->scheme) &&
           (refused ? wrote != 0 : (wrote & WROTE_UPDATE_KEY) == 0);
}

static void
print_card_step(ExplainPrinter *printer, CardStep step, Side side, bool refused)
{
    Path path = printer->course->seen.path;
    Micros time = duration_card_step(printer->protocol, path, printer->seats[side].chip, step,
                                     refused, &printer->course->log[side]);
    g_autofree char *number = explain_steps_number(printer, step, side);
    bool in_part = is_in_part(printer, step, side, refused);
    g_autofree char *text =
        g_strdup_printf("%s: %s%s", explain_name(printer, side), card_steps[step].meaning,
                        in_part   ? ": IN PART"
                        : refused ? ": REFUSED"
                                  : "");

    printer->chip += time;
    explain_print_timed(printer, number, text, "chip", time);
    if (was_before_tear(printer, &printer->protocol->plan[path][card_steps[step].exchange], step)) {
        g_free(printer->last_step);
        printer->last_step = g_strdup_printf("%s of %s", number, explain_name(printer, side));
    }
}

static void
print_cut_step(const ExplainPrinter *printer, CardStep step, Side side)
{
    g_autofree char *number = explain_steps_number(printer, step, side);

    fprintf(printer->out, "%-*s%s: %s: CUT OFF\n", EXPLAIN_STEP_COLUMN, number,
            explain_name(printer, side), card_steps[step].meaning);
}

void
explain_steps_print_card(ExplainPrinter *printer, Exchange exchange, Side side, bool has_answered)
{
    const CardLog *log = &printer->course->log[side];
    const ExchangePlan *plan = &printer->protocol->plan[printer->course->seen.path][exchange];
    bool is_cut = false;
    guint n = has_answered || !printer->settlement->is_torn
                  ? plan->n_steps
                  : steps_before_tear(printer, plan, &is_cut);

    for (guint i = 0; i < n; i++) {
        CardStep step = plan->steps[i];
        bool refused = log->refused == step || log->refused_in_silence == step;

        if (is_cut && i + 1 == n)
            print_cut_step(printer, step, side);
        else
            print_card_step(printer, step, side, refused);
        if (refused)
            break;
    }
}

/* With which key the cards are told to pay; 0 if nothing tells. */
static uint32_t
common_key_id(const ExplainPrinter *printer)
{
    const Message *message = &printer->protocol->plan[PATH_NONE][EXCHANGE_S2001].command;
    const Transmission *one = apdu_trace_at(printer->trace, printer->next);
    ApduCommand command;
    gsize length;
    const uint8_t *bytes;

    if (one == NULL || transmission_exchange(one) != EXCHANGE_S2001)
        return 0;
    bytes = g_bytes_get_data(one->command, &length);
    if (!apdu_parse(bytes, length, &command) || command.n_data != message->bytes)
        return 0;
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == FIELD_COMMON_KEY_ID)
            return bytes_get_u32(command.data + message->slots[i].at);
    return 0;
}

/* Why the terminal goes no further once it has read both cards. */
static const char *
reason_to_stop(const Scheme *scheme, Outcome outcome)
{
    switch (outcome) {
    case OUTCOME_REFUSED_EXPIRED:
        return "a card has expired";
    case OUTCOME_REFUSED_REVOKED:
        return "a card is on the revocation list";
    case OUTCOME_REFUSED_UPDATE_KEY:
        return "update key IDs differ";
    case OUTCOME_REFUSED_DIFFERENT_IDS:
        return scheme->pays_with == PAYS_WITH_OLDEST_COMMON
                   ? "there is no transfer key that both hold"
                   : "transfer key IDs differ, and this scheme has no update";
    default:
        return outcome_names[outcome];
    }
}

void
explain_steps_print_decision(ExplainPrinter *printer)
{
    static const char *const words[N_PATHS] = {
        [PATH_NONE] = "transfer key IDs are equal, no update",
        [PATH_SYMMETRIC] = "IDs differ, symmetric update of",
        [PATH_PUBLIC_KEY] = "IDs differ, public-key update of",
    };
    const Settlement *seen = &printer->course->seen;
    Side older = seen->payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
    const Scheme *scheme = &printer->protocol->scheme;
    bool stops = seen->n_exchanges == 2 * (EXCHANGE_INFORMATION + 1) && seen->status == SW_DONE;
    g_autofree char *text =
        stops ? g_strdup_printf("terminal: %s: REFUSED", reason_to_stop(scheme, seen->outcome))
        : scheme->pays_with == PAYS_WITH_OLDEST_COMMON
            ? g_strdup_printf("terminal: the oldest transfer key that both hold is %u",
                              common_key_id(printer))
            : g_strdup_printf("terminal: %s %s", words[seen->path],
                              seen->path == PATH_NONE ? "" : explain_name(printer, older));
    g_autofree char *number =
        g_strdup_printf("S%d%s", protocol_terminal_series(scheme, seen->path), STEP_DECIDE_NUMBER);

    fprintf(printer->out, "%-*s%s\n", EXPLAIN_STEP_COLUMN, number, g_strchomp(text));
}
