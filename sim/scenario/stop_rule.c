#include "sim/scenario/stop_rule.h"

#include "sim/base/quantity.h"
#include "sim/scenario/limits.h"

#include <math.h>

#define NUMBER "([0-9]+[kMG]?)"
#define SHARE "([0-9.]+%?)"
/* Groups: least, most, metric, kind of key, ID, share, precision. */
#define RULE                                                                                       \
    "^" NUMBER " *\\.\\. *" NUMBER " +until +((?:time|meetings)-to-share|time-to-share-active)"    \
    " *\\( *(transfer|update) *, *" NUMBER " *, *" SHARE " *\\) *\\+- *" SHARE "$"

static const char *const metrics[] = { METRIC_TIME_TO_SHARE, METRIC_MEETINGS_TO_SHARE,
                                       METRIC_TIME_TO_SHARE_ACTIVE };

static bool
read_number(const GMatchInfo *match, int group, int64_t most, int64_t *number)
{
    g_autofree char *text = g_match_info_fetch(match, group);

    return quantity_read_number(text, number) && *number >= 1 && *number <= most;
}

/* Returns: the constant of that name; the pattern knows no others */
static const char *
find_metric(const GMatchInfo *match)
{
    g_autofree char *text = g_match_info_fetch(match, 3);
    guint i = 0;

    while (!g_str_equal(text, metrics[i])) {
        i++;
        g_assert(i < G_N_ELEMENTS(metrics));
    }
    return metrics[i];
}

static KeyKind
read_kind(const GMatchInfo *match)
{
    g_autofree char *text = g_match_info_fetch(match, 4);

    return g_str_equal(text, key_kind_names[KEY_TRANSFER]) ? KEY_TRANSFER : KEY_UPDATE;
}

/* One of those whose time is taken. */
static bool
read_share(const GMatchInfo *match, int *index)
{
    g_autofree char *text = g_match_info_fetch(match, 6);
    double share;

    if (!quantity_read_share(text, &share))
        return false;
    for (*index = 0; *index < METRIC_N_SHARES; (*index)++)
        if (fabs(share * 1000 - metric_shares[*index]) < 1e-9)
            return true;
    return false;
}

static bool
read_precision(const GMatchInfo *match, double *precision)
{
    g_autofree char *text = g_match_info_fetch(match, 7);

    return quantity_read_share(text, precision) && *precision > 0 && *precision <= 1;
}

bool
stop_rule_read(const char *text, StopRule *rule, int64_t *most)
{
    g_autoptr(GRegex) pattern = g_regex_new(RULE, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    StopRule read = { .is_set = true };
    int64_t id;

    if (!g_regex_match(pattern, text, 0, &match) ||
        !read_number(match, 2, SCENARIO_REPLICATIONS_MAX, most) ||
        !read_number(match, 1, *most, &read.least) ||
        !read_number(match, 5, SCENARIO_ID_MAX, &id) || !read_share(match, &read.share) ||
        !read_precision(match, &read.precision))
        return false;
    read.metric = find_metric(match);
    read.kind = read_kind(match);
    read.id = (uint32_t)id;
    *rule = read;
    return true;
}

char *
stop_rule_print(const StopRule *rule, int64_t most)
{
    g_autofree char *share = quantity_print_share(metric_shares[rule->share] / 1000.0);
    g_autofree char *precision = quantity_print_share(rule->precision);

    return g_strdup_printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT " until %s(%s, %u, %s) +- %s",
                           rule->least, most, rule->metric, key_kind_names[rule->kind], rule->id,
                           share, precision);
}

double
stop_rule_half_width(const StopRule *rule, const Ensemble *ensemble)
{
    EnsembleFigure figure;
    double half;

    if (!ensemble_figure(ensemble, rule->metric, (int)rule->kind, rule->id, rule->share, &figure) ||
        !isfinite(figure.low))
        return INFINITY;
    half = (figure.high - figure.low) / 2;
    return half > 0 ? half / figure.mean : 0;
}

bool
stop_rule_was_met(const StopRule *rule, const Ensemble *ensemble)
{
    return rule->is_set && ensemble_size(ensemble) >= rule->least &&
           stop_rule_half_width(rule, ensemble) <= rule->precision;
}

bool
stop_rule_is_met(const StopRule *rule, const Ensemble *ensemble)
{
    return ensemble_size(ensemble) % STOP_RULE_STEP == 0 && stop_rule_was_met(rule, ensemble);
}
