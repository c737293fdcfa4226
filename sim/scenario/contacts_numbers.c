#include "sim/scenario/contacts_numbers.h"

#define PAGE_BITS 16 /* of a number; a page is 8 KiB */
#define PAGE_NUMBERS (UINT64_C(1) << PAGE_BITS)
#define PAGE_WORDS (PAGE_NUMBERS / 64)

struct ContactsNumbers {
    uint64_t *pages[1 << (32 - PAGE_BITS)]; /* a bit a number; NULL: none of them */
    uint64_t n;
};

ContactsNumbers *
contacts_numbers_new(void)
{
    return g_new0(ContactsNumbers, 1);
}

void
contacts_numbers_free(ContactsNumbers *numbers)
{
    if (numbers == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(numbers->pages); i++)
        g_free(numbers->pages[i]);
    g_free(numbers);
}

void
contacts_numbers_add(ContactsNumbers *numbers, uint32_t number)
{
    uint64_t **page = &numbers->pages[number >> PAGE_BITS];
    uint64_t bit = UINT64_C(1) << (number % 64);
    uint64_t *word;

    if (*page == NULL)
        *page = g_new0(uint64_t, PAGE_WORDS);
    word = &(*page)[number % PAGE_NUMBERS / 64];
    numbers->n += (*word & bit) == 0;
    *word |= bit;
}

uint64_t
contacts_numbers_count(const ContactsNumbers *numbers)
{
    return numbers->n;
}

uint64_t
contacts_numbers_first_missing(const ContactsNumbers *numbers)
{
    uint64_t number = 0;

    for (guint i = 0; i < G_N_ELEMENTS(numbers->pages); i++)
        for (guint k = 0; k < PAGE_WORDS; k++) {
            uint64_t word = numbers->pages[i] == NULL ? 0 : numbers->pages[i][k];

            if (word != UINT64_MAX)
                return number + (guint)__builtin_ctzll(~word);
            number += 64;
        }
    return number;
}
