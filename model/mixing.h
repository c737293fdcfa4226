/* mixing.h - who meets whom.
 *
 * Uniform: the payer is drawn in proportion to activity, the payee uniformly
 * among all other cards. Cards of equal activity form a class, so a draw costs
 * the same however many cards there are. Random numbers come from the caller:
 * always two for a payer and one for a payee, whatever they are used for. */
#ifndef MODEL_MIXING_H
#define MODEL_MIXING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Cards first .. first + n - 1 have one activity. */
typedef struct {
    uint32_t first;
    uint32_t n;
} MixingRange;

typedef struct {
    double rate; /* payments a day of one card */
    uint32_t n;
    GArray *ranges; /* of MixingRange */
} MixingClass;

/**
 * Mixing:
 * @total_rate: payments a day of all cards
 * @is_even: whether all cards are equally active
 */
typedef struct {
    GArray *classes; /* of MixingClass */
    uint32_t n_cards;
    double total_rate;
    bool is_even;
} Mixing;

Mixing *mixing_new(void);
void mixing_free(Mixing *mixing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mixing, mixing_free)

/* Adds @n cards that follow those added before. @rate: payments a day of each. */
void mixing_add_cards(Mixing *mixing, uint32_t n, double rate);

/**
 * mixing_scale:
 *
 * Returns: 64 random bits as a number below @n; numbers differ in probability by
 *   less than n / 2^64
 */
static inline uint32_t
mixing_scale(uint64_t bits, uint32_t n)
{
    return (uint32_t)((unsigned __int128)bits * n >> 64);
}

/* A payer where activities differ. */
uint32_t mixing_draw_payer_by_rate(const Mixing *mixing, uint64_t which, uint64_t who);

/* A payer. @which, @who: 64 random bits each. The total rate must not be 0. */
static inline uint32_t
mixing_draw_payer(const Mixing *mixing, uint64_t which, uint64_t who)
{
    return mixing->is_even ? mixing_scale(who, mixing->n_cards)
                           : mixing_draw_payer_by_rate(mixing, which, who);
}

/* A payee for @payer. There must be two cards. */
static inline uint32_t
mixing_draw_payee(const Mixing *mixing, uint32_t payer, uint64_t who)
{
    uint32_t payee = mixing_scale(who, mixing->n_cards - 1);

    return payee < payer ? payee : payee + 1;
}

#endif
