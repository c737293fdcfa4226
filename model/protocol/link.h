/* link.h - what an APDU costs on the line between a reader and a card.
 *
 * An interface is a row of numbers; the time of a command and its response
 * follows from their lengths alone. Reader overhead belongs to the terminal's
 * build (integrated or on a desk) and is added per command that is sent. */
#ifndef MODEL_PROTOCOL_LINK_H
#define MODEL_PROTOCOL_LINK_H

#include "model/protocol/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the transmission protocol frames an APDU. */
typedef enum {
    LINK_T_CL, /* ISO/IEC 14443-4 blocks */
    LINK_T_0,  /* ISO/IEC 7816-3 characters, with procedure bytes */
    LINK_T_1,  /* ISO/IEC 7816-3 blocks */
    N_LINK_PROTOCOLS
} LinkProtocol;
extern const char *const link_protocol_names[N_LINK_PROTOCOLS + 1]; /* as written in a scenario */

/**
 * LinkInterface:
 * @name: as written in a scenario
 * @protocol: framing; T=0 also means no extended length and GET RESPONSE
 * @bit_ps: one bit (elementary time unit) in picoseconds
 * @bits_per_byte: a byte with its start, stop, parity and guard bits
 * @block_overhead_bytes: prologue and epilogue of a block; 0 under T=0
 * @block_payload_bytes: the most that one block carries; 0 under T=0
 * @card_gap_ns: from the end of a reader's frame to the start of the card's
 * @reader_gap_ns: from the end of a card's frame to the start of the reader's
 * @activation_us: field on or contacts on until the first command
 * @source: where the figures come from
 */
typedef struct {
    const char *name;
    LinkProtocol protocol;
    uint32_t bit_ps;
    uint8_t bits_per_byte;
    uint8_t block_overhead_bytes;
    uint16_t block_payload_bytes;
    uint32_t card_gap_ns;
    uint32_t reader_gap_ns;
    uint32_t activation_us;
    const char *source;
} LinkInterface;

/* The interfaces that ship with the project, in the order they are printed. */
extern const LinkInterface link_interfaces[];
extern const size_t link_n_interfaces;

/**
 * link_find_interface:
 *
 * Returns: the shipped interface of that name, or NULL
 */
const LinkInterface *link_find_interface(const char *name);

/* How a terminal is built decides what its readers add to each command. */
typedef enum {
    TERMINAL_HANDHELD,
    TERMINAL_POS,
    TERMINAL_GATE,
    TERMINAL_ATM,
    N_TERMINAL_KINDS,
} TerminalKind;

/**
 * LinkTerminal:
 * @name: the kind, as written in a scenario
 * @reader_overhead_us: added to every command that its readers send
 */
typedef struct {
    const char *name;
    uint32_t reader_overhead_us;
    const char *source;
} LinkTerminal;

extern const LinkTerminal link_terminals[N_TERMINAL_KINDS];

/**
 * link_frames_ps:
 * @command_bytes: length of the command as it passes the reader
 * @response_bytes: length of the response, status word included
 *
 * One command and its response: bytes, blocks, chaining of blocks and gaps,
 * without reader overhead. Under T=0 the lengths are those of the TPDU.
 *
 * Returns: picoseconds
 */
int64_t link_frames_ps(const LinkInterface *interface, size_t command_bytes, size_t response_bytes);

/**
 * link_exchange_us:
 * @command_bytes: data field of the command, 0 if it has none
 * @expected_bytes: data field of the response that a willing card gives, 0 if none
 * @answered: whether that came; if not, a status word alone
 *
 * One APDU exchange as reader_exchange() carries it out: with the commands of a
 * chain, with GET RESPONSE and the repetition after 6Cxx where the interface
 * needs them, each with the reader overhead of @terminal.
 *
 * Returns: microseconds, rounded half up once for the whole exchange
 */
Micros link_exchange_us(const LinkInterface *interface, const LinkTerminal *terminal,
                        size_t command_bytes, size_t expected_bytes, bool answered);

/**
 * link_command_us:
 *
 * Returns: of link_exchange_us() what passes until the card has the whole command and
 *   begins to work on it
 */
Micros link_command_us(const LinkInterface *interface, const LinkTerminal *terminal,
                       size_t command_bytes, size_t expected_bytes);

/**
 * link_round_us:
 *
 * Returns: @ps picoseconds in microseconds, rounded half up
 */
Micros link_round_us(int64_t ps);

#endif
