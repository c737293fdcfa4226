#include "sim/study/apdu_trace.h"

#include "model/protocol/bytes.h"
#include "model/wire/terminal.h"

#include <string.h>

static void
free_transmission(gpointer data)
{
    Transmission *transmission = data;

    g_bytes_unref(transmission->command);
    g_bytes_unref(transmission->response);
    g_free(transmission);
}

ApduTrace *
apdu_trace_new(void)
{
    ApduTrace *trace = g_new0(ApduTrace, 1);

    trace->transmissions = g_ptr_array_new_with_free_func(free_transmission);
    return trace;
}

void
apdu_trace_free(ApduTrace *trace)
{
    if (trace == NULL)
        return;
    g_ptr_array_unref(trace->transmissions);
    g_free(trace);
}

static void
keep(void *data, Side side, const uint8_t *command, size_t n_command, const uint8_t *response,
     size_t n_response)
{
    ApduTrace *trace = data;
    Transmission *passed = g_new(Transmission, 1);

    passed->side = side;
    passed->command = g_bytes_new(command, n_command);
    passed->response = g_bytes_new(response, n_response);
    g_ptr_array_add(trace->transmissions, passed);
}

static void
drop_all(void *data)
{
    g_ptr_array_set_size(((ApduTrace *)data)->transmissions, 0);
}

WireListener
apdu_trace_listener(ApduTrace *trace)
{
    return (WireListener){ keep, drop_all, trace };
}

/* A random number or challenge that has passed. */
typedef struct {
    Field field;
    Side side; /* to or from whom */
    GBytes *value;
} Carried;

static void
free_carried(gpointer data)
{
    g_bytes_unref(((Carried *)data)->value);
    g_free(data);
}

/* The printing of one trace under way. */
typedef struct {
    const ApduTrace *trace;
    const Protocol *protocol;
    const LinkTerminal *terminal;
    const char *const *names;
    const Seat *seats;
    const WireSettlement *settlement;
    const Course *course;
    FILE *out;
    guint next;  /* transmission */
    guint n;     /* exchanges */
    Micros line; /* so far */
    Micros chip;
    gsize bytes;
    Phase phase;             /* of the exchange printed last */
    const char *last_number; /* terminal step printed last */
    char *last_step;         /* of a card that was completed, with its name; NULL: none */
    GPtrArray *carried;      /* of Carried, so far */
} Printer;

#define STEP_COLUMN 8
#define TEXT_COLUMN 66
#define BYTES_SHOWN 24

static const char *
name_of(const Printer *printer, Side side)
{
    return printer->names[side];
}

static bool
is_older(const Printer *printer, Side side)
{
    return (side == SIDE_PAYER) == printer->course->seen.payer_is_older;
}

/* A line with times at its right: of this step, and in all so far. */
static void
print_timed(Printer *printer, const char *number, const char *text, const char *what, Micros time)
{
    fprintf(printer->out, "%-*s%-*s %s %9.3f ms   total %9.3f ms\n", STEP_COLUMN, number,
            TEXT_COLUMN, text, what, (double)time / 1000,
            (double)(printer->line + printer->chip) / 1000);
}

static void
print_hex(FILE *out, const uint8_t *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++)
        fprintf(out, "%02X", bytes[i]);
}

/* Hex in rows below each other. */
static void
print_hex_rows(FILE *out, const char *lead, const uint8_t *bytes, gsize n)
{
    for (gsize at = 0; at < n; at += BYTES_SHOWN) {
        fprintf(out, "%*s%s", STEP_COLUMN, "", at == 0 ? lead : "  ");
        print_hex(out, bytes + at, MIN(BYTES_SHOWN, n - at));
        if (at + BYTES_SHOWN >= n)
            fprintf(out, "   %" G_GSIZE_FORMAT " bytes", n);
        fprintf(out, "\n");
    }
}

/* A list of IDs; places that no key fills are left out. */
static void
print_ids(FILE *out, const uint8_t *bytes, gsize n)
{
    for (gsize at = 0; at < n; at += FIELD_ID_BYTES) {
        uint32_t id = bytes_get_u32(bytes + at);

        if (id != KEYRING_LAST_ID)
            fprintf(out, "%s%u", at == 0 ? " = " : ", ", id);
    }
}

/* Values that say more as numbers. */
static void
print_value(FILE *out, Field field, const uint8_t *bytes, gsize n)
{
    switch (field) {
    case FIELD_UPDATE_KEY_ID:
    case FIELD_TRANSFER_KEY_ID:
    case FIELD_COMMON_KEY_ID:
        fprintf(out, " = %u", bytes_get_u32(bytes));
        break;
    case FIELD_HELD_KEY_IDS:
        print_ids(out, bytes, n);
        break;
    case FIELD_TERM:
        if (bytes_get_u16(bytes) == CARD_NEVER_EXPIRES)
            fprintf(out, " = never expires");
        else
            fprintf(out, " = expires at the start of day %u", bytes_get_u16(bytes));
        break;
    case FIELD_PAID_VALUE:
        fprintf(out, " = %" G_GUINT64_FORMAT, bytes_get_u64(bytes));
        break;
    case FIELD_CERTIFICATE:
    case FIELD_SERIAL:
        fprintf(out, " = serial %" G_GUINT64_FORMAT, bytes_get_u64(bytes));
        break;
    case FIELD_DATE: {
        g_autoptr(GDateTime) date =
            g_date_time_new_from_unix_utc((gint64)bytes_get_u64(bytes) / MICROS_PER_SECOND);
        g_autofree char *text = date == NULL ? NULL : g_date_time_format(date, "%Y-%m-%d %H:%M:%S");

        fprintf(out, " = %s", text == NULL ? "?" : text);
        break;
    }
    default:
        break;
    }
}

static bool
is_fresh(Field field)
{
    return field == FIELD_TRANSMISSION_RANDOM || field == FIELD_TRANSMISSION_CHALLENGE ||
           field == FIELD_RECEPTION_RANDOM || field == FIELD_RECEPTION_CHALLENGE;
}

/* Says of which other field this one has the value, and keeps it for those to come. */
static void
print_origin(Printer *printer, Side side, Field field, const uint8_t *bytes, gsize n)
{
    g_autoptr(GBytes) value = g_bytes_new(bytes, n);
    Carried *carried;

    for (guint i = 0; i < printer->carried->len; i++) {
        const Carried *earlier = printer->carried->pdata[i];

        if (!g_bytes_equal(earlier->value, value))
            continue;
        if (earlier->field != field)
            fprintf(printer->out, " = the %s of %s", field_names[earlier->field],
                    name_of(printer, earlier->side));
        return;
    }
    carried = g_new(Carried, 1);
    *carried = (Carried){ field, side, g_steal_pointer(&value) };
    g_ptr_array_add(printer->carried, carried);
}

/* The fields of @data as @message lays them out, to or from the card at @side. */
static void
print_fields(Printer *printer, Side side, const Message *message, const GByteArray *data)
{
    if (data->len != message->bytes)
        return; /* not what the table expects: the bytes above speak for themselves */
    for (guint i = 0; i < message->n_slots; i++) {
        const Slot *slot = &message->slots[i];

        fprintf(printer->out, "%*s    %3u  %s: ", STEP_COLUMN, "", slot->bytes,
                field_names[slot->field]);
        print_hex(printer->out, data->data + slot->at, MIN(slot->bytes, FIELD_RANDOM_BYTES));
        fprintf(printer->out, "%s", slot->bytes > FIELD_RANDOM_BYTES ? "..." : "");
        print_value(printer->out, slot->field, data->data + slot->at, slot->bytes);
        if (is_fresh(slot->field))
            print_origin(printer, side, slot->field, data->data + slot->at, slot->bytes);
        fprintf(printer->out, "\n");
    }
}

static Exchange
exchange_of(const Transmission *transmission)
{
    const uint8_t *command = g_bytes_get_data(transmission->command, NULL);

    return protocol_exchange_of_instruction(command[1]);
}

static const Transmission *
transmission_at(const Printer *printer, guint i)
{
    return i < printer->trace->transmissions->len ? printer->trace->transmissions->pdata[i] : NULL;
}

static uint16_t
status_of(const Transmission *transmission)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(transmission->response, &length);

    return length < APDU_STATUS_BYTES ? 0 : bytes_get_u16(bytes + length - APDU_STATUS_BYTES);
}

static bool
is_chained(const Transmission *transmission)
{
    const uint8_t *command = g_bytes_get_data(transmission->command, NULL);

    return (command[0] & APDU_CLASS_CHAINED) != 0;
}

/* Whether @next goes on with the exchange of @first, of which @last came before: GET RESPONSE and
 * a command that is sent again or goes on carry no new instruction. One that has been done is
 * sent again by a rogue terminal alone, as an exchange of its own. */
static bool
goes_on(const Transmission *first, const Transmission *last, const Transmission *next)
{
    Exchange exchange = exchange_of(next);

    return next->side == first->side &&
           (exchange == N_EXCHANGES ||
            (exchange == exchange_of(first) && (is_chained(last) || status_of(last) != SW_DONE)));
}

/* How many transmissions from the next one on belong to one exchange. */
static guint
exchange_length(const Printer *printer)
{
    const Transmission *first = transmission_at(printer, printer->next);
    const Transmission *last = first;
    guint n = 1;

    for (const Transmission *next; (next = transmission_at(printer, printer->next + n)) != NULL;
         n++) {
        if (!goes_on(first, last, next))
            break;
        last = next;
    }
    return n;
}

/* Time on the line of @n transmissions, rounded once. */
static Micros
line_time(const Printer *printer, guint n)
{
    int64_t ps = 0;

    for (guint i = 0; i < n; i++) {
        const Transmission *one = transmission_at(printer, printer->next + i);

        ps += (int64_t)printer->terminal->reader_overhead_us * 1000000 +
              link_frames_ps(printer->seats[one->side].interface, g_bytes_get_size(one->command),
                             g_bytes_get_size(one->response));
    }
    return link_round_us(ps);
}

/* Joins the data of @n transmissions, of their commands or of their responses. */
static GByteArray *
join_data(const Printer *printer, guint n, bool of_commands)
{
    GByteArray *data = g_byte_array_new();

    for (guint i = 0; i < n; i++) {
        const Transmission *one = transmission_at(printer, printer->next + i);
        gsize length;
        const uint8_t *bytes =
            g_bytes_get_data(of_commands ? one->command : one->response, &length);
        ApduCommand command;

        if (!of_commands && length > APDU_STATUS_BYTES)
            g_byte_array_append(data, bytes, (guint)length - APDU_STATUS_BYTES);
        if (of_commands && apdu_parse(bytes, length, &command) && command.n_data > 0)
            g_byte_array_append(data, command.data, command.n_data);
    }
    return data;
}

static void
print_terminal_step(Printer *printer, Exchange exchange)
{
    const ExchangeRow *row = &exchanges[exchange];
    Path path = printer->course->seen.path;

    if (printer->last_number == row->number && row->to == RECIPIENT_BOTH)
        return; /* the other card's half of Sx001 or Sx002 */
    printer->last_number = row->number;
    if (row->number[0] == 'S')
        fprintf(printer->out, "%-*s", STEP_COLUMN, row->number);
    else
        fprintf(printer->out, "S%d%-*s", protocol_terminal_series(&printer->protocol->scheme, path),
                STEP_COLUMN - 2, row->number);
    fprintf(printer->out, "terminal: %s\n", row->meaning);
}

/* How many steps a card came to before it went in an exchange that brought no answer; the last
 * one of them was cut off if @is_cut. */
static guint
steps_before_tear(const Printer *printer, const ExchangePlan *plan, bool *is_cut)
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
was_before_tear(const Printer *printer, const ExchangePlan *plan, CardStep step)
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

static char *
number_of_step(const Printer *printer, CardStep step, Side side)
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

static void
print_card_step(Printer *printer, CardStep step, Side side, bool refused)
{
    Path path = printer->course->seen.path;
    Micros time = duration_card_step(printer->protocol, path, printer->seats[side].chip, step,
                                     refused, &printer->course->log[side]);
    g_autofree char *number = number_of_step(printer, step, side);
    g_autofree char *text = g_strdup_printf("%s: %s%s", name_of(printer, side),
                                            card_steps[step].meaning, refused ? ": REFUSED" : "");

    printer->chip += time;
    print_timed(printer, number, text, "chip", time);
    if (was_before_tear(printer, &printer->protocol->plan[path][card_steps[step].exchange], step)) {
        g_free(printer->last_step);
        printer->last_step = g_strdup_printf("%s of %s", number, name_of(printer, side));
    }
}

static void
print_cut_step(const Printer *printer, CardStep step, Side side)
{
    g_autofree char *number = number_of_step(printer, step, side);

    fprintf(printer->out, "%-*s%s: %s: CUT OFF\n", STEP_COLUMN, number, name_of(printer, side),
            card_steps[step].meaning);
}

static void
print_card_steps(Printer *printer, Exchange exchange, Side side, bool has_answered)
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

/* Which of @n transmissions makes the card act: not the parts of a chain before the
 * last one, not a command that is sent again after 6Cxx, not GET RESPONSE. */
static guint
acting_one(const Printer *printer, guint n)
{
    guint i = 0;

    for (; i + 1 < n; i++) {
        const Transmission *one = transmission_at(printer, printer->next + i);

        if (!is_chained(one) && (status_of(one) & 0xFF00) != SW_WRONG_EXPECTED)
            break;
    }
    return i;
}

static void
print_passed(Printer *printer, const char *lead, GBytes *passed)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(passed, &length);

    printer->bytes += length;
    if (length == 0)
        fprintf(printer->out, "%*s%s(no answer)\n", STEP_COLUMN, "", lead);
    print_hex_rows(printer->out, lead, bytes, length);
}

/* The transmissions from the @from-th of the exchange up to the @to-th, both ways. */
static void
print_pairs(Printer *printer, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        const Transmission *one = transmission_at(printer, printer->next + i);

        print_passed(printer, "> ", one->command);
        print_passed(printer, "< ", one->response);
    }
}

static void
print_status(Printer *printer, uint16_t status, Micros time)
{
    g_autofree char *text =
        g_strdup_printf("%s%04X %s", status == SW_DONE ? "" : "REFUSED: ", status,
                        status == 0 ? "no answer" : apdu_status_meaning(status));

    printer->line += time;
    print_timed(printer, "", text, "line", time);
}

/* With which key the cards are told to pay; 0 if nothing tells. */
static uint32_t
common_key_id(const Printer *printer)
{
    const Message *message = &printer->protocol->plan[PATH_NONE][EXCHANGE_S2001].command;
    const Transmission *one = transmission_at(printer, printer->next);
    ApduCommand command;
    gsize length;
    const uint8_t *bytes;

    if (one == NULL || exchange_of(one) != EXCHANGE_S2001)
        return 0;
    bytes = g_bytes_get_data(one->command, &length);
    if (!apdu_parse(bytes, length, &command) || command.n_data != message->bytes)
        return 0;
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == FIELD_COMMON_KEY_ID)
            return bytes_get_u32(command.data + message->slots[i].at);
    return 0;
}

/* What the terminal decided at Sx003, and from what. */
static void
print_decision(Printer *printer)
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
        stops ? g_strdup_printf("terminal: %s: REFUSED", outcome_names[seen->outcome])
        : scheme->pays_with == PAYS_WITH_OLDEST_COMMON
            ? g_strdup_printf("terminal: the oldest transfer key that both hold is %u",
                              common_key_id(printer))
            : g_strdup_printf("terminal: %s %s", words[seen->path],
                              seen->path == PATH_NONE ? "" : name_of(printer, older));
    g_autofree char *number =
        g_strdup_printf("S%d%s", protocol_terminal_series(scheme, seen->path), STEP_DECIDE_NUMBER);

    fprintf(printer->out, "%-*s%s\n", STEP_COLUMN, number, g_strchomp(text));
}

static void
print_heading(Printer *printer, Exchange exchange)
{
    bool is_first = printer->phase != exchanges[exchange].phase;

    Phase phase = exchanges[exchange].phase;

    if (exchange == EXCHANGE_PERMISSION)
        fprintf(printer->out, "\nKey update\n");
    else if (is_first && phase == PHASE_VALUE)
        fprintf(printer->out, "\nValue transfer\n");
    printer->phase = phase;
}

static void
print_exchange(Printer *printer)
{
    const Transmission *first = transmission_at(printer, printer->next);
    Exchange exchange = exchange_of(first);
    const ExchangePlan *plan = &printer->protocol->plan[printer->course->seen.path][exchange];
    guint n = exchange_length(printer);
    guint acting = acting_one(printer, n);
    uint16_t status = status_of(transmission_at(printer, printer->next + n - 1));
    const Transmission *act = transmission_at(printer, printer->next + acting);
    g_autoptr(GByteArray) commands = join_data(printer, n, true);
    g_autoptr(GByteArray) responses = join_data(printer, n, false);

    print_heading(printer, exchange);
    print_terminal_step(printer, exchange);
    fprintf(printer->out, "%*sto %s\n", STEP_COLUMN, "", name_of(printer, first->side));
    print_pairs(printer, 0, acting);
    print_passed(printer, "> ", act->command);
    print_fields(printer, first->side, &plan->command, commands);
    print_card_steps(printer, exchange, first->side, status != 0);
    print_passed(printer, "< ", act->response);
    print_pairs(printer, acting + 1, n);
    print_fields(printer, first->side, &plan->response, responses);
    print_status(printer, status, line_time(printer, n));
    printer->next += n;
    printer->n++;
    if (exchange == EXCHANGE_INFORMATION && first->side == SIDE_PAYEE && status == SW_DONE)
        print_decision(printer);
}

/* Where in the settlement the tear fell, in words. */
static char *
describe_moment(const Printer *printer)
{
    const WireSettlement *settlement = printer->settlement;
    const Moment *moment = &settlement->moment;
    ExchangeVisit visits[COURSE_EXCHANGES_MAX];
    g_autofree char *step = NULL;

    course_exchanges(&printer->course->seen, visits);
    switch (moment->place) {
    case PLACE_BEFORE:
        return g_strdup_printf("before the command to %s: %s",
                               name_of(printer, visits[moment->visit].to),
                               exchanges[visits[moment->visit].exchange].meaning);
    case PLACE_THERE:
    case PLACE_BACK:
        return g_strdup_printf(
            "during the %s %s %s: %s", moment->place == PLACE_THERE ? "command" : "response",
            moment->place == PLACE_THERE ? "to" : "of", name_of(printer, visits[moment->visit].to),
            exchanges[visits[moment->visit].exchange].meaning);
    case PLACE_STEP:
        step = number_of_step(printer, moment->step, visits[moment->visit].to);
        return g_strdup_printf("during %s of %s", step, name_of(printer, visits[moment->visit].to));
    case N_PLACES:
        break;
    }
    g_assert_not_reached();
}

static void
print_tear(const Printer *printer)
{
    const Tear *tear = &printer->settlement->tear;
    g_autofree char *where = describe_moment(printer);

    fprintf(printer->out, "tear    %s %s after %.3f ms, %s\n",
            tear->party == TEAR_PAYER   ? name_of(printer, SIDE_PAYER)
            : tear->party == TEAR_PAYEE ? name_of(printer, SIDE_PAYEE)
                                        : "the terminal",
            tear->party == TEAR_TERMINAL ? "fails" : "leaves its reader",
            (double)tear->instant / 1000, where);
    fprintf(printer->out, "        last step completed before: %s\n",
            printer->last_step == NULL ? "none" : printer->last_step);
}

static void
print_sum(const Printer *printer, Micros took)
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
apdu_trace_print(const ApduTrace *trace, const StagedMeeting *meeting,
                 const char *const names[static N_SIDES], const WireSettlement *settlement,
                 FILE *out)
{
    const Seat seats[N_SIDES] = { staged_meeting_seat(meeting, SIDE_PAYER),
                                  staged_meeting_seat(meeting, SIDE_PAYEE) };
    g_autoptr(GPtrArray) carried = g_ptr_array_new_with_free_func(free_carried);
    Printer printer = {
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
    print_timed(&printer, "", "both cards get power", "line", activation);
    while (printer.next < trace->transmissions->len)
        print_exchange(&printer);
    print_sum(&printer, settlement->end - meeting->at);
    g_free(printer.last_step);
}
