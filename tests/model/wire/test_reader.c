/* How one exchange is carried out on the wire, against a card that follows a script. */
#include "tests/model/fixture.h"

#include "model/protocol/bytes.h"
#include "model/wire/reader.h"

#include <string.h>

/* What the card is to hear, in hex, and what it says: @n bytes of data counting up from
 * @first, then @status. Status 0: silence. */
typedef struct {
    const char *hears;
    uint8_t first;
    size_t n;
    uint16_t status;
} Line;

#define LINES_MAX 6

typedef struct {
    Reader reader;
    const Line *lines;
    guint n_said;
} Script;

static size_t
follow_script(Reader *reader, const uint8_t *command, size_t length, uint8_t *response)
{
    Script *script = (Script *)reader;
    const Line *line = &script->lines[script->n_said++];
    g_autoptr(GString) hex = g_string_new(NULL);

    g_assert_cmpuint(script->n_said, <=, LINES_MAX);
    /* long data are cut in the script: header, length and two bytes are enough */
    for (size_t i = 0; i < length && i < 9; i++)
        g_string_append_printf(hex, "%02X", command[i]);
    g_string_append_printf(hex, "/%" G_GSIZE_FORMAT, length);
    g_assert_cmpstr(hex->str, ==, line->hears);
    if (line->status == 0)
        return 0;
    for (size_t i = 0; i < line->n; i++)
        response[i] = (uint8_t)(line->first + i);
    bytes_put_u16(response + line->n, line->status);
    return line->n + APDU_STATUS_BYTES;
}

typedef struct {
    const char *name;
    LinkProtocol protocol;
    size_t n_data;
    size_t n_expected;
    Line lines[LINES_MAX];
    uint16_t status;
    size_t n_response;
} Row;

/* Data of the command: 00 01 02 and so on. */
static const Row rows[] = {
    /* clang-format off */
    { "blocks/nothing-either-way", LINK_T_CL, 0, 0, { { "80400000/4", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "blocks/data-there", LINK_T_CL, 2, 0, { { "80400000020001/7", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "blocks/data-back", LINK_T_1, 0, 16, { { "8040000000/5", 7, 16, 0x9000 } }, 0x9000, 16 },
    { "blocks/data-both-ways", LINK_T_CL, 2, 32, { { "8040000002000100/8", 7, 32, 0x9000 } }, 0x9000, 32 },
    { "blocks/refusal", LINK_T_CL, 2, 32, { { "8040000002000100/8", 0, 0, 0x6985 } }, 0x6985, 0 },
    { "blocks/silence", LINK_T_CL, 2, 32, { { "8040000002000100/8", 0, 0, 0 } }, 0, 0 },
    { "blocks/extended-command", LINK_T_CL, 256, 0, { { "804000000001000001/263", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "blocks/extended-response", LINK_T_1, 0, 257, { { "80400000000000/7", 0, 257, 0x9000 } }, 0x9000, 257 },
    { "blocks/extended-both", LINK_T_CL, 300, 16, { { "8040000000012C0001/309", 0, 16, 0x9000 } }, 0x9000, 16 },

    { "characters/nothing-either-way", LINK_T_0, 0, 0, { { "80400000/4", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "characters/data-there", LINK_T_0, 2, 0, { { "80400000020001/7", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "characters/data-back-after-the-right-le", LINK_T_0, 0, 16,
      { { "8040000000/5", 0, 0, 0x6C10 }, { "8040000010/5", 7, 16, 0x9000 } }, 0x9000, 16 },
    { "characters/data-back-refused", LINK_T_0, 0, 16, { { "8040000000/5", 0, 0, 0x6985 } }, 0x6985, 0 },
    { "characters/256-back", LINK_T_0, 0, 256, { { "8040000000/5", 0, 256, 0x9000 } }, 0x9000, 256 },
    { "characters/278-back", LINK_T_0, 0, 278,
      { { "8040000000/5", 0, 256, 0x6116 }, { "00C0000016/5", 0, 22, 0x9000 } }, 0x9000, 278 },
    { "characters/534-back", LINK_T_0, 0, 534,
      { { "8040000000/5", 0, 256, 0x6100 }, { "00C0000000/5", 0, 256, 0x6116 },
        { "00C0000016/5", 0, 22, 0x9000 } }, 0x9000, 534 },
    { "characters/data-both-ways", LINK_T_0, 2, 32,
      { { "80400000020001/7", 0, 0, 0x6120 }, { "00C0000020/5", 7, 32, 0x9000 } }, 0x9000, 32 },
    { "characters/data-both-ways-refused", LINK_T_0, 2, 32, { { "80400000020001/7", 0, 0, 0x660A } }, 0x660A, 0 },
    { "characters/255-is-one-command", LINK_T_0, 255, 0, { { "80400000FF00010203/260", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "characters/256-is-a-chain", LINK_T_0, 256, 0,
      { { "90400000FF00010203/260", 0, 0, 0x9000 }, { "8040000001FF/6", 0, 0, 0x9000 } }, 0x9000, 0 },
    { "characters/chain", LINK_T_0, 540, 512,
      { { "90400000FF00010203/260", 0, 0, 0x9000 }, { "90400000FFFF000102/260", 0, 0, 0x9000 },
        { "804000001EFEFF0001/35", 0, 0, 0x6100 }, { "00C0000000/5", 0, 256, 0x6100 },
        { "00C0000000/5", 0, 256, 0x9000 } }, 0x9000, 512 },
    { "characters/chain-refused-at-once", LINK_T_0, 540, 0, { { "90400000FF00010203/260", 0, 0, 0x6883 } }, 0x6883, 0 },
    { "characters/silence-in-a-chain", LINK_T_0, 540, 0,
      { { "90400000FF00010203/260", 0, 0, 0x9000 }, { "90400000FFFF000102/260", 0, 0, 0 } }, 0, 0 },
    { "characters/silence-at-get-response", LINK_T_0, 2, 32,
      { { "80400000020001/7", 0, 0, 0x6120 }, { "00C0000020/5", 0, 0, 0 } }, 0, 0 },
    { "characters/promises-without-end", LINK_T_0, 2, 32,
      { { "80400000020001/7", 0, 0, 0x6120 }, { "00C0000020/5", 0, 0, 0x6120 } }, 0x6120, 0 },
    { "characters/more-than-there-is-room-for", LINK_T_0, 0, 534,
      { { "8040000000/5", 0, 256, 0x6100 }, { "00C0000000/5", 0, 256, 0x6100 },
        { "00C0000000/5", 0, 256, 0x6100 }, { "00C0000000/5", 0, 256, 0x6100 },
        { "00C0000000/5", 0, 256, 0x6100 } }, 0, 1024 },
    /* clang-format on */
};

/* What a listener has heard. */
typedef struct {
    guint n;
    size_t n_data; /* of the responses, status words not counted */
} Heard;

static void
hear(void *data, const uint8_t *command, size_t n_command, const uint8_t *response G_GNUC_UNUSED,
     size_t n_response)
{
    Heard *heard = data;

    g_assert_cmpuint(n_command, >=, 4);
    g_assert_cmphex(command[2], ==, 0);
    heard->n++;
    heard->n_data += n_response > APDU_STATUS_BYTES ? n_response - APDU_STATUS_BYTES : 0;
}

static void
listener_hears_every_transmission(gconstpointer data)
{
    const Row *row = data;
    Heard heard = { 0 };
    const ReaderListener listener = { hear, &heard };
    Script script = {
        .reader = { .transmit = follow_script, .listener = &listener, .protocol = row->protocol },
        .lines = row->lines,
    };
    uint8_t bytes[600];
    uint8_t response[APDU_BYTES_MAX];
    ApduCommand command = {
        .cla = 0x80, .ins = 0x40, .data = bytes, .n_data = (uint32_t)row->n_data
    };
    size_t n_response;
    size_t said = 0;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    reader_exchange(&script.reader, &command, row->n_expected, response, &n_response);
    for (guint i = 0; i < script.n_said; i++)
        said += row->lines[i].n;
    g_assert_cmpuint(heard.n, ==, script.n_said);
    g_assert_cmpuint(heard.n_data, ==, said);
}

static void
speaks_as_the_script_says(gconstpointer data)
{
    const Row *row = data;
    Script script = { .reader = { .transmit = follow_script, .protocol = row->protocol },
                      .lines = row->lines };
    uint8_t bytes[600];
    uint8_t response[APDU_BYTES_MAX];
    ApduCommand command = {
        .cla = 0x80, .ins = 0x40, .data = bytes, .n_data = (uint32_t)row->n_data
    };
    size_t n_response = 99;
    guint n_lines = 0;
    size_t at = 0;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    g_assert_cmphex(
        reader_exchange(&script.reader, &command, row->n_expected, response, &n_response), ==,
        row->status);
    while (n_lines < LINES_MAX && row->lines[n_lines].hears != NULL)
        n_lines++;
    g_assert_cmpuint(script.n_said, ==, n_lines);
    g_assert_cmpuint(n_response, ==, row->n_response);
    for (guint i = 0; i < n_lines; i++)
        for (size_t j = 0; j < row->lines[i].n && at < n_response; j++)
            g_assert_cmphex(response[at++], ==, (uint8_t)(row->lines[i].first + j));
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/reader/exchange/%s", rows[i].name);
        g_autofree char *heard = g_strdup_printf("/reader/listener/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], speaks_as_the_script_says);
        g_test_add_data_func(heard, &rows[i], listener_hears_every_transmission);
    }
    return g_test_run();
}
