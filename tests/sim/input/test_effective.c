#include "tests/sim/input/scenario_files.h"

#include "sim/input/effects.h"

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
    { "cohort a.activity=constant 400k/d", "activity", "constant 400000/d" },
    { "cohort a.activity=constant 0.73M/y", "activity", "constant 2000/d" },
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
    g_autoptr(GKeyFile) file = scenario_to_key_file((const Scenario *const[]){ scenario }, 1);
    g_autofree char *group = g_strndup(unit->override, strcspn(unit->override, "."));
    g_autofree char *value = g_key_file_get_value(file, group, unit->key, NULL);

    g_assert_cmpstr(value, ==, unit->printed);
}

typedef struct {
    const char *embodiment;
    const char *unused;
} Unused;

/* What stands in the cohort and the plan for nothing, in the same words. */
#define LIMITS                                                                                     \
    "[cohort old], [plan exchange] transfer-key-limit;"                                            \
    "[cohort old], [plan exchange] update-key-limit;"
#define PRELOADED "[cohort old], [plan exchange] preloaded;[cohort old] current;"
#define UPDATE_KEYS "[cohort old], [cohort new], [plan exchange] update-key;"
#define TERMINALS "[terminals shops] kind;[terminals shops] crl-source"

static const Unused unused[] = {
    { "1", "[scenario] start;[scheme] suite;[scheme] crl-scope;[scheme] uk-rule;" LIMITS PRELOADED
               TERMINALS },
    { "2", "[scenario] start;[scheme] crl-scope;[scheme] uk-rule;" UPDATE_KEYS LIMITS PRELOADED
               TERMINALS },
    { "3", "[scenario] start;[scheme] crl-scope;[scheme] uk-rule;" LIMITS PRELOADED TERMINALS },
    { "4",
      "[scenario] start;[scheme] suite;[scheme] range;[scheme] crl-scope;[scheme] uk-rule;" LIMITS
          TERMINALS },
    { "5", "[scenario] start;[scheme] crl-scope;" LIMITS PRELOADED TERMINALS },
    { "conventional",
      "[scenario] start;[scheme] suite;[scheme] range;[scheme] update-ack;"
      "[scheme] crl-scope;[scheme] uk-rule;" UPDATE_KEYS LIMITS PRELOADED TERMINALS },
    { "mondex", "[scenario] start;[scheme] suite;[scheme] range;[scheme] update-ack;"
                "[scheme] crl-scope;[scheme] uk-rule;" UPDATE_KEYS LIMITS TERMINALS },
};

static void
unused_keys_are_listed(const void *data)
{
    const Unused *row = data;
    g_autofree char *set = g_strconcat("scheme.embodiment=", row->embodiment, NULL);
    const char *const overrides[] = { set, NULL };
    g_autoptr(Scenario) scenario = load_good(full_text, overrides);
    g_autoptr(GPtrArray) points = g_ptr_array_new();
    g_autoptr(GPtrArray) keys = NULL;
    g_autofree char *joined = NULL;

    g_ptr_array_add(points, scenario);
    keys = effects_list(points);

    for (guint i = 0; i < keys->len; i++)
        *strstr(keys->pdata[i], ": ") = '\0'; /* why */
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

/* What is printed of a sweep's points, of one key; NULL: nothing. */
typedef struct {
    const char *name;
    const char *const overrides[5];
    const char *group;
    const char *key;
    const char *printed;
} OfPoints;

static const OfPoints of_points[] = {
    { "default-that-hangs-on-an-axis",
      { "sweep.scenario.seed=1, 2" },
      "scenario",
      "population-seed",
      NULL },
    { "what-the-file-sets",
      { "sweep.scenario.seed=1, 2", "scenario.population-seed=2" },
      "scenario",
      "population-seed",
      "2" },
    { "default-that-hangs-on-nothing",
      { "sweep.scenario.seed=1, 2" },
      "scenario",
      "duration",
      "30d" },
    { "first-value-of-an-axis", { "sweep.scenario.seed=4, 2" }, "scenario", "seed", "4" },
    { "embodiment-beside-an-axis-of-it",
      { "scheme.embodiment=2", "sweep.scheme.pays-with=newest, own" },
      "scheme",
      "embodiment",
      "2" },
    { "axis-of-an-embodiment-that-is-moved",
      { "scheme.pays-with=newest", "sweep.scheme.embodiment=1, conventional" },
      "scheme",
      "pays-with",
      "newest" },
    { "key-of-another-model-than-the-first",
      { "mixing.cross=20%", "cohort a.region=north", "sweep.mixing.model=uniform, communities" },
      "mixing",
      "cross",
      "0.2" },
    { "what-chips-have-in-common",
      { "chip x.source=a guess", "sweep.chip x.like=jcop4-p71, jcop3-p60" },
      "chip x",
      "source",
      "a guess" },
    { "what-chips-have-from-an-axis",
      { "sweep.chip x.like=jcop4-p71, jcop3-p60" },
      "chip x",
      "mac",
      NULL },
};

static void
points_are_printed_as_one(const void *data)
{
    const OfPoints *row = data;
    g_autofree char *path = write_file("points.ini", two_cards_text, strlen(two_cards_text));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) points = scenario_load_points(path, row->overrides, &error);
    g_autoptr(GKeyFile) file = NULL;
    g_autofree char *value = NULL;

    g_assert_no_error(error);
    g_assert_cmpuint(points->len, ==, 2);
    g_assert_cmpint(g_remove(path), ==, 0);
    file = scenario_to_key_file((const Scenario *const *)points->pdata, points->len);
    value = g_key_file_get_value(file, row->group, row->key, NULL);
    g_assert_cmpstr(value, ==, row->printed);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenario/to-key-file/loads-to-the-same",
                    effective_scenario_loads_to_the_same);
    g_test_add_func("/scenario/to-key-file/keeps-axes-without-a-name",
                    effective_scenario_keeps_axes_without_a_name);
    g_test_add_func("/scenario/to-key-file/awkward-fractions-survive",
                    awkward_fractions_survive_printing);
    ADD_TABLE("/scenario/to-key-file/of-points/", of_points, points_are_printed_as_one)
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
    return run_in_folder();
}
