#include "tests/sim/input/scenario_files.h"

/* What becomes of full_text, and what is said about it. */
typedef struct {
    const char *name;
    const char *from;
    const char *to;
    const char *message;
} Mistake;

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
      "plan, amount, faults, sweep, found 'chort' (did you mean 'cohort new'?)" },
    { "a-group-for-later", "[mixing]\nmodel = uniform", "[output]\nevents = yes",
      "48: [output]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, "
      "amount, faults, sweep, found 'output'" },
    { "a-cohort-without-name", "[cohort new]", "[cohort]",
      "34: [cohort]: expected [cohort NAME], found [cohort]" },
    { "two-spaces-before-a-name", "[terminals homes]", "[terminals  homes]",
      "46: [terminals  homes]: expected [terminals NAME], found [terminals  homes]" },
    { "a-tab-in-a-group-of-the-sweep", "[mixing]", "[sweep]\ncohort\told.cards = 5, 6\n[mixing]",
      "49: [sweep] cohort?old.cards: expected GROUP.KEY such as scheme.embodiment, found "
      "'cohort?old.cards'" },
    { "a-blank-behind-a-group-of-the-sweep", "[mixing]",
      "[sweep]\ncohort old .cards = 5, 6\n[mixing]",
      "49: [sweep] cohort old .cards: expected GROUP.KEY such as scheme.embodiment, found "
      "'cohort old .cards'" },
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

static void
device_is_unreadable(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(scenario_load("/dev/null", NULL, &error));
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE);
    g_assert_cmpstr(error->message, ==, "/dev/null: cannot read: that is no plain file");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TABLE("/scenario/load/refuses/", mistakes, mistake_is_named)
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
    g_test_add_func("/scenario/load/file-name-that-is-no-scenario-name-is-a-mistake",
                    file_name_that_is_no_scenario_name_is_a_mistake);
    g_test_add_func("/scenario/load/missing-file-is-unreadable", missing_file_is_unreadable);
    g_test_add_func("/scenario/load/folder-is-unreadable", folder_is_unreadable);
    g_test_add_func("/scenario/load/device-is-unreadable", device_is_unreadable);
    return run_in_folder();
}
