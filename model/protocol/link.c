#include "model/protocol/link.h"

#include "model/protocol/apdu.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

const char *const link_protocol_names[N_LINK_PROTOCOLS + 1] = {
    [LINK_T_CL] = "t=cl",
    [LINK_T_0] = "t=0",
    [LINK_T_1] = "t=1",
};

/* 14443: one etu is 128, 64, 32 or 16 cycles of 13.56 MHz; a byte of type A is 8
 * data bits and a parity bit; CRC and prologue of a block are 3 bytes; frames of
 * 256 bytes (FSC, FSD). The card answers no sooner than 86.4 us after the
 * reader's frame; the reader waits 500 us.
 *
 * 7816: TA1 = 95, that is 32 cycles an etu at 3.5712 MHz after PPS, 111.6 kbit/s.
 * T=0: 12 etu a byte, 16 etu between opposite directions. T=1: 11 etu a byte,
 * prologue and LRC are 4 bytes, blocks of 254 bytes, 22 etu between directions.
 * Activation: an ATR of 15 characters and a PPS exchange of 4 and 4 at 9600 bit/s
 * (372 cycles an etu), 23 x 12 etu of 104.17 us. */
#define ETU_14443_106 9439528
#define GAP_CARD_14443 86400
#define GAP_READER_14443 500000
#define ETU_7816_TA1_95 8960573
#define ACTIVATION_7816 28750
#define SOURCE_14443 "ISO/IEC 14443-2, -3, -4: type A, FSC = FSD = 256, field-on guard 5 ms"
#define SOURCE_7816 "ISO/IEC 7816-3: TA1 = 95 at 3.5712 MHz, ATR of 15 bytes and PPS at 9600 bit/s"

const LinkInterface link_interfaces[] = {
    /* clang-format off */
    /*                                bit, ps       bits, block +,  most     card gap, reader gap, ns      activation, us   */
    { "14443-106", LINK_T_CL, ETU_14443_106,     9, 3, 253, GAP_CARD_14443, GAP_READER_14443, 5000, SOURCE_14443 },
    { "14443-212", LINK_T_CL, ETU_14443_106 / 2, 9, 3, 253, GAP_CARD_14443, GAP_READER_14443, 5000, SOURCE_14443 },
    { "14443-424", LINK_T_CL, ETU_14443_106 / 4, 9, 3, 253, GAP_CARD_14443, GAP_READER_14443, 5000, SOURCE_14443 },
    { "14443-848", LINK_T_CL, ETU_14443_106 / 8, 9, 3, 253, GAP_CARD_14443, GAP_READER_14443, 5000, SOURCE_14443 },
    { "7816-t0",   LINK_T_0,  ETU_7816_TA1_95,  12, 0,   0, 143369, 143369, ACTIVATION_7816, SOURCE_7816 },
    { "7816-t1",   LINK_T_1,  ETU_7816_TA1_95,  11, 4, 254, 197133, 197133, ACTIVATION_7816, SOURCE_7816 },
    /* clang-format on */
};
const size_t link_n_interfaces = G_N_ELEMENTS(link_interfaces);

const LinkTerminal link_terminals[N_TERMINAL_KINDS] = {
    [TERMINAL_HANDHELD] = { "handheld", 2000,
                            "integrated reader, 1 to 3 ms an APDU: general knowledge" },
    [TERMINAL_POS] = { "pos", 10000, "desk reader, 8 to 12 ms an APDU: general knowledge" },
    [TERMINAL_GATE] = { "gate", 2000, "integrated reader, 1 to 3 ms an APDU: general knowledge" },
    [TERMINAL_ATM] = { "atm", 10000, "desk reader, 8 to 12 ms an APDU: general knowledge" },
};

#define PS_PER_NS INT64_C(1000)
#define PS_PER_MICRO INT64_C(1000000)
#define T_0_HEADER_BYTES 5
#define T_0_PROCEDURE_BYTES 1

const LinkInterface *
link_find_interface(const char *name)
{
    for (size_t i = 0; i < link_n_interfaces; i++)
        if (g_str_equal(link_interfaces[i].name, name))
            return &link_interfaces[i];
    return NULL;
}

Micros
link_round_us(int64_t ps)
{
    return (ps + PS_PER_MICRO / 2) / PS_PER_MICRO;
}

/* Frames of one exchange: how many go each way, and bytes in all. */
typedef struct {
    int64_t from_reader;
    int64_t from_card;
    int64_t bytes;
} Frames;

/* The receiver of a chained block asks for the next one by a block without data. */
static Frames
frame_blocks(const LinkInterface *interface, size_t command_bytes, size_t response_bytes)
{
    int64_t most = interface->block_payload_bytes;
    int64_t command = ((int64_t)command_bytes + most - 1) / most;
    int64_t response = ((int64_t)response_bytes + most - 1) / most;
    int64_t blocks = 2 * command - 1 + 2 * response - 1;

    return (Frames){
        .from_reader = command + response - 1,
        .from_card = response + command - 1,
        .bytes =
            (int64_t)(command_bytes + response_bytes) + blocks * interface->block_overhead_bytes,
    };
}

/* Header, procedure byte, then data one way, then the status word. A command of
 * four bytes is sent with P3 = 0. */
static Frames
frame_characters(size_t command_bytes, size_t response_bytes)
{
    size_t command = MAX(command_bytes, T_0_HEADER_BYTES);
    bool has_data = command > T_0_HEADER_BYTES;
    bool has_procedure = has_data || response_bytes > APDU_STATUS_BYTES;

    return (Frames){
        .from_reader = has_data ? 2 : 1,
        .from_card = has_data ? 2 : 1,
        .bytes = (int64_t)(command + response_bytes + (has_procedure ? T_0_PROCEDURE_BYTES : 0)),
    };
}

int64_t
link_frames_ps(const LinkInterface *interface, size_t command_bytes, size_t response_bytes)
{
    Frames frames = interface->protocol == LINK_T_0
                        ? frame_characters(command_bytes, response_bytes)
                        : frame_blocks(interface, command_bytes, response_bytes);

    return frames.bytes * interface->bits_per_byte * (int64_t)interface->bit_ps +
           frames.from_reader * interface->reader_gap_ns * PS_PER_NS +
           frames.from_card * interface->card_gap_ns * PS_PER_NS;
}

/* Length of a command APDU as reader_exchange() writes it for a block protocol. */
static size_t
apdu_bytes(size_t command_bytes, size_t expected_bytes)
{
    bool extended =
        command_bytes > APDU_SHORT_COMMAND_MAX || expected_bytes > APDU_SHORT_RESPONSE_MAX;
    size_t length_bytes = command_bytes > 0 ? (extended ? 2 : 1) : 0;
    size_t expected_length_bytes = expected_bytes > 0 ? (extended ? 2 : 1) : 0;

    return APDU_HEADER_BYTES + (extended ? 1U : 0U) + length_bytes + command_bytes +
           expected_length_bytes;
}

/* One command and its response, reader overhead included. */
static int64_t
one_ps(const LinkInterface *interface, const LinkTerminal *terminal, size_t command_bytes,
       size_t response_bytes)
{
    return (int64_t)terminal->reader_overhead_us * PS_PER_MICRO +
           link_frames_ps(interface, command_bytes, response_bytes + APDU_STATUS_BYTES);
}

static int64_t
characters_ps(const LinkInterface *interface, const LinkTerminal *terminal, size_t command_bytes,
              size_t response_bytes)
{
    size_t fetched = 0;
    int64_t ps = 0;

    if (command_bytes == 0) {
        fetched = MIN(response_bytes, APDU_SHORT_RESPONSE_MAX);
        if (fetched > 0 && fetched < APDU_SHORT_RESPONSE_MAX) /* 6Cxx, then the same with Le */
            ps += one_ps(interface, terminal, T_0_HEADER_BYTES, 0);
        ps += one_ps(interface, terminal, T_0_HEADER_BYTES, fetched);
    }
    for (size_t left = command_bytes, part; left > 0; left -= part) {
        part = MIN(left, APDU_SHORT_COMMAND_MAX);
        ps += one_ps(interface, terminal, T_0_HEADER_BYTES + part, 0);
    }
    for (size_t part; fetched < response_bytes; fetched += part) { /* GET RESPONSE */
        part = MIN(response_bytes - fetched, APDU_SHORT_RESPONSE_MAX);
        ps += one_ps(interface, terminal, T_0_HEADER_BYTES, part);
    }
    return ps;
}

Micros
link_exchange_us(const LinkInterface *interface, const LinkTerminal *terminal, size_t command_bytes,
                 size_t expected_bytes, bool answered)
{
    size_t response_bytes = answered ? expected_bytes : 0;

    if (interface->protocol == LINK_T_0)
        return link_round_us(characters_ps(interface, terminal, command_bytes, response_bytes));
    return link_round_us(
        one_ps(interface, terminal, apdu_bytes(command_bytes, expected_bytes), response_bytes));
}

/* A command in blocks, each but the last asked to go on. */
static int64_t
blocks_there_ps(const LinkInterface *interface, size_t command_bytes)
{
    int64_t most = interface->block_payload_bytes;
    int64_t blocks = ((int64_t)command_bytes + most - 1) / most;
    int64_t bytes = (int64_t)command_bytes + (2 * blocks - 1) * interface->block_overhead_bytes;

    return bytes * interface->bits_per_byte * (int64_t)interface->bit_ps +
           blocks * interface->reader_gap_ns * PS_PER_NS +
           (blocks - 1) * interface->card_gap_ns * PS_PER_NS;
}

/* The last command of a chain: header, and the data after a procedure byte. */
static int64_t
characters_there_ps(const LinkInterface *interface, size_t data_bytes)
{
    int64_t bytes = (int64_t)(T_0_HEADER_BYTES + data_bytes);
    int64_t gaps = interface->reader_gap_ns * PS_PER_NS;

    if (data_bytes > 0) {
        bytes += T_0_PROCEDURE_BYTES;
        gaps += gaps + interface->card_gap_ns * PS_PER_NS;
    }
    return bytes * interface->bits_per_byte * (int64_t)interface->bit_ps + gaps;
}

/* Data of the last command of a chain. */
static size_t
last_part_bytes(size_t command_bytes)
{
    size_t part = command_bytes % APDU_SHORT_COMMAND_MAX;

    return part == 0 ? MIN(command_bytes, APDU_SHORT_COMMAND_MAX) : part;
}

Micros
link_command_us(const LinkInterface *interface, const LinkTerminal *terminal, size_t command_bytes,
                size_t expected_bytes)
{
    int64_t overhead = (int64_t)terminal->reader_overhead_us * PS_PER_MICRO;
    size_t last = last_part_bytes(command_bytes);
    int64_t before = 0;

    if (interface->protocol != LINK_T_0)
        return link_round_us(overhead +
                             blocks_there_ps(interface, apdu_bytes(command_bytes, expected_bytes)));
    if (command_bytes > last)
        before = characters_ps(interface, terminal, command_bytes - last, 0);
    else if (command_bytes == 0 && expected_bytes > 0 && expected_bytes < APDU_SHORT_RESPONSE_MAX)
        before = one_ps(interface, terminal, T_0_HEADER_BYTES, 0);
    return link_round_us(before + overhead + characters_there_ps(interface, last));
}
