#include "tests/sim/input/scenario_files.h"

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

static const ScenarioPlan *
plan_at(const Scenario *scenario, guint index)
{
    g_assert_cmpuint(index, <, scenario->plan->len);
    return scenario->plan->pdata[index];
}

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
    g_assert_cmpint(shops->clock_skew, ==, -5400 * MICROS_PER_SECOND);
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

static void
axes_override_the_embodiment_in_any_order(void)
{
    g_autofree char *text =
        g_strconcat("[scheme]\nupdate-key = stays\nembodiment = 5\n", two_cards_text, NULL);
    g_autoptr(Scenario) scenario = load_good(text, NULL);

    g_assert_cmpstr(scheme_embodiment(&scenario->scheme), ==, "3");
}

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

/* Copies of a long list in each point would grow with its square. */
static void
points_share_the_axes_of_their_sweep(void)
{
    static const char *const overrides[] = { "sweep.scenario.seed=5, 6, 7", NULL };
    g_autofree char *path = write_file("points.ini", two_cards_text, strlen(two_cards_text));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) points = scenario_load_points(path, overrides, &error);

    g_assert_no_error(error);
    g_assert_cmpint(g_remove(path), ==, 0);
    g_assert_cmpuint(points->len, ==, 3);
    for (guint i = 0; i < points->len; i++) {
        const Scenario *point = points->pdata[i];

        g_assert_cmpuint(point->seed, ==, 5 + i);
        g_assert_true(point->sweep == ((const Scenario *)points->pdata[0])->sweep);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
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
    g_test_add_func("/scenario/load/points-share-the-axes-of-their-sweep",
                    points_share_the_axes_of_their_sweep);
    g_test_add_func("/scenario/load/windows-files-load", windows_files_load);
    g_test_add_func("/scenario/load/names-may-have-any-letters", names_may_have_any_letters);
    g_test_add_func("/scenario/override/replaces-and-adds", override_replaces_and_adds);
    ADD_TABLE("/scenario/override/is-refused-", bad_overrides, bad_override_is_named)
    g_test_add_func("/scenario/override/is-reported-after-the-file",
                    overrides_are_reported_after_the_file);
    return run_in_folder();
}
