/* alias.h - one of many in proportion to its weight, in the same time however many.
 *
 * Walker's alias table: a column for each, which it shares with one other at most. A
 * drawn number chooses a column and, by its next 32 bits, one of the two. 8 bytes a column,
 * built in place by one sweep (Huebschle-Schneider, Sanders 2022), so that a hundred million
 * need no more. Probabilities are exact to 2^-32 of a column; whoever has weight 0 is never
 * drawn, whoever has more can be. */
#ifndef SIM_BASE_ALIAS_H
#define SIM_BASE_ALIAS_H

#include "model/protocol/random_range.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * AliasColumn:
 * @weight: until the table is built
 * @threshold: of 2^32, the share of the column that its owner keeps; 0 if the owner's weight
 *   is 0, and only then
 * @other: whose the rest is
 */
typedef union {
    double weight;
    struct {
        uint32_t threshold;
        uint32_t other;
    } part;
} AliasColumn;

/**
 * AliasTable:
 * @total: of the weights; if it is 0, nothing may be drawn
 */
typedef struct {
    uint32_t n;
    double total;
    AliasColumn *columns;
} AliasTable;

/* Columns for @n, 1 or more, whose weights are to be written: finite, 0 or more. */
AliasTable *alias_new(uint32_t n);
void alias_free(AliasTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AliasTable, alias_free)

/* OutcomeCache weights into columns. */
void alias_build(AliasTable *table);

/* Column of 64 random bits. */
static inline uint32_t
alias_column(const AliasTable *table, uint64_t bits)
{
    return random_range_below(bits, table->n);
}

/* Which of the two that share @column the same bits mean. */
static inline uint32_t
alias_choose(const AliasTable *table, uint32_t column, uint64_t bits)
{
    const AliasColumn *shared = &table->columns[column];
    uint32_t coin = (uint32_t)(bits * table->n >> 32); /* behind the point: independent */

    uint32_t is_own = -(uint32_t)(coin < shared->part.threshold);

    /* without a branch, which would be guessed wrong as often as not */
    return shared->part.other ^ ((column ^ shared->part.other) & is_own);
}

/* One of all. @bits: 64 random ones. */
static inline uint32_t
alias_draw(const AliasTable *table, uint64_t bits)
{
    return alias_choose(table, alias_column(table, bits), bits);
}

/* Whether @i can be drawn. */
static inline bool
alias_has(const AliasTable *table, uint32_t i)
{
    return table->columns[i].part.threshold > 0;
}

#endif
