/* The 16 bytes of a card: balances, and ends of settlements kept modulo 2^32 ticks,
 * against 64-bit integers that need no such arts. */
#include "model/protocol/population.h"

#define TICK (INT64_C(1) << POPULATION_TICK_BITS)
#define WRAP (INT64_C(1) << (32 + POPULATION_TICK_BITS)) /* 2.2 years */

static Population *
population_of(uint32_t n_cards, Micros now)
{
    Population *population = population_new(n_cards);
    CohortEntry entry = { .cohort = 0 };
    uint16_t index = population_add_entry(population, &entry);

    for (uint32_t i = 0; i < n_cards; i++) {
        CardMemory memory = { .expiry_day = CARD_NEVER_EXPIRES };

        g_assert_cmpuint(population_add_card(population, index, &memory, now), ==, i);
    }
    return population;
}

/* ---- Records ----------------------------------------------------------- */

static void
record_takes_sixteen_bytes(void)
{
    g_assert_cmpuint(sizeof(CardRecord), ==, 16);
}

static void
memory_comes_back_as_stored(void)
{
    static const CardMemory memories[] = {
        { 1, 2, 3, 4 },
        { UINT16_MAX, UINT16_MAX, CARD_NEVER_EXPIRES, UINT32_MAX },
        { 0, 0, 0, 0 },
        { 7, 0, 365, INT64_C(9000000000000000) },
    };
    g_autoptr(Population) population = population_of(G_N_ELEMENTS(memories), 0);

    for (uint32_t i = 0; i < G_N_ELEMENTS(memories); i++)
        population_store(population, i, &memories[i]);
    for (uint32_t i = 0; i < G_N_ELEMENTS(memories); i++) {
        CardMemory memory = population_memory(population, i);

        g_assert_cmpuint(memory.transfer_key, ==, memories[i].transfer_key);
        g_assert_cmpuint(memory.update_key, ==, memories[i].update_key);
        g_assert_cmpuint(memory.expiry_day, ==, memories[i].expiry_day);
        g_assert_cmpint(memory.balance, ==, memories[i].balance);
    }
}

static void
storing_leaves_entry_and_end(void)
{
    g_autoptr(Population) population = population_of(3, 0);
    CardMemory memory = { .balance = -1 };

    population->records[1].entry = 4711;
    population_set_end(population, 1, 10 * TICK);
    population_store(population, 1, &memory);
    g_assert_cmpuint(population->records[1].entry, ==, 4711);
    g_assert_true(population_is_busy(population, 1, 10 * TICK - 1));
    g_assert_false(population_is_busy(population, 0, 10 * TICK - 1));
}

static void
entries_keep_their_numbers(void)
{
    g_autoptr(Population) population = population_new(2);
    CardMemory memory = { .balance = 5 };

    for (guint i = 0; i < POPULATION_ENTRIES_MAX; i++) {
        CohortEntry entry = { .cohort = (uint16_t)(i / 2), .issue_day = (uint16_t)i };

        entry.profile.transfer_key_limit = 3 * i;
        g_assert_cmpuint(population_add_entry(population, &entry), ==, i);
    }
    for (guint i = 0; i < POPULATION_ENTRIES_MAX; i += 7) {
        const CohortEntry *entry = population_entry(population, (uint16_t)i);

        g_assert_cmpuint(entry->cohort, ==, i / 2);
        g_assert_cmpuint(entry->issue_day, ==, i);
        g_assert_cmpuint(entry->profile.transfer_key_limit, ==, (guint64)3 * i);
    }
    g_assert_cmpuint(population_add_card(population, 65534, &memory, 0), ==, 0);
    g_assert_cmpuint(population->records[0].entry, ==, 65534);
    g_assert_cmpuint(population->n_cards, ==, 1);
}

/* ---- Balances ---------------------------------------------------------- */

static void
set_balance(Population *population, uint32_t card, Cents balance)
{
    CardMemory memory = population_memory(population, card);

    memory.balance = balance;
    population_store(population, card, &memory);
}

static void
widening_leaves_all_balances(void)
{
    g_autoptr(Population) population = population_of(2, 0);

    set_balance(population, 0, UINT32_MAX);
    population_widen(population);
    g_assert_nonnull(population->balance_high);
    g_assert_cmpint(population_balance(population, 0), ==, UINT32_MAX);
    set_balance(population, 1, -1);
    population_widen(population); /* a second time */
    g_assert_cmpint(population_balance(population, 1), ==, -1);
}

static void
any_balance_is_kept(gconstpointer data)
{
    Cents balance = *(const Cents *)data;
    g_autoptr(Population) population = population_of(3, 0);

    set_balance(population, 0, 100);
    set_balance(population, 1, balance);
    set_balance(population, 2, UINT32_MAX);
    g_assert_cmpint(population_balance(population, 0), ==, 100);
    g_assert_cmpint(population_balance(population, 1), ==, balance);
    g_assert_cmpint(population_balance(population, 2), ==, UINT32_MAX);
    g_assert_true((population->balance_high != NULL) ==
                  (balance < 0 || balance > (Cents)UINT32_MAX));
}

static void
side_array_is_made_when_first_needed(void)
{
    g_autoptr(Population) population = population_of(1000, 0);

    for (uint32_t i = 0; i < 1000; i++)
        set_balance(population, i, UINT32_MAX - i);
    g_assert_null(population->balance_high);
    set_balance(population, 500, INT64_C(1) << 32);
    g_assert_nonnull(population->balance_high);
    for (uint32_t i = 0; i < 1000; i++)
        g_assert_cmpint(population_balance(population, i), ==,
                        i == 500 ? INT64_C(1) << 32 : (Cents)UINT32_MAX - i);
}

static void
balance_comes_back_from_high_and_low(void)
{
    g_autoptr(Population) population = population_of(2, 0);

    set_balance(population, 0, INT64_C(123456789012345));
    set_balance(population, 0, 7);
    g_assert_cmpint(population_balance(population, 0), ==, 7);
    set_balance(population, 0, -7);
    g_assert_cmpint(population_balance(population, 0), ==, -7);
    set_balance(population, 0, 0);
    g_assert_cmpint(population_balance(population, 0), ==, 0);
}

/* A card that comes when the side array is there. */
static void
card_added_late_has_its_own_balance(void)
{
    g_autoptr(Population) population = population_new(3);
    CardMemory rich = { .balance = INT64_C(5) << 32 };
    CardMemory poor = { .balance = 3 };

    population_add_card(population, 0, &rich, 0);
    population_add_card(population, 0, &poor, 0);
    population_add_card(population, 0, &rich, 0);
    g_assert_cmpint(population_balance(population, 0), ==, INT64_C(5) << 32);
    g_assert_cmpint(population_balance(population, 1), ==, 3);
    g_assert_cmpint(population_balance(population, 2), ==, INT64_C(5) << 32);
}

/* ---- Busy -------------------------------------------------------------- */

/* The end of a settlement in whole ticks, rounded up. */
static Micros
rounded_up(Micros end)
{
    return (end + TICK - 1) / TICK * TICK;
}

/* Ends and arrivals around the edges of ticks, one by one. */
static void
busy_up_to_the_end_rounded_up(void)
{
    static const Micros offsets[] = { -TICK - 1, -TICK,    -TICK + 1, -1,   0,
                                      1,         TICK / 2, TICK - 1,  TICK, TICK + 1 };
    static const Micros bases[] = { 10 * TICK, WRAP / 4, WRAP - TICK, WRAP, 3 * WRAP + WRAP / 2 };
    g_autoptr(Population) population = population_of(1, 0);

    for (guint b = 0; b < G_N_ELEMENTS(bases); b++)
        for (guint e = 0; e < G_N_ELEMENTS(offsets); e++)
            for (guint a = 0; a < G_N_ELEMENTS(offsets); a++) {
                Micros end = bases[b] + offsets[e];
                Micros arrival = bases[b] + offsets[a];

                population_set_end(population, 0, end);
                g_assert_true(population_is_busy(population, 0, arrival) ==
                              (rounded_up(end) > arrival));
            }
}

static void
busy_for_less_than_a_tick_too_long(void)
{
    g_autoptr(Population) population = population_of(1, 0);

    population_set_end(population, 0, 5 * TICK);
    g_assert_true(population_is_busy(population, 0, 5 * TICK - 1));
    g_assert_false(population_is_busy(population, 0, 5 * TICK));
    population_set_end(population, 0, 5 * TICK + 1);
    g_assert_true(population_is_busy(population, 0, 6 * TICK - 1));
    g_assert_false(population_is_busy(population, 0, 6 * TICK));
}

static void
end_is_told_to_the_tick(void)
{
    static const Micros ends[] = { 1,        TICK - 1, TICK,     TICK + 1,
                                   WRAP - 1, WRAP,     WRAP + 1, 5 * WRAP + 12345678 };
    g_autoptr(Population) population = population_of(1, 0);

    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        Micros now = MAX(ends[i] - 1000 * TICK, 0);

        population_set_end(population, 0, ends[i]);
        for (; now < rounded_up(ends[i]); now += TICK / 4) {
            g_assert_true(population_is_busy(population, 0, now));
            g_assert_cmpint(population_end(population, 0, now), ==, rounded_up(ends[i]));
        }
        g_assert_false(population_is_busy(population, 0, rounded_up(ends[i])));
    }
}

static void
new_card_is_free(void)
{
    static const Micros issues[] = { 0, 1, TICK, WRAP / 2, WRAP - 1, WRAP, 7 * WRAP + 1 };

    for (guint i = 0; i < G_N_ELEMENTS(issues); i++) {
        g_autoptr(Population) population = population_of(1, issues[i]);

        for (Micros later = 0; later < POPULATION_LIFT_PERIOD; later += POPULATION_LIFT_PERIOD / 64)
            g_assert_false(population_is_busy(population, 0, issues[i] + later));
    }
}

/* ---- Lifting ----------------------------------------------------------- */

#define N_CARDS 64

/* Cards that settle at random through twelve wraps of the ticks, some never, some once,
 * some rarely; asked at every point whether they are busy. */
static void
lifting_keeps_who_is_busy(void)
{
    g_autoptr(Population) population = population_of(N_CARDS, 0);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    Micros ends[N_CARDS] = { 0 };
    Micros next_lift = 0;
    guint n_busy = 0;
    Micros step = POPULATION_LIFT_PERIOD / 200;

    for (Micros now = 0; now < 12 * WRAP; now += step + g_rand_int_range(rand, 0, 1000000)) {
        if (now >= next_lift) {
            population_lift_ends(population, next_lift);
            next_lift += POPULATION_LIFT_PERIOD;
        }
        for (uint32_t card = 0; card < N_CARDS; card++) {
            bool busy = population_is_busy(population, card, now);

            g_assert_true(busy == (rounded_up(ends[card]) > now));
            if (busy) {
                g_assert_cmpint(population_end(population, card, now), ==, rounded_up(ends[card]));
                n_busy++;
            } else if (card > 0 && g_rand_int_range(rand, 0, 1 << (card % 16)) == 0) {
                /* from a microsecond to a hundred days */
                ends[card] =
                    now + ((1 + (Micros)g_rand_int(rand)) << g_rand_int_range(rand, 0, 12));
                population_set_end(population, card, ends[card]);
            }
        }
    }
    g_assert_cmpuint(n_busy, >, 10000);
}

/* Each distance that an end can have from a lift, behind it and ahead. */
static void
lifting_tells_past_from_to_come(void)
{
    Micros now = 3 * WRAP + 17 * TICK;
    Micros edge = POPULATION_LIFT_PERIOD;
    static const Micros distances[] = { 0, 1, TICK, TICK + 1, MICROS_PER_DAY };

    for (guint i = 0; i < G_N_ELEMENTS(distances); i++) {
        const Micros past[] = { now - distances[i], now - edge - distances[i],
                                now - 2 * edge - distances[i], now - 3 * edge + distances[i] };
        const Micros to_come[] = { now + TICK + distances[i], now + edge - TICK - distances[i] };

        for (guint k = 0; k < G_N_ELEMENTS(past); k++) {
            g_autoptr(Population) population = population_of(1, 0);

            population_set_end(population, 0, past[k]);
            population_lift_ends(population, now);
            for (Micros later = 0; later <= edge; later += edge / 32)
                g_assert_true(population_is_busy(population, 0, now + later) ==
                              (rounded_up(past[k]) > now + later));
        }
        for (guint k = 0; k < G_N_ELEMENTS(to_come); k++) {
            g_autoptr(Population) population = population_of(1, 0);

            population_set_end(population, 0, to_come[k]);
            population_lift_ends(population, now);
            g_assert_true(population_is_busy(population, 0, now));
            g_assert_cmpint(population_end(population, 0, now), ==, rounded_up(to_come[k]));
            g_assert_true(population_is_busy(population, 0, to_come[k] - 1));
            g_assert_false(population_is_busy(population, 0, rounded_up(to_come[k])));
        }
    }
}

/* Without lifting, an end comes back after 2^32 ticks: what the pass is for. */
static void
card_at_rest_is_never_busy_again(void)
{
    g_autoptr(Population) population = population_of(2, 0);

    population_set_end(population, 1, MICROS_PER_DAY);
    for (Micros now = 0; now < 6 * WRAP; now += POPULATION_LIFT_PERIOD) {
        population_lift_ends(population, now);
        for (Micros later = 0; later < POPULATION_LIFT_PERIOD;
             later += POPULATION_LIFT_PERIOD / 256) {
            g_assert_false(population_is_busy(population, 0, now + later));
            g_assert_true(population_is_busy(population, 1, now + later) ==
                          (now + later < rounded_up(MICROS_PER_DAY)));
        }
    }
}

int
main(int argc, char **argv)
{
    static const Cents balances[] = { 0,
                                      1,
                                      UINT32_MAX,
                                      INT64_C(1) << 32,
                                      (INT64_C(1) << 32) + 1,
                                      -1,
                                      -(INT64_C(1) << 32) + 1,
                                      -(INT64_C(1) << 32),
                                      -(INT64_C(1) << 32) - 1,
                                      INT64_C(9000000000000000),
                                      -INT64_C(9000000000000000),
                                      INT64_MAX,
                                      INT64_MIN };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/population/record/takes-sixteen-bytes", record_takes_sixteen_bytes);
    g_test_add_func("/population/store/memory-comes-back", memory_comes_back_as_stored);
    g_test_add_func("/population/store/leaves-entry-and-end", storing_leaves_entry_and_end);
    g_test_add_func("/population/add-entry/entries-keep-their-numbers", entries_keep_their_numbers);
    for (guint i = 0; i < G_N_ELEMENTS(balances); i++) {
        g_autofree char *name =
            g_strdup_printf("/population/balance/%" G_GINT64_FORMAT "-is-kept", balances[i]);

        g_test_add_data_func(name, &balances[i], any_balance_is_kept);
    }
    g_test_add_func("/population/widen/leaves-all-balances", widening_leaves_all_balances);
    g_test_add_func("/population/balance/side-array-is-made-when-first-needed",
                    side_array_is_made_when_first_needed);
    g_test_add_func("/population/balance/comes-back-from-high-and-low",
                    balance_comes_back_from_high_and_low);
    g_test_add_func("/population/balance/card-added-late-has-its-own",
                    card_added_late_has_its_own_balance);
    g_test_add_func("/population/is-busy/up-to-the-end-rounded-up", busy_up_to_the_end_rounded_up);
    g_test_add_func("/population/is-busy/less-than-a-tick-too-long",
                    busy_for_less_than_a_tick_too_long);
    g_test_add_func("/population/is-busy/not-when-new", new_card_is_free);
    g_test_add_func("/population/end/is-told-to-the-tick", end_is_told_to_the_tick);
    g_test_add_func("/population/lift-ends/keeps-who-is-busy", lifting_keeps_who_is_busy);
    g_test_add_func("/population/lift-ends/tells-past-from-to-come",
                    lifting_tells_past_from_to_come);
    g_test_add_func("/population/lift-ends/card-at-rest-is-never-busy-again",
                    card_at_rest_is_never_busy_again);
    return g_test_run();
}
