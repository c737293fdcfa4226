#include "sim/study/apdu_trace.h"

#include "model/protocol/bytes.h"

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

const Transmission *
apdu_trace_at(const ApduTrace *trace, guint i)
{
    return i < trace->transmissions->len ? trace->transmissions->pdata[i] : NULL;
}

Exchange
transmission_exchange(const Transmission *transmission)
{
    const uint8_t *command = g_bytes_get_data(transmission->command, NULL);

    return protocol_exchange_of_instruction(command[1]);
}

uint16_t
transmission_status(const Transmission *transmission)
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
    Exchange exchange = transmission_exchange(next);

    return next->side == first->side &&
           (exchange == N_EXCHANGES ||
            (exchange == transmission_exchange(first) &&
             (is_chained(last) || transmission_status(last) != SW_DONE)));
}

guint
apdu_trace_exchange_length(const ApduTrace *trace, guint first)
{
    const Transmission *begin = apdu_trace_at(trace, first);
    const Transmission *last = begin;
    guint n = 1;

    for (const Transmission *next; (next = apdu_trace_at(trace, first + n)) != NULL; n++) {
        if (!goes_on(begin, last, next))
            break;
        last = next;
    }
    return n;
}

guint
apdu_trace_acting_one(const ApduTrace *trace, guint first, guint n)
{
    guint i = 0;

    for (; i + 1 < n; i++) {
        const Transmission *one = apdu_trace_at(trace, first + i);

        if (!is_chained(one) && (transmission_status(one) & 0xFF00) != SW_WRONG_EXPECTED)
            break;
    }
    return i;
}

GByteArray *
apdu_trace_join_data(const ApduTrace *trace, guint first, guint n, bool of_commands)
{
    GByteArray *data = g_byte_array_new();

    for (guint i = 0; i < n; i++) {
        const Transmission *one = apdu_trace_at(trace, first + i);
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
