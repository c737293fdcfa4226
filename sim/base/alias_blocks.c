#include "sim/base/alias_blocks.h"

#include "model/protocol/huge_pages.h"

#include <stdlib.h>

/* Keeps the columns of a block. */
static void
keep(AliasBlocks *blocks, uint32_t block, const AliasTable *table)
{
    uint32_t first = block * ALIAS_BLOCK;

    blocks->totals[block] = table->total;
    blocks->floors[block] = UINT32_MAX;
    for (uint32_t i = 0; i < table->n; i++) {
        AliasColumn column = table->columns[i];

        blocks->thresholds[first + i] = column.part.threshold;
        blocks->others[first + i] = (uint16_t)column.part.other;
        blocks->floors[block] = MIN(blocks->floors[block], column.part.threshold);
    }
}

static void
build_block(AliasBlocks *blocks, uint32_t block, const double *weights)
{
    AliasColumn columns[ALIAS_BLOCK];
    AliasTable table = { .n = alias_blocks_size(blocks, block), .columns = columns };

    for (uint32_t i = 0; i < table.n; i++)
        columns[i].weight = weights[i];
    alias_build(&table);
    keep(blocks, block, &table);
}

AliasBlocks *
alias_blocks_new(const double *weights, uint32_t n)
{
    AliasBlocks *blocks = g_new0(AliasBlocks, 1);

    blocks->n = n;
    blocks->n_blocks = (n - 1) / ALIAS_BLOCK + 1;
    blocks->totals = g_new(double, blocks->n_blocks);
    blocks->floors = g_new(uint32_t, blocks->n_blocks);
    blocks->thresholds = huge_pages_allocate(n * sizeof(uint32_t));
    blocks->others = huge_pages_allocate(n * sizeof(uint16_t));
    for (uint32_t i = 0; i < blocks->n_blocks; i++) {
        build_block(blocks, i, &weights[(size_t)i * ALIAS_BLOCK]);
        blocks->total += blocks->totals[i];
    }
    return blocks;
}

void
alias_blocks_free(AliasBlocks *blocks)
{
    if (blocks == NULL)
        return;
    g_free(blocks->totals);
    g_free(blocks->floors);
    free(blocks->thresholds);
    free(blocks->others);
    g_free(blocks);
}
