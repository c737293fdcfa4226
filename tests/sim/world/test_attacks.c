/* What attackers did up to each sample, as counted by hand. */
#include "sim/world/attacks.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

#define S MICROS_PER_SECOND

static const char text[] = "[scenario]\nname = t\nduration = 30s\nsample-interval = 10s\n"
                           "[scheme]\nembodiment = 1\n"
                           "[cohort a]\ncards = 2\ntransfer-key = 1\nupdate-key = 1\n"
                           "[terminals bad]\nrogue = mint\n";

/* Settlements come in the order of arrivals; one that waits for its turn is in the sample behind
 * its start, not in the one behind its arrival. */
static void
sample_shows_what_came_before_it(void)
{
    static const uint8_t seed[KEYRING_SEED_BYTES] = { 0 };
    g_autoptr(Scenario) scenario = parse(text, NULL);
    g_autoptr(KeyRing) ring = keyring_new(seed);
    g_autoptr(Population) nobody = population_new(1);
    g_autoptr(Attacks) attacks = NULL;
    g_autofree char *rows = NULL;
    const RunId id = { .scenario = "t", .replication = 1 };
    Protocol protocol;
    Attacker *attacker;
    Written written;

    protocol_init(&protocol, &scenario->scheme);
    attacks = attacks_new(scenario, &protocol, ring);
    attacker = attacks_find(attacks, ATTACKS_TERMINALS, 0);
    attacker_note(attacker, RECORDER_FROM_THE_START, 1, 1, 1000);
    attacks_sample(attacks, nobody, 0);
    attacker_note(attacker, 25 * S, 1, 1, 300); /* after a long wait */
    attacker_note(attacker, 4 * S, 1, 0, 0);
    attacker_note(attacker, 10 * S, 1, 1, 20);
    for (Micros at = 10 * S; at <= 30 * S; at += 10 * S)
        attacks_sample(attacks, nobody, at);
    written_init_one(&written, ATTACKS_COLUMNS);
    attacks_write(attacks, &id, written.tables[0]);
    rows = written_finish_one(&written);
    g_assert_cmpstr(rows, ==,
                    ATTACKS_COLUMNS "\nt,0,1,0,bad,mint,1,1,1000,0\nt,0,1,10,bad,mint,2,1,1000,0\n"
                                    "t,0,1,20,bad,mint,3,2,1020,0\nt,0,1,30,bad,mint,4,3,1320,0\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/attacks/sample-shows-what-came-before-it", sample_shows_what_came_before_it);
    return g_test_run();
}
