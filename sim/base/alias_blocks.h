/* alias_blocks.h - alias tables of many, block by block.
 *
 * A table of millions does not fit the processor's caches, and reading it takes longer than all
 * the rest of a draw. So every 1,024 in a row have a table of their own; who draws takes a
 * block in proportion to its weight, then a column in it. Where those of a block weigh much the
 * same, nearly the whole of each column is its owner's: what all columns of the block keep at
 * least is known without reading one. So weights are best given in their order; any order is
 * right. 6 bytes each, and 12 for a block. Probabilities are exact to 2^-32 of a column;
 * whoever has weight 0 is never drawn, whoever has more can be. */
#ifndef SIM_BASE_ALIAS_BLOCKS_H
#define SIM_BASE_ALIAS_BLOCKS_H

#include "sim/base/alias.h"

#define ALIAS_BLOCK 1024

/**
 * AliasBlocks:
 * @n: columns
 * @n_blocks: of ALIAS_BLOCK columns each, the last of what is left
 * @total: of all weights
 * @totals: of each block
 * @floors: of each block the least threshold; 0 if the block has no weight
 * @thresholds, @others: of each column as in AliasColumn, but counted from the block's first
 */
typedef struct {
    uint32_t n;
    uint32_t n_blocks;
    double total;
    double *totals;
    uint32_t *floors;
    uint32_t *thresholds;
    uint16_t *others;
} AliasBlocks;

/* @weights: of @n, 1 or more: finite, 0 or more. */
AliasBlocks *alias_blocks_new(const double *weights, uint32_t n);
void alias_blocks_free(AliasBlocks *blocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AliasBlocks, alias_blocks_free)

/* How many columns @block has. */
static inline uint32_t
alias_blocks_size(const AliasBlocks *blocks, uint32_t block)
{
    return MIN(blocks->n - block * ALIAS_BLOCK, ALIAS_BLOCK);
}

/* Which of the two that share @column. @coin: 32 random bits; if they are below the block's
 * floor it is the owner */
static inline uint32_t
alias_blocks_choose(const AliasBlocks *blocks, uint32_t column, uint32_t coin)
{
    return coin < blocks->thresholds[column]
               ? column
               : column - column % ALIAS_BLOCK + blocks->others[column];
}

/* Whether @i can be drawn. */
static inline bool
alias_blocks_has(const AliasBlocks *blocks, uint32_t i)
{
    return blocks->thresholds[i] > 0;
}

#endif
