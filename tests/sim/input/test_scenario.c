#include "sim/scenario/plan.h"

#include "sim/input/effective.h"
#include "sim/input/load.h"
#include "sim/input/manual.h"
#include "sim/measure/latency.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <glib/gstdio.h>
#include <string.h>

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

/* Who pays whom comes from a file: not yet. */
static const char trace_text[] =
    "# Who pays whom comes from a file; the first card that appears in it holds the new key.\n"
    "[scenario]\n"
    "name = trace\n"
    "title = A trace decides who meets\n"
    "sample-interval = 1d\n"
    "seed = 1\n"
    "replications = 1\n"
    "\n"
    "[scheme]\n"
    "embodiment = 1\n"
    "\n"
    "[cohort first]\n"
    "cards = 1\n"
    "transfer-key = 2\n"
    "update-key = 1\n"
    "balance = constant 1000000\n"
    "\n"
    "[cohort others]\n"
    "cards = rest\n"
    "transfer-key = 1\n"
    "update-key = 1\n"
    "balance = constant 1000000\n"
    "\n"
    "[terminals handheld]\n"
    "count = unlimited\n"
    "kind = handheld\n"
    "interface = 14443-106\n"
    "\n"
    "[mixing]\n"
    "model = trace\n"
    "trace-file = trace.csv\n"
    "trace-columns = time_s,from,to,amount\n";

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

/* Where the files of a test lie; removed at the end. */
static char *folder;

static char *
write_file(const char *name, const char *data, gsize length)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(folder, name, NULL);

    g_file_set_contents_full(path, data, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
    return path;
}

static Scenario *
load_bytes(const char *data, gsize length, const char *const *overrides, GError **error)
{
    g_autofree char *path = write_file("file.ini", data, length);
    Scenario *scenario = scenario_load(path, overrides, error);

    g_assert_cmpint(g_remove(path), ==, 0);
    return scenario;
}

static Scenario *
load_good(const char *text, const char *const *overrides)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = load_bytes(text, strlen(text), overrides, &error);

    g_assert_no_error(error);
    g_assert_nonnull(scenario);
    return scenario;
}

/* A message with the file's path taken off wherever a line begins with it. */
static char *
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

static char *
replace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, 2);

    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    return g_strjoinv(to, parts);
}

static char *
print(const Scenario *scenario)
{
    g_autoptr(GKeyFile) file = scenario_to_key_file(scenario);

    return g_key_file_to_data(file, NULL, NULL);
}

static const ScenarioCohort *
cohort_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->cohorts->len);
    return scenario->cohorts->pdata[index];
}

static const ScenarioTerminals *
terminals_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->terminals->len);
    return scenario->terminals->pdata[index];
}

static const ScenarioPlan *
plan_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->plan->len);
    return scenario->plan->pdata[index];
}

/* Good files */

static void
uniform_example_loads(void)
{
    g_autoptr(Scenario) scenario = load_good(uniform_text, NULL);

    g_assert_cmpstr(scenario->name, ==, "uniform");
    g_assert_cmpint(scenario->duration, ==, 30 * MICROS_PER_DAY);
    g_assert_cmpint(scenario->sample_interval, ==, MICROS_PER_DAY / 4);
    g_assert_cmpint(scenario->replications, ==, 200);
    g_assert_cmpstr(scheme_embodiment(&scenario->scheme), ==, "1");
    g_assert_cmpuint(scenario->cohorts->len, ==, 2);
    g_assert_cmpint(cohort_at(scenario, 0)->cards, ==, 10);
    g_assert_cmpint(cohort_at(scenario, 0)->line, ==, 13);
    g_assert_cmpint(cohort_at(scenario, 1)->terms.transfer_key, ==, 1);
    g_assert_cmpint(terminals_at(scenario, 0)->count, ==, 0);
    g_assert_cmpint(scenario->amount.low, ==, 1);
    g_assert_cmpint(scenario->amount.high, ==, 1);
}

static void
crossed_example_loads(void)
{
    g_autoptr(Scenario) scenario = load_good(crossed_text, NULL);
    const ScenarioCohort *first = cohort_at(scenario, 0);
    const ScenarioTerminals *shops = terminals_at(scenario, 0);

    g_assert_cmpint(first->cards, ==, 10000);
    g_assert_cmpint(first->terms.transfer_key_limit, ==, 9);
    g_assert_cmpfloat(first->activity.per_day, ==, 0.5);
    g_assert_cmpint(first->balance.high, ==, 100000);
    g_assert_cmpstr(cohort_at(scenario, 1)->terms.chip->name, ==, "jcop-2.4.1");
    g_assert_cmpint(shops->count, ==, 200);
    g_assert_cmpint(shops->kind, ==, TERMINAL_POS);
    g_assert_cmpstr(shops->interface[0]->name, ==, "14443-424");
    g_assert_cmpstr(shops->interface[1]->name, ==, "14443-424");
    g_assert_cmpint(scenario->amount.kind, ==, LAW_UNIFORM);
    g_assert_cmpint(scenario->amount.high, ==, 500);
}

static void
trace_example_wants_its_trace(void)
{
    g_autofree char *message = load_bad(trace_text, strlen(trace_text), NULL);

    g_assert_true(g_str_has_prefix(
        message, "31: [mixing] trace-file: expected a file that can be read, found '"));
    g_assert_true(g_str_has_suffix(message, "trace.csv': No such file or directory"));
    g_assert_null(strchr(message, '\n'));
}

static void
every_key_reaches_its_field(void)
{
    g_autoptr(Scenario) scenario = load_good(full_text, NULL);
    const Scheme *scheme = &scenario->scheme;

    g_assert_cmpstr(scenario->title, ==, "Every key once");
    g_assert_cmpint(scenario->start, ==, INT64_C(1709164800));
    g_assert_cmpuint(scenario->seed, ==, 11);
    g_assert_cmpuint(scenario->population_seed, ==, 12);
    g_assert_cmpint(scenario->fidelity, ==, FIDELITY_APDU);
    g_assert_cmpint(scheme->suite, ==, SUITE_RSA_2048);
    g_assert_cmpint(scheme->range, ==, RANGE_LIMIT_EXCLUSIVE);
    g_assert_cmpint(scheme->expired, ==, EXPIRED_ALLOW_PAYER);
    g_assert_false(scheme->update_ack);
    g_assert_cmpint(scheme->crl_scope, ==, CRL_SCOPE_PAYEE);
    g_assert_cmpint(scheme->overdraft, ==, OVERDRAFT_ALLOW);
    g_assert_cmpint(scheme->max_balance, ==, 5000000);
    g_assert_cmpint(scheme->uk_rule, ==, UK_RULE_BIDIRECTIONAL);
    g_assert_cmpint(scheme->fig4_mac, ==, FIG4_MAC_DIRECTION_AND_CARDS);
}

static void
countermeasures_are_read(void)
{
    static const char *const sets[] = {
        "scheme.key-auth=issuer-signed",  "scheme.max-step=7",     "scheme.nonce-bits=64",
        "scheme.update-cipher=malleable", "scheme.uk-hint=cohort", NULL
    };
    g_autoptr(Scenario) scenario = load_good(two_cards_text, sets);
    const Scheme *scheme = &scenario->scheme;

    g_assert_cmpint(scheme->key_auth, ==, KEY_AUTH_ISSUER_SIGNED);
    g_assert_cmpint(scheme->max_step, ==, 7);
    g_assert_cmpint(scheme->nonce_bits, ==, 64);
    g_assert_cmpint(scheme->update_cipher, ==, UPDATE_CIPHER_MALLEABLE);
    g_assert_cmpint(scheme->uk_hint, ==, UK_HINT_COHORT);
}

static void
every_cohort_key_reaches_its_field(void)
{
    g_autoptr(Scenario) scenario = load_good(full_text, NULL);
    const ScenarioCohort *old = cohort_at(scenario, 0);
    const GArray *preloaded = old->terms.preloaded;

    g_assert_cmpint(old->cards, ==, 1500);
    g_assert_cmpint(old->terms.update_key, ==, 2);
    g_assert_cmpint(old->terms.update_key_limit, ==, 8);
    g_assert_cmpuint(preloaded->len, ==, 3);
    for (guint i = 0; i < preloaded->len; i++)
        g_assert_cmpuint(g_array_index(preloaded, uint32_t, i), ==, i + 1);
    g_assert_cmpint(old->terms.expiry.low, ==, 28);
    g_assert_cmpfloat(old->activity.per_day, ==, 0.5);
    g_assert_cmpint(old->balance.low, ==, 10);
    g_assert_cmpint(old->balance.high, ==, 2000000);
}

static void
every_terminals_key_reaches_its_field(void)
{
    g_autoptr(Scenario) scenario = load_good(full_text, NULL);
    const ScenarioTerminals *shops = terminals_at(scenario, 0);

    g_assert_cmpfloat(shops->share, ==, 0.4);
    g_assert_cmpint(shops->kind, ==, TERMINAL_GATE);
    g_assert_cmpstr(shops->interface[0]->name, ==, "14443-848");
    g_assert_cmpstr(shops->interface[1]->name, ==, "7816-t0");
    g_assert_cmpint(shops->crl_period, ==, 0);
    g_assert_cmpint(shops->clock_skew, ==, -90 * 60 * MICROS_PER_SECOND);
    g_assert_cmpint(terminals_at(scenario, 1)->crl_period, ==, MICROS_PER_DAY);
}

static void
every_plan_key_reaches_its_field(void)
{
    g_autoptr(Scenario) scenario = load_good(full_text, NULL);
    const ScenarioPlan *release = plan_at(scenario, 0), *exchange = plan_at(scenario, 1);

    g_assert_cmpint(release->what, ==, PLAN_ISSUE);
    g_assert_cmpint(release->cohort, ==, 1);
    g_assert_cmpint(release->cards, ==, 500);
    g_assert_cmpint(release->terms.transfer_key, ==, SCENARIO_UNSET);
    g_assert_null(release->terms.chip);
    g_assert_cmpint(exchange->what, ==, PLAN_SWAP);
    g_assert_cmpint(exchange->cohort, ==, -1);
    g_assert_cmpint(exchange->at, ==, 7 * MICROS_PER_DAY);
    g_assert_cmpint(exchange->terms.transfer_key, ==, 5);
    g_assert_cmpint(exchange->terms.update_key, ==, 3);
    g_assert_cmpint(exchange->terms.transfer_key_limit, ==, 20);
    g_assert_cmpint(exchange->terms.update_key_limit, ==, SCENARIO_NO_LIMIT);
    g_assert_cmpuint(exchange->terms.preloaded->len, ==, 2);
    g_assert_cmpstr(exchange->terms.chip->name, ==, "jcop3-p60");
    g_assert_cmpint(exchange->terms.expiry.low, ==, SCENARIO_NEVER_EXPIRES);
}

static void
own_chips_have_what_is_given_and_what_they_are_like(void)
{
    g_autoptr(Scenario) scenario = load_good(own_text, NULL);
    const Chip *mine = cohort_at(scenario, 0)->terms.chip;
    const Chip *slower = cohort_at(scenario, 1)->terms.chip;
    const Chip *like = chip_find("jcop-2.4.1");

    g_assert_cmpstr(mine->name, ==, "mine");
    g_assert_cmpstr(mine->source, ==, "a data sheet");
    g_assert_cmpint(chip_operation_ns(mine, CHIP_RANDOM, 16), ==, 1000160);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_HASH, 1), ==, 1510000);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_CIPHER, 2), ==, 73712);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_MAC, 32), ==, 2196000);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_MAC_CHECK, 32), ==, 2296000);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_WRITE, 100), ==, 3000000);
    g_assert_cmpint(chip_operation_ns(mine, CHIP_WRITE_KEY, 1), ==, INT64_C(4010000000));
    g_assert_true(chip_has_suite(mine, SUITE_P256));
    g_assert_false(chip_has_suite(mine, SUITE_RSA_1024));
    g_assert_cmpint(chip_suite_operation_ns(mine, SUITE_P256, CHIP_SIGN, 0), ==, 28500000);
    g_assert_cmpint(chip_suite_operation_ns(mine, SUITE_P256, CHIP_VERIFY, 0), ==, 31500000);
    g_assert_cmpint(chip_suite_operation_ns(mine, SUITE_P256, CHIP_ENVELOPE_SEAL, 0), ==, 1);
    g_assert_cmpint(chip_suite_operation_ns(mine, SUITE_P256, CHIP_ENVELOPE_OPEN, 0), ==,
                    INT64_C(4000000000));
    g_assert_cmpstr(slower->name, ==, "slower");
    g_assert_cmpint(chip_operation_ns(slower, CHIP_MAC, 50), ==, 9000000);
    g_assert_cmpint(chip_operation_ns(slower, CHIP_MAC_CHECK, 50), ==,
                    chip_operation_ns(like, CHIP_MAC_CHECK, 50));
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        g_assert_true(memcmp(slower->suite_ns[suite], like->suite_ns[suite],
                             sizeof like->suite_ns[suite]) == 0);
}

static void
own_interfaces_have_what_is_given_and_what_they_are_like(void)
{
    g_autoptr(Scenario) scenario = load_good(own_text, NULL);
    const LinkInterface *fast = terminals_at(scenario, 0)->interface[0];
    const LinkInterface *slow = terminals_at(scenario, 0)->interface[1];
    LinkInterface expected = *link_find_interface("14443-848");

    expected.bit_ps = 590000;
    g_assert_cmpint(link_frames_ps(fast, 300, 200), ==, link_frames_ps(&expected, 300, 200));
    g_assert_cmpuint(fast->activation_us, ==, 5000);
    g_assert_cmpint(slow->protocol, ==, LINK_T_1);
    g_assert_cmpuint(slow->bit_ps, ==, 104170000);
    g_assert_cmpuint(slow->bits_per_byte, ==, 11);
    g_assert_cmpuint(slow->block_payload_bytes, ==, 32);
    g_assert_cmpuint(slow->block_overhead_bytes, ==, 4);
    g_assert_cmpuint(slow->card_gap_ns, ==, 2300000);
    g_assert_cmpuint(slow->reader_gap_ns, ==, 1000000000);
    g_assert_cmpuint(slow->activation_us, ==, 60000000);
    g_assert_cmpstr(slow->source, ==, "the reader's manual, page 3");
}

/* Under t=0 there are none, whatever it is like. */
static void
own_interface_of_another_protocol_has_its_blocks(void)
{
    const char *const overrides[] = { "interface slow.like=7816-t1", "interface slow.protocol=t=0",
                                      NULL };
    g_autofree char *blocks = replace(own_text, "block-bytes = 32\nblock-overhead = 4\n", "");
    g_autoptr(Scenario) scenario = load_good(blocks, overrides);
    const LinkInterface *slow = terminals_at(scenario, 0)->interface[1];

    g_assert_cmpint(slow->protocol, ==, LINK_T_0);
    g_assert_cmpuint(slow->block_payload_bytes, ==, 0);
    g_assert_cmpuint(slow->block_overhead_bytes, ==, 0);
}

/* The pairs of chips in all groups of terminals, see setting_of() in sim/replication.c. */
static void
as_many_chips_as_latencies_can_tell_apart(void)
{
    const uint64_t chips_in_all = n_chips + SCENARIO_CHIPS_MAX;

    g_assert_cmpuint(chips_in_all * chips_in_all * SCENARIO_TERMINALS_MAX, <, LATENCY_SETTINGS_MAX);
}

/* @n groups `[KIND iN]`, and what each holds. */
static char *
repeat_group(const char *kind, const char *content, int n)
{
    GString *text = g_string_new(two_cards_text);

    for (int i = 0; i < n; i++)
        g_string_append_printf(text, "[%s i%d]\n%s", kind, i, content);
    return g_string_free(text, FALSE);
}

static void
hundred_chips_are_enough(void)
{
    static const struct {
        const char *kind;
        const char *content;
        int most;
        const char *message;
    } cases[] = {
        { "chip", "like = jcop4-p71\n", 100,
          "205: [chip i100]: expected at most 100 groups [chip NAME], found 101" },
        { "interface", "like = 7816-t1\n", 100,
          "205: [interface i100]: expected at most 100 groups [interface NAME], found 101" },
        { "terminals", "", 5000,
          "5005: [terminals i5000]: expected at most 5000 groups of terminals, found 5001" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *most = repeat_group(cases[i].kind, cases[i].content, cases[i].most);
        g_autofree char *more = repeat_group(cases[i].kind, cases[i].content, cases[i].most + 1);
        g_autoptr(Scenario) scenario = load_good(most, NULL);
        g_autofree char *message = load_bad(more, strlen(more), NULL);

        g_assert_cmpstr(message, ==, cases[i].message);
    }
}

static void
defaults_fill_what_is_not_set(void)
{
    g_autoptr(Scenario) scenario = load_good(two_cards_text, NULL);
    g_autofree char *text = print(scenario);

    g_assert_cmpstr(text, ==,
                    "[scenario]\nname=file\ntitle=file\nstart=2026-01-01\nduration=30d\n"
                    "sample-interval=1d\nseed=1\npopulation-seed=1\nreplications=1\n"
                    "fidelity=auto\n\n"
                    "[scheme]\nembodiment=5\nsuite=p256\nrange=inclusive\n"
                    "expired=stop\nupdate-ack=yes\ncrl-scope=both\noverdraft=refuse\n"
                    "max-balance=none\nuk-rule=strict\nfig4-mac=spec\nkey-auth=peer\n"
                    "max-step=none\nnonce-bits=128\nupdate-cipher=aead\nuk-hint=none\n"
                    "reclaim=never\nreclaim-delay=7d\n\n"
                    "[cohort a]\ncards=2\ntransfer-key=1\nupdate-key=1\n"
                    "transfer-key-limit=none\nupdate-key-limit=none\npreloaded=own\ncurrent=1\n"
                    "chip=jcop4-p71\nexpiry=never\nactivity=constant 1/d\n"
                    "balance=constant 1000000000\nrogue=none\n\n"
                    "[terminals terminals]\nshare=1\ncount=unlimited\nkind=handheld\n"
                    "interface=14443-106\ncrl-source=network "
                    "1d\nclock-skew=0s\nrogue=none\nstale-clock-share=0\n\n"
                    "[mixing]\nmodel=uniform\n\n"
                    "[amount]\nlaw=constant 1\n\n"
                    "[faults]\npayer-leaves=0/d\npayee-leaves=0/d\nterminal-fails=0/d\n"
                    "torn=0\ntorn-party=any\npresence-check=no\ntorn-write=atomic\n"
                    "torn-pair=uk-first\nrecovery=none\nnonce-life=one-use\n");
    g_assert_cmpint(terminals_at(scenario, 0)->line, ==, 0);
}

static void
population_seed_follows_seed_unless_given(void)
{
    const char *const seed[] = { "scenario.seed=18446744073709551615", NULL };
    g_autoptr(Scenario) scenario = load_good(uniform_text, seed);
    g_autoptr(Scenario) full = load_good(full_text, seed);

    g_assert_cmpuint(scenario->population_seed, ==, UINT64_MAX);
    g_assert_cmpuint(full->population_seed, ==, 12);
}

static void
terminals_without_shares_have_equal_ones(void)
{
    g_autofree char *text = g_strconcat(two_cards_text, "[terminals x]\n[terminals y]\n", NULL);
    g_autoptr(Scenario) scenario = load_good(text, NULL);

    g_assert_cmpfloat(terminals_at(scenario, 0)->share, ==, 0.5);
    g_assert_cmpfloat(terminals_at(scenario, 1)->share, ==, 0.5);
}

static void
windows_files_load(void)
{
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);
    g_autofree char *joined = g_strjoinv("\r\n", lines);
    g_autofree char *text = g_strconcat("\xef\xbb\xbf", joined, NULL);
    g_autoptr(Scenario) scenario = load_good(text, NULL);

    g_assert_cmpstr(scenario->title, ==, "Every key once");
}

static void
names_may_have_any_letters(void)
{
    g_autofree char *text = g_strconcat(two_cards_text, "[scenario]\nname = Zürich-2.b\n", NULL);
    g_autoptr(Scenario) scenario = load_good(text, NULL);

    g_assert_cmpstr(scenario->name, ==, "Zürich-2.b");
    g_assert_cmpstr(scenario->title, ==, "Zürich-2.b");
}

/* The effective scenario */

static void
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

static void
effective_scenario_loads_to_the_same(void)
{
    const char *const texts[] = { uniform_text, crossed_text, full_text, own_text, two_cards_text };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (size_t e = 0; scheme_embodiment_names[e] != NULL; e++) {
            g_autofree char *set =
                g_strconcat("scheme.embodiment=", scheme_embodiment_names[e], NULL);
            const char *const overrides[] = { set,
                                              "plan exchange.transfer-key=5",
                                              "plan exchange.at=1d",
                                              "plan exchange.do=swap",
                                              "plan exchange.cards=1",
                                              "plan exchange.preloaded=5",
                                              "plan exchange.transfer-key-limit=7",
                                              NULL };
            g_autoptr(Scenario) scenario = load_good(texts[i], overrides);

            check_round_trip(scenario);
        }
}

static void
effective_scenario_keeps_axes_without_a_name(void)
{
    const char *const overrides[] = { "scheme.embodiment=4", "scheme.authenticate=public-key",
                                      "scheme.pays-with=own", "scheme.deliver=id", NULL };
    const char *const unnamed[] = { "scheme.embodiment=4", "scheme.authenticate=public-key", NULL };
    g_autoptr(Scenario) conventional = load_good(uniform_text, overrides);
    g_autoptr(Scenario) scenario = load_good(uniform_text, unnamed);

    check_round_trip(conventional);
    check_round_trip(scenario);
    g_assert_null(scheme_embodiment(&scenario->scheme));
    g_assert_cmpint(scenario->scheme.deliver, ==, DELIVER_ID);
    g_assert_cmpint(scenario->scheme.authenticate, ==, AUTHENTICATE_PUBLIC_KEY);
}

static void
axes_override_the_embodiment_in_any_order(void)
{
    g_autofree char *text =
        g_strconcat("[scheme]\nupdate-key = stays\nembodiment = 5\n", two_cards_text, NULL);
    g_autoptr(Scenario) scenario = load_good(text, NULL);

    g_assert_cmpstr(scheme_embodiment(&scenario->scheme), ==, "3");
}

static void
awkward_fractions_survive_printing(void)
{
    const char *const overrides[] = {
        "cohort a.activity=constant 1/y", "terminals x.share=33.3%",
        "terminals y.share=0.1e-3",       "scenario.duration=1.000001s",
        "scenario.sample-interval=0.5ms", NULL
    };
    g_autoptr(Scenario) scenario = load_good(two_cards_text, overrides);

    g_assert_cmpint(scenario->duration, ==, 1000001);
    g_assert_cmpint(scenario->sample_interval, ==, 500);
    check_round_trip(scenario);
}

/* Units */

typedef struct {
    const char *override;
    const char *key;
    const char *printed;
} Unit;

static const Unit units[] = {
    { "scenario.duration=86400s", "duration", "1d" },
    { "scenario.duration=1440min", "duration", "1d" },
    { "scenario.duration=25h", "duration", "25h" },
    { "scenario.duration=2w", "duration", "14d" },
    { "scenario.duration=1y", "duration", "365d" },
    { "scenario.duration=100y", "duration", "36500d" },
    { "scenario.duration=1.5d", "duration", "36h" },
    { "scenario.duration=86400000001us", "duration", "86400000001us" },
    { "scenario.duration=90000000ms", "duration", "25h" },
    { "scenario.start=1970-01-01", "start", "1970-01-01" },
    { "scenario.start=2000-02-29", "start", "2000-02-29" },
    { "scenario.replications=1M", "replications", "1000000" },
    { "scheme.max-balance=1.25G", "max-balance", "1250000000" },
    { "cohort a.cards=3.6M", "cards", "3600000" },
    { "cohort a.cards=4G", "cards", "4000000000" },
    { "cohort a.activity=constant 0.25/h", "activity", "constant 6/d" },
    { "cohort a.activity=constant 7/w", "activity", "constant 1/d" },
    { "cohort a.activity=constant 730/y", "activity", "constant 2/d" },
    { "cohort a.activity=constant 0/d", "activity", "constant 0/d" },
    { "cohort a.activity=constant 400k/d", "activity", "constant 4e+05/d" },
    { "cohort a.activity=constant 0.73M/y", "activity", "constant 2e+03/d" },
    { "cohort a.activity=gamma 2 1.5k/w", "activity", "gamma 2 214.28571428571428/d" },
    { "cohort a.balance=uniform 1k 2k", "balance", "uniform 1000 2000" },
    { "cohort a.balance=uniform   5\t6", "balance", "uniform 5 6" },
    { "cohort a.expiry=fixed 1y", "expiry", "fixed 365d" },
    { "cohort a.expiry=fixed 48h", "expiry", "fixed 2d" },
    { "cohort a.expiry=fixed 65534d", "expiry", "fixed 65534d" },
    { "cohort a.expiry=uniform 1w 65534d", "expiry", "uniform 7d 65534d" },
    { "cohort a.expiry=uniform 3d 72h", "expiry", "fixed 3d" },
    { "cohort a.transfer-key-limit=4294967294", "transfer-key-limit", "4294967294" },
    { "cohort a.transfer-key=4294967294", "transfer-key", "4294967294" },
    { "cohort a.preloaded=3,2,1", "preloaded", "1,2,3" },
    { "terminals x.share=100%", "share", "1" },
    { "terminals x.share=12.5%", "share", "0.125" },
    { "terminals x.clock-skew=-1.5h", "clock-skew", "-90min" },
    { "terminals x.crl-source=network 1w", "crl-source", "network 7d" },
    { "terminals x.interface=14443-212,14443-212", "interface", "14443-212" },
    { "terminals x.interface=14443-212 , 7816-t1", "interface", "14443-212,7816-t1" },
    { "amount.law=constant 9000000000000000", "law", "constant 9000000000000000" },
    { "chip x.mac=2.1ms + 3us", "mac", "2100us + 3us" },
    { "chip x.mac=0.001s", "mac", "1ms" },
    { "chip x.mac=0s+0.5us", "mac", "0s + 500ns" },
    { "chip x.mac=1000000ps", "mac", "1us" },
    { "chip x.p256-sign=26.62ms", "p256-sign", "26620us" },
    { "interface x.bit-time=9.439528us", "bit-time", "9439528ps" },
    { "interface x.card-gap=86.4us", "card-gap", "86400ns" },
    { "interface x.block-bytes=4k", "block-bytes", "4000" },
    { "interface x.activation=0.5s", "activation", "500ms" },
    { "interface x.protocol=t=1", "protocol", "t=1" },
};

static void
value_is_printed_in_canonical_units(const void *data)
{
    const Unit *unit = data;
    const bool is_chip = g_str_has_prefix(unit->override, "chip");
    const bool is_interface = g_str_has_prefix(unit->override, "interface");
    const char *const overrides[] = { unit->override,
                                      is_chip        ? "chip x.like=jcop4-p71"
                                      : is_interface ? "interface x.like=14443-106"
                                                     : NULL,
                                      NULL };
    g_autoptr(Scenario) scenario = load_good(two_cards_text, overrides);
    g_autoptr(GKeyFile) file = scenario_to_key_file(scenario);
    g_autofree char *group = g_strndup(unit->override, strcspn(unit->override, "."));
    g_autofree char *value = g_key_file_get_value(file, group, unit->key, NULL);

    g_assert_cmpstr(value, ==, unit->printed);
}

/* Mistakes */

/* What becomes of full_text, and what is said about it. */
typedef struct {
    const char *name;
    const char *from;
    const char *to;
    const char *message;
} Mistake;

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

static const Mistake mistakes[] = {
    /* lines */
    { "a-line-without-equals-sign", "seed = 11", "seed 11",
      "7: expected KEY = VALUE, found 'seed 11'" },
    { "a-line-without-key", "seed = 11", "= 11", "7: expected KEY = VALUE, found '= 11'" },
    { "a-line-without-value", "seed = 11",
      "seed =", "7: [scenario] seed: expected a value, found nothing" },
    { "a-doubled-key", "replications = 3", "seed = 3",
      "9: expected each key of a group once, found 'seed' again (first in line 7)" },
    { "a-doubled-group", "[cohort new]", "[cohort old]",
      "34: expected each group once, found [cohort old] again (first in line 22)\n"
      "35: expected each key of a group once, found 'cards' again (first in line 23)\n"
      "36: expected each key of a group once, found 'transfer-key' again (first in line 24)\n"
      "37: expected each key of a group once, found 'update-key' again (first in line 25)\n"
      "38: expected each key of a group once, found 'balance' again (first in line 33)\n"
      "54: [plan release] cohort: expected only old, found 'new'" },
    { "a-key-before-the-first-group", "[scenario]\n", "seed = 3\nduration = 2d\n[scenario]\n",
      "1: expected a group such as [scenario] before the first key, found 'seed = 3'" },
    { "a-semicolon-comment", "seed = 11", "; seed = 11",
      "7: expected '#' before a comment, found '; seed = 11'" },
    { "a-header-without-end", "[mixing]\nmodel = uniform", "[mixing\nmodel = uniform",
      "48: expected [GROUP] alone on its line, found '[mixing'" },
    { "a-header-with-a-comment", "[mixing]", "[mixing] # who",
      "48: expected [GROUP] alone on its line, found '[mixing] # who'" },
    { "an-empty-header", "[mixing]", "[ ]", "48: expected [GROUP] alone on its line, found '[ ]'" },
    { "latin-1", "Every key once", "Caf\xe9", "3: expected text in UTF-8, found the byte 0xe9" },
    { "control-characters", "Every key once", "a\x1b[2J",
      "3: expected text, found the control character 0x1b" },
    /* names */
    { "an-unknown-key", "seed = 11", "sed = 11",
      "7: [scenario] sed: expected a key, one of name, title, start, duration, sample-interval, "
      "seed, population-seed, replications, active-within, fidelity, found 'sed' (did you mean "
      "'seed'?)" },
    { "an-unknown-group", "[cohort new]", "[chort new]",
      "34: [chort new]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, "
      "plan, amount, faults, sweep, found 'chort' (did you mean 'cohort'?)" },
    { "a-group-for-later", "[mixing]\nmodel = uniform", "[output]\nevents = yes",
      "48: [output]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, "
      "amount, faults, sweep, found 'output'" },
    { "a-cohort-without-name", "[cohort new]", "[cohort]",
      "34: [cohort]: expected [cohort NAME], found [cohort]" },
    { "two-spaces-before-a-name", "[terminals homes]", "[terminals  homes]",
      "46: [terminals  homes]: expected [terminals NAME], found [terminals  homes]" },
    { "a-name-for-a-group-without", "[mixing]", "[mixing x]",
      "48: [mixing x]: expected [mixing], found [mixing x]" },
    { "an-unknown-chip", "chip = jcop4-p71", "chip = jcop4-p17",
      "30: [cohort old] chip: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'jcop4-p17' "
      "(did you mean 'jcop4-p71'?)" },
    { "an-unknown-interface", "14443-848, 7816-t0", "14443-848, 7816-t2",
      "43: [terminals shops] interface: expected one of 14443-106, 14443-212, 14443-424, "
      "14443-848, 7816-t0, 7816-t1, found '7816-t2' (did you mean '7816-t0'?)" },
    { "an-unknown-embodiment", "embodiment = 5", "embodiment = 6",
      "12: [scheme] embodiment: expected one of 1, 2, 3, 4, 5, conventional, mondex, found '6'" },
    { "an-unknown-cohort", "cohort = new", "cohort = now",
      "54: [plan release] cohort: expected one of old, new, found 'now' (did you mean 'new'?)" },
    { "an-unknown-fidelity", "fidelity = apdu", "fidelity = bytes",
      "10: [scenario] fidelity: expected one of auto, apdu, decision, found 'bytes'" },
    { "a-name-that-is-no-folder", "name = full", "name = ../full",
      "2: [scenario] name: expected a name of letters, digits, `_` and, behind the first, `-` and "
      "`.`, found '../full'" },
    /* values */
    { "a-duration-without-unit", "duration = 90d", "duration = 90",
      "5: [scenario] duration: " PERIOD "'90'" },
    { "a-duration-of-nothing", "duration = 90d", "duration = 0d",
      "5: [scenario] duration: " PERIOD "'0d'" },
    { "a-duration-beyond-a-century", "duration = 90d", "duration = 36501d",
      "5: [scenario] duration: " PERIOD "'36501d'" },
    { "a-duration-beyond-64-bits", "duration = 90d", "duration = 99999999999999y",
      "5: [scenario] duration: " PERIOD "'99999999999999y'" },
    { "a-fraction-of-a-microsecond", "duration = 90d", "duration = 1.5us",
      "5: [scenario] duration: " PERIOD "'1.5us'" },
    { "a-space-before-a-unit", "duration = 90d", "duration = 90 d",
      "5: [scenario] duration: " PERIOD "'90 d'" },
    { "a-date-that-is-none", "2024-02-29", "2023-02-29",
      "4: [scenario] start: expected a date YYYY-MM-DD from 1970-01-01 on, found '2023-02-29'" },
    { "a-negative-seed", "seed = 11", "seed = -1", "7: [scenario] seed: " SEED_RANGE "'-1'" },
    { "a-seed-beyond-64-bits", "seed = 11", "seed = 18446744073709551616",
      "7: [scenario] seed: " SEED_RANGE "'18446744073709551616'" },
    { "no-replication", "replications = 3", "replications = 0",
      "9: [scenario] replications: " REPLICATIONS "'0'" },
    { "a-thousands-separator", "cards = 1.5k", "cards = 1,500",
      "23: [cohort old] cards: expected a number from 0 to 4000000000, or rest, found '1,500'" },
    { "half-a-card", "cards = 1.5k", "cards = 1.5",
      "23: [cohort old] cards: expected a number from 0 to 4000000000, or rest, found '1.5'" },
    { "a-negative-number-of-cards", "cards = 1.5k", "cards = -3",
      "23: [cohort old] cards: expected a number from 0 to 4000000000, or rest, found '-3'" },
    { "the-largest-32-bit-id", "transfer-key = 1\n", "transfer-key = 4294967295\n",
      "24: [cohort old] transfer-key: " ID_RANGE "'4294967295'" },
    { "an-id-of-zero", "update-key = 2\n", "update-key = 0\n",
      "25: [cohort old] update-key: " ID_RANGE "'0'" },
    { "the-largest-32-bit-limit", "transfer-key-limit = 9", "transfer-key-limit = 4294967295",
      "26: [cohort old] transfer-key-limit: expected a number from 1 to 4294967294, or none, found "
      "'4294967295'" },
    { "an-id-preloaded-twice", "3, 1,2", "3, 1,3",
      "28: [cohort old] preloaded: expected 1 to 16 different IDs from 1 to 4294967294, separated "
      "by commas, or own, found '3, 1,3'" },
    { "seventeen-preloaded-ids", "3, 1,2", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
      "28: [cohort old] preloaded: expected 1 to 16 different IDs from 1 to 4294967294, separated "
      "by commas, or own, found '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17'" },
    { "an-expiry-of-half-a-day", "fixed 4w", "fixed 1.5d",
      "31: [cohort old] expiry: expected never, `fixed Nd` or `uniform Ad Bd` with whole days from "
      "0 "
      "to 65534, A at most B, found 'fixed "
      "1.5d'" },
    { "an-expiry-beyond-16-bits", "fixed 4w", "fixed 65535d",
      "31: [cohort old] expiry: expected never, `fixed Nd` or `uniform Ad Bd` with whole days from "
      "0 "
      "to 65534, A at most B, found 'fixed "
      "65535d'" },
    { "an-activity-with-two-suffixes", "constant 3.5/w", "constant 1kk/d",
      "32: [cohort old] activity: expected " ACTIVITY "'constant 1kk/d'" },
    { "an-activity-that-is-too-high-by-its-suffix", "constant 3.5/w", "constant 2M/d",
      "32: [cohort old] activity: expected " ACTIVITY "'constant 2M/d'" },
    { "an-activity-that-is-no-number", "constant 3.5/w", "constant nan/d",
      "32: [cohort old] activity: expected " ACTIVITY "'constant nan/d'" },
    { "a-gamma-without-its-shape", "constant 3.5/w", "gamma 0.5/d",
      "32: [cohort old] activity: expected " ACTIVITY "'gamma 0.5/d'" },
    { "a-gamma-shape-of-zero", "constant 3.5/w", "gamma 0 0.5/d",
      "32: [cohort old] activity: expected " ACTIVITY "'gamma 0 0.5/d'" },
    { "a-pareto-law-without-mean", "constant 3.5/w", "pareto 1 0.5/d",
      "32: [cohort old] activity: expected " ACTIVITY "'pareto 1 0.5/d'" },
    { "a-law-that-is-unknown", "constant 3.5/w", "weibull 1 0.5/d",
      "32: [cohort old] activity: expected " ACTIVITY "'weibull 1 0.5/d'" },
    { "a-file-without-name", "constant 3.5/w", "empirical",
      "32: [cohort old] activity: expected " ACTIVITY "'empirical'" },
    { "more-dormant-cards-than-all", "constant 3.5/w\n", "constant 3.5/w\ndormant = 101%\n",
      "33: [cohort old] dormant: expected a share such as 40% or 0.4, at most 100%, found '101%'" },
    { "a-negative-balance", "uniform 10 2M", "uniform -10 2M",
      "33: [cohort old] balance: " MONEY "'uniform -10 2M'" },
    { "a-law-upside-down", "uniform 10 2M", "uniform 2M 10",
      "33: [cohort old] balance: " MONEY "'uniform 2M 10'" },
    { "too-much-money", "9000000000000000\n", "9000000000000001\n",
      "67: [amount] law: " MONEY "'uniform 1 9000000000000001'" },
    { "a-share-above-all", "share = 40%", "share = 140%",
      "40: [terminals shops] share: expected a share such as 40% or 0.4, at most 100%, found "
      "'140%'" },
    { "no-terminal", "count = 20", "count = 0",
      "41: [terminals shops] count: expected a number from 1 to 10000000, or unlimited, found "
      "'0'" },
    { "three-interfaces", "14443-848, 7816-t0", "7816-t0, 7816-t0, 7816-t0",
      "43: [terminals shops] interface: expected one of 14443-106, 14443-212, 14443-424, "
      "14443-848, 7816-t0, 7816-t1; or two of them, separated by a comma: payer's, payee's, found "
      "'7816-t0, 7816-t0, 7816-t0'" },
    { "a-crl-that-is-fetched-all-the-time", "crl-source = factory", "crl-source = network 0s",
      "44: [terminals shops] crl-source: expected factory, or `network D` with a duration D above "
      "0s and at most 100y, found 'network 0s'" },
    /* what is missing */
    { "a-cohort-without-cards", "cards = 1.5k\n", "",
      "22: [cohort old] cards: expected a number from 0 to 4000000000, or rest, found nothing" },
    { "a-cohort-without-transfer-key", "transfer-key = 4\n", "",
      "34: [cohort new] transfer-key: " ID_RANGE "nothing" },
    { "a-cohort-without-update-key", "update-key = 2\nbalance", "balance",
      "34: [cohort new] update-key: " ID_RANGE "nothing" },
    { "a-plan-without-time", "at = 10d\n", "",
      "50: [plan release] at: expected one of at, every and when, found nothing" },
    { "a-plan-without-action", "do = swap\n", "",
      "55: [plan exchange] do: expected one of issue, swap, revoke, campaign, replace, rotate, "
      "limits, recall, special, wake, inject, leak, found nothing" },
    { "an-issue-without-cohort", "cohort = new\n", "",
      "50: [plan release] cohort: expected the name of a cohort, found nothing" },
    { "a-share-for-one-group-only", "share = 0.6\n", "",
      "46: [terminals homes] share: expected a share, as other groups of terminals have, found "
      "nothing" },
    /* across fields */
    { "a-transfer-key-above-its-limit", "transfer-key = 1\n", "transfer-key = 10\n",
      "24: [cohort old] transfer-key: expected at most the transfer-key-limit, 9, found 10" },
    { "an-update-key-above-its-limit", "update-key-limit = 8", "update-key-limit = 1",
      "25: [cohort old] update-key: expected at most the update-key-limit, 1, found 2" },
    { "a-scheme-that-cannot-be", "embodiment = 5", "embodiment = 5\nauthenticate = common-key",
      "11: [scheme]: expected authenticate = by-update-key with update-key = travels, found "
      "common-key" },
    { "a-balance-above-the-most", "max-balance = 5M", "max-balance = 1M",
      "33: [cohort old] balance: expected at most max-balance, 1000000, found 2000000" },
    { "samples-longer-than-the-run", "sample-interval = 12h", "sample-interval = 91d",
      "6: [scenario] sample-interval: expected at most the duration, 90d, found 91d" },
    { "too-many-samples", "sample-interval = 12h", "sample-interval = 777ms",
      "6: [scenario] sample-interval: expected at most 10000000 samples in 90d, found one in "
      "777ms" },
    { "a-plan-after-the-end", "at = 10d", "at = 90d",
      "51: [plan release] at: expected a time before the end of the run, 90d, found 90d" },
    { "an-issue-that-swaps", "cohort = new", "cohort = new\nchip = jcop3-p60",
      "55: [plan release] chip: expected this key with do = swap, campaign, replace, rotate only, "
      "found do = issue" },
    { "a-swap-that-issues", "do = swap", "do = swap\ncohort = new",
      "58: [plan exchange] cohort: expected this key with do = issue, limits only, found do = "
      "swap" },
    { "a-swap-of-more-cards-than-there-are", "cards = 700", "cards = 1501",
      "58: [plan exchange] cards: expected at most 1500, the cards in circulation at 7d, found "
      "1501" },
    { "a-swap-above-its-own-limit", "transfer-key = 5", "transfer-key = 21",
      "59: [plan exchange] transfer-key: expected the transfer-key within its limit on every card "
      "that may be drawn, found 21 above 20 on cards of [cohort old]" },
    { "one-card-alone", "cards = 1.5k", "cards = 1",
      "35: [cohort new] cards: expected at least 2 cards in all cohorts, found 1" },
    { "too-many-cards", "cards = 500", "cards = 4G",
      "35: [cohort new] cards: expected at most 4000000000 cards in all, issued ones included, "
      "found 4000001500" },
};

static void
mistake_is_named(const void *data)
{
    const Mistake *mistake = data;
    g_autofree char *text = replace(full_text, mistake->from, mistake->to);
    g_autofree char *message = load_bad(text, strlen(text), NULL);

    g_assert_cmpstr(message, ==, mistake->message);
}

/* What stands behind two_cards_text, from line 5 on; NULL: that loads. */
typedef struct {
    const char *name;
    const char *text;
    const char *message;
} Story;

#define COST                                                                                       \
    "expected a time, or two: at once and for each byte, such as `2.1ms + 3us`, in whole ns, at "  \
    "most 4s + 10ms, found "
#define SUITE_COST                                                                                 \
    "expected a time such as 27ms in whole ns, above 0s and at most 4s, or none, found "
#define SWAP "do = swap\nat = 1d\ncards = 1\n"

static const Story stories[] = {
    { "a-chip-without-the-suite", "chip = javacos-a22\n[scheme]\nembodiment = 3\n",
      "5: [cohort a] chip: expected a chip with suite p256, found javacos-a22, which has rsa-1024, "
      "rsa-2048" },
    { "a-chip-without-a-suite-that-is-not-used", "chip = javacos-a22\n[scheme]\nembodiment = 1\n",
      NULL },
    { "a-swapped-chip-without-the-suite", "[plan p]\n" SWAP "chip = gemplus-gxp\n",
      "9: [plan p] chip: expected a chip with suite p256, found gemplus-gxp, which has rsa-1024, "
      "rsa-2048" },
    { "a-transfer-key-that-is-not-preloaded", "preloaded = 2,3\n[scheme]\nembodiment = 4\n",
      "3: [cohort a] transfer-key: expected one of the preloaded IDs, found 1" },
    { "a-current-key-that-is-not-the-transfer-key",
      "preloaded = 1,2\ncurrent = highest\n[scheme]\nembodiment = 4\n",
      "6: [cohort a] current: expected the transfer-key, 1, found highest, which is 2" },
    { "a-current-key-that-is-not-used", "preloaded = 1,2\ncurrent = highest\n", NULL },
    { "current-lowest-of-its-own-key", "current = lowest\n[scheme]\nembodiment = 4\n", NULL },
    { "a-current-key-alone-that-is-not-preloaded",
      "[scheme]\nembodiment = 4\n[cohort b]\ncards = 1\nupdate-key = 1\npreloaded = 1,2\n"
      "current = 3\n",
      "11: [cohort b] current: expected one of the preloaded IDs, found 3" },
    { "no-transfer-key-and-nothing-preloaded",
      "[scheme]\nembodiment = 4\n[cohort b]\ncards = 1\nupdate-key = 1\ncurrent = 3\n",
      "7: [cohort b] transfer-key: expected a number from 1 to 4294967294, found nothing" },
    { "no-transfer-key-where-current-is-not-used",
      "[cohort b]\ncards = 1\nupdate-key = 1\npreloaded = 3\n",
      "5: [cohort b] transfer-key: expected a number from 1 to 4294967294, found nothing" },
    { "no-update-key-where-none-is-used",
      "[scheme]\nembodiment = 2\n[cohort b]\ncards = 1\ntransfer-key = 3\n", NULL },
    { "a-limit-that-is-not-used",
      "transfer-key-limit = 9\n[scheme]\nembodiment = conventional\n[cohort b]\ncards = 1\n"
      "transfer-key = 3\ntransfer-key-limit = 2\n",
      NULL },
    { "a-swap-above-the-old-card-s-limit",
      "transfer-key-limit = 9\n[plan p]\n" SWAP "transfer-key = 10\n",
      "10: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 10 above 9 on cards of [cohort a]" },
    { "a-swap-below-the-old-card-s-key", "[plan p]\n" SWAP "update-key = 3\nupdate-key-limit = 2\n",
      "9: [plan p] update-key: expected the update-key within its limit on every card that may be "
      "drawn, found 3 above 2 on cards of [cohort a]" },
    { "a-swap-above-the-limit-of-a-cohort-issued-later",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = 3\n"
      "[plan p]\n" SWAP "transfer-key = 4\n[plan q]\ndo = issue\nat = 2d\ncards = 1\n"
      "cohort = b\n",
      NULL },
    { "a-swap-above-the-limit-of-a-cohort-issued-before",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = 3\n"
      "[plan p]\n" SWAP "transfer-key = 4\n[plan q]\ndo = issue\nat = 0s\ncards = 1\n"
      "cohort = b\n",
      "14: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 4 above 3 on cards of [cohort b]" },
    { "a-swap-above-the-limit-that-an-earlier-swap-gave",
      "[plan p]\n" SWAP "transfer-key-limit = 5\n[plan q]\n" SWAP "transfer-key = 6\n",
      "14: [plan q] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 6 above 5 on cards of [cohort a]" },
    { "a-swap-above-a-limit-that-no-card-has-any-more",
      "transfer-key-limit = 9\n[plan p]\ndo = swap\nat = 1d\ncards = 2\n"
      "transfer-key-limit = 20\n[plan q]\ndo = swap\nat = 2d\ncards = 1\ntransfer-key = 10\n",
      NULL },
    { "a-swap-to-a-key-that-is-not-preloaded",
      "preloaded = 1,2\n[scheme]\nembodiment = 4\n[plan p]\n" SWAP "transfer-key = 3\n",
      "12: [plan p] transfer-key: expected the transfer key preloaded on every card that may be "
      "drawn, found 3 missing on cards of [cohort a]" },
    { "a-swap-that-forgets-the-key-in-use",
      "preloaded = 1,2\n[scheme]\nembodiment = 4\n[plan p]\n" SWAP "preloaded = 2,3\n",
      "12: [plan p] preloaded: expected the transfer key preloaded on every card that may be "
      "drawn, "
      "found 1 missing on cards of [cohort a]" },
    { "a-swap-of-cards-issued-at-the-same-time",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = a\n[plan q]\ndo = swap\nat = 1d\n"
      "cards = 3\n",
      NULL },
    { "a-swap-of-cards-issued-just-after",
      "[plan q]\ndo = swap\nat = 1d\ncards = 3\n[plan p]\ndo = issue\nat = 1d\ncards = 1\n"
      "cohort = a\n",
      "8: [plan q] cards: expected at most 2, the cards in circulation at 1d, found 3" },
    { "a-log-at-terminals-that-attack",
      "[terminals t]\nrogue = mint\n[faults]\nrecovery = torn-log\n",
      "6: [terminals t] rogue: expected none with recovery = torn-log, found mint" },
    { "a-log-beside-rogue-cards",
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = leaked-key\n"
      "[faults]\nrecovery = torn-log\n",
      "9: [cohort c] rogue: expected none or poison with recovery = torn-log, found leaked-key" },
    { "a-log-at-honest-terminals", "[terminals t]\nrogue = none\n[faults]\nrecovery = torn-log\n",
      NULL },
    { "a-log-and-short-random-numbers",
      "[scheme]\nembodiment = 1\nnonce-bits = 56\n[faults]\nrecovery = torn-log\n",
      "5: [scheme]: expected nonce-bits of 64 or more with recovery = torn-log, found 56" },
    { "a-plan-with-two-times", "[plan p]\n" SWAP "every = 2d\n",
      "9: [plan p] every: expected one of at, every and when, found at too" },
    { "a-number-of-times-alone", "[plan p]\n" SWAP "times = 2\n",
      "9: [plan p] times: expected this key with every only, found it alone" },
    { "a-plan-too-often", "[plan p]\ndo = swap\nevery = 1us\ncards = 1\n",
      "7: [plan p] every: expected at most 100000 times in the run, found 2591999999999" },
    { "a-rotation-too-often", "[plan p]\ndo = rotate\nevery = 1min\ncards = 1\ntransfer-key = 2\n",
      "7: [plan p] every: expected at most 1000 times in the run, found 43199" },
    { "a-rotation-beyond-the-last-key",
      "[plan p]\ndo = rotate\nevery = 10d\ncards = 1\ntransfer-key = 4294967294\n",
      "9: [plan p] transfer-key: expected at most 4294967293, to be raised 1 times, found "
      "4294967294" },
    { "a-rotation-above-the-limit",
      "transfer-key-limit = 3\n[plan p]\ndo = rotate\nevery = 10d\ncards = 1\ntransfer-key = 3\n",
      "10: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 4 above 3 on cards of [cohort a]" },
    { "a-condition-that-is-none", "[plan p]\ndo = swap\nwhen = share(transfer, 1) > 3\ncards = 1\n",
      "7: [plan p] when: expected `share-at-least(transfer, ID) > SHARE`, with update instead of "
      "transfer or >= instead of > if you like, found 'share(transfer, 1) > 3'" },
    { "a-condition-on-a-key-that-nobody-brings",
      "[plan p]\ndo = swap\nwhen = share-at-least(transfer, 7) > 3%\ncards = 1\n",
      "7: [plan p] when: expected a generation that cohorts or plan bring, found 7" },
    { "a-condition-on-a-key-that-a-rotation-brings",
      "[plan p]\ndo = swap\nwhen = share-at-least(transfer,7)>=0.03\ncards = 1\n"
      "[plan q]\ndo = rotate\nevery = 5d\ntimes = 3\ncards = 1\ntransfer-key = 5\n",
      NULL },
    { "a-swap-from-a-cohort-that-is-none", "[plan p]\n" SWAP "from = a, b\n",
      "9: [plan p] from: expected only a, found 'b'" },
    { "a-swap-of-more-cards-than-its-cohorts-have",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "[plan p]\ndo = swap\nat = 1d\ncards = 2\nfrom = b\n",
      "12: [plan p] cards: expected at most 1, the cards in circulation at 1d that it may draw "
      "from, found 2" },
    { "a-swap-from-a-cohort-whose-limit-is-high-enough",
      "transfer-key-limit = 3\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "[plan p]\n" SWAP "from = b\ntransfer-key = 4\n",
      NULL },
    { "a-campaign-without-a-number", "[plan p]\ndo = campaign\nat = 1d\nrate = 1/d\n",
      "5: [plan p] cards: expected a number from 0 to 4000000000, found nothing" },
    { "a-campaign-with-two-numbers",
      "[plan p]\ndo = campaign\nat = 1d\nrate = 1/d\ncards = 1\nshare = 10%\n",
      "10: [plan p] share: expected either cards or share, found both" },
    { "a-replacement-without-a-rate", "[plan p]\ndo = replace\nat = 1d\n",
      "5: [plan p] rate: expected a rate such as 0.23/y, 500/d or 2/h, above 0 and at most "
      "1000000/d, found nothing" },
    { "a-replacement-that-repeats", "[plan p]\ndo = replace\nevery = 1d\nrate = 1/y\n",
      "7: [plan p] every: expected this key with do = issue, swap, revoke, campaign, rotate, wake, "
      "inject only, "
      "found do = replace" },
    { "a-replacement-after-a-later-swap",
      "[plan p]\ndo = replace\nat = 1d\nrate = 1/y\ntransfer-key = 5\n"
      "[plan q]\ndo = swap\nat = 2d\ncards = 1\ntransfer-key-limit = 4\n",
      "14: [plan q] transfer-key-limit: expected the transfer-key within its limit on every card "
      "that may be drawn, found 5 above 4 on cards of [cohort a]" },
    { "limits-below-the-cohort-s-key",
      "[plan p]\ndo = limits\nat = 1d\ncohort = a\ntransfer-key-limit = 3\n[cohort b]\ncards = 0\n"
      "transfer-key = 4\nupdate-key = 1\n[plan q]\ndo = limits\nat = 1d\ncohort = b\n"
      "transfer-key-limit = 3\n",
      "18: [plan q] transfer-key-limit: expected at least the key of [cohort b], 4, found 3" },
    { "special-cards-nowhere", "[plan p]\ndo = special\nat = 1d\nrate = 1/d\ntransfer-key = 2\n",
      "5: [plan p] terminals: expected the name of a group of terminals, found nothing\n"
      "5: [plan p] update-key: " ID_RANGE "nothing" },
    { "special-cards-in-place",
      "[terminals t]\ncount = 2\n[plan p]\ndo = special\nat = 1d\nrate = 1/d\ntransfer-key = 2\n"
      "update-key = 2\nterminals = t\n",
      NULL },
    { "replications-until-a-key-that-nobody-brings",
      "[scenario]\nreplications = 10..20 until time-to-share(transfer, 9, 50%) +- 2%\n",
      "6: [scenario] replications: expected a generation that cohorts or plan bring, found 9" },
    { "replications-until-a-share-that-is-not-taken",
      "[scenario]\nreplications = 10..20 until time-to-share(transfer, 1, 51%) +- 2%\n",
      "6: [scenario] replications: " REPLICATIONS
      "'10..20 until time-to-share(transfer, 1, 51%) +- 2%'" },
    { "fewer-replications-than-the-least",
      "[scenario]\nreplications = 30..20 until time-to-share(transfer, 1, 50%) +- 2%\n",
      "6: [scenario] replications: " REPLICATIONS
      "'30..20 until time-to-share(transfer, 1, 50%) +- 2%'" },
    { "replications-until-an-interval-is-small",
      "[scenario]\nreplications = 10..2k until meetings-to-share(update,1,0.999) +- 0.5%\n", NULL },
    { "the-smallest-envelope", "[scheme]\nembodiment = 5\nsuite = rsa-1024\n", NULL },
    { "shares-that-are-all-zero", "[terminals x]\nshare = 0%\n[terminals y]\nshare = 0\n",
      "8: [terminals y] share: expected a share above 0 in some group of terminals, found none" },
    { "a-chip-that-lacks-operations", "[chip x]\nmac = 1ms\nwrite = 1ms\nmac-check = 1ms\n",
      "5: [chip x] random: " COST "nothing\n"
      "5: [chip x] hash: " COST "nothing\n"
      "5: [chip x] cipher: " COST "nothing\n"
      "5: [chip x] write-key: " COST "nothing" },
    { "a-chip-like-one-that-there-is-not", "[chip x]\nlike = jcop4-p17\nmac = 1ms\n",
      "6: [chip x] like: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'jcop4-p17' "
      "(did you mean 'jcop4-p71'?)" },
    { "a-chip-like-an-own-one", "[chip x]\nlike = jcop4-p71\n[chip y]\nlike = x\n",
      "8: [chip y] like: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'x'" },
    { "a-chip-named-like-a-shipped-one", "[chip jcop3-p60]\nlike = jcop4-p71\n",
      "5: [chip jcop3-p60]: expected a name that no shipped chip has, found 'jcop3-p60'" },
    { "a-chip-named-badly", "[chip a,b]\nlike = jcop4-p71\n",
      "5: [chip a,b]: expected a name of letters, digits, `_` and, behind the first, `-` and `.`, "
      "found 'a,b'" },
    { "a-chip-with-half-a-suite", "[chip x]\nlike = javacos-a22\np256-sign = 27ms\n",
      "5: [chip x] p256-verify: expected a time, as for other operations of suite p256, found "
      "none" },
    { "a-chip-with-three-quarters-of-a-suite", "[chip x]\nlike = jcop4-p71\nrsa-1024-sign = none\n",
      "7: [chip x] rsa-1024-sign: expected a time, as for other operations of suite rsa-1024, "
      "found none" },
    { "a-chip-without-the-suite-where-it-is-used", "chip = x\n[chip x]\nlike = javacos-a22\n",
      "5: [cohort a] chip: expected a chip with suite p256, found x, which has rsa-1024, "
      "rsa-2048" },
    { "a-chip-without-the-suite-where-it-is-not-used", "[chip x]\nlike = javacos-a22\n", NULL },
    { "a-chip-whose-suite-is-in-doubt", "chip = x\n[chip x]\nlike = javacos-a22\np256-sgn = 1ms\n",
      "8: [chip x] p256-sgn: expected a key, one of like, random, hash, cipher, mac, mac-check, "
      "write, write-key, p256-sign, p256-verify, p256-envelope-seal, p256-envelope-open, "
      "rsa-1024-sign, rsa-1024-verify, rsa-1024-envelope-seal, rsa-1024-envelope-open, "
      "rsa-2048-sign, rsa-2048-verify, rsa-2048-envelope-seal, rsa-2048-envelope-open, source, "
      "found 'p256-sgn' (did you mean 'p256-sign'?)" },
    { "a-chip-behind-a-misspelt-header", "chip = x\n[chpi x]\nlike = jcop4-p71\n",
      "6: [chpi x]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'chpi' (did you mean 'chip'?)" },
    { "a-chip-that-is-misspelt-beside-a-misspelt-header",
      "chip = jcop4-p17\n[chpi x]\nlike = jcop4-p71\n",
      "5: [cohort a] chip: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'jcop4-p17' "
      "(did you mean 'jcop4-p71'?)\n"
      "6: [chpi x]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'chpi' (did you mean 'chip'?)" },
    { "a-cohort-behind-a-header-that-is-cut-short",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n[cohort b\ncards = 0\n",
      "10: expected [GROUP] alone on its line, found '[cohort b'" },
    { "a-cohort-behind-a-header-with-two-blanks",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n[cohort  b]\ncards = 0\n",
      "10: [cohort  b]: expected [cohort NAME], found [cohort  b]" },
    { "a-cohort-behind-a-header-that-is-no-text",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n\1[cohort b]\n",
      "10: expected text, found the control character 0x01" },
    { "a-cohort-that-is-misspelt-beside-junk",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n\1\n[amuont]\n",
      "9: [plan p] cohort: expected only a, found 'b'\n"
      "10: expected text, found the control character 0x01\n"
      "11: [amuont]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'amuont' (did you mean 'amount'?)" },
    { "cards-of-an-attacker-in-place",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = a\n"
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\n"
      "[cohort d]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = leaked-key\n",
      NULL },
    { "cards-that-attack-in-no-known-way",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = cloned\n",
      "9: [cohort b] rogue: expected one of none, poison, leaked-key, clone, revoked, found "
      "'cloned' (did you mean 'clone'?)" },
    { "lists-that-name-new-cards-all-the-time",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\n"
      "[plan p]\ndo = issue\ncohort = b\ncards = 1\nevery = 1min\n",
      "14: [plan p] every: expected at most 1000 times in the run, found 43199" },
    { "clones-of-nobody",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\n",
      "5: [cohort b] clone-of: expected a cohort further up, found nothing" },
    { "clones-of-an-unknown-cohort",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = c\n",
      "10: [cohort b] clone-of: expected one of a, b, found 'c'" },
    { "clones-of-themselves",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = b\n",
      "10: [cohort b] clone-of: expected a cohort further up, found b" },
    { "clones-of-a-cohort-further-down",
      "rogue = clone\nclone-of = b\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n",
      "6: [cohort a] clone-of: expected a cohort further up, found b" },
    { "clones-of-a-rogue-card",
      "rogue = leaked-key\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\n",
      "11: [cohort b] clone-of: expected a cohort of honest cards, some of them from the start, "
      "found a" },
    { "clones-of-a-card-that-is-issued-later",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\n"
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = b\n",
      "14: [cohort c] clone-of: expected a cohort of honest cards, some of them from the start, "
      "found b" },
    { "an-original-without-clones",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\nclone-of = a\n",
      "10: [cohort b] clone-of: expected this key with rogue = clone only, found rogue = revoked" },
    { "clones-that-are-no-copies",
      "expiry = fixed 3d\n[cohort b]\ncards = 1\ntransfer-key = 2\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\nbalance = constant 5\n",
      "6: [cohort b] expiry: expected fixed 3d, as in [cohort a], found never\n"
      "8: [cohort b] transfer-key: expected 1, as in [cohort a], found 2\n"
      "12: [cohort b] balance: expected constant 1000000000, as in [cohort a], found constant 5" },
    { "nobody-whose-certificate-could-be-shown", "rogue = revoked\n",
      "5: [cohort a] rogue: expected honest cards from the start beside revoked ones, which show "
      "the certificate of one, found none" },
    { "clones-of-cards-of-which-nothing-is-sure",
      "transfr-key = 1\n[cohort b]\ncards = 1\ntransfer-key = 2\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\n",
      "5: [cohort a] transfr-key: expected a key, one of cards, transfer-key, update-key, "
      "transfer-key-limit, update-key-limit, preloaded, current, chip, expiry, activity, dormant, "
      "role, region, successor, balance, rogue, clone-of, found 'transfr-key' (did you mean "
      "'transfer-key'?)" },
    { "an-own-chip-that-is-misspelt", "chip = chalk\n[chip chalks]\nlike = jcop4-p71\n",
      "5: [cohort a] chip: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, chalks, found "
      "'chalk' (did you mean 'chalks'?)" },
    { "times-of-a-chip-out-of-range",
      "[chip x]\nlike = jcop4-p71\nmac = 4000000001ns\nhash = 1ms + 11ms\nwrite = 3\n"
      "cipher = 1ms + 2us + 3ns\nrandom = 0.5ns\nmac-check = -1ms\nwrite-key = 1ms +\n"
      "p256-sign = 0s\np256-verify = 1ms + 1us\n",
      "7: [chip x] mac: " COST "'4000000001ns'\n"
      "8: [chip x] hash: " COST "'1ms + 11ms'\n"
      "9: [chip x] write: " COST "'3'\n"
      "10: [chip x] cipher: " COST "'1ms + 2us + 3ns'\n"
      "11: [chip x] random: " COST "'0.5ns'\n"
      "12: [chip x] mac-check: " COST "'-1ms'\n"
      "13: [chip x] write-key: " COST "'1ms +'\n"
      "14: [chip x] p256-sign: " SUITE_COST "'0s'\n"
      "15: [chip x] p256-verify: " SUITE_COST "'1ms + 1us'" },
    { "an-interface-without-blocks",
      "[interface x]\nprotocol = t=1\nbit-time = 9us\nbyte-bits = 11\ncard-gap = 0s\n"
      "reader-gap = 0s\nactivation = 0s\n",
      "5: [interface x] block-bytes: expected a number of bytes with protocol t=1, found nothing\n"
      "5: [interface x] block-overhead: expected a number of bytes with protocol t=1, found "
      "nothing" },
    { "an-interface-with-blocks-of-nothing",
      "[interface x]\nlike = 14443-106\nblock-bytes = none\n",
      "7: [interface x] block-bytes: expected a number of bytes with protocol t=cl, found none" },
    { "characters-in-blocks", "[interface x]\nlike = 7816-t0\nblock-bytes = 1\n",
      "7: [interface x] block-bytes: expected no blocks with protocol t=0, found 1" },
    { "an-interface-that-lacks-all", "[interface x]\n",
      "5: [interface x] protocol: expected one of t=cl, t=0, t=1, found nothing\n"
      "5: [interface x] bit-time: expected a time such as 9.44us in whole ps, above 0s and at most "
      "4ms, found nothing\n"
      "5: [interface x] byte-bits: expected a number from 8 to 32, found nothing\n"
      "5: [interface x] card-gap: expected a time such as 86.4us in whole ns, at most 1s, found "
      "nothing\n"
      "5: [interface x] reader-gap: expected a time such as 86.4us in whole ns, at most 1s, found "
      "nothing\n"
      "5: [interface x] activation: expected a duration such as 5ms, at most 1min, found nothing" },
    { "an-interface-named-like-a-shipped-one", "[interface 7816-t0]\nlike = 7816-t1\n",
      "5: [interface 7816-t0]: expected a name that no shipped interface has, found '7816-t0'" },
    { "an-interface-without-a-name", "[interface]\nlike = 7816-t1\n",
      "5: [interface]: expected [interface NAME], found [interface]" },
    { "default-samples-longer-than-the-run", "[scenario]\nduration = 12h\n",
      "5: [scenario] sample-interval: expected at most the duration, 12h, found 1d" },
};

static void
story_is_judged(const void *data)
{
    const Story *story = data;
    g_autofree char *text = g_strconcat(two_cards_text, story->text, NULL);

    if (story->message == NULL) {
        g_autoptr(Scenario) scenario = load_good(text, NULL);

        check_round_trip(scenario);
    } else {
        g_autofree char *message = load_bad(text, strlen(text), NULL);

        g_assert_cmpstr(message, ==, story->message);
    }
}

static void
three_mistakes_give_three_messages(void)
{
    g_autofree char *one = replace(full_text, "law = uniform 1 9000000000000000", "law = 5");
    g_autofree char *two = replace(one, "duration = 90d", "duration = ninety");
    g_autofree char *text = replace(two, "transfer-key = 1\n", "transfer-key = 10\n");
    g_autofree char *message = load_bad(text, strlen(text), NULL);

    g_assert_cmpstr(
        message, ==,
        "5: [scenario] duration: " PERIOD "'ninety'\n"
        "24: [cohort old] transfer-key: expected at most the transfer-key-limit, 9, found 10\n"
        "67: [amount] law: " MONEY "'5'");
}

static void
misspelt_key_is_not_missing_as_well(void)
{
    g_autofree char *text = replace(two_cards_text, "cards =", "crads =");
    g_autofree char *message = load_bad(text, strlen(text), NULL);

    g_assert_nonnull(strstr(message, "2: [cohort a] crads: expected a key, one of cards, "));
    g_assert_nonnull(strstr(message, "found 'crads' (did you mean 'cards'?)"));
    g_assert_null(strchr(message, '\n'));
}

static void
empty_file_lacks_a_cohort(void)
{
    g_autofree char *message = load_bad("", 0, NULL);

    g_assert_cmpstr(message, ==, "1: expected at least one group [cohort NAME], found none");
}

static void
null_bytes_are_refused(void)
{
    const char text[] = "[cohort a]\ncards = 2\0\ntransfer-key = 1\nupdate-key = 1\n";
    g_autofree char *message = load_bad(text, sizeof text - 1, NULL);

    g_assert_cmpstr(message, ==, "2: expected text in UTF-8, found the byte 0x00");
}

static void
overlong_line_is_refused(void)
{
    g_autofree char *title = g_strnfill(100001 - strlen("title = "), 'x');
    g_autofree char *text = g_strconcat(two_cards_text, "[scenario]\ntitle = ", title, "\n", NULL);
    g_autofree char *message = load_bad(text, strlen(text), NULL);

    g_assert_cmpstr(message, ==, "6: expected at most 100000 bytes in a line, found 100001");
}

static void
thousand_mistakes_are_enough(void)
{
    g_autoptr(GString) text = g_string_new(two_cards_text);
    g_autofree char *message = NULL;
    g_auto(GStrv) lines = NULL;

    for (int i = 0; i < 1234; i++)
        g_string_append(text, "nonsense\n");
    message = load_bad(text->str, text->len, NULL);
    lines = g_strsplit(message, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1001);
    g_assert_cmpstr(lines[999], ==, "1004: expected KEY = VALUE, found 'nonsense'");
    g_assert_cmpstr(lines[1000], ==, "and 234 more mistakes");
}

static void
long_names_are_shortened_in_messages(void)
{
    g_autofree char *name = g_strnfill(70, 'x');
    g_autofree char *shown = g_strnfill(60, 'x');
    g_autofree char *expected = g_strconcat(", found '", shown, "...'", NULL);
    g_autoptr(GString) text = g_string_new(two_cards_text);
    g_autofree char *message = NULL;

    for (int i = 0; i < 30; i++)
        g_string_append_printf(text, "[cohort %s%d]\ncards=1\ntransfer-key=1\nupdate-key=1\n", name,
                               i);
    g_string_append_printf(text, "[plan p]\ndo=issue\nat=1d\ncards=1\ncohort=%s\n", name);
    message = load_bad(text->str, text->len, NULL);
    g_assert_true(g_str_has_prefix(message, "129: [plan p] cohort: expected one of a, xxx"));
    g_assert_nonnull(strstr(message, ", ..., found "));
    g_assert_true(g_str_has_suffix(message, expected));
}

static void
sixty_thousand_cohorts_are_enough(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *message = NULL;

    for (int i = 1; i <= 60000; i++)
        g_string_append_printf(text, "[cohort %d]\ncards=1\ntransfer-key=1\nupdate-key=1\n", i);
    scenario_free(load_good(text->str, NULL));
    g_string_append(text, "[cohort x]\ncards=1\ntransfer-key=1\nupdate-key=1\n");
    message = load_bad(text->str, text->len, NULL);
    g_assert_cmpstr(message, ==, "240001: [cohort x]: expected at most 60000 cohorts, found 60001");
}

#define TOO_MANY_ENTRIES                                                                           \
    "[plan p]: expected at most 65535 kinds of cards, by cohort, limits, preloaded IDs, chip, "    \
    "action and revocation, that cohorts and plan may bring up to then, found "

/* @n_cohorts: of one card each. @message: behind the line; NULL if all is well */
static void
judge_crowd(int n_cohorts, const char *plan, const char *message)
{
    g_autoptr(GString) text =
        g_string_new("[scenario]\nduration = 50d\n[scheme]\nembodiment = 5\n");
    g_autofree char *found = NULL;

    for (int i = 1; i <= n_cohorts; i++)
        g_string_append_printf(text, "[cohort %d]\ncards=1\ntransfer-key=1\nupdate-key=1\n", i);
    g_string_append_printf(text, "[plan p]\n%s", plan);
    if (message == NULL) {
        scenario_free(load_good(text->str, NULL));
        return;
    }
    found = load_bad(text->str, text->len, NULL);
    g_assert_cmpstr(strchr(found, '['), ==, message);
}

static void
each_swapped_card_may_need_an_entry(void)
{
    judge_crowd(60000, "do=swap\nat=1d\ncards=5535\n", NULL);
    judge_crowd(60000, "do=swap\nat=1d\ncards=5536\n", TOO_MANY_ENTRIES "65536");
}

/* A revocation needs an entry for its card, and then 70 for those that are replaced later. */
static void
each_revocation_needs_entries_anew(void)
{
    const char *plan = "do=revoke\nevery=1h\ncards=1\ntimes=%d\n"
                       "[plan q]\ndo=replace\nat=0s\nrate=1/d\n";
    g_autofree char *enough = g_strdup_printf(plan, 921);
    g_autofree char *more = g_strdup_printf(plan, 922);

    judge_crowd(70, enough, NULL);
    judge_crowd(70, more, TOO_MANY_ENTRIES "65602");
}

static void
cards_that_differ_in_their_key_share_an_entry(void)
{
    judge_crowd(25000,
                "do=replace\nat=1d\nrate=1/d\n"
                "[plan q]\ndo=swap\nat=0s\ncards=1\ntransfer-key=2\n",
                NULL);
}

/* However often one swap takes place, cards that it makes alike share an entry. */
static void
swap_that_repeats_shares_entries(void)
{
    judge_crowd(70, "do=swap\nevery=1h\ntimes=1000\ncards=70\n", NULL);
}

static void
file_name_that_is_no_scenario_name_is_a_mistake(void)
{
    g_autofree char *path = write_file("my file.ini", two_cards_text, strlen(two_cards_text));
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_load(path, NULL, &error);

    g_assert_null(scenario);
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "my file.ini:1: [scenario] name: expected a name"));
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
missing_file_is_unreadable(void)
{
    g_autofree char *path = g_build_filename(folder, "missing.ini", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(scenario_load(path, NULL, &error));
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE);
    g_assert_nonnull(strstr(error->message, "missing.ini"));
}

static void
folder_is_unreadable(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(scenario_load(folder, NULL, &error));
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE);
}

/* --set */

static void
override_replaces_and_adds(void)
{
    const char *const overrides[] = { "cohort others.cards=99990", "scheme.embodiment=3",
                                      "plan later.at = 3d",        "plan later.do=issue",
                                      "plan later.cards=5",        "plan later.cohort=v1.2",
                                      "cohort v1.2.cards=0",       "cohort v1.2.transfer-key=3",
                                      "cohort v1.2.update-key=2",  "scenario.title=a=b.c",
                                      "cohort others.cards=99991", NULL };
    g_autoptr(Scenario) scenario = load_good(uniform_text, overrides);

    g_assert_cmpint(cohort_at(scenario, 1)->cards, ==, 99991);
    g_assert_cmpstr(scheme_embodiment(&scenario->scheme), ==, "3");
    g_assert_cmpstr(cohort_at(scenario, 2)->name, ==, "v1.2");
    g_assert_cmpint(cohort_at(scenario, 2)->line, ==, 0);
    g_assert_cmpint(plan_at(scenario, 0)->cohort, ==, 2);
    g_assert_cmpstr(scenario->title, ==, "a=b.c");
    check_round_trip(scenario);
}

typedef struct {
    const char *name;
    const char *override;
    const char *message;
} BadOverride;

static const BadOverride bad_overrides[] = {
    { "without-equals-sign", "scenario.seed",
      "--set scenario.seed: expected GROUP.KEY=VALUE, found 'scenario.seed'" },
    { "without-dot", "seed=1.5", "--set seed=1.5: expected GROUP.KEY=VALUE, found 'seed=1.5'" },
    { "without-group", ".seed=1", "--set .seed=1: expected GROUP.KEY=VALUE, found '.seed=1'" },
    { "without-value", "scenario.seed=", "--set scenario.seed=: expected a value, found nothing" },
    { "of-an-unknown-key", "amount.lax=1",
      "--set amount.lax=1: expected a key, one of law, day-profile, week-profile, found 'lax' (did "
      "you mean 'law'?)" },
    { "of-an-unknown-group", "amounts.law=constant 1",
      "--set amounts.law=constant 1: [amounts]: expected a group, one of scenario, scheme, chip, "
      "interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'amounts' (did you mean 'amount'?)" },
    { "of-a-bad-value", "scenario.replications=none",
      "--set scenario.replications=none: " REPLICATIONS "'none'" },
    { "that-contradicts-another-field", "cohort newer-transfer-key.transfer-key=10",
      "--set cohort newer-transfer-key.transfer-key=10: expected at most the transfer-key-limit, "
      "9, found 10" },
    { "of-a-cohort-that-lacks-more", "cohort c.transfer-key=1",
      "--set cohort c.transfer-key=1: [cohort c] cards: expected a number from 0 to 4000000000, or "
      "rest, "
      "found nothing\n"
      "--set cohort c.transfer-key=1: [cohort c] update-key: " ID_RANGE "nothing" },
    { "with-line-breaks", "scenario.title=a\nb",
      "--set scenario.title=a?b: expected text, found the control character 0x0a" },
    { "in-latin-1", "scenario.title=Caf\xe9",
      "--set scenario.title=Caf\xef\xbf\xbd: expected text in UTF-8, found the byte 0xe9" },
};

static void
bad_override_is_named(const void *data)
{
    const BadOverride *bad = data;
    const char *const overrides[] = { bad->override, NULL };
    g_autofree char *message = load_bad(crossed_text, strlen(crossed_text), overrides);

    g_assert_cmpstr(message, ==, bad->message);
}

static void
overrides_are_reported_after_the_file(void)
{
    const char *const overrides[] = { "seed", "scenario.seed=-1", NULL };
    g_autofree char *text = replace(uniform_text, "law = constant 1", "law = 1");
    g_autofree char *message = load_bad(text, strlen(text), overrides);

    g_assert_cmpstr(message, ==,
                    "34: [amount] law: " MONEY "'1'\n"
                    "--set seed: expected GROUP.KEY=VALUE, found 'seed'\n"
                    "--set scenario.seed=-1: " SEED_RANGE "'-1'");
}

/* What an embodiment does not use */

typedef struct {
    const char *embodiment;
    const char *unused;
} Unused;

static const Unused unused[] = {
    { "1", "[scheme] suite;[scheme] crl-scope;[scheme] uk-rule;[cohort old] update-key-limit;"
           "[cohort old] preloaded;[cohort old] current;[terminals shops] crl-source;"
           "[plan exchange] update-key-limit;[plan exchange] preloaded" },
    { "2", "[scheme] uk-rule;[cohort old] update-key;[cohort old] update-key-limit;"
           "[cohort old] preloaded;[cohort old] current;[cohort new] update-key;"
           "[plan exchange] update-key;[plan exchange] update-key-limit;"
           "[plan exchange] preloaded" },
    { "3", "[scheme] uk-rule;[cohort old] update-key-limit;[cohort old] preloaded;"
           "[cohort old] current;[plan exchange] update-key-limit;[plan exchange] preloaded" },
    { "4", "[scheme] suite;[scheme] range;[scheme] crl-scope;[scheme] uk-rule;"
           "[cohort old] transfer-key-limit;[cohort old] update-key-limit;"
           "[terminals shops] crl-source;[plan exchange] transfer-key-limit;"
           "[plan exchange] update-key-limit" },
    { "5", "[cohort old] preloaded;[cohort old] current;[plan exchange] preloaded" },
    { "conventional",
      "[scheme] suite;[scheme] range;[scheme] update-ack;[scheme] crl-scope;[scheme] uk-rule;"
      "[cohort old] update-key;[cohort old] transfer-key-limit;[cohort old] update-key-limit;"
      "[cohort old] preloaded;[cohort old] current;[cohort new] update-key;"
      "[terminals shops] crl-source;[plan exchange] update-key;"
      "[plan exchange] transfer-key-limit;[plan exchange] update-key-limit;"
      "[plan exchange] preloaded" },
    { "mondex",
      "[scheme] suite;[scheme] range;[scheme] update-ack;[scheme] crl-scope;[scheme] uk-rule;"
      "[cohort old] update-key;[cohort old] transfer-key-limit;[cohort old] update-key-limit;"
      "[cohort new] update-key;[terminals shops] crl-source;[plan exchange] update-key;"
      "[plan exchange] transfer-key-limit;[plan exchange] update-key-limit" },
};

static void
unused_keys_are_listed(const void *data)
{
    const Unused *row = data;
    g_autofree char *set = g_strconcat("scheme.embodiment=", row->embodiment, NULL);
    const char *const overrides[] = { set, NULL };
    g_autoptr(Scenario) scenario = load_good(full_text, overrides);
    g_autoptr(GPtrArray) keys = scenario_unused_keys(scenario);
    g_autofree char *joined = NULL;

    g_ptr_array_add(keys, NULL);
    joined = g_strjoinv(";", (char **)keys->pdata);
    g_assert_cmpstr(joined, ==, row->unused);
}

static void
unused_values_are_checked_all_the_same(void)
{
    const char *const overrides[] = { "scheme.embodiment=1", "scheme.suite=rsa-4096", NULL };
    g_autofree char *message = load_bad(crossed_text, strlen(crossed_text), overrides);

    g_assert_cmpstr(message, ==,
                    "--set scheme.suite=rsa-4096: expected one of p256, rsa-1024, rsa-2048, found "
                    "'rsa-4096' (did you mean 'rsa-1024'?)");
}

/* Embodiment 4 */

static void
preloaded_decides_the_transfer_key(void)
{
    static const struct {
        const char *current;
        int64_t transfer_key;
    } cases[] = {
        { "", 2 }, { "current = lowest\n", 2 }, { "current = highest\n", 9 }, { "current = 5\n", 5 }
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat("[scheme]\nembodiment = 4\n[cohort a]\ncards = 2\nupdate-key = 1\n"
                        "preloaded = 9,2,5\n",
                        cases[i].current, NULL);
        g_autoptr(Scenario) scenario = load_good(text, NULL);

        g_assert_cmpint(cohort_at(scenario, 0)->terms.transfer_key, ==, cases[i].transfer_key);
        check_round_trip(scenario);
    }
}

/* The manual */

static void
manual_has_every_key_of_the_full_file(void)
{
    g_autofree char *path = g_build_filename(folder, "keys.md", NULL);
    g_autofree char *manual = NULL;
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);
    FILE *out = g_fopen(path, "w");

    g_assert_nonnull(out);
    scenario_describe_keys(out);
    g_assert_cmpint(fclose(out), ==, 0);
    g_assert_true(g_file_get_contents(path, &manual, NULL, NULL));
    g_assert_cmpint(g_remove(path), ==, 0);
    for (char **line = lines; *line != NULL; line++)
        if (strchr(*line, '=') != NULL) {
            g_autofree char *key = g_strndup(*line, strcspn(*line, " "));
            g_autofree char *row = g_strconcat("\n| `", key, "` | ", NULL);

            g_assert_nonnull(strstr(manual, row));
        }
    g_assert_nonnull(strstr(manual, "### [cohort NAME]\n"));
}

/* Broken files: whatever they hold, they load or say what is wrong. */

static guint n_broken;

static void
load_broken(const char *data, gsize length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = load_bytes(data, length, NULL, &error);
    g_autofree char *path = g_build_filename(folder, "file.ini", NULL);

    n_broken++;
    if (scenario != NULL) {
        g_assert_no_error(error);
        check_round_trip(scenario);
        return;
    }
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* The full file with line @index replaced by @bytes. */
static void
load_with_line(char **lines, guint index, const char *bytes, gsize length)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (i == index)
            g_string_append_len(text, bytes, (gssize)length);
        else
            g_string_append(text, lines[i]);
        if (lines[i + 1] != NULL && !(i == index && length == 0))
            g_string_append_c(text, '\n');
    }
    load_broken(text->str, text->len);
}

static void
load_misspelt(char **lines, guint index)
{
    const char *line = lines[index];

    for (gsize i = 0; line[i] != '\0'; i++) {
        g_autofree char *without = g_strdup_printf("%.*s%s", (int)i, line, line + i + 1);
        g_autofree char *wrong = g_strdup(line);
        g_autofree char *cut = g_strndup(line, i);

        wrong[i] ^= 1;
        load_with_line(lines, index, without, strlen(without));
        load_with_line(lines, index, wrong, strlen(wrong));
        load_with_line(lines, index, cut, strlen(cut));
    }
}

static void
any_line_removed_doubled_or_misspelt_is_survived(void)
{
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);

    n_broken = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *twice = g_strconcat(lines[i], "\n", lines[i], NULL);

        load_with_line(lines, i, "", 0);
        load_with_line(lines, i, twice, strlen(twice));
        load_misspelt(lines, i);
    }
    g_assert_cmpuint(n_broken, >, 200);
}

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
    "\xe2\x80\xae",
    "ÄÖÜ",
};

static void
any_junk_as_a_value_is_survived(void)
{
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);

    n_broken = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *equals = strchr(lines[i], '=');

        for (size_t j = 0; equals != NULL && j < G_N_ELEMENTS(junk); j++) {
            g_autofree char *line =
                g_strdup_printf("%.*s= %s", (int)(equals - lines[i]), lines[i], junk[j]);

            load_with_line(lines, i, line, strlen(line));
        }
    }
    g_assert_cmpuint(n_broken, >, 200);
}

/* Bytes from a fixed generator, so that a failure comes again. */
static void
any_bytes_anywhere_are_survived(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    const gsize length = strlen(full_text);

    for (int i = 0; i < 2000; i++) {
        g_autofree char *data = g_memdup2(full_text, length);
        const int n_changes = g_rand_int_range(random, 1, 8);

        for (int j = 0; j < n_changes; j++)
            data[g_rand_int_range(random, 0, (gint32)length)] =
                (char)g_rand_int_range(random, 0, 256);
        load_broken(data, (gsize)g_rand_int_range(random, 1, (gint32)length + 1));
    }
}

#define ADD_TABLE(path, table, test)                                                               \
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                                             \
        g_autofree char *name = g_strconcat(path, (table)[i].name, NULL);                          \
                                                                                                   \
        g_test_add_data_func(name, &(table)[i], test);                                             \
    }

static void
add_good_files(void)
{
    g_test_add_func("/scenario/load/uniform-example-loads", uniform_example_loads);
    g_test_add_func("/scenario/load/crossed-example-loads", crossed_example_loads);
    g_test_add_func("/scenario/load/trace-example-wants-its-trace", trace_example_wants_its_trace);
    g_test_add_func("/scenario/load/every-key-reaches-its-field", every_key_reaches_its_field);
    g_test_add_func("/scenario/load/every-cohort-key-reaches-its-field",
                    every_cohort_key_reaches_its_field);
    g_test_add_func("/scenario/load/every-terminals-key-reaches-its-field",
                    every_terminals_key_reaches_its_field);
    g_test_add_func("/scenario/load/every-plan-key-reaches-its-field",
                    every_plan_key_reaches_its_field);
    g_test_add_func("/scenario/load/countermeasures-are-read", countermeasures_are_read);
    g_test_add_func("/scenario/load/defaults-fill-what-is-not-set", defaults_fill_what_is_not_set);
    g_test_add_func("/scenario/load/own-chips-have-what-is-given-and-what-they-are-like",
                    own_chips_have_what_is_given_and_what_they_are_like);
    g_test_add_func("/scenario/load/own-interfaces-have-what-is-given-and-what-they-are-like",
                    own_interfaces_have_what_is_given_and_what_they_are_like);
    g_test_add_func("/scenario/load/own-interface-of-another-protocol-has-its-blocks",
                    own_interface_of_another_protocol_has_its_blocks);
    g_test_add_func("/scenario/load/as-many-chips-as-latencies-can-tell-apart",
                    as_many_chips_as_latencies_can_tell_apart);
    g_test_add_func("/scenario/load/hundred-chips-are-enough", hundred_chips_are_enough);
    g_test_add_func("/scenario/load/population-seed-follows-seed-unless-given",
                    population_seed_follows_seed_unless_given);
    g_test_add_func("/scenario/load/terminals-without-shares-have-equal-ones",
                    terminals_without_shares_have_equal_ones);
    g_test_add_func("/scenario/load/axes-override-the-embodiment-in-any-order",
                    axes_override_the_embodiment_in_any_order);
    g_test_add_func("/scenario/load/preloaded-decides-the-transfer-key",
                    preloaded_decides_the_transfer_key);
    g_test_add_func("/scenario/load/windows-files-load", windows_files_load);
    g_test_add_func("/scenario/load/names-may-have-any-letters", names_may_have_any_letters);
}

static void
add_effective(void)
{
    g_test_add_func("/scenario/to-key-file/loads-to-the-same",
                    effective_scenario_loads_to_the_same);
    g_test_add_func("/scenario/to-key-file/keeps-axes-without-a-name",
                    effective_scenario_keeps_axes_without_a_name);
    g_test_add_func("/scenario/to-key-file/awkward-fractions-survive",
                    awkward_fractions_survive_printing);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autofree char *name = g_strdup_printf("/scenario/to-key-file/canonical-unit-%zu", i);

        g_test_add_data_func(name, &units[i], value_is_printed_in_canonical_units);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(unused); i++) {
        g_autofree char *name =
            g_strconcat("/scenario/unused-keys/embodiment-", unused[i].embodiment, NULL);

        g_test_add_data_func(name, &unused[i], unused_keys_are_listed);
    }
    g_test_add_func("/scenario/unused-keys/values-are-checked-all-the-same",
                    unused_values_are_checked_all_the_same);
    g_test_add_func("/scenario/describe-keys/has-every-key", manual_has_every_key_of_the_full_file);
}

static void
add_mistakes(void)
{
    ADD_TABLE("/scenario/load/refuses/", mistakes, mistake_is_named)
    ADD_TABLE("/scenario/load/judges/", stories, story_is_judged)
    g_test_add_func("/scenario/load/three-mistakes-give-three-messages",
                    three_mistakes_give_three_messages);
    g_test_add_func("/scenario/load/misspelt-key-is-not-missing-as-well",
                    misspelt_key_is_not_missing_as_well);
    g_test_add_func("/scenario/load/empty-file-lacks-a-cohort", empty_file_lacks_a_cohort);
    g_test_add_func("/scenario/load/null-bytes-are-refused", null_bytes_are_refused);
    g_test_add_func("/scenario/load/overlong-line-is-refused", overlong_line_is_refused);
    g_test_add_func("/scenario/load/thousand-mistakes-are-enough", thousand_mistakes_are_enough);
    g_test_add_func("/scenario/load/long-names-are-shortened-in-messages",
                    long_names_are_shortened_in_messages);
    g_test_add_func("/scenario/load/sixty-thousand-cohorts-are-enough",
                    sixty_thousand_cohorts_are_enough);
    g_test_add_func("/scenario/load/each-swapped-card-may-need-an-entry",
                    each_swapped_card_may_need_an_entry);
    g_test_add_func("/scenario/load/each-revocation-needs-entries-anew",
                    each_revocation_needs_entries_anew);
    g_test_add_func("/scenario/load/cards-that-differ-in-their-key-share-an-entry",
                    cards_that_differ_in_their_key_share_an_entry);
    g_test_add_func("/scenario/load/swap-that-repeats-shares-entries",
                    swap_that_repeats_shares_entries);
    g_test_add_func("/scenario/load/file-name-that-is-no-scenario-name-is-a-mistake",
                    file_name_that_is_no_scenario_name_is_a_mistake);
    g_test_add_func("/scenario/load/missing-file-is-unreadable", missing_file_is_unreadable);
    g_test_add_func("/scenario/load/folder-is-unreadable", folder_is_unreadable);
}

static void
add_overrides_and_broken_files(void)
{
    g_test_add_func("/scenario/override/replaces-and-adds", override_replaces_and_adds);
    ADD_TABLE("/scenario/override/is-refused-", bad_overrides, bad_override_is_named)
    g_test_add_func("/scenario/override/is-reported-after-the-file",
                    overrides_are_reported_after_the_file);
    g_test_add_func("/scenario/broken/any-line-removed-doubled-or-misspelt-is-survived",
                    any_line_removed_doubled_or_misspelt_is_survived);
    g_test_add_func("/scenario/broken/any-junk-as-a-value-is-survived",
                    any_junk_as_a_value_is_survived);
    g_test_add_func("/scenario/broken/any-bytes-anywhere-are-survived",
                    any_bytes_anywhere_are_survived);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("test-scenario-XXXXXX", &error);
    g_assert_no_error(error);
    add_good_files();
    add_effective();
    add_mistakes();
    add_overrides_and_broken_files();
    status = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return status;
}
