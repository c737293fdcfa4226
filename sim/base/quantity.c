#include "sim/base/quantity.h"

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#define SECONDS_PER_DAY 86400

typedef struct {
    const char *name;
    int64_t factor;
} Unit;

static const Unit number_units[] = {
    { "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { NULL, 0 }
};

/* Ascending; a duration is printed in one of them up to the day. */
static const Unit duration_units[] = {
    { "us", 1 },
    { "ms", 1000 },
    { "s", MICROS_PER_SECOND },
    { "min", 60 * MICROS_PER_SECOND },
    { "h", 3600 * MICROS_PER_SECOND },
    { "d", MICROS_PER_DAY },
    { "w", 7 * MICROS_PER_DAY },
    { "y", 365 * MICROS_PER_DAY },
    { NULL, 0 },
};

/* Ascending, of what a chip or a line takes. */
static const Unit pico_units[] = {
    { "ps", 1 },
    { "ns", 1000 },
    { "us", 1000000 },
    { "ms", 1000000000 },
    { "s", INT64_C(1000000000000) },
    { NULL, 0 },
};

static const struct {
    const char *name;
    double times;
    double divided_by;
} rate_units[] = {
    { "/s", 86400, 1 }, { "/h", 24, 1 }, { "/d", 1, 1 }, { "/w", 1, 7 }, { "/y", 1, 365 }
};

/* Appends the digits at *at to @mantissa; *divisor, if any, grows tenfold for each. */
static bool
read_digits(const char **at, guint64 *mantissa, guint64 *divisor)
{
    if (!g_ascii_isdigit(**at))
        return false;
    for (; g_ascii_isdigit(**at); (*at)++) {
        if (!g_uint64_checked_mul(mantissa, *mantissa, 10) ||
            !g_uint64_checked_add(mantissa, *mantissa, (guint64)g_ascii_digit_value(**at)))
            return false;
        if (divisor != NULL && !g_uint64_checked_mul(divisor, *divisor, 10))
            return false;
    }
    return true;
}

static guint64
greatest_common_divisor(guint64 a, guint64 b)
{
    while (b != 0) {
        guint64 rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static const Unit *
find_unit(const Unit *units, const char *name)
{
    for (const Unit *unit = units; unit->name != NULL; unit++)
        if (strcmp(unit->name, name) == 0)
            return unit;
    return NULL;
}

static bool
read_scaled(const char *text, const Unit *units, int64_t *value)
{
    const bool negative = text[0] == '-';
    const char *at = negative ? text + 1 : text;
    guint64 mantissa = 0, divisor = 1, common, product;
    const Unit *unit;

    if (!read_digits(&at, &mantissa, NULL))
        return false;
    if (*at == '.') {
        at++;
        if (!read_digits(&at, &mantissa, &divisor))
            return false;
    }
    unit = find_unit(units, at);
    if (unit == NULL)
        return false;
    /* neither is 0, so the common divisor is 1 or more and so is what remains */
    common = greatest_common_divisor((guint64)unit->factor, divisor);
    g_assert(common > 0);
    divisor /= common;
    g_assert(divisor > 0);
    if (mantissa % divisor != 0)
        return false;
    if (!g_uint64_checked_mul(&product, mantissa / divisor, (guint64)unit->factor / common) ||
        product > INT64_MAX)
        return false;
    *value = negative ? -(int64_t)product : (int64_t)product;
    return true;
}

bool
quantity_read_number(const char *text, int64_t *value)
{
    return read_scaled(text, number_units, value);
}

bool
quantity_read_duration(const char *text, Micros *value)
{
    return read_scaled(text, duration_units, value);
}

bool
quantity_read_picos(const char *text, int64_t *picos)
{
    return read_scaled(text, pico_units, picos);
}

/* Where the real number at the beginning of @text ends; @text itself if there is none. */
static const char *
end_of_real(const char *text)
{
    const char *at = text + strspn(text, "0123456789");

    if (at == text)
        return text;
    if (at[0] == '.' && g_ascii_isdigit(at[1]))
        at += 1 + strspn(at + 1, "0123456789");
    if (at[0] == 'e') {
        const char *digits = at + 1 + (at[1] == '-' || at[1] == '+');

        if (g_ascii_isdigit(*digits))
            at = digits + strspn(digits, "0123456789");
    }
    return at;
}

/* Returns: the text behind the number, or NULL if @text does not begin with one. */
static const char *
read_real(const char *text, double *value)
{
    const char *end = end_of_real(text);
    char *stop;

    if (end == text)
        return NULL;
    errno = 0;
    *value = g_ascii_strtod(text, &stop);
    /* strtod also knows hexadecimal numbers, which go on behind our end */
    return stop == end && errno != ERANGE && isfinite(*value) ? end : NULL;
}

bool
quantity_read_real(const char *text, double *value)
{
    const char *end = read_real(text, value);

    return end != NULL && *end == '\0';
}

/* Multiplies @value by k, M or G at the beginning of @text. Returns: the text behind it */
static const char *
multiply(const char *text, double *value)
{
    for (const Unit *unit = number_units; unit->name != NULL; unit++)
        if (unit->name[0] != '\0' && unit->name[0] == text[0]) {
            *value *= (double)unit->factor;
            return text + 1;
        }
    return text;
}

bool
quantity_read_rate(const char *text, double *per_day)
{
    double value;
    const char *unit = read_real(text, &value);

    if (unit != NULL)
        unit = multiply(unit, &value);
    for (size_t i = 0; unit != NULL && i < G_N_ELEMENTS(rate_units); i++)
        if (strcmp(unit, rate_units[i].name) == 0) {
            *per_day = value * rate_units[i].times / rate_units[i].divided_by;
            return isfinite(*per_day);
        }
    return false;
}

bool
quantity_read_share(const char *text, double *share)
{
    double value;
    const char *unit = read_real(text, &value);

    if (unit == NULL || (unit[0] != '\0' && strcmp(unit, "%") != 0))
        return false;
    *share = unit[0] == '%' ? value / 100 : value;
    return true;
}

static guint32
epoch_day(void)
{
    GDate epoch;

    g_date_clear(&epoch, 1);
    g_date_set_dmy(&epoch, 1, G_DATE_JANUARY, 1970);
    return g_date_get_julian(&epoch);
}

/* The number in @length digits at @text; -1 if one of them is none. */
static int
read_field(const char *text, int length)
{
    int value = 0;

    for (int i = 0; i < length; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        value = 10 * value + g_ascii_digit_value(text[i]);
    }
    return value;
}

bool
quantity_read_date(const char *text, int64_t *seconds)
{
    GDate date;
    int year, month, day;

    if (strlen(text) != strlen("YYYY-MM-DD") || text[4] != '-' || text[7] != '-')
        return false;
    year = read_field(text, 4);
    month = read_field(text + 5, 2);
    day = read_field(text + 8, 2);
    if (year < 1970 || month < 1 || day < 1 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    *seconds = ((int64_t)g_date_get_julian(&date) - epoch_day()) * SECONDS_PER_DAY;
    return true;
}

char *
quantity_print_number(int64_t value)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, value);
}

/* In the largest unit of at most @largest that is exact. */
static char *
print_scaled(int64_t value, const Unit *units, int64_t largest)
{
    const Unit *best = units;

    if (value == 0)
        return g_strdup("0s");
    for (const Unit *unit = units; unit->name != NULL && unit->factor <= largest; unit++)
        if (value % unit->factor == 0)
            best = unit;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", value / best->factor, best->name);
}

char *
quantity_print_duration(Micros value)
{
    return print_scaled(value, duration_units, MICROS_PER_DAY);
}

char *
quantity_print_picos(int64_t picos)
{
    return print_scaled(picos, pico_units, INT64_MAX);
}

/* Between these a number is printed without a power of ten. */
#define PLAIN_FROM 1e-6
#define PLAIN_BELOW 1e15

/* @digits: as many as it takes to read back to the same number */
static void
print_plainly(char buffer[static G_ASCII_DTOSTR_BUF_SIZE], double value, int digits)
{
    int exponent = (int)g_ascii_strtoll(strchr(buffer, 'e') + 1, NULL, 10);
    int decimals = MAX(0, digits - 1 - exponent);
    char format[8];

    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

/* The fewest digits that read back to the same number, and @unit. */
static char *
print_real(double value, const char *unit)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    int digits = 1;

    for (; digits <= 17; digits++) {
        char format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(buffer, sizeof buffer, format, value);
        if (g_ascii_strtod(buffer, NULL) == value)
            break;
    }
    if (strchr(buffer, 'e') != NULL && value >= PLAIN_FROM && value < PLAIN_BELOW)
        print_plainly(buffer, value, digits);
    return g_strconcat(buffer, unit, NULL);
}

char *
quantity_print_rate(double per_day)
{
    return print_real(per_day, "/d");
}

char *
quantity_print_real(double value)
{
    return print_real(value, "");
}

char *
quantity_print_share(double share)
{
    return quantity_print_real(share);
}

char *
quantity_print_date(int64_t seconds)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(seconds / SECONDS_PER_DAY + epoch_day()));
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date),
                           g_date_get_day(&date));
}
