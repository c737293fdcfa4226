#include "sim/world/attacker_reader.h"

#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/world/settlements.h"

#define NUMBERS_OF_ONE 40 /* bits: the taps of one attacker */

/**
 * AttackerReader:
 * @own_card: the card that poses as the older one; its memory is filled in for each tap
 * @is_ready: whether there is such a card
 * @has_card: whether it has a certificate and its secret
 * @update_keys: of KeyHandle, that they have
 */
struct AttackerReader {
    World *world;
    Exposure *exposure;
    const ScenarioPlan *plan;
    WireOutsider own_card;
    bool is_ready;
    bool has_card;
    GArray *update_keys;
    uint64_t n_taps;
};

AttackerReader *
attacker_reader_new(World *world, Exposure *exposure, const ScenarioPlan *plan, guint index)
{
    AttackerReader *reader = g_new0(AttackerReader, 1);

    reader->world = world;
    reader->exposure = exposure;
    reader->plan = plan;
    reader->update_keys = g_array_new(FALSE, FALSE, sizeof(KeyHandle));
    reader->n_taps = (uint64_t)index << NUMBERS_OF_ONE;
    return reader;
}

void
attacker_reader_free(AttackerReader *reader)
{
    if (reader == NULL)
        return;
    g_array_unref(reader->update_keys);
    g_free(reader);
}

/* ---- What they have ------------------------------------------------------- */

static bool
has_update_key(const AttackerReader *reader, KeyHandle key)
{
    for (guint i = 0; i < reader->update_keys->len; i++)
        if (g_array_index(reader->update_keys, KeyHandle, i) == key)
            return true;
    return false;
}

static void
note_leak(const AttackerReader *reader, KeyKind kind, KeyHandle key, Micros now)
{
    exposure_leak(reader->exposure, reader->plan->name, kind, world_id(reader->world, key), now);
}

static void
take_update_key(AttackerReader *reader, KeyHandle key, Micros now)
{
    if (!scheme_has_update_keys(&reader->world->protocol.scheme) || has_update_key(reader, key))
        return;
    g_array_append_val(reader->update_keys, key);
    note_leak(reader, KEY_UPDATE, key, now);
}

/* Their own card obeys no limit. */
static void
make_own_card(AttackerReader *reader, uint32_t number, const CohortEntry *entry,
              uint16_t expiry_day)
{
    CohortEntry own = *entry;

    own.profile.transfer_key_limit = CARD_NO_LIMIT;
    own.profile.update_key_limit = CARD_NO_LIMIT;
    own.revoked_by = POPULATION_NOT_REVOKED; /* who would ask */
    reader->own_card = (WireOutsider){
        .number = number,
        .entry = population_add_twin_entry(reader->world->population, &own),
        .memory = { .expiry_day = expiry_day },
    };
    reader->is_ready = true;
}

void
attacker_reader_take_key(AttackerReader *reader, Micros now)
{
    World *world = reader->world;
    const PlanLeak *leak = &reader->plan->leak;
    KeyKind kind = plan_facts_leak_kind(leak);
    KeyHandle key = keyring_issue(world->ring, kind, leak->id);
    CohortEntry no_card = *population_entry(world->population, 0);

    no_card.rogue = ROGUE_CARDS_NONE;
    if (kind == KEY_TRANSFER) {
        note_leak(reader, kind, key, now);
        return;
    }
    make_own_card(reader, WIRE_NO_CARD, &no_card, CARD_NEVER_EXPIRES);
    take_update_key(reader, key, now);
}

/* Keys that are on the card from the start lie open at once, those for later included. */
static void
take_transfer_keys(const AttackerReader *reader, const CardMemory *memory,
                   const CardProfile *profile, Micros now)
{
    const Scheme *scheme = &reader->world->protocol.scheme;

    note_leak(reader, KEY_TRANSFER, memory->transfer_key, now);
    for (guint i = 0; i < profile->n_preloaded && scheme_has_preloaded_keys(scheme); i++)
        note_leak(reader, KEY_TRANSFER, profile->preloaded[i], now);
}

void
attacker_reader_take_card(gpointer data, uint32_t card, Micros now)
{
    AttackerReader *reader = data;
    const Population *population = reader->world->population;
    const CohortEntry entry = *population_entry(population, population->records[card].entry);
    const CardMemory memory = population_memory(population, card);

    make_own_card(reader, card, &entry, memory.expiry_day);
    reader->has_card = true;
    if (reader->plan->leak.what == LEAK_CARD_SECRET)
        return;
    take_transfer_keys(reader, &memory, &entry.profile, now);
    take_update_key(reader, memory.update_key, now);
}

/* ---- What they learn ---------------------------------------------------- */

/* A key of their own under the ID before that of @key: what they show to pose as the older one.
 * It opens nothing. */
static KeyHandle
blank_before(const World *world, KeyKind kind, KeyHandle key)
{
    static const uint8_t blank[KEYRING_KEY_BYTES] = "a key of no card";

    return keyring_adopt(world->ring, kind, world_id(world, key) - 1, blank);
}

/* Whether their card can get an update out of @tapped: under an update key they have; or by a
 * certificate, in the guise of another update key. @shown: (out): the one that they show. */
static bool
can_ask(const AttackerReader *reader, const CardMemory *tapped, KeyHandle *shown)
{
    const World *world = reader->world;
    const Scheme *scheme = &world->protocol.scheme;

    if (!scheme_has_updates(scheme) || !reader->is_ready)
        return false;
    *shown = tapped->update_key;
    if (has_update_key(reader, tapped->update_key))
        return true;
    if (!reader->has_card || scheme->authenticate == AUTHENTICATE_COMMON_KEY)
        return false;
    if (scheme->authenticate == AUTHENTICATE_BY_UPDATE_KEY)
        *shown = blank_before(world, KEY_UPDATE, tapped->update_key);
    return true;
}

void
attacker_reader_tap(gpointer data, uint32_t card, Micros now)
{
    AttackerReader *reader = data;
    World *world = reader->world;
    const CardMemory tapped = population_memory(world->population, card);
    WireOutsider own = reader->own_card;
    KeyHandle shown;
    KeyHandle blank;

    reader->n_taps++;
    if (exposure_has(reader->exposure, KEY_TRANSFER, world_id(world, tapped.transfer_key)) ||
        !can_ask(reader, &tapped, &shown))
        return;
    blank = blank_before(world, KEY_TRANSFER, tapped.transfer_key);
    own.memory.transfer_key = blank;
    own.memory.update_key = shown;
    settlements_tap(world, card, &own, now, reader->n_taps);
    if (own.memory.transfer_key == blank)
        return;
    note_leak(reader, KEY_TRANSFER, own.memory.transfer_key, now);
    if (own.memory.update_key != shown)
        take_update_key(reader, own.memory.update_key, now);
}
