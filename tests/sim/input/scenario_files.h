/* scenario_files.h - what the tests of this folder share: scenarios, and how they are loaded. */
#ifndef TESTS_SIM_INPUT_SCENARIO_FILES_H
#define TESTS_SIM_INPUT_SCENARIO_FILES_H

#include "sim/input/effective.h"
#include "sim/input/load.h"
#include "sim/input/manual.h"
#include "sim/measure/latency.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <glib/gstdio.h>
#include <string.h>

/* Where the files of a test lie; removed at the end. */
static char *folder;

/* Newer wins among uniform random pairs. */
static const char uniform_text[] =
    "# Newer wins among uniform random pairs: the scenario that theory knows exactly.\n"
    "[scenario]\n"
    "name = uniform\n"
    "title = One card in a hundred holds the new transfer key\n"
    "duration = 30d\n"
    "sample-interval = 6h\n"
    "seed = 1\n"
    "replications = 200\n"
    "\n"
    "[scheme]\n"
    "embodiment = 1\n"
    "\n"
    "[cohort holders]\n"
    "cards = 10\n"
    "transfer-key = 2\n"
    "update-key = 1\n"
    "activity = constant 1/d\n"
    "\n"
    "[cohort others]\n"
    "cards = 990\n"
    "transfer-key = 1\n"
    "update-key = 1\n"
    "activity = constant 1/d\n"
    "\n"
    "[terminals handheld]\n"
    "count = unlimited\n"
    "kind = handheld\n"
    "interface = 14443-106\n"
    "\n"
    "[mixing]\n"
    "model = uniform\n"
    "\n"
    "[amount]\n"
    "law = constant 1\n";

/* Two card series that crossed. */
static const char crossed_text[] =
    "# Two card series that crossed: one has the newer transfer key, the other the newer update "
    "key.\n"
    "[scenario]\n"
    "name = crossed\n"
    "title = Newer transfer key meets newer update key\n"
    "duration = 20d\n"
    "sample-interval = 1d\n"
    "seed = 7\n"
    "replications = 5\n"
    "\n"
    "[scheme]\n"
    "embodiment = 5\n"
    "suite = p256\n"
    "\n"
    "[cohort newer-transfer-key]\n"
    "cards = 10k\n"
    "transfer-key = 2\n"
    "update-key = 1\n"
    "transfer-key-limit = 9\n"
    "update-key-limit = 9\n"
    "chip = jcop4-p71\n"
    "activity = constant 0.5/d\n"
    "balance = constant 100000\n"
    "\n"
    "[cohort newer-update-key]\n"
    "cards = 10k\n"
    "transfer-key = 1\n"
    "update-key = 2\n"
    "transfer-key-limit = 9\n"
    "update-key-limit = 9\n"
    "chip = jcop-2.4.1\n"
    "activity = constant 0.5/d\n"
    "balance = constant 100000\n"
    "\n"
    "[terminals shops]\n"
    "count = 200\n"
    "kind = pos\n"
    "interface = 14443-424\n"
    "\n"
    "[mixing]\n"
    "model = uniform\n"
    "\n"
    "[amount]\n"
    "law = uniform 1 500\n";

/* Every group and every key; what the tests below bend and break. */
static const char full_text[] = "[scenario]\n"                        /* 1 */
                                "name = full\n"                       /* 2 */
                                "title = Every key once\n"            /* 3 */
                                "start = 2024-02-29\n"                /* 4 */
                                "duration = 90d\n"                    /* 5 */
                                "sample-interval = 12h\n"             /* 6 */
                                "seed = 11\n"                         /* 7 */
                                "population-seed = 12\n"              /* 8 */
                                "replications = 3\n"                  /* 9 */
                                "fidelity = apdu\n"                   /* 10 */
                                "[scheme]\n"                          /* 11 */
                                "embodiment = 5\n"                    /* 12 */
                                "suite = rsa-2048\n"                  /* 13 */
                                "range = limit-exclusive\n"           /* 14 */
                                "expired = allow-payer\n"             /* 15 */
                                "update-ack = no\n"                   /* 16 */
                                "crl-scope = payee\n"                 /* 17 */
                                "overdraft = allow\n"                 /* 18 */
                                "max-balance = 5M\n"                  /* 19 */
                                "uk-rule = bidirectional\n"           /* 20 */
                                "fig4-mac = direction-and-cards\n"    /* 21 */
                                "[cohort old]\n"                      /* 22 */
                                "cards = 1.5k\n"                      /* 23 */
                                "transfer-key = 1\n"                  /* 24 */
                                "update-key = 2\n"                    /* 25 */
                                "transfer-key-limit = 9\n"            /* 26 */
                                "update-key-limit = 8\n"              /* 27 */
                                "preloaded = 3, 1,2\n"                /* 28 */
                                "current = lowest\n"                  /* 29 */
                                "chip = jcop4-p71\n"                  /* 30 */
                                "expiry = fixed 4w\n"                 /* 31 */
                                "activity = constant 3.5/w\n"         /* 32 */
                                "balance = uniform 10 2M\n"           /* 33 */
                                "[cohort new]\n"                      /* 34 */
                                "cards = 0\n"                         /* 35 */
                                "transfer-key = 4\n"                  /* 36 */
                                "update-key = 2\n"                    /* 37 */
                                "balance = constant 0\n"              /* 38 */
                                "[terminals shops]\n"                 /* 39 */
                                "share = 40%\n"                       /* 40 */
                                "count = 20\n"                        /* 41 */
                                "kind = gate\n"                       /* 42 */
                                "interface = 14443-848, 7816-t0\n"    /* 43 */
                                "crl-source = factory\n"              /* 44 */
                                "clock-skew = -90min\n"               /* 45 */
                                "[terminals homes]\n"                 /* 46 */
                                "share = 0.6\n"                       /* 47 */
                                "[mixing]\n"                          /* 48 */
                                "model = uniform\n"                   /* 49 */
                                "[plan release]\n"                    /* 50 */
                                "at = 10d\n"                          /* 51 */
                                "do = issue\n"                        /* 52 */
                                "cards = 500\n"                       /* 53 */
                                "cohort = new\n"                      /* 54 */
                                "[plan exchange]\n"                   /* 55 */
                                "at = 1w\n"                           /* 56 */
                                "do = swap\n"                         /* 57 */
                                "cards = 700\n"                       /* 58 */
                                "transfer-key = 5\n"                  /* 59 */
                                "update-key = 3\n"                    /* 60 */
                                "transfer-key-limit = 20\n"           /* 61 */
                                "update-key-limit = none\n"           /* 62 */
                                "preloaded = 5,6\n"                   /* 63 */
                                "chip = jcop3-p60\n"                  /* 64 */
                                "expiry = never\n"                    /* 65 */
                                "[amount]\n"                          /* 66 */
                                "law = uniform 1 9000000000000000\n"; /* 67 */

/* Chips and interfaces of its own, used before they are defined. */
static const char own_text[] = "[scheme]\n"                              /* 1 */
                               "embodiment = 5\n"                        /* 2 */
                               "[cohort a]\n"                            /* 3 */
                               "cards = 1\n"                             /* 4 */
                               "transfer-key = 1\n"                      /* 5 */
                               "update-key = 1\n"                        /* 6 */
                               "chip = mine\n"                           /* 7 */
                               "[cohort b]\n"                            /* 8 */
                               "cards = 1\n"                             /* 9 */
                               "transfer-key = 2\n"                      /* 10 */
                               "update-key = 1\n"                        /* 11 */
                               "chip = slower\n"                         /* 12 */
                               "[terminals t]\n"                         /* 13 */
                               "interface = fast, slow\n"                /* 14 */
                               "[chip mine]\n"                           /* 15 */
                               "random = 1ms + 10ns\n"                   /* 16 */
                               "hash = 1.5ms+10us\n"                     /* 17 */
                               "cipher = 0s + 36.856us\n"                /* 18 */
                               "mac = 2.1ms + 3us\n"                     /* 19 */
                               "mac-check = 2.2ms + 3us\n"               /* 20 */
                               "write = 3ms\n"                           /* 21 */
                               "write-key = 4s + 10ms\n"                 /* 22 */
                               "p256-sign = 27ms\n"                      /* 23 */
                               "p256-verify = 30ms\n"                    /* 24 */
                               "p256-envelope-seal = 1ns\n"              /* 25 */
                               "p256-envelope-open = 4s\n"               /* 26 */
                               "source = a data sheet\n"                 /* 27 */
                               "[chip slower]\n"                         /* 28 */
                               "like = jcop-2.4.1\n"                     /* 29 */
                               "mac = 9ms\n"                             /* 30 */
                               "[interface fast]\n"                      /* 31 */
                               "like = 14443-848\n"                      /* 32 */
                               "bit-time = 590ns\n"                      /* 33 */
                               "[interface slow]\n"                      /* 34 */
                               "protocol = t=1\n"                        /* 35 */
                               "bit-time = 104.17us\n"                   /* 36 */
                               "byte-bits = 11\n"                        /* 37 */
                               "block-bytes = 32\n"                      /* 38 */
                               "block-overhead = 4\n"                    /* 39 */
                               "card-gap = 2.3ms\n"                      /* 40 */
                               "reader-gap = 1s\n"                       /* 41 */
                               "activation = 60s\n"                      /* 42 */
                               "source = the reader's manual, page 3\n"; /* 43 */

static const char two_cards_text[] = "[cohort a]\ncards = 2\ntransfer-key = 1\nupdate-key = 1\n";

static inline char *
write_file(const char *name, const char *data, gsize length)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(folder, name, NULL);

    g_file_set_contents_full(path, data, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
    return path;
}

static inline Scenario *
load_bytes(const char *data, gsize length, const char *const *overrides, GError **error)
{
    g_autofree char *path = write_file("file.ini", data, length);
    Scenario *scenario = scenario_load(path, overrides, error);

    g_assert_cmpint(g_remove(path), ==, 0);
    return scenario;
}

static inline Scenario *
load_good(const char *text, const char *const *overrides)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = load_bytes(text, strlen(text), overrides, &error);

    g_assert_no_error(error);
    g_assert_nonnull(scenario);
    return scenario;
}

/* A message with the file's path taken off wherever a line begins with it. */
static inline char *
load_bad(const char *data, gsize length, const char *const *overrides)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = load_bytes(data, length, overrides, &error);
    g_autofree char *path = g_build_filename(folder, "file.ini:", NULL);
    g_auto(GStrv) parts = NULL;

    g_assert_null(scenario);
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID);
    parts = g_strsplit(error->message, path, -1);
    return g_strjoinv("", parts);
}

static inline char *
replace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, 2);

    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    return g_strjoinv(to, parts);
}

static inline char *
print(const Scenario *scenario)
{
    g_autoptr(GKeyFile) file = scenario_to_key_file((const Scenario *const[]){ scenario }, 1);

    return g_key_file_to_data(file, NULL, NULL);
}

static inline const ScenarioCohort *
cohort_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->cohorts->len);
    return scenario->cohorts->pdata[index];
}

static inline const ScenarioTerminals *
terminals_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->terminals->len);
    return scenario->terminals->pdata[index];
}

static inline void
check_round_trip(const Scenario *scenario)
{
    g_autofree char *text = print(scenario);
    g_autoptr(Scenario) again = load_good(text, NULL);
    g_autofree char *text_again = print(again);

    g_assert_cmpstr(text, ==, text_again);
    g_assert_cmpint(scenario->duration, ==, again->duration);
    g_assert_cmpuint(scenario->seed, ==, again->seed);
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *was = cohort_at(scenario, i), *is = cohort_at(again, i);

        g_assert_cmpstr(was->name, ==, is->name);
        g_assert_cmpint(was->terms.transfer_key, ==, is->terms.transfer_key);
        g_assert_cmpfloat(was->activity.per_day, ==, is->activity.per_day);
    }
    for (guint i = 0; i < scenario->terminals->len; i++)
        g_assert_cmpfloat(terminals_at(scenario, i)->share, ==, terminals_at(again, i)->share);
}

#define SEED_RANGE "expected a whole number from 0 to 18446744073709551615, found "
#define REPLICATIONS                                                                               \
    "expected a number from 1 to 1000000, or `LEAST..MOST until time-to-share(transfer, ID, "      \
    "SHARE) +- PRECISION`, found "
#define ID_RANGE "expected a number from 1 to 4294967294, found "
#define PERIOD "expected a duration such as 12h or 30d, above 0s and at most 100y, found "
#define ACTIVITY                                                                                   \
    "`constant R`, `gamma SHAPE R`, `log-normal SIGMA R`, `pareto SHAPE R` or `empirical FILE`, "  \
    "with R such as 0.5/d, 2/h, 3/w or 7/y, at most 1000000/d; SHAPE from 0.05, with pareto "      \
    "1.001, to 1000, SIGMA from 0.001 to 5, found "
#define MONEY                                                                                      \
    "expected `constant N`, `uniform A B` with 0 <= A <= B <= 9000000000000000, `exponential "     \
    "MEAN` or `log-normal MEDIAN SIGMA` with MEAN, MEDIAN from 1 and SIGMA from 0.001 to 5, "      \
    "found "

static const char *const junk[] = {
    "",
    "-",
    "-1",
    "0",
    "1",
    "2",
    "+1",
    ".",
    "1.",
    ".5",
    "1e400",
    "1e-400",
    "1e5",
    "nan",
    "inf",
    "0x10",
    "4294967294",
    "4294967295",
    "4294967296",
    "4000000001",
    "18446744073709551615",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.0000000000000000000000000000000001",
    "1k",
    "1kk",
    "10,000",
    "5 d",
    "5d",
    "-5d",
    "5parsecs",
    "1e3d",
    "0s",
    "0.1us",
    "292277y",
    "40%",
    "-40%",
    "1e3%",
    "%",
    "none",
    "never",
    "unlimited",
    "own",
    "yes",
    "constant",
    "constant -1",
    "constant 1",
    "constant 1/d",
    "constant 1e300/h",
    "constant 1 1",
    "uniform",
    "uniform 5",
    "uniform 1 2",
    "uniform 2 1",
    "uniform 1 2 3",
    "fixed",
    "fixed 1d",
    "fixed 1.5d",
    "fixed -1d",
    "fixed 65535d",
    "network",
    "network 0s",
    "network 1d",
    "factory",
    "1,2,3",
    "1,,2",
    "1,1",
    ",",
    "2026-13-01",
    "2026-02-30",
    "9999-12-31",
    "1969-12-31",
    "uniform",
    "issue",
    "swap",
    "lowest",
    "highest",
    "7816-t0,7816-t0",
    "7816-t0,",
    "x=y",
    "[x]",
    "]",
    "[",
    "#",
    "\\n",
    "%s%n%s",
    "../..",
    "a/b",
    "\xff\xfe",
    "\xc3",
    "\xed\xa0\x80",
    "\x01",
    "\x7f",
    "\t",
    "\r",
    "\xe2\x80\xae", /* NOLINT(misc-misleading-bidirectional): it is to be refused */
    "ÄÖÜ",
};

#define ADD_TABLE(path, table, test)                                                               \
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                                             \
        g_autofree char *name = g_strconcat(path, (table)[i].name, NULL);                          \
                                                                                                   \
        g_test_add_data_func(name, &(table)[i], test);                                             \
    }

/* Runs the tests that were added, in a folder of their own. */
static inline int
run_in_folder(void)
{
    g_autoptr(GError) error = NULL;
    int status;

    folder = g_dir_make_tmp("test-scenario-XXXXXX", &error);
    g_assert_no_error(error);
    status = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return status;
}

#endif
