#include "sim/world/attacks.h"

#include "sim/base/stream.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <sodium.h>
#include <string.h>

typedef struct {
    Micros at;
    uint64_t attempts;
    uint64_t successes;
    Cents gained;
} Note;

/**
 * Attacker:
 * @attack: how it is called in the file
 * @key: transfer key of its own; 0: it brings none
 * @update_key: likewise
 * @next: when the next sample is taken
 * @later: of Note, what is not to be in that one yet
 */
struct Attacker {
    AttacksParty party;
    guint index;
    const char *name;
    const char *attack;
    Rogue *rogue;
    KeyHandle key;
    KeyHandle update_key;
    uint64_t attempts;
    uint64_t successes;
    CentsSum gained;
    Micros next;
    GArray *later;
};

typedef struct {
    Micros at;
    guint attacker;
    uint64_t attempts;
    uint64_t successes;
    Cents gained;
    uint64_t cards;
} Row;

/**
 * Attacks:
 * @attackers: of Attacker*
 * @owners: of guint16, by key handle: 1 + index of the attacker whose key it is, 0: nobody's
 * @rows: of Row
 * @interval: between samples
 */
struct Attacks {
    GPtrArray *attackers;
    GArray *owners;
    GArray *rows;
    Micros interval;
};

static const char *
attack_of(AttacksParty party, const Scenario *scenario, guint index)
{
    switch (party) {
    case ATTACKS_COHORT: {
        RogueCards kind = scenario_cohort(scenario, index)->rogue;

        return kind == ROGUE_CARDS_NONE ? NULL : rogue_cards_names[kind];
    }
    case ATTACKS_TERMINALS: {
        RogueKind kind = scenario_terminals(scenario, index)->rogue;

        return kind == ROGUE_NONE ? NULL : rogue_names[kind];
    }
    case ATTACKS_PLAN:
        return scenario_plan(scenario, index)->what == PLAN_INJECT ? "inject" : NULL;
    }
    g_assert_not_reached();
}

static guint
n_of(AttacksParty party, const Scenario *scenario)
{
    return party == ATTACKS_COHORT      ? scenario_n_cohorts(scenario)
           : party == ATTACKS_TERMINALS ? scenario_n_terminals(scenario)
                                        : scenario_n_plan(scenario);
}

bool
attacks_occur(const Scenario *scenario)
{
    for (AttacksParty party = ATTACKS_COHORT; party <= ATTACKS_PLAN; party++)
        for (guint i = 0; i < n_of(party, scenario); i++)
            if (attack_of(party, scenario, i) != NULL)
                return true;
    return false;
}

/* Bytes that nobody else has, under the ID that a cohort or an action gives. */
static KeyHandle
make_key(const Scenario *scenario, KeyRing *ring, const char *name, KeyKind kind, int64_t id)
{
    g_autofree char *purpose = g_strconcat("key of attacker ", name, NULL);
    uint8_t key[KEYRING_KEY_BYTES];
    KeyHandle handle;

    stream_derive(key, sizeof key, scenario->seed, 0, purpose);
    handle = keyring_adopt(ring, kind, (uint32_t)id, key);
    sodium_memzero(key, sizeof key);
    return handle;
}

static void
set_up_terminals(Attacker *attacker, const ScenarioTerminals *row, const Protocol *protocol)
{
    attacker->name = row->name;
    attacker->rogue = rogue_new(row->rogue, protocol,
                                row->rogue_id == SCENARIO_UNSET ? 0 : (uint32_t)row->rogue_id);
}

static void
set_up_cards(Attacker *attacker, const Scenario *scenario, KeyRing *ring, const ScenarioCohort *row)
{
    attacker->name = row->name;
    if (row->rogue == ROGUE_CARDS_POISON)
        attacker->key = make_key(scenario, ring, row->name, KEY_TRANSFER, row->terms.transfer_key);
    else if (row->rogue == ROGUE_CARDS_LEAKED_KEY)
        attacker->update_key =
            make_key(scenario, ring, row->name, KEY_UPDATE, row->terms.update_key);
}

static void
add_attacker(Attacks *attacks, const Scenario *scenario, const Protocol *protocol, KeyRing *ring,
             AttacksParty party, guint index)
{
    Attacker *attacker = g_new0(Attacker, 1);

    attacker->party = party;
    attacker->index = index;
    attacker->attack = attack_of(party, scenario, index);
    attacker->later = g_array_new(FALSE, FALSE, sizeof(Note));
    g_ptr_array_add(attacks->attackers, attacker);
    if (party == ATTACKS_TERMINALS) {
        set_up_terminals(attacker, scenario_terminals(scenario, index), protocol);
    } else if (party == ATTACKS_COHORT) {
        set_up_cards(attacker, scenario, ring, scenario_cohort(scenario, index));
    } else {
        const ScenarioPlan *plan = scenario_plan(scenario, index);

        attacker->name = plan->name;
        attacker->key =
            make_key(scenario, ring, plan->name, KEY_TRANSFER, plan->terms.transfer_key);
    }
    if (attacker->key != 0)
        attacks_claim(attacks, attacker, attacker->key);
}

static void
free_attacker(gpointer data)
{
    Attacker *attacker = data;

    rogue_free(attacker->rogue);
    g_array_unref(attacker->later);
    g_free(attacker);
}

Attacks *
attacks_new(const Scenario *scenario, const Protocol *protocol, KeyRing *ring)
{
    Attacks *attacks;

    if (!attacks_occur(scenario))
        return NULL;
    attacks = g_new0(Attacks, 1);
    attacks->attackers = g_ptr_array_new_with_free_func(free_attacker);
    attacks->owners = g_array_new(FALSE, TRUE, sizeof(guint16));
    attacks->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    attacks->interval = scenario->sample_interval;
    for (AttacksParty party = ATTACKS_COHORT; party <= ATTACKS_PLAN; party++)
        for (guint i = 0; i < n_of(party, scenario); i++)
            if (attack_of(party, scenario, i) != NULL)
                add_attacker(attacks, scenario, protocol, ring, party, i);
    return attacks;
}

void
attacks_free(Attacks *attacks)
{
    if (attacks == NULL)
        return;
    g_ptr_array_unref(attacks->attackers);
    g_array_unref(attacks->owners);
    g_array_unref(attacks->rows);
    g_free(attacks);
}

Attacker *
attacks_find(Attacks *attacks, AttacksParty party, guint index)
{
    for (guint i = 0; attacks != NULL && i < attacks->attackers->len; i++) {
        Attacker *attacker = attacks->attackers->pdata[i];

        if (attacker->party == party && attacker->index == index)
            return attacker;
    }
    return NULL;
}

Rogue *
attacker_rogue(const Attacker *attacker)
{
    return attacker->rogue;
}

KeyHandle
attacker_key(const Attacker *attacker)
{
    return attacker->key;
}

KeyHandle
attacker_update_key(const Attacker *attacker)
{
    return attacker->update_key;
}

static void
add_up(Attacker *attacker, const Note *note)
{
    attacker->attempts += note->attempts;
    attacker->successes += note->successes;
    attacker->gained += note->gained;
}

void
attacker_note(Attacker *attacker, Micros at, uint64_t n, uint64_t successes, Cents gained)
{
    const Note note = { at, n, successes, gained };

    if (at < attacker->next)
        add_up(attacker, &note);
    else
        g_array_append_val(attacker->later, note);
}

/* Adds what came before the sample at @at; the next one is at @next. */
static void
catch_up(Attacker *attacker, Micros at, Micros next)
{
    guint n = 0;

    for (guint i = 0; i < attacker->later->len; i++) {
        const Note note = g_array_index(attacker->later, Note, i);

        if (note.at < at)
            add_up(attacker, &note);
        else
            g_array_index(attacker->later, Note, n++) = note;
    }
    g_array_set_size(attacker->later, n);
    attacker->next = next;
}

void
attacks_claim(Attacks *attacks, const Attacker *attacker, KeyHandle key)
{
    guint index;
    bool found = g_ptr_array_find(attacks->attackers, attacker, &index);

    g_assert(found);
    if (key >= attacks->owners->len)
        g_array_set_size(attacks->owners, key + 1U);
    if (g_array_index(attacks->owners, guint16, key) == 0)
        g_array_index(attacks->owners, guint16, key) = (guint16)(index + 1);
}

/* 1 + index of the attacker whose card it is, or whose key it holds; 0: nobody's */
static guint
owner_of(const Attacks *attacks, const Population *population, const CardRecord *card)
{
    const CohortEntry *entry = population_entry(population, card->entry);

    if (entry->rogue != ROGUE_CARDS_NONE)
        for (guint i = 0; i < attacks->attackers->len; i++) {
            const Attacker *attacker = attacks->attackers->pdata[i];

            if (attacker->party == ATTACKS_COHORT && attacker->index == entry->cohort)
                return i + 1;
        }
    return card->transfer_key < attacks->owners->len
               ? g_array_index(attacks->owners, guint16, card->transfer_key)
               : 0;
}

void
attacks_sample(Attacks *attacks, const Population *population, Micros at)
{
    g_autofree uint64_t *cards = g_new0(uint64_t, attacks->attackers->len + 1);

    for (uint32_t card = 0; card < population->n_cards; card++)
        cards[owner_of(attacks, population, &population->records[card])]++;
    for (guint i = 0; i < attacks->attackers->len; i++) {
        Attacker *attacker = attacks->attackers->pdata[i];
        Row row;

        catch_up(attacker, at, (at / attacks->interval + 1) * attacks->interval);
        row =
            (Row){ at,          i, attacker->attempts, attacker->successes, (Cents)attacker->gained,
                   cards[i + 1] };
        g_array_append_val(attacks->rows, row);
    }
}

void
attacks_write(const Attacks *attacks, const RunId *id, Table *table)
{
    for (guint i = 0; i < attacks->rows->len; i++) {
        const Row *row = &g_array_index(attacks->rows, Row, i);
        const Attacker *attacker = attacks->attackers->pdata[row->attacker];

        run_id_begin_row(id, table);
        table_number(table, (double)row->at / MICROS_PER_SECOND);
        table_text(table, attacker->name);
        table_text(table, attacker->attack);
        table_unsigned(table, row->attempts);
        table_unsigned(table, row->successes);
        table_integer(table, row->gained);
        table_unsigned(table, row->cards);
        table_end_row(table);
    }
}
