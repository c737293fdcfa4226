#include "sim/scenario/contacts_names.h"

#include <string.h>

/* What fits stands in the slot itself: one look at memory for most names, where GHashTable
 * takes four. Two names a row are looked up, and nothing else takes as long. */
#define NEAR_BYTES 24
#define SLOTS_AT_FIRST 1024 /* a power of two */

typedef struct {
    uint32_t number; /* plus one; 0: empty */
    uint32_t length;
    union {
        char near[NEAR_BYTES];
        char *far; /* longer than NEAR_BYTES */
    } text;
} Slot;

struct ContactsNames {
    Slot *slots; /* open addressing, at most half full */
    gsize n_slots;
    uint32_t n_names;
};

static uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

/* No order of the table reaches a result. */
static uint64_t
hash_name(const char *text, gsize length)
{
    uint64_t hash = length;
    uint64_t word;

    for (; length >= sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    for (word = 0; length > 0; length--)
        word = word << 8 | (uint8_t)*text++;
    return mix(hash, word);
}

static const char *
text_of(const Slot *slot)
{
    return slot->length <= NEAR_BYTES ? slot->text.near : slot->text.far;
}

/* The slot of a name, or the empty one where it belongs. */
static Slot *
find_slot(const ContactsNames *names, const char *text, gsize length)
{
    gsize i = hash_name(text, length) & (names->n_slots - 1);

    while (names->slots[i].number != 0 && (names->slots[i].length != length ||
                                           memcmp(text_of(&names->slots[i]), text, length) != 0))
        i = (i + 1) & (names->n_slots - 1);
    return &names->slots[i];
}

void
contacts_names_fetch(const ContactsNames *names, const char *text, gsize length)
{
    __builtin_prefetch(&names->slots[hash_name(text, length) & (names->n_slots - 1)]);
}

ContactsNames *
contacts_names_new(void)
{
    ContactsNames *names = g_new0(ContactsNames, 1);

    names->n_slots = SLOTS_AT_FIRST;
    names->slots = g_new0(Slot, names->n_slots);
    return names;
}

void
contacts_names_free(ContactsNames *names)
{
    if (names == NULL)
        return;
    for (gsize i = 0; i < names->n_slots; i++)
        if (names->slots[i].number != 0 && names->slots[i].length > NEAR_BYTES)
            g_free(names->slots[i].text.far);
    g_free(names->slots);
    g_free(names);
}

uint32_t
contacts_names_count(const ContactsNames *names)
{
    return names->n_names;
}

static void
make_room(ContactsNames *names)
{
    Slot *old = names->slots;
    gsize n_old = names->n_slots;

    if (names->n_names < n_old / 2)
        return;
    names->n_slots = 2 * n_old;
    names->slots = g_new0(Slot, names->n_slots);
    for (gsize i = 0; i < n_old; i++)
        if (old[i].number != 0)
            *find_slot(names, text_of(&old[i]), old[i].length) = old[i];
    g_free(old);
}

uint32_t
contacts_names_add(ContactsNames *names, const char *text, gsize length)
{
    Slot *slot = find_slot(names, text, length);

    if (slot->number != 0)
        return slot->number - 1;
    make_room(names);
    slot = find_slot(names, text, length);
    slot->number = ++names->n_names;
    slot->length = (uint32_t)length;
    if (length > NEAR_BYTES)
        slot->text.far = g_memdup2(text, length);
    else
        memcpy(slot->text.near, text, length);
    return slot->number - 1;
}

bool
contacts_names_find(const ContactsNames *names, const char *text, gsize length, uint32_t *number)
{
    const Slot *slot = find_slot(names, text, length);

    *number = slot->number - 1;
    return slot->number != 0;
}

void
contacts_names_foreach(const ContactsNames *names, ContactsNamesSee see, gpointer data)
{
    g_autofree const Slot **ordered = g_new0(const Slot *, names->n_names);

    for (gsize i = 0; i < names->n_slots; i++)
        if (names->slots[i].number != 0)
            ordered[names->slots[i].number - 1] = &names->slots[i];
    for (uint32_t i = 0; i < names->n_names; i++) {
        g_assert(ordered[i] != NULL);
        see(text_of(ordered[i]), ordered[i]->length, data);
    }
}
