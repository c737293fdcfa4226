/* Cards that an attacker made: what they reach at honest terminals, and what stops them. */
#include "tests/model/world.h"

#include "model/decision/settle.h"
#include "model/protocol/population.h"

static const char *const embodiments[] = { "1", "2", "3", "4", "5", "conventional", "mondex" };

/* ---- A program that pays from nothing ----------------------------------- */

static void
pays_from_nothing(void)
{
    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++) {
        Scheme scheme = fixture_scheme(embodiments[e]);
        World world;
        Purse rogue;
        Purse honest;

        world_init(&world, &scheme);
        rogue = world_purse(&world, &(PurseSpec){ .balance = 3 });
        rogue.profile.pays_from_nothing = true;
        honest = world_purse(&world, &(PurseSpec){ .balance = 9 });
        g_assert_cmpint(world_settle(&world, &rogue, &honest, 1000).outcome, ==, OUTCOME_PAID);
        g_assert_cmpint(rogue.memory.balance, ==, 3);
        g_assert_cmpint(honest.memory.balance, ==, 1009);
        g_assert_cmpint(world_settle(&world, &honest, &rogue, 9).outcome, ==, OUTCOME_PAID);
        g_assert_cmpint(rogue.memory.balance, ==, 12);
        g_assert_cmpint(honest.memory.balance, ==, 1000);
        world_clear(&world);
    }
}

/* The payee's own check stands. */
static void
fills_no_purse_beyond_its_room(void)
{
    Scheme scheme = fixture_scheme("5");
    World world;
    Purse rogue;
    Purse honest;

    scheme.max_balance = 1000;
    world_init(&world, &scheme);
    rogue = world_purse(&world, &(PurseSpec){ .balance = 3 });
    rogue.profile.pays_from_nothing = true;
    honest = world_purse(&world, &(PurseSpec){ .balance = 9 });
    g_assert_cmpint(world_settle(&world, &rogue, &honest, 992).outcome, ==,
                    OUTCOME_REFUSED_BALANCE);
    g_assert_cmpint(honest.memory.balance, ==, 9);
    g_assert_cmpint(world_settle(&world, &rogue, &honest, 991).outcome, ==, OUTCOME_PAID);
    world_clear(&world);
}

/* Who has a transfer key and no update key of the scheme's goes no further than its
 * generation: it neither takes the next key nor gives its own to older cards. */
typedef struct {
    const char *embodiment;
    uint32_t other;
    Outcome outcome;
} GenerationRow;

static const GenerationRow generations[] = {
    { "1", 3, OUTCOME_REFUSED_UPDATE_KEY },
    { "1", 1, OUTCOME_REFUSED_UPDATE_KEY },
    { "3", 3, OUTCOME_REFUSED_UPDATE_KEY },
    { "3", 1, OUTCOME_REFUSED_UPDATE_KEY },
    { "5", 3, OUTCOME_REFUSED_UPDATE_KEY },
    { "5", 1, OUTCOME_REFUSED_UPDATE_KEY },
    { "1", 2, OUTCOME_PAID },
    { "5", 2, OUTCOME_PAID },
};

static void
is_held_to_its_generation(void)
{
    static const uint8_t own[KEYRING_KEY_BYTES] = "of another hand";

    for (guint i = 0; i < G_N_ELEMENTS(generations); i++) {
        Scheme scheme = fixture_scheme(generations[i].embodiment);
        World world;
        Purse rogue;
        Purse honest;

        world_init(&world, &scheme);
        rogue = world_purse(&world, &(PurseSpec){ .transfer_key = 2 });
        rogue.profile.pays_from_nothing = true;
        rogue.memory.update_key = keyring_adopt(world.ring, KEY_UPDATE, 1, own);
        honest = world_purse(&world, &(PurseSpec){ .transfer_key = generations[i].other });
        g_assert_cmpint(world_settle(&world, &rogue, &honest, 7).outcome, ==,
                        generations[i].outcome);
        g_assert_cmpuint(purse_transfer_key(&world, &rogue), ==, 2);
        g_assert_cmpuint(purse_transfer_key(&world, &honest), ==, generations[i].other);
        world_clear(&world);
    }
}

/* ---- Another card's certificate ------------------------------------------ */

static void
revoke(World *world, uint64_t serial)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GBytes) list = NULL;

    g_array_append_val(serials, serial);
    list = authority_sign_crl(&world->authority, world->terminal.crl.issue + 1, serials);
    g_assert_true(terminal_load_crl(&world->terminal, list));
}

/* As the older card and as the newer one. */
static void
a_shown_certificate_serves_until_a_public_key_update(void)
{
    for (uint32_t other = 1; other <= 3; other++) {
        Scheme scheme = fixture_scheme("2");
        World world;
        Purse victim;
        Purse rogue;
        Purse honest;

        world_init(&world, &scheme);
        victim = world_purse(&world, &(PurseSpec){ .balance = 9 });
        rogue = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 9 });
        honest = world_purse(&world, &(PurseSpec){ .transfer_key = other, .balance = 9 });
        revoke(&world, rogue.credential.certificate.serial);
        g_assert_cmpint(world_settle(&world, &rogue, &honest, 1).outcome, ==,
                        OUTCOME_REFUSED_REVOKED);
        rogue.credential.certificate = victim.credential.certificate;
        g_assert_cmpint(world_settle(&world, &rogue, &honest, 1).outcome, ==,
                        other == 2 ? OUTCOME_PAID : OUTCOME_REFUSED_CERTIFICATE);
        g_assert_cmpuint(purse_transfer_key(&world, &rogue), ==, 2);
        g_assert_cmpuint(purse_transfer_key(&world, &honest), ==, other);
        revoke(&world, victim.credential.certificate.serial);
        g_assert_cmpint(world_settle(&world, &rogue, &honest, 1).outcome, ==,
                        OUTCOME_REFUSED_REVOKED);
        world_clear(&world);
    }
}

/* ---- In a population ------------------------------------------------------ */

static uint16_t
add_entry(Population *population, RogueCards rogue)
{
    static const Chip chip = { .name = "of all" };
    CohortEntry entry = { .chip = &chip, .rogue = rogue };

    return population_add_entry(population, &entry);
}

/* A list that names one names all. */
static void
clones_have_the_serial_number_of_the_original(void)
{
    g_autoptr(Population) population = population_new(9);
    uint16_t honest = add_entry(population, ROGUE_CARDS_NONE);
    CohortEntry entry = *population_entry(population, honest);
    uint16_t clones;

    entry.rogue = ROGUE_CARDS_CLONE;
    entry.original.card = 4;
    clones = population_add_twin_entry(population, &entry);
    g_assert_cmpuint(population_serial(population, 7, clones), ==,
                     population_serial(population, 4, honest));
    g_assert_cmpuint(population_serial(population, 7, honest), !=,
                     population_serial(population, 4, honest));
}

/* Whose certificate they show has nothing to do with the one that was issued to them. */
static void
who_shows_another_certificate_has_one_of_its_own(void)
{
    g_autoptr(Population) population = population_new(9);
    uint16_t honest = add_entry(population, ROGUE_CARDS_NONE);
    uint16_t rogue = add_entry(population, ROGUE_CARDS_REVOKED);
    const PopulationOriginal victim = { 4, honest, CARD_NEVER_EXPIRES };

    population_show_certificate(population, rogue, &victim);
    g_assert_cmpuint(population_serial(population, 7, rogue), ==, certificate_serial(7, rogue));
    g_assert_cmpuint(population_entry(population, rogue)->original.card, ==, 4);
    g_assert_cmpuint(population_entry(population, honest)->rogue, ==, ROGUE_CARDS_NONE);
}

/* Whoever keeps something for each setting has nothing of what honest cards do in theirs. */
static void
the_decision_level_tells_them_apart_by_their_chip(void)
{
    Scheme scheme = fixture_scheme("5");
    g_autoptr(Population) population = population_new(2);
    g_autoptr(Settle) settle = NULL;
    World world;
    uint16_t honest;
    uint16_t alike;

    world_init(&world, &scheme);
    settle = settle_new(&world.protocol);
    honest = add_entry(population, ROGUE_CARDS_NONE);
    alike = add_entry(population, ROGUE_CARDS_NONE);
    for (RogueCards rogue = ROGUE_CARDS_LEAKED_KEY; rogue < N_ROGUE_CARDS; rogue++)
        add_entry(population, rogue);
    settle_learn(settle, population, world.ring);
    g_assert_cmpuint(settle->gates[alike].chip, ==, settle->gates[honest].chip);
    for (guint i = alike + 1U; i < population->entries->len; i++)
        g_assert_cmpuint(settle->gates[i].chip, !=, settle->gates[honest].chip);
    world_clear(&world);
}

#define ADD(path, test) g_test_add_func("/rogue-cards/" path, test)

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    ADD("leaked-key/pays-from-nothing", pays_from_nothing);
    ADD("leaked-key/fills-no-purse-beyond-its-room", fills_no_purse_beyond_its_room);
    ADD("leaked-key/is-held-to-its-generation", is_held_to_its_generation);
    ADD("revoked/shown-certificate-serves-until-a-public-key-update",
        a_shown_certificate_serves_until_a_public_key_update);
    ADD("clone/has-the-serial-number-of-the-original",
        clones_have_the_serial_number_of_the_original);
    ADD("revoked/has-a-certificate-of-its-own", who_shows_another_certificate_has_one_of_its_own);
    ADD("learn/decision-level-tells-them-apart", the_decision_level_tells_them_apart_by_their_chip);
    return g_test_run();
}
