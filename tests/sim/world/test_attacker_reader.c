/* What an attacker's reader learns of a card, and when, at both levels: two cohorts, one card
 * each, which come to it at moments that the test chooses. */
#include "sim/scenario/plan.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/world/attacker_reader.h"
#include "sim/world/card_terms.h"
#include "sim/world/decision.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

#define DAY MICROS_PER_DAY

/* Cards: 0, out of which the attacker makes their own; 1, newer; 2, newer still. */
enum { OWN, NEWER, NEWEST, N_CARDS };

static const char text[] = "[scenario]\nname = s\nduration = 10d\nsample-interval = 10d\n"
                           "[cohort own]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
                           "[cohort newer]\ncards = 1\ntransfer-key = 2\nupdate-key = 1\n"
                           "[cohort newest]\ncards = 1\ntransfer-key = 5\nupdate-key = 2\n"
                           "[plan lost]\ndo = leak\nat = 0s\nleak = whole-card\n";

/* A replication's world without its events. */
typedef struct {
    Scenario *scenario;
    World world;
    Exposure *exposure;
    AttackerReader *reader;
} Lab;

static Recorder *
make_recorder(const Scenario *scenario)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    GArray *const ids[N_KEY_KINDS] = { transfer_ids, update_ids };

    return recorder_new(scenario->duration, scenario->sample_interval, ids,
                        scheme_has_update_keys(&scenario->scheme));
}

static void
add_card(World *world, guint cohort)
{
    const ScenarioCohort *row = world->scenario->cohorts->pdata[cohort];
    CohortEntry entry = card_terms_make_entry(world->ring, &row->terms, (uint16_t)cohort, 0);
    CardMemory memory = card_terms_make_memory(world->ring, &row->terms, 100);

    population_add_card(world->population, population_add_entry(world->population, &entry), &memory,
                        0);
    world_note_cards(world, RECORDER_FROM_THE_START, 1, &memory);
}

static void
lab_open(Lab *lab, const char *const *overrides)
{
    static const uint8_t seed[KEYRING_SEED_BYTES] = { 1 };
    World *world = &lab->world;

    lab->scenario = parse(text, overrides);
    *world = (World){ .scenario = lab->scenario, .end = lab->scenario->duration };
    protocol_init(&world->protocol, &lab->scenario->scheme);
    world->ring = keyring_new(seed);
    world->population = population_new(N_CARDS);
    world->terminals = terminals_new(lab->scenario, 1);
    world->recorder = make_recorder(lab->scenario);
    lab->exposure = exposure_new(lab->scenario->duration, lab->scenario->sample_interval,
                                 world->recorder, NULL, NULL);
    exposure_join(lab->exposure, &world->observers);
    for (guint cohort = 0; cohort < N_CARDS; cohort++)
        add_card(world, cohort);
    if (lab->scenario->level == FIDELITY_DECISION)
        world->decision = decision_new(world);
    else
        world->wire = wire_new(&world->protocol, world->population, world->ring, 1, 1);
    lab->reader = attacker_reader_new(world, lab->exposure, lab->scenario->plan->pdata[0], 0);
}

static void
lab_close(Lab *lab)
{
    World *world = &lab->world;

    attacker_reader_free(lab->reader);
    decision_free(world->decision);
    wire_free(world->wire);
    exposure_free(lab->exposure);
    observers_clear(&world->observers);
    recorder_free(world->recorder);
    terminals_free(world->terminals);
    population_free(world->population);
    keyring_free(world->ring);
    scenario_free(lab->scenario);
}

/* What leaked, one word each in the order in which it did: the kind's first letter, the ID and
 * the day. */
static char *
leaks(Lab *lab)
{
    const RunId id = { "s", 0, 1 };
    GString *words = g_string_new(NULL);
    g_autofree char *rows = NULL;
    g_auto(GStrv) lines = NULL;
    Written written;

    written_init_one(&written, EXPOSURE_COLUMNS);
    exposure_write(lab->exposure, &id, written.tables[0]);
    rows = written_finish_one(&written);
    lines = g_strsplit(rows, "\n", -1);
    for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ",", -1);
        double day = g_ascii_strtod(fields[3], NULL) / 86400;

        g_assert_cmpstr(fields[4], ==, "lost");
        if (day < 10) /* the end of the run has a row as well */
            g_string_append_printf(words, "%s%c%s@%g", words->len > 0 ? " " : "", fields[5][0],
                                   fields[6], day);
    }
    return g_string_free(words, FALSE);
}

/**
 * Attack:
 * @leak: the key that leaks on day 1, or what of card OWN
 * @newer: what has leaked after card NEWER came by on day 2; @newest: and card NEWEST on day 3
 */
typedef struct {
    const char *name;
    const char *embodiment;
    const char *leak;
    const char *newer;
    const char *newest;
} Attack;

static const Attack attacks[] = {
    /* a common key opens the keys of the cards that have it, and not of others */
    { "update-key", "1", "update-key 1", "u1@1 t2@2", "u1@1 t2@2" },
    { "other-update-key", "1", "update-key 2", "u2@1", "u2@1 t5@3" },
    { "update-key", "5", "update-key 1", "u1@1 t2@2", "u1@1 t2@2" },
    { "update-key", "3", "update-key 1", "u1@1 t2@2", "u1@1 t2@2" },
    { "update-key-is-none", "2", "update-key 1", "", "" },
    /* a certificate opens them wherever public keys are used */
    { "card-secret", "1", "card-secret", "", "" },
    { "card-secret", "2", "card-secret", "t2@2", "t2@2 t5@3" },
    { "card-secret", "3", "card-secret", "t2@2", "t2@2 t5@3" },
    { "card-secret-and-then-update-keys", "5", "card-secret", "t2@2 u1@2", "t2@2 u1@2 t5@3 u2@3" },
    /* all that a card holds is known at once */
    { "whole-card", "1", "whole-card", "t1@1 u1@1 t2@2", "t1@1 u1@1 t2@2" },
    { "whole-card", "5", "whole-card", "t1@1 u1@1 t2@2", "t1@1 u1@1 t2@2 t5@3 u2@3" },
    { "whole-card", "conventional", "whole-card", "t1@1", "t1@1" },
    /* a transfer key opens nothing */
    { "transfer-key", "5", "transfer-key 1", "t1@1", "t1@1" },
    { "transfer-key-of-the-next", "5", "transfer-key 2", "t2@1", "t2@1" },
};

static void
take(Lab *lab, Micros now)
{
    const ScenarioPlan *plan = lab->scenario->plan->pdata[0];

    if (plan->leak.what == LEAK_TRANSFER_KEY || plan->leak.what == LEAK_UPDATE_KEY)
        attacker_reader_take_key(lab->reader, now);
    else
        attacker_reader_take_card(lab->reader, OWN, now);
}

/* They learn it as it comes by; the card does not notice. */
static void
assert_tap(Lab *lab, guint card, Micros now, const char *expected)
{
    const CardRecord before = lab->world.population->records[card];
    g_autofree char *found = NULL;

    attacker_reader_tap(lab->reader, card, now);
    found = leaks(lab);
    g_assert_cmpstr(found, ==, expected);
    g_assert_true(memcmp(&before, &lab->world.population->records[card], sizeof before) == 0);
}

static void
attack_at(const Attack *attack, const char *level, const char *extra)
{
    g_autofree char *embodiment = g_strconcat("scheme.embodiment=", attack->embodiment, NULL);
    g_autofree char *what = g_strconcat("plan lost.leak=", attack->leak, NULL);
    Lab lab;

    lab_open(&lab, SETS(embodiment, what, level, extra));
    take(&lab, DAY);
    assert_tap(&lab, NEWER, 2 * DAY, attack->newer);
    assert_tap(&lab, NEWEST, 3 * DAY, attack->newest);
    assert_tap(&lab, NEWER, 4 * DAY, attack->newest);
    lab_close(&lab);
}

#define WIRE "scenario.fidelity=apdu"
#define DECISION "scenario.fidelity=decision"

static void
reader_learns_what_its_means_open(gconstpointer attack)
{
    attack_at(attack, WIRE, NULL);
    attack_at(attack, DECISION, NULL);
}

/* The attacker's own card obeys neither the limit of the one that they have nor its term, and their
 * terminal has no clock that ends a term. */
static void
no_limit_and_no_term_keeps_them_off(void)
{
    static const Attack attack = { "", "5", "whole-card", "t1@1 u1@1 t2@2",
                                   "t1@1 u1@1 t2@2 t5@3 u2@3" };

    for (guint i = 0; i < 2; i++) {
        const char *level = i == 0 ? WIRE : DECISION;

        attack_at(&attack, level, "cohort own.transfer-key-limit=1");
        attack_at(&attack, level, "cohort own.update-key-limit=1");
        attack_at(&attack, level, "cohort own.expiry=fixed 1d");
        attack_at(&attack, level, "cohort newest.expiry=fixed 1d");
    }
}

/* Keys for later lie on the card already. */
static void
preloaded_keys_leak_with_their_card(void)
{
    g_autofree char *found = NULL;
    Lab lab;

    lab_open(&lab, SETS("scheme.embodiment=4", "cohort own.preloaded=1,2,7"));
    take(&lab, DAY);
    found = leaks(&lab);
    g_assert_cmpstr(found, ==, "t1@1 t2@1 t7@1 u1@1");
    /* nobody sends a key, and of an ID that their card lacks it makes nothing */
    assert_tap(&lab, NEWEST, 3 * DAY, found);
    lab_close(&lab);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    for (guint i = 0; i < G_N_ELEMENTS(attacks); i++) {
        g_autofree char *name = g_strdup_printf("/attacker-reader/embodiment-%s/%s",
                                                attacks[i].embodiment, attacks[i].name);

        g_test_add_data_func(name, &attacks[i], reader_learns_what_its_means_open);
    }
    g_test_add_func("/attacker-reader/no-limit-and-no-term-keeps-them-off",
                    no_limit_and_no_term_keeps_them_off);
    g_test_add_func("/attacker-reader/preloaded-keys-leak-with-their-card",
                    preloaded_keys_leak_with_their_card);
    return g_test_run();
}
