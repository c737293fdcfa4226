/* population.h - the cards in circulation, 16 bytes each.
 *
 * A card is its number. What changes stands in its record; what it shares with
 * others (limits, preloaded keys, chip) in a cohort entry. A card that is
 * replaced keeps its number and moves to another entry. */
#ifndef MODEL_PROTOCOL_POPULATION_H
#define MODEL_PROTOCOL_POPULATION_H

#include "model/protocol/chip.h"
#include "model/protocol/records.h"
#include "model/protocol/rogues.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define POPULATION_ENTRIES_MAX 65535
#define POPULATION_NOT_REVOKED 0
#define POPULATION_TICK_BITS 14 /* a tick is 2^14 us, 16.384 ms */

/**
 * CardRecord:
 * @transfer_key, @update_key: handles in the key ring
 * @entry: cohort entry
 * @expiry_day: first day on which the card has expired; CARD_NEVER_EXPIRES
 * @balance: low 32 bits of it in minor units; the rest see population_balance()
 * @last_end: end of the last settlement in ticks, rounded up, modulo 2^32
 */
typedef struct {
    KeyHandle transfer_key;
    KeyHandle update_key;
    uint16_t entry;
    uint16_t expiry_day;
    uint32_t balance;
    uint32_t last_end;
} CardRecord;

/**
 * PopulationOriginal: an honest card of which rogue ones have something
 * @card, @entry: its number, and its entry then
 * @expiry_day: likewise
 */
typedef struct {
    uint32_t card;
    uint16_t entry;
    uint16_t expiry_day;
} PopulationOriginal;

/**
 * CohortEntry:
 * @certificate_entry: the entry under which the cards' certificates were issued
 * @cohort: index of the cohort whose cards these are or were before their
 *   replacement
 * @issue_day: from which the certificates are valid
 * @revoked_by: number of the first revocation list that names the cards of this entry;
 *   POPULATION_NOT_REVOKED if none does. A card that is revoked moves to another entry
 * @rogue: what nothing but the bytes that the cards send tells apart from honest ones; NONE,
 *   LEAKED_KEY, CLONE or REVOKED
 * @original: of CLONE; of REVOKED whose certificate they show
 */
typedef struct {
    CardProfile profile;
    const Chip *chip;
    uint16_t cohort;
    uint16_t issue_day;
    uint16_t certificate_entry;
    uint32_t revoked_by;
    RogueCards rogue;
    PopulationOriginal original;
} CohortEntry;

/**
 * Population:
 * @records: by card number
 * @balance_high: high 32 bits of the balances; NULL as long as all are zero
 * @entries: of CohortEntry
 * @is_overfull: an entry was asked for that has no room: nothing is sure any more
 */
typedef struct {
    CardRecord *records;
    int32_t *balance_high;
    uint32_t n_cards;
    uint32_t n_room;
    GArray *entries;
    bool is_overfull;
} Population;

/* An empty population with room for @n_room cards at most. */
Population *population_new(uint32_t n_room);
void population_free(Population *population);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Population, population_free)

/* Adds an entry whose cards are issued with certificates of their own. Returns: its index;
 * if there are POPULATION_ENTRIES_MAX already, that of the last one, and it is overfull. */
uint16_t population_add_entry(Population *population, const CohortEntry *entry);

/* Adds an entry for likenesses of cards: they have the certificates of these. Returns: likewise */
uint16_t population_add_twin_entry(Population *population, const CohortEntry *entry);

/* Cards of @entry show the certificate of @original. */
void population_show_certificate(Population *population, uint16_t entry,
                                 const PopulationOriginal *original);

/* The serial number of the certificate that was issued to a card of @entry, or to the one of
 * which it is a copy. */
uint64_t population_serial(const Population *population, uint32_t card, uint16_t entry);

/* Adds an entry for cards of @entry whose certificates list number @list revokes. Returns:
 * likewise */
uint16_t population_add_revoked_entry(Population *population, uint16_t entry, uint32_t list);

static inline const CohortEntry *
population_entry(const Population *population, uint16_t entry)
{
    return &g_array_index(population->entries, CohortEntry, entry);
}

/**
 * population_add_card:
 * @memory: the card's at its issue
 * @now: when
 *
 * Returns: its number
 */
uint32_t population_add_card(Population *population, uint16_t entry, const CardMemory *memory,
                             Micros now);

/* The memory of a card, out of its record and back into it. */
CardMemory population_memory(const Population *population, uint32_t card);
void population_store(Population *population, uint32_t card, const CardMemory *memory);

/* Makes the high halves of all balances, zero at first, unless they are there. */
void population_widen(Population *population);

/* The balance of a card in minor units. */
Cents population_balance(const Population *population, uint32_t card);

/**
 * card_record_is_busy:
 *
 * Returns: whether the card is still in a settlement, or waits for one, at @now.
 *   Ends are known to the tick, so a card is busy for up to 16.4 ms too long, and for half of
 *   that in the mean.
 */
static inline bool
card_record_is_busy(const CardRecord *record, Micros now)
{
    uint32_t ahead = record->last_end - (uint32_t)(now >> POPULATION_TICK_BITS);

    return ahead - 1 < (UINT32_C(1) << 30) - 1;
}

/* Locks the card until @end. */
static inline void
card_record_set_end(CardRecord *record, Micros end)
{
    record->last_end =
        (uint32_t)((end + (INT64_C(1) << POPULATION_TICK_BITS) - 1) >> POPULATION_TICK_BITS);
}

/* The same of a card by its number. */
static inline bool
population_is_busy(const Population *population, uint32_t card, Micros now)
{
    return card_record_is_busy(&population->records[card], now);
}

static inline void
population_set_end(Population *population, uint32_t card, Micros end)
{
    card_record_set_end(&population->records[card], end);
}

/* When the card's lock ends, to the tick, if it is busy at @now. */
Micros population_end(const Population *population, uint32_t card, Micros now);

/**
 * population_lift_ends:
 *
 * Ends of settlements are kept modulo 2^32 ticks (2.2 years). Called at least
 * every POPULATION_LIFT_PERIOD, this moves ends that are long past, so that none
 * is ever taken for one to come.
 */
#define POPULATION_LIFT_PERIOD (INT64_C(1) << (30 + POPULATION_TICK_BITS))
void population_lift_ends(Population *population, Micros now);

#endif
