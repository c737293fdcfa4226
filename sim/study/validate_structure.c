#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

#include <math.h>

/* ---- Unequal activity -------------------------------------------------- */

#define UNEQUAL_CARDS 20000
#define UNEQUAL_HOLDERS (UNEQUAL_CARDS / 100)
#define UNEQUAL_REPLICATIONS 8

/* Both ends of a payment by activity, of gamma law: at the least active cards it gets slow. */
static const double unequal_shapes[] = { 0.5, 1, 4 };
static const guint unequal_days[] = { 8, 32 };

static double
unequal_share(double day, const void *shape)
{
    return 1 - theory_unequal(*(const double *)shape, (double)UNEQUAL_HOLDERS / UNEQUAL_CARDS, day);
}

static void
check_unequal(Validation *validation, FILE *out, const double *shape)
{
    g_autofree char *name = g_strdup_printf("activity gamma %g", *shape);
    g_autofree char *text =
        g_strdup_printf("[scenario]\nname = unequal\nduration = 33d\nsample-interval = 8d\n"
                        "[scheme]\nembodiment = 1\n[mixing]\nmodel = activity\n"
                        "[cohort holders]\ncards = %u\ntransfer-key = 2\nupdate-key = 1\n"
                        "activity = gamma %g 0.5/d\n"
                        "[cohort others]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\n"
                        "activity = gamma %g 0.5/d\n",
                        UNEQUAL_HOLDERS, *shape, UNEQUAL_CARDS - UNEQUAL_HOLDERS, *shape);
    const ValidateShares shares = {
        .name = name,
        .text = text,
        .replications = UNEQUAL_REPLICATIONS,
        .days = unequal_days,
        .n_days = G_N_ELEMENTS(unequal_days),
        .share = unequal_share,
        .data = shape,
        .slack = VALIDATE_MEAN_FIELD / sqrt((double)UNEQUAL_CARDS * UNEQUAL_HOLDERS),
    };

    validate_check_shares(validation, out, &shares);
}

/* ---- Persons and merchants --------------------------------------------- */

#define CONSUMERS 200000
#define CONSUMER_HOLDERS (CONSUMERS / 1000)
#define MERCHANTS 2000
#define CONSUMER_RATE 0.4
#define MERCHANT_REPLICATIONS 3

static const guint merchant_days[] = { 2, 8 };

static const char merchant_text[] =
    "[scenario]\nname = merchants\nduration = 9d\nsample-interval = 1d\n"
    "[scheme]\nembodiment = 1\n[mixing]\nmodel = merchants\nzipf = 0\n"
    "[cohort holders]\ncards = 200\ntransfer-key = 2\nupdate-key = 1\n"
    "activity = constant 0.4/d\n"
    "[cohort others]\ncards = 199800\ntransfer-key = 1\nupdate-key = 1\n"
    "activity = constant 0.4/d\n"
    "[cohort shops]\ncards = 2000\ntransfer-key = 1\nupdate-key = 1\nrole = merchant\n"
    "[terminals tills]\ncount = 2000\n";

/* Of all cards, merchants' included. */
static double
merchants_share(double day, const void *data G_GNUC_UNUSED)
{
    TheoryMerchants start = { (double)CONSUMER_HOLDERS / CONSUMERS, 0 };
    TheoryMerchants end =
        theory_merchants(start, CONSUMER_RATE, (double)CONSUMERS / MERCHANTS, day);

    return (end.consumers * CONSUMERS + end.merchants * MERCHANTS) / (CONSUMERS + MERCHANTS);
}

static void
check_merchants(Validation *validation, FILE *out)
{
    const ValidateShares shares = {
        .name = "persons pay merchants",
        .text = merchant_text,
        .replications = MERCHANT_REPLICATIONS,
        .days = merchant_days,
        .n_days = G_N_ELEMENTS(merchant_days),
        .share = merchants_share,
        .slack = VALIDATE_MEAN_FIELD / sqrt((double)CONSUMERS * CONSUMER_HOLDERS),
    };

    validate_check_shares(validation, out, &shares);
}

/* ---- Two communities --------------------------------------------------- */

#define REGION_CARDS 20000
#define REGION_HOLDERS (REGION_CARDS / 100)
#define REGION_RATE 2.0 /* transfers of a card in a day */
#define REGION_CROSS 1e-2
#define REGION_STEP (MICROS_PER_DAY / 96)
#define REGION_REPLICATIONS 8
/* The key reaches the second community by some ten chances, which delays it by about half the
 * variance of their logarithm. */
#define REGION_SLACK 0.01

static const char region_text[] =
    "[scenario]\nname = communities\nduration = 15d\nsample-interval = 15min\n"
    "[scheme]\nembodiment = 1\n[mixing]\nmodel = communities\ncross = 0.01\n"
    "[cohort holders]\ncards = 200\ntransfer-key = 2\nupdate-key = 1\nregion = north\n"
    "[cohort north]\ncards = 19800\ntransfer-key = 1\nupdate-key = 1\nregion = north\n"
    "[cohort south]\ncards = 20000\ntransfer-key = 1\nupdate-key = 1\nregion = south\n";

/* Of all cards; there the one and the other community are half way. */
static const double region_levels[] = { 0.25, 0.75 };

typedef struct {
    GArray *days[G_N_ELEMENTS(region_levels)];
    GArray *lag;
} RegionValues;

/* The day on which the share of holders passes @level, in a straight line between samples. */
static double
run_to_level(Replication *replication, Micros *at, double level)
{
    double before = validate_share_now(replication);
    double now = before;

    for (; now < level; *at += REGION_STEP) {
        before = now;
        validate_run_until(replication, *at + REGION_STEP);
        now = validate_share_now(replication);
    }
    return ((double)*at - (double)REGION_STEP * (now - level) / (now - before)) / VALIDATE_DAY;
}

static void
observe_regions(Replication *replication, gpointer data)
{
    RegionValues *values = data;
    Micros at = 0;
    double first = run_to_level(replication, &at, region_levels[0]);
    double second = run_to_level(replication, &at, region_levels[1]);

    validate_note(values->days[0], first);
    validate_note(values->days[1], second);
    validate_note(values->lag, second - first);
}

static void
report_region(Validation *validation, FILE *out, GArray *values, double exact, const char *what)
{
    ValidateCheck check = validate_mean(values, exact, NAN);

    check.slack = REGION_SLACK;
    validate_report(validation, out, &check, what);
    g_array_unref(values);
}

static void
check_regions(Validation *validation, FILE *out)
{
    RegionValues values = { { validate_values_new(), validate_values_new() },
                            validate_values_new() };
    double exact[G_N_ELEMENTS(region_levels)];

    for (guint i = 0; i < G_N_ELEMENTS(region_levels); i++)
        exact[i] = theory_communities((double)REGION_HOLDERS / REGION_CARDS, REGION_RATE,
                                      REGION_CROSS, region_levels[i]);
    validate_repeat(validation, region_text, REGION_REPLICATIONS, observe_regions, &values);
    report_region(validation, out, values.days[0], exact[0], "two communities: days to 25 %");
    report_region(validation, out, values.days[1], exact[1], "two communities: days to 75 %");
    report_region(validation, out, values.lag, exact[1] - exact[0],
                  "two communities: lag of the second, days");
}

/* ---- Cards that a limit blocks ----------------------------------------- */

#define BLOCKED_CARDS 2000
#define BLOCKED_SHARE 0.3
#define BLOCKED_REPLICATIONS 10
#define BLOCKED_SPREAD (40 * MICROS_PER_DAY) /* by then all who can hold the key */

static const char blocked_text[] =
    "[scenario]\nname = blocked\nduration = 50d\nsample-interval = 1d\n"
    "[scheme]\nembodiment = 1\n"
    "[cohort holders]\ncards = 20\ntransfer-key = 2\nupdate-key = 1\n" VALIDATE_PAYS
    "[cohort others]\ncards = 1380\ntransfer-key = 1\nupdate-key = 1\n" VALIDATE_PAYS
    "[cohort blocked]\ncards = 600\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = "
    "1\n" VALIDATE_PAYS;

/* Where the key got to in the end, and what was refused. */
typedef struct {
    GArray *coverage;
    ValidateRefusals refusals;
} BlockedValues;

static void
observe_blocked(Replication *replication, gpointer data)
{
    BlockedValues *values = data;

    validate_count_refused(replication, BLOCKED_SPREAD, &values->refusals);
    validate_note(values->coverage, validate_share_now(replication));
}

static void
check_blocked(Validation *validation, FILE *out)
{
    g_autoptr(GArray) coverage = validate_values_new();
    BlockedValues values = { .coverage = coverage };
    double q = BLOCKED_SHARE;
    ValidateCheck check;

    validate_repeat(validation, blocked_text, BLOCKED_REPLICATIONS, observe_blocked, &values);
    check = validate_mean(coverage, 1 - q, 0);
    check.slack = 1e-12; /* 0.7 is no binary fraction */
    validate_report(validation, out, &check, "30 % blocked by their limit: coverage");
    check = validate_share(2 * q * (1 - q) * BLOCKED_CARDS / (BLOCKED_CARDS - 1),
                           values.refusals.refused, values.refusals.meetings);
    validate_report(validation, out, &check, "30 % blocked by their limit: refused, 2 q (1 - q)");
}

void
validate_structure(Validation *validation, FILE *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(unequal_shapes); i++)
        check_unequal(validation, out, &unequal_shapes[i]);
    check_merchants(validation, out);
    check_regions(validation, out);
    check_blocked(validation, out);
}
