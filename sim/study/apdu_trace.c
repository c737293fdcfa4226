#include "sim/study/apdu_trace.h"

#include "model/protocol/bytes.h"
#include "model/wire/terminal.h"

#include <string.h>

/* A reader that keeps what passes on its way to a card. */
typedef struct {
    Reader reader;
    Card card;
    Side side;
    GPtrArray *transmissions;
} Tap;

static size_t
transmit(Reader *reader, const uint8_t *command, size_t length, uint8_t *response)
{
    Tap *tap = (Tap *)reader;
    size_t n = tap->card.reader.transmit(&tap->card.reader, command, length, response);
    Transmission *passed = g_new(Transmission, 1);

    passed->side = tap->side;
    passed->command = g_bytes_new(command, length);
    passed->response = g_bytes_new(response, n);
    g_ptr_array_add(tap->transmissions, passed);
    return n;
}

static void
free_transmission(gpointer data)
{
    Transmission *transmission = data;

    g_bytes_unref(transmission->command);
    g_bytes_unref(transmission->response);
    g_free(transmission);
}

static Tap *
put_in(const TraceSetup *setup, Side side, GPtrArray *transmissions)
{
    Tap *tap = g_new0(Tap, 1);

    tap->side = side;
    tap->transmissions = transmissions;
    tap->reader.transmit = transmit;
    tap->reader.protocol = setup->seats[side].interface->protocol;
    card_init(&tap->card, setup->protocol, setup->ring, setup->authority_key);
    card_power_on(&tap->card, &setup->identities[side], tap->reader.protocol, setup->entropy_key,
                  side);
    return tap;
}

ApduTrace *
apdu_trace_new(const TraceSetup *setup, Cents amount, int64_t date, Micros now)
{
    ApduTrace *trace = g_new0(ApduTrace, 1);
    g_autofree Terminal *terminal = g_new(Terminal, 1);
    g_autofree Tap *payer = NULL;
    g_autofree Tap *payee = NULL;

    trace->transmissions = g_ptr_array_new_with_free_func(free_transmission);
    payer = put_in(setup, SIDE_PAYER, trace->transmissions);
    payee = put_in(setup, SIDE_PAYEE, trace->transmissions);
    terminal_init(terminal, setup->protocol, setup->authority_key);
    terminal->clock_skew = setup->clock_skew;
    trace->course.seen =
        terminal_settle(terminal, &payer->reader, &payee->reader, amount, date, now);
    trace->common_key_id = bytes_get_u32(terminal->common_key_id);
    trace->course.log[SIDE_PAYER] = payer->card.log;
    trace->course.log[SIDE_PAYEE] = payee->card.log;
    card_power_off(&payer->card);
    card_power_off(&payee->card);
    terminal_clear(terminal);
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

/* The printing of one trace under way. */
typedef struct {
    const ApduTrace *trace;
    const TraceSetup *setup;
    FILE *out;
    guint next;  /* transmission */
    Micros line; /* so far */
    Micros chip;
    gsize bytes;
    const char *last_number; /* terminal step printed last */
} Printer;

#define STEP_COLUMN 8
#define TEXT_COLUMN 66
#define BYTES_SHOWN 24

static const char *
name_of(const Printer *printer, Side side)
{
    return printer->setup->names[side];
}

static bool
is_older(const Printer *printer, Side side)
{
    return (side == SIDE_PAYER) == printer->trace->course.seen.payer_is_older;
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

/* The fields of @data as @message lays them out. */
static void
print_fields(Printer *printer, const Message *message, const GByteArray *data)
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

/* How many transmissions from the next one on belong to one exchange: GET RESPONSE
 * and a command that is sent again or goes on carry no new instruction. */
static guint
exchange_length(const Printer *printer)
{
    const Transmission *first = transmission_at(printer, printer->next);
    guint n = 1;

    for (const Transmission *next; (next = transmission_at(printer, printer->next + n)) != NULL;
         n++) {
        Exchange exchange = exchange_of(next);

        if (next->side != first->side ||
            (exchange != N_EXCHANGES && exchange != exchange_of(first)))
            break;
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

        ps += (int64_t)printer->setup->terminal->reader_overhead_us * 1000000 +
              link_frames_ps(printer->setup->seats[one->side].interface,
                             g_bytes_get_size(one->command), g_bytes_get_size(one->response));
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
    Path path = printer->trace->course.seen.path;

    if (printer->last_number == row->number) /* the other card's half of Sx001 or Sx002 */
        return;
    printer->last_number = row->number;
    if (row->number[0] == 'S')
        fprintf(printer->out, "%-*s", STEP_COLUMN, row->number);
    else
        fprintf(printer->out, "S%d%-*s",
                protocol_terminal_series(&printer->setup->protocol->scheme, path), STEP_COLUMN - 2,
                row->number);
    fprintf(printer->out, "terminal: %s\n", row->meaning);
}

static void
print_card_steps(Printer *printer, Exchange exchange, Side side)
{
    const TraceSetup *setup = printer->setup;
    const CardLog *log = &printer->trace->course.log[side];
    Path path = printer->trace->course.seen.path;
    const ExchangePlan *plan = &setup->protocol->plan[path][exchange];

    for (guint i = 0; i < plan->n_steps; i++) {
        CardStep step = plan->steps[i];
        const CardStepRow *row = &card_steps[step];
        bool refused = log->refused == step || log->refused_in_silence == step;
        Micros time =
            duration_card_step(setup->protocol, path, setup->seats[side].chip, step, refused, log);
        g_autofree char *number =
            row->number[0] == 'S'
                ? g_strdup(row->number)
                : g_strdup_printf("S%d%s%s", protocol_card_series(&setup->protocol->scheme, path),
                                  row->number,
                                  step != CARD_STEP_INFORMATION ? ""
                                  : path == PATH_NONE           ? (side == SIDE_PAYER ? "A" : "B")
                                  : is_older(printer, side)     ? "A"
                                                                : "B");
        g_autofree char *text = g_strdup_printf("%s: %s%s", name_of(printer, side), row->meaning,
                                                refused ? ": REFUSED" : "");

        printer->chip += time;
        print_timed(printer, number, text, "chip", time);
        if (refused)
            break;
    }
}

static uint16_t
status_of(const Transmission *transmission)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(transmission->response, &length);

    return length < APDU_STATUS_BYTES ? 0 : bytes_get_u16(bytes + length - APDU_STATUS_BYTES);
}

/* Which of @n transmissions makes the card act: not the parts of a chain before the
 * last one, not a command that is sent again after 6Cxx, not GET RESPONSE. */
static guint
acting_one(const Printer *printer, guint n)
{
    guint i = 0;

    for (; i + 1 < n; i++) {
        const Transmission *one = transmission_at(printer, printer->next + i);
        const uint8_t *command = g_bytes_get_data(one->command, NULL);

        if ((command[0] & APDU_CLASS_CHAINED) == 0 &&
            (status_of(one) & 0xFF00) != SW_WRONG_EXPECTED)
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

/* What the terminal decided at Sx003, and from what. */
static void
print_decision(Printer *printer)
{
    static const char *const words[N_PATHS] = {
        [PATH_NONE] = "transfer key IDs are equal, no update",
        [PATH_SYMMETRIC] = "IDs differ, symmetric update of",
        [PATH_PUBLIC_KEY] = "IDs differ, public-key update of",
    };
    const Settlement *seen = &printer->trace->course.seen;
    Side older = seen->payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
    const Scheme *scheme = &printer->setup->protocol->scheme;
    bool stops = seen->n_exchanges == 2 * (EXCHANGE_INFORMATION + 1) && seen->status == SW_DONE;
    g_autofree char *text =
        stops ? g_strdup_printf("terminal: %s: REFUSED", outcome_names[seen->outcome])
        : scheme->pays_with == PAYS_WITH_OLDEST_COMMON
            ? g_strdup_printf("terminal: the oldest transfer key that both hold is %u",
                              printer->trace->common_key_id)
            : g_strdup_printf("terminal: %s %s", words[seen->path],
                              seen->path == PATH_NONE ? "" : name_of(printer, older));
    g_autofree char *number =
        g_strdup_printf("S%d%s", protocol_terminal_series(scheme, seen->path), STEP_DECIDE_NUMBER);

    fprintf(printer->out, "%-*s%s\n", STEP_COLUMN, number, g_strchomp(text));
}

static void
print_heading(Printer *printer, Exchange exchange)
{
    Phase phase = exchanges[exchange].phase;

    if (exchange == EXCHANGE_PERMISSION)
        fprintf(printer->out, "\nKey update\n");
    else if (exchange == EXCHANGE_S2001 && phase == PHASE_VALUE)
        fprintf(printer->out, "\nValue transfer\n");
}

static void
print_exchange(Printer *printer)
{
    const Transmission *first = transmission_at(printer, printer->next);
    Exchange exchange = exchange_of(first);
    const ExchangePlan *plan =
        &printer->setup->protocol->plan[printer->trace->course.seen.path][exchange];
    guint n = exchange_length(printer);
    guint acting = acting_one(printer, n);
    const Transmission *act = transmission_at(printer, printer->next + acting);
    g_autoptr(GByteArray) commands = join_data(printer, n, true);
    g_autoptr(GByteArray) responses = join_data(printer, n, false);

    print_heading(printer, exchange);
    print_terminal_step(printer, exchange);
    fprintf(printer->out, "%*sto %s\n", STEP_COLUMN, "", name_of(printer, first->side));
    print_pairs(printer, 0, acting);
    print_passed(printer, "> ", act->command);
    print_fields(printer, &plan->command, commands);
    print_card_steps(printer, exchange, first->side);
    print_passed(printer, "< ", act->response);
    print_pairs(printer, acting + 1, n);
    print_fields(printer, &plan->response, responses);
    print_status(printer, status_of(transmission_at(printer, printer->next + n - 1)),
                 line_time(printer, n));
    printer->next += n;
    if (exchange == EXCHANGE_INFORMATION && first->side == SIDE_PAYEE)
        print_decision(printer);
}

Micros
apdu_trace_print(const ApduTrace *trace, const TraceSetup *setup, FILE *out)
{
    Printer printer = { .trace = trace, .setup = setup, .out = out };
    Micros activation = setup->seats[SIDE_PAYER].interface->activation_us +
                        setup->seats[SIDE_PAYEE].interface->activation_us;

    fprintf(out, "Selection and information\n");
    printer.line = activation;
    print_timed(&printer, "", "both cards get power", "line", activation);
    while (printer.next < trace->transmissions->len)
        print_exchange(&printer);
    fprintf(out,
            "\n%s: %u exchanges, %" G_GSIZE_FORMAT
            " bytes, line %.3f ms + chip %.3f ms = %.3f ms\n",
            outcome_names[trace->course.seen.outcome], trace->course.seen.n_exchanges,
            printer.bytes, (double)printer.line / 1000, (double)printer.chip / 1000,
            (double)(printer.line + printer.chip) / 1000);
    return printer.line + printer.chip;
}
