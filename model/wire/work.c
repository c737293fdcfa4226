#include "model/wire/work.h"

#include "model/protocol/random_range.h"

#include <string.h>

G_STATIC_ASSERT(FIELD_RANDOM_BYTES <= ENTROPY_BLOCK_BYTES);

const uint8_t *
work_given(const Work *work, Field field)
{
    for (guint i = 0; i < work->plan->command.n_slots; i++)
        if (work->plan->command.slots[i].field == field)
            return work->data + work->plan->command.slots[i].at;
    return NULL;
}

uint8_t *
work_answer(const Work *work, Field field)
{
    for (guint i = 0; i < work->plan->response.n_slots; i++)
        if (work->plan->response.slots[i].field == field)
            return work->out + work->plan->response.slots[i].at;
    return NULL;
}

uint16_t
work_message_bytes(const Message *message, Field field)
{
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == field)
            return message->slots[i].bytes;
    return 0;
}

uint16_t
work_give_random(Work *work, Field field)
{
    Card *card = work->card;

    entropy_draw(&card->entropy, card->ram.random, card->protocol->random_bytes);
    memcpy(work_answer(work, field), card->ram.random, card->protocol->random_bytes);
    return SW_DONE;
}

guint
work_fields_written(const Work *work, guint n)
{
    const Scheme *scheme = &work->card->protocol->scheme;

    if (!work->is_cut)
        return n;
    if (scheme->torn_write == TORN_WRITE_ATOMIC || n < 2)
        return 0;
    return 1 + random_range_below((uint64_t)work->card->cut.chance << 32, n - 1);
}

KeyHandle
work_find_preloaded(const Card *card, uint32_t id)
{
    const CardProfile *profile = card->identity.profile;

    for (guint i = 0; i < profile->n_preloaded; i++)
        if (keyring_id(card->ring, profile->preloaded[i]) == id)
            return profile->preloaded[i];
    return 0;
}
