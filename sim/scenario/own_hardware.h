/* own_hardware.h - chips and interfaces that a scenario defines itself, as they are written. */
#ifndef SIM_SCENARIO_OWN_HARDWARE_H
#define SIM_SCENARIO_OWN_HARDWARE_H

#include "model/protocol/chip.h"
#include "model/protocol/link.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * ScenarioCost: see ChipCost; SCENARIO_UNSET in @base_ns if it is not given
 */
typedef struct {
    int64_t base_ns;
    int64_t byte_ns;
} ScenarioCost;

/**
 * ScenarioChip: [chip NAME], the fields of a Chip as they are written
 * @like: the shipped chip from which it has what is not given; NULL: none
 */
typedef struct {
    char *name;
    int line; /* of the group's header */
    const Chip *like;
    ScenarioCost cost[N_CHIP_OPERATIONS];
    int64_t suite_ns[N_SUITES][N_CHIP_SUITE_OPERATIONS];
    char *source;
} ScenarioChip;

/**
 * ScenarioInterface: [interface NAME], likewise the fields of a LinkInterface
 * @protocol: a LinkProtocol; -1 if it is not given
 * @block_bytes: payload of a block; 0: the protocol has no blocks
 */
typedef struct {
    char *name;
    int line;
    const LinkInterface *like;
    int protocol;
    int64_t bit_ps;
    int64_t byte_bits;
    int64_t block_overhead;
    int64_t block_bytes;
    int64_t card_gap_ns;
    int64_t reader_gap_ns;
    Micros activation;
    char *source;
} ScenarioInterface;

#endif
