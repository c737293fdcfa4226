#include "sim/world.h"

void
world_note_keys(World *world, Micros at, const CardMemory *before, const CardMemory *after)
{
    recorder_key_changes(world->recorder, at, KEY_TRANSFER, world_id(world, before->transfer_key),
                         world_id(world, after->transfer_key));
    recorder_key_changes(world->recorder, at, KEY_UPDATE, world_id(world, before->update_key),
                         world_id(world, after->update_key));
}

uint32_t
world_setting(const World *world, guint group, const Seat seats[static N_SIDES])
{
    const GArray *all = world->scenario->chips;
    const Chip *first = &g_array_index(all, Chip, 0);
    uint32_t setting = group;

    for (Side side = 0; side < N_SIDES; side++)
        setting = setting * all->len + (uint32_t)(seats[side].chip - first);
    return setting;
}
