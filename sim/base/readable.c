#include "sim/base/readable.h"

#include <glib.h>
#include <math.h>

/* Ascending. The first one is for what is shorter, too. */
static const struct {
    double from; /* seconds */
    double seconds;
    const char *name;
    int decimals; /* -1: three digits */
} units[] = {
    { 0, 1e-6, "us", -1 }, { 1e-3, 1e-3, "ms", -1 }, { 1, 1, "s", -1 },
    { 120, 60, "min", 2 }, { 7200, 3600, "h", 2 },   { 172800, 86400, "d", 2 },
};

char *
readable_number(double value)
{
    double step;

    if (value < 0) {
        g_autofree char *size = readable_number(-value);

        return g_strconcat("-", size, NULL);
    }
    if (value > 0 && value < 1e-3)
        return g_strdup_printf("%.*f", (int)(2 - floor(log10(value))), value);
    if (!(value >= 999.5))
        return g_strdup_printf("%.3g", value);
    step = pow(10, floor(log10(value)) - 2);
    return g_strdup_printf("%.0f", round(value / step) * step);
}

char *
readable_count(double mean)
{
    return mean < 9.5 && mean != round(mean) ? g_strdup_printf("%.2g", mean)
                                             : g_strdup_printf("%.0f", mean);
}

/* What a share that is written in decimals may be off by in doubles. */
#define ROUNDED_OFF 1e-9

char *
readable_percent(double share)
{
    double hundredths = round(share * 1e4);

    if (share > 0 && hundredths < 1)
        return g_strdup("<0.01 %");
    if (fmod(hundredths, 100) == 0 && share * 1e4 < hundredths * (1 - ROUNDED_OFF))
        hundredths--;
    return g_strdup_printf("%.2f %%", hundredths / 100);
}

#define UNIT_SECOND 2

static guint
unit_of(double seconds)
{
    guint i = 0;

    if (seconds == 0)
        return UNIT_SECOND;
    while (i + 1 < G_N_ELEMENTS(units) && fabs(seconds) >= units[i + 1].from)
        i++;
    return i;
}

static char *
print_in(guint unit, double seconds)
{
    double value = seconds / units[unit].seconds;

    if (units[unit].decimals < 0)
        return readable_number(value);
    return g_strdup_printf("%.*f", units[unit].decimals, value);
}

char *
readable_duration(double seconds)
{
    guint unit = unit_of(seconds);
    g_autofree char *value = print_in(unit, seconds);

    return g_strdup_printf("%s %s", value, units[unit].name);
}

char *
readable_interval(double seconds, double low, double high)
{
    guint unit = unit_of(seconds);
    g_autofree char *value = print_in(unit, seconds);
    g_autofree char *from = print_in(unit, low);
    g_autofree char *to = print_in(unit, high);

    if (g_str_equal(from, to))
        return readable_duration(seconds);
    return g_strdup_printf("%s (%s to %s) %s", value, from, to, units[unit].name);
}
