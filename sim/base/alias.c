#include "sim/base/alias.h"

#include "model/protocol/huge_pages.h"

#include <stdlib.h>
#include <string.h>

G_STATIC_ASSERT(sizeof(AliasColumn) == 8);

AliasTable *
alias_new(uint32_t n)
{
    AliasTable *table = g_new0(AliasTable, 1);

    table->n = n;
    table->columns = huge_pages_allocate((size_t)n * sizeof(AliasColumn));
    return table;
}

void
alias_free(AliasTable *table)
{
    if (table == NULL)
        return;
    free(table->columns);
    g_free(table);
}

/* What is left to be shared out. @heavy: a bit for each column, whether its weight is above
 * the mean; a column loses its weight when it is filled. */
typedef struct {
    AliasTable *table;
    double mean;
    uint64_t *heavy;
} Sweep;

static bool
is_heavy(const Sweep *sweep, uint32_t i)
{
    return (sweep->heavy[i / 64] >> i % 64 & 1) != 0;
}

/* The next column from @i on that is heavy, or is not; n if there is none. */
static uint64_t
next_of_kind(const Sweep *sweep, uint64_t i, bool heavy)
{
    while (i < sweep->table->n && is_heavy(sweep, (uint32_t)i) != heavy)
        i++;
    return i;
}

/* Gives a column to its owner of @weight and to @other. */
static void
fill(const Sweep *sweep, uint64_t i, double weight, uint64_t other)
{
    double share = weight / sweep->mean * 0x1p32;
    uint32_t threshold = share < 0x1p32 - 1 ? (uint32_t)share : UINT32_MAX;

    if (threshold == 0 && weight > 0)
        threshold = 1;
    sweep->table->columns[i].part.threshold = threshold;
    sweep->table->columns[i].part.other = (uint32_t)other;
}

static void
mark_heavy(Sweep *sweep)
{
    const AliasTable *table = sweep->table;

    for (uint32_t i = 0; i < table->n; i++)
        if (table->columns[i].weight > sweep->mean)
            sweep->heavy[i / 64] |= UINT64_C(1) << i % 64;
}

/* Rounding may leave columns over, which are as good as full. */
static void
fill_rest(Sweep *sweep, uint64_t light, uint64_t heavy, uint64_t last_heavy)
{
    const AliasTable *table = sweep->table;

    for (; light < table->n; light = next_of_kind(sweep, light + 1, false))
        if (table->columns[light].weight > 0)
            fill(sweep, light, sweep->mean, light);
        else
            fill(sweep, light, 0, last_heavy);
    for (; heavy < table->n; heavy = next_of_kind(sweep, heavy + 1, true))
        fill(sweep, heavy, sweep->mean, heavy);
}

/* Light columns are filled up by the heavy one whose turn it is; when that has become light
 * itself, it is filled up by the next. */
static void
share_out(Sweep *sweep)
{
    const AliasTable *table = sweep->table;
    uint64_t light = next_of_kind(sweep, 0, false);
    uint64_t heavy = next_of_kind(sweep, 0, true);
    uint64_t last_heavy = heavy;
    double left = heavy < table->n ? table->columns[heavy].weight : 0;

    while (heavy < table->n) {
        if (left > sweep->mean) {
            if (light == table->n)
                break;
            left -= sweep->mean - table->columns[light].weight;
            fill(sweep, light, table->columns[light].weight, heavy);
            light = next_of_kind(sweep, light + 1, false);
        } else {
            uint64_t next = next_of_kind(sweep, heavy + 1, true);
            double own = left;

            if (next == table->n)
                break;
            left = table->columns[next].weight - (sweep->mean - own);
            fill(sweep, heavy, own, next);
            heavy = next;
        }
        last_heavy = heavy;
    }
    fill_rest(sweep, light, heavy, last_heavy);
}

void
alias_build(AliasTable *table)
{
    Sweep sweep = { .table = table };

    table->total = 0;
    for (uint32_t i = 0; i < table->n; i++)
        table->total += table->columns[i].weight;
    if (!(table->total > 0)) {
        memset(table->columns, 0, (size_t)table->n * sizeof(AliasColumn));
        return;
    }
    sweep.mean = table->total / table->n;
    sweep.heavy = g_new0(uint64_t, table->n / 64 + 1);
    mark_heavy(&sweep);
    share_out(&sweep);
    g_free(sweep.heavy);
}
