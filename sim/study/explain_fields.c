#include "sim/study/explain_fields.h"

#include "model/protocol/bytes.h"

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

GPtrArray *
explain_fields_new_carried(void)
{
    return g_ptr_array_new_with_free_func(free_carried);
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
print_origin(ExplainPrinter *printer, Side side, Field field, const uint8_t *bytes, gsize n)
{
    g_autoptr(GBytes) value = g_bytes_new(bytes, n);
    Carried *carried;

    for (guint i = 0; i < printer->carried->len; i++) {
        const Carried *earlier = printer->carried->pdata[i];

        if (!g_bytes_equal(earlier->value, value))
            continue;
        if (earlier->field != field)
            fprintf(printer->out, " = the %s of %s", field_names[earlier->field],
                    explain_name(printer, earlier->side));
        return;
    }
    carried = g_new(Carried, 1);
    *carried = (Carried){ field, side, g_steal_pointer(&value) };
    g_ptr_array_add(printer->carried, carried);
}

void
explain_fields_print(ExplainPrinter *printer, Side side, const Message *message,
                     const GByteArray *data)
{
    if (data->len != message->bytes)
        return; /* not what the table expects: the bytes above speak for themselves */
    for (guint i = 0; i < message->n_slots; i++) {
        const Slot *slot = &message->slots[i];

        fprintf(printer->out, "%*s    %3u  %s: ", EXPLAIN_STEP_COLUMN, "", slot->bytes,
                field_names[slot->field]);
        explain_print_hex(printer->out, data->data + slot->at,
                          MIN(slot->bytes, FIELD_RANDOM_BYTES));
        fprintf(printer->out, "%s", slot->bytes > FIELD_RANDOM_BYTES ? "..." : "");
        print_value(printer->out, slot->field, data->data + slot->at, slot->bytes);
        if (is_fresh(slot->field))
            print_origin(printer, side, slot->field, data->data + slot->at, slot->bytes);
        fprintf(printer->out, "\n");
    }
}
