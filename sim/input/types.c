#include "sim/input/types.h"

#include "sim/base/wording.h"
#include "sim/input/choice.h"
#include "sim/input/type_row.h"
#include "sim/scenario/contacts_reader.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/unset.h"

#define EXPIRY_DAYS_MAX 65534
#define TERMINALS_MAX 10000000
#define NANOS_MAX INT64_C(4000000000) /* fits into 32 bits */
#define PICOS_PER_NANO 1000
#define GAP_NANOS_MAX INT64_C(1000000000)
#define BIT_PICOS_MAX INT64_C(4000000000)

#define VALUE(kind) .read = types_read_##kind, .print = types_print_##kind
#define NUMBER(from, to) VALUE(number), .low = (from), .high = (to)
#define DURATION(from, to) VALUE(duration), .low = (from), .high = (to)
#define CHOICE(how) VALUE(choice), .choice = &choice_##how
#define MONEY_LAW                                                                                  \
    "`constant N`, `uniform A B` with 0 <= A <= B <= 9000000000000000, `exponential MEAN` or "     \
    "`log-normal MEDIAN SIGMA` with MEAN, MEDIAN from 1 and SIGMA from 0.001 to 5"

static const TypeRow rows[N_SCENARIO_TYPES] = {
    [TYPE_NAME] = { .read = types_read_name,
                    .print = types_print_text,
                    .expected =
                        "a name of letters, digits, `_` and, behind the first, `-` and `.`" },
    [TYPE_TEXT] = { VALUE(text), .expected = "text" },
    [TYPE_DATE] = { VALUE(date), .expected = "a date YYYY-MM-DD from 1970-01-01 on" },
    [TYPE_PERIOD] = { DURATION(1, SCENARIO_DURATION_MAX),
                      .expected = "a duration such as 12h or 30d, above 0s and at most 100y" },
    [TYPE_REST] = { DURATION(0, 365 * MICROS_PER_DAY),
                    .expected = "a duration such as 12h or 30d, at most 1y" },
    [TYPE_INSTANT] = { DURATION(0, SCENARIO_DURATION_MAX),
                       .expected = "a duration such as 12h or 30d, at most 100y" },
    [TYPE_SKEW] = { DURATION(-SCENARIO_DURATION_MAX, SCENARIO_DURATION_MAX),
                    .expected = "a duration such as 90s or -2h, from -100y to 100y" },
    [TYPE_SEED] = { VALUE(seed), .expected = "a whole number from 0 to 18446744073709551615" },
    [TYPE_REPLICATIONS] = { VALUE(replications), .low = 1, .high = SCENARIO_REPLICATIONS_MAX,
                            .expected = "a number from 1 to 1000000, or `LEAST..MOST until "
                                        "time-to-share(transfer, ID, SHARE) +- PRECISION`" },
    [TYPE_CHOICE] = { CHOICE(of_enum) },
    [TYPE_EMBODIMENT] = { CHOICE(of_embodiment) },
    [TYPE_SUITE] = { CHOICE(of_enum), .list_names = choice_list_suites },
    [TYPE_YES_NO] = { CHOICE(of_bool), .list_names = choice_list_yes_no },
    [TYPE_MAX_BALANCE] = { NUMBER(1, SCENARIO_MONEY_MAX), .word = "none",
                           .word_value = SCHEME_NO_MAX_BALANCE },
    [TYPE_MAX_STEP] = { NUMBER(1, SCENARIO_ID_MAX), .word = "none",
                        .word_value = SCHEME_NO_MAX_STEP },
    [TYPE_NONCE_BITS] = { .read = types_read_bits,
                          .print = types_print_number,
                          .expected = "a number from 8 to 128 in steps of 8",
                          .low = BITS_OF_A_BYTE,
                          .high = SCHEME_NONCE_BITS_MAX },
    [TYPE_SHIPPED_CHIP] = { CHOICE(of_chip), .list_names = choice_list_shipped_chips },
    [TYPE_COST] = { VALUE(cost),
                    .expected = "a time, or two: at once and for each byte, such as `2.1ms + 3us`, "
                                "in whole ns, at most 4s + 10ms",
                    .low = 0, .high = NANOS_MAX, .unit_ps = PICOS_PER_NANO },
    [TYPE_SUITE_COST] = { VALUE(time),
                          .expected =
                              "a time such as 27ms in whole ns, above 0s and at most 4s, or "
                              "none",
                          .low = 1, .high = NANOS_MAX, .unit_ps = PICOS_PER_NANO, .word = "none",
                          .word_value = CHIP_LACKS },
    [TYPE_SHIPPED_INTERFACE] = { CHOICE(of_interface),
                                 .list_names = choice_list_shipped_interfaces },
    [TYPE_PROTOCOL] = { CHOICE(of_int) },
    [TYPE_BIT_TIME] = { VALUE(time),
                        .expected = "a time such as 9.44us in whole ps, above 0s and at most 4ms",
                        .low = 1, .high = BIT_PICOS_MAX, .unit_ps = 1 },
    [TYPE_BYTE_BITS] = { NUMBER(8, 32) },
    [TYPE_BLOCK_BYTES] = { NUMBER(1, UINT16_MAX), .word = "none", .word_value = 0 },
    [TYPE_BLOCK_OVERHEAD] = { NUMBER(0, UINT8_MAX) },
    [TYPE_GAP] = { VALUE(time), .expected = "a time such as 86.4us in whole ns, at most 1s",
                   .low = 0, .high = GAP_NANOS_MAX, .unit_ps = PICOS_PER_NANO },
    [TYPE_ACTIVATION] = { DURATION(0, 60 * MICROS_PER_SECOND),
                          .expected = "a duration such as 5ms, at most 1min" },
    [TYPE_CARDS] = { NUMBER(0, SCENARIO_CARDS_MAX) },
    [TYPE_COHORT_CARDS] = { NUMBER(0, SCENARIO_CARDS_MAX), .word = "rest",
                            .word_value = SCENARIO_REST },
    [TYPE_ID] = { NUMBER(1, SCENARIO_ID_MAX) },
    [TYPE_LIMIT] = { NUMBER(1, SCENARIO_ID_MAX), .word = "none", .word_value = SCENARIO_NO_LIMIT },
    [TYPE_PRELOADED] = { VALUE(preloaded),
                         .expected = "1 to 16 different IDs from 1 to 4294967294, separated by "
                                     "commas, or own",
                         .word = "own" },
    [TYPE_CHANGED_PRELOADED] = { VALUE(preloaded),
                                 .expected =
                                     "1 to 16 different IDs from 1 to 4294967294, separated by "
                                     "commas" },
    [TYPE_CURRENT] = { .read = types_read_current,
                       .print = types_print_number,
                       .expected = "lowest, highest or an ID",
                       .low = 1,
                       .high = SCENARIO_ID_MAX },
    [TYPE_CHIP] = { VALUE(chip), .list_names = choice_list_chips },
    [TYPE_EXPIRY] = { VALUE(expiry),
                      .expected = "never, `fixed Nd` or `uniform Ad Bd` with whole days from 0 to "
                                  "65534, A at most B",
                      .low = 0, .high = EXPIRY_DAYS_MAX },
    [TYPE_ACTIVITY] = { VALUE(activity),
                        .expected = "`constant R`, `gamma SHAPE R`, `log-normal SIGMA R`, "
                                    "`pareto SHAPE R` or `empirical FILE`, with R such as 0.5/d, "
                                    "2/h, 3/w or 7/y, at most 1000000/d; SHAPE from 0.05, with "
                                    "pareto 1.001, to 1000, SIGMA from 0.001 to 5" },
    [TYPE_MONEY_LAW] = { VALUE(law), .expected = MONEY_LAW, .low = 0, .high = SCENARIO_MONEY_MAX },
    [TYPE_DAY_PROFILE] = { VALUE(weights), .low = 1, .high = PROFILE_PARTS_MAX,
                           .expected = "1 to 1440 weights from 0 to 1000000, one of them above 0, "
                                       "separated by commas" },
    [TYPE_WEEK_PROFILE] = { VALUE(weights), .low = PROFILE_WEEK_DAYS, .high = PROFILE_WEEK_DAYS,
                            .expected =
                                "7 weights from 0 to 1000000, one of them above 0, separated "
                                "by commas" },
    [TYPE_EXPONENT] = { VALUE(exponent), .expected = "a number from 0 to 10, such as 1 or 0.8" },
    [TYPE_SHARE] = { VALUE(share), .expected = "a share such as 40% or 0.4, at most 100%" },
    [TYPE_COUNT] = { NUMBER(1, TERMINALS_MAX), .word = "unlimited", .word_value = 0 },
    [TYPE_KIND] = { CHOICE(of_enum), .list_names = choice_list_kinds },
    [TYPE_INTERFACES] = { VALUE(interfaces), .list_names = choice_list_interfaces },
    [TYPE_CRL_SOURCE] = { VALUE(crl_source),
                          .expected =
                              "factory, or `network D` with a duration D above 0s and at most 100y",
                          .low = 1, .high = SCENARIO_DURATION_MAX },
    [TYPE_TRACE_COLUMNS] = { VALUE(trace_columns),
                             .expected = "three to five different columns, separated by commas: "
                                         "time, payer, payee, amount, terminal (amount may be left "
                                         "empty)" },
    [TYPE_DELIMITER] = { VALUE(delimiter),
                         .expected = "comma, semicolon, tab, space, or one punctuation mark but "
                                     "`\"`, `.` and `-`" },
    [TYPE_DO] = { CHOICE(of_enum), .list_names = choice_list_actions },
    [TYPE_COHORT] = { CHOICE(of_int), .of_scenario = true, .list_names = choice_list_cohorts },
    [TYPE_COHORTS] = { VALUE(cohorts), .expected = "names of cohorts, separated by commas",
                       .of_scenario = true, .list_names = choice_list_cohorts },
    [TYPE_TERMINALS] = { CHOICE(of_int), .of_scenario = true, .list_names = choice_list_terminals },
    [TYPE_TIMES] = { NUMBER(1, PLAN_FACTS_TIMES_MAX) },
    [TYPE_TRIGGER] = { VALUE(trigger),
                       .expected = "`share-at-least(transfer, ID) > SHARE`, with update instead of "
                                   "transfer or >= instead of > if you like" },
    [TYPE_RATE] = { VALUE(rate), .expected =
                                     "a rate such as 0.23/y, 500/d or 2/h, above 0 and at most "
                                     "1000000/d" },
    [TYPE_HAZARD] = { .read = types_read_hazard,
                      .print = types_print_rate,
                      .expected = "a rate such as 0.001/s or 2/h, at most 1000000/d" },
    [TYPE_TORN_PARTY] = { CHOICE(of_enum), .list_names = choice_list_torn_parties },
    [TYPE_LEAK] = { VALUE(leak),
                    .expected = "`transfer-key ID`, `update-key ID`, card-secret or whole-card" },
};

/* The row of the type, with the names that come with the key. */
static TypeRow
row_of(const ValueType *type)
{
    TypeRow row = rows[type->type];

    row.names = type->names;
    row.n_names = type->n_names;
    return row;
}

static bool
is_choice(const TypeRow *row)
{
    return row->names != NULL || row->list_names != NULL;
}

bool
types_is_list(ScenarioType type)
{
    return type == TYPE_INTERFACES || type == TYPE_COHORTS;
}

GPtrArray *
types_names(const ValueType *type)
{
    const TypeRow row = row_of(type);

    return is_choice(&row) && !row.of_scenario ? types_list_names(&row, NULL) : NULL;
}

bool
types_read(const ValueType *type, const char *text, void *field, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    return row.read(&row, text, field, scenario);
}

char *
types_print(const ValueType *type, const void *field, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    return row.print(&row, field, scenario);
}

/* The name in @text that is none of @names, or NULL. */
static char *
first_unknown(ScenarioType type, const GPtrArray *names, const char *text)
{
    /* a single name may have commas */
    g_auto(GStrv) parts = g_strsplit(text, ",", types_is_list(type) ? -1 : 1);

    for (char **part = parts; *part != NULL; part++)
        if (wording_index(names, g_strstrip(*part)) < 0)
            return g_strdup(*part);
    return NULL;
}

char *
types_complaint(const ValueType *type, const char *text, const Scenario *scenario)
{
    const TypeRow row = row_of(type);
    g_autofree char *expected = NULL;
    g_autofree char *found = NULL;

    if (is_choice(&row)) {
        g_autoptr(GPtrArray) names = types_list_names(&row, scenario);
        g_autofree char *unknown = first_unknown(type->type, names, text);

        if (unknown != NULL)
            return wording_unknown("", names, unknown);
    }
    expected = types_expected(type, scenario);
    found = wording_quoted(text);
    return g_strdup_printf("expected %s, found %s", expected, found);
}

/* One of the names of a choice. */
static char *
expected_name(const TypeRow *row, ScenarioType type, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = types_list_names(row, scenario);
    g_autofree char *one_of = wording_one_of(names);
    const char *own = "";

    if (scenario == NULL)
        own = type == TYPE_CHIP         ? ", or of your own"
              : type == TYPE_INTERFACES ? " or of your own"
                                        : "";
    return g_strconcat(one_of, own,
                       type == TYPE_INTERFACES ? "; or two of them, separated by a comma: "
                                                 "payer's, payee's"
                                               : "",
                       NULL);
}

char *
types_expected(const ValueType *type, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    if (row.expected != NULL)
        return g_strdup(row.expected);
    if (type->type == TYPE_COHORT && scenario == NULL)
        return g_strdup("the name of a cohort");
    if (type->type == TYPE_TERMINALS && scenario == NULL)
        return g_strdup("the name of a group of terminals");
    if (is_choice(&row))
        return expected_name(&row, type->type, scenario);
    return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s",
                           row.low, row.high, row.word != NULL ? ", or " : "",
                           row.word != NULL ? row.word : "");
}
