#include "model/protocol/population.h"

#include <stdlib.h>

#include "model/protocol/huge_pages.h"
#include "model/protocol/certificate.h"

#define LONG_PAST (UINT32_C(1) << 31)

G_STATIC_ASSERT(sizeof(CardRecord) == 16);

Population *
population_new(uint32_t n_room)
{
    Population *population = g_new0(Population, 1);

    population->records = huge_pages_allocate((size_t)n_room * sizeof(CardRecord));
    population->n_room = n_room;
    population->entries = g_array_new(FALSE, TRUE, sizeof(CohortEntry));
    return population;
}

void
population_free(Population *population)
{
    if (population == NULL)
        return;
    free(population->records);
    g_free(population->balance_high);
    g_array_unref(population->entries);
    g_free(population);
}

static uint16_t
append_entry(Population *population, const CohortEntry *entry)
{
    if (population->entries->len < POPULATION_ENTRIES_MAX)
        g_array_append_val(population->entries, *entry);
    else
        population->is_overfull = true;
    return (uint16_t)(population->entries->len - 1);
}

uint16_t
population_add_entry(Population *population, const CohortEntry *entry)
{
    CohortEntry own = *entry;

    own.certificate_entry = (uint16_t)population->entries->len;
    own.revoked_by = POPULATION_NOT_REVOKED;
    return append_entry(population, &own);
}

uint16_t
population_add_revoked_entry(Population *population, uint16_t entry, uint32_t list)
{
    CohortEntry revoked = *population_entry(population, entry);

    revoked.revoked_by = list;
    return append_entry(population, &revoked);
}

uint16_t
population_add_twin_entry(Population *population, const CohortEntry *entry)
{
    return append_entry(population, entry);
}

void
population_show_certificate(Population *population, uint16_t entry,
                            const PopulationOriginal *original)
{
    g_array_index(population->entries, CohortEntry, entry).original = *original;
}

uint64_t
population_serial(const Population *population, uint32_t card, uint16_t entry)
{
    const CohortEntry *row = population_entry(population, entry);

    return certificate_serial(row->rogue == ROGUE_CARDS_CLONE ? row->original.card : card,
                              row->certificate_entry);
}

static uint32_t
ticks(Micros time)
{
    return (uint32_t)(time >> POPULATION_TICK_BITS);
}

uint32_t
population_add_card(Population *population, uint16_t entry, const CardMemory *memory, Micros now)
{
    uint32_t card = population->n_cards++;

    g_assert(card < population->n_room);
    population->records[card] = (CardRecord){
        .entry = entry,
        .last_end = ticks(now) - LONG_PAST,
    };
    population_store(population, card, memory);
    return card;
}

Cents
population_balance(const Population *population, uint32_t card)
{
    Cents high = population->balance_high == NULL ? 0 : population->balance_high[card];

    return high * (INT64_C(1) << 32) + population->records[card].balance;
}

void
population_widen(Population *population)
{
    if (population->balance_high == NULL)
        population->balance_high = g_new0(int32_t, population->n_room);
}

static void
set_balance(Population *population, uint32_t card, Cents balance)
{
    int32_t high = (int32_t)(balance >> 32);

    population->records[card].balance = (uint32_t)balance;
    if (population->balance_high == NULL && high == 0)
        return;
    population_widen(population);
    population->balance_high[card] = high;
}

CardMemory
population_memory(const Population *population, uint32_t card)
{
    const CardRecord *record = &population->records[card];

    return (CardMemory){
        .transfer_key = record->transfer_key,
        .update_key = record->update_key,
        .expiry_day = record->expiry_day,
        .balance = population_balance(population, card),
    };
}

void
population_store(Population *population, uint32_t card, const CardMemory *memory)
{
    CardRecord *record = &population->records[card];

    record->transfer_key = memory->transfer_key;
    record->update_key = memory->update_key;
    record->expiry_day = memory->expiry_day;
    set_balance(population, card, memory->balance);
}

Micros
population_end(const Population *population, uint32_t card, Micros now)
{
    uint32_t ahead = population->records[card].last_end - ticks(now);

    return ((now >> POPULATION_TICK_BITS) + ahead) << POPULATION_TICK_BITS;
}

void
population_lift_ends(Population *population, Micros now)
{
    uint32_t oldest = ticks(now) - LONG_PAST;

    for (uint32_t card = 0; card < population->n_cards; card++) {
        CardRecord *record = &population->records[card];
        uint32_t age = ticks(now) - record->last_end;

        /* an end to come has an age of nearly 2^32 */
        if (age > LONG_PAST && age <= 3 * (UINT32_C(1) << 30))
            record->last_end = oldest;
    }
}
