#include "sim/scenario/scenario.h"

#include "sim/world/active_cards.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

/* ---- Active cards ------------------------------------------------------ */

/* Ten cards pay often and among themselves, ninety never: all of them hold the leaked key. */
static void
active_cards_are_those_in_use(void)
{
    g_autoptr(Scenario) scenario = parse(
        "[scenario]\nname = s\nduration = 4d\nsample-interval = 2d\nactive-within = 1d\n"
        "[scheme]\nembodiment = 1\n"
        "[cohort idle]\ncards = 90\ntransfer-key = 1\nupdate-key = 1\nactivity = constant 0/d\n"
        "[cohort busy]\ncards = 10\ntransfer-key = 1\nupdate-key = 1\nactivity = constant 99/d\n"
        "[mixing]\nmodel = activity\n"
        "[plan lost]\ndo = leak\nat = 3d\nleak = transfer-key 1\n",
        NULL);
    const RunId id = { "s", 0, 1 };
    Replication *replication = replication_new(scenario, 1);
    g_auto(ReplicationResult) result = { 0 };
    g_autofree char *rows = NULL;
    Written written;

    while (sim_engine_step(replication_engine(replication)))
        continue;
    result = replication_finish(replication);
    written_init_one(&written, EXPOSURE_COLUMNS);
    exposure_write(result.exposure, &id, written.tables[0]);
    rows = written_finish_one(&written);
    g_assert_cmpstr(rows, ==,
                    EXPOSURE_COLUMNS "\n"
                                     "s,0,1,259200,lost,transfer,1,100,1,10,1,0\n"
                                     "s,0,1,345600,lost,transfer,1,100,1,10,1,100\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/active-cards/exposed-ones-are-those-in-use", active_cards_are_those_in_use);
    return g_test_run();
}
