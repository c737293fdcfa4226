/* chip.h - what an operation costs on a card's chip.
 *
 * cost = base + per byte x length, fitted to measurements of real cards
 * (crocs-muni JCAlgTest; which card stands behind a row is in the table). The
 * fit is made by tests/model/protocol/fit_chips.py and explained there. */
#ifndef MODEL_PROTOCOL_CHIP_H
#define MODEL_PROTOCOL_CHIP_H

#include "model/protocol/suite.h"
#include "model/protocol/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Operations that every chip has. */
typedef enum {
    CHIP_RANDOM,    /* random bytes */
    CHIP_HASH,      /* hash of the data that is signed or verified */
    CHIP_CIPHER,    /* encrypt or decrypt under an update key */
    CHIP_MAC,       /* make a MAC */
    CHIP_MAC_CHECK, /* make a MAC and compare */
    CHIP_WRITE,     /* one small atomic write (a balance, an ID) */
    CHIP_WRITE_KEY, /* store one key with its ID */
    N_CHIP_OPERATIONS
} ChipOperation;

/* Operations of a public-key suite, the hash of the data not included. */
typedef enum {
    CHIP_SIGN,
    CHIP_VERIFY,
    CHIP_ENVELOPE_SEAL, /* encrypt under a public key */
    CHIP_ENVELOPE_OPEN, /* decrypt with the secret key */
    N_CHIP_SUITE_OPERATIONS
} ChipSuiteOperation;

/* Names for tables that are printed, in the order of the enums. */
extern const char *const chip_operation_names[N_CHIP_OPERATIONS];
extern const char *const chip_suite_operation_names[N_CHIP_SUITE_OPERATIONS];

/**
 * ChipCost:
 * @base_ns: nanoseconds whatever the length
 * @byte_ns: nanoseconds for each byte
 */
typedef struct {
    uint32_t base_ns;
    uint32_t byte_ns;
} ChipCost;

/* A suite operation that the chip does not have. */
#define CHIP_LACKS 0

/**
 * Chip:
 * @name: as written in a scenario
 * @cost: of each operation
 * @suite_ns: of each public-key operation in nanoseconds; CHIP_LACKS throughout
 *   a suite that the chip does not have
 * @source: the measured card that the row stands for
 */
typedef struct {
    const char *name;
    ChipCost cost[N_CHIP_OPERATIONS];
    uint32_t suite_ns[N_SUITES][N_CHIP_SUITE_OPERATIONS];
    const char *source;
} Chip;

extern const Chip chips[];
extern const size_t n_chips;

/**
 * chip_find:
 *
 * Returns: the shipped chip of that name, or NULL
 */
const Chip *chip_find(const char *name);

/* Whether the chip has every operation of the suite. */
bool chip_has_suite(const Chip *chip, SuiteId suite);

/**
 * chip_operation_ns:
 * @bytes: length of the data that the operation works on
 *
 * Returns: nanoseconds
 */
int64_t chip_operation_ns(const Chip *chip, ChipOperation operation, size_t bytes);

/**
 * chip_suite_operation_ns:
 * @suite: one that the chip has; asking for another is a bug of the caller
 * @bytes: length of what is hashed before signing or verifying; an envelope
 *   hashes nothing and costs the same whatever it is
 *
 * Returns: nanoseconds, the hash included
 */
int64_t chip_suite_operation_ns(const Chip *chip, SuiteId suite, ChipSuiteOperation operation,
                                size_t bytes);

#endif
