/* Plan actions by themselves: which cards are drawn, and what their terms change. */
#include "sim/scenario/card_group.h"

#include "sim/input/load.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"
#include "sim/world/card_terms.h"

#include <math.h>
#include <sodium.h>

/* Beyond five standard deviations. */
#define FAR 5.0

static const uint8_t key_seed[KEYRING_SEED_BYTES] = { 1 };

/* Terms of a plan action that changes nothing. */
static const CardTerms unset = {
    .transfer_key = SCENARIO_UNSET,
    .update_key = SCENARIO_UNSET,
    .transfer_key_limit = SCENARIO_UNSET,
    .update_key_limit = SCENARIO_UNSET,
    .expiry = { SCENARIO_UNSET, SCENARIO_UNSET },
};

/* ---- Which cards ------------------------------------------------------- */

static guint32
chosen_at(const GArray *cards, guint i)
{
    return g_array_index(cards, guint32, i);
}

/* What an action of that name draws first. */
static GArray *
choose(const char *name, uint32_t n_cards, uint32_t n, uint64_t seed, uint64_t replication)
{
    g_autofree char *purpose = g_strconcat("plan ", name, NULL);
    Stream stream;

    stream_init(&stream, seed, replication, purpose);
    return card_terms_choose_cards(&stream, n_cards, n);
}

static void
choice_is_of_different_cards(void)
{
    static const uint32_t numbers[] = { 0, 1, 2, 50, 99, 100 };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        for (uint64_t replication = 1; replication <= 50; replication++) {
            g_autoptr(GArray) cards = choose("a", 100, numbers[i], 1, replication);
            bool seen[100] = { false };

            g_assert_cmpuint(cards->len, ==, numbers[i]);
            for (guint k = 0; k < cards->len; k++) {
                g_assert_cmpuint(chosen_at(cards, k), <, 100);
                g_assert_false(seen[chosen_at(cards, k)]);
                seen[chosen_at(cards, k)] = true;
            }
        }
}

/* Every pair of ten cards is drawn in 2 of 30 cases when 3 are drawn. */
static void
choice_favours_no_card(void)
{
    enum { N = 10, DRAWN = 3, TRIALS = 30000 };
    guint alone[N] = { 0 };
    guint together[N][N] = { { 0 } };

    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        g_autoptr(GArray) cards = choose("a", N, DRAWN, 1, trial);

        for (guint i = 0; i < DRAWN; i++) {
            alone[chosen_at(cards, i)]++;
            for (guint k = 0; k < DRAWN; k++)
                together[chosen_at(cards, i)][chosen_at(cards, k)]++;
        }
    }
    for (guint i = 0; i < N; i++) {
        g_assert_cmpfloat(fabs(alone[i] - TRIALS * 0.3), <, FAR * sqrt(TRIALS * 0.3 * 0.7));
        for (guint k = 0; k < i; k++)
            g_assert_cmpfloat(fabs(together[i][k] - TRIALS / 15.0), <,
                              FAR * sqrt(TRIALS / 15.0 * 14 / 15));
    }
}

static bool
same_choice(const char *one, uint64_t seed, uint64_t replication)
{
    g_autoptr(GArray) a = choose("a", 1000, 20, 1, 1);
    g_autoptr(GArray) b = choose(one, 1000, 20, seed, replication);

    for (guint i = 0; i < 20; i++)
        if (chosen_at(a, i) != chosen_at(b, i))
            return false;
    return true;
}

static void
choice_has_a_stream_of_its_own(void)
{
    g_assert_true(same_choice("a", 1, 1));
    g_assert_false(same_choice("b", 1, 1));
    g_assert_false(same_choice("a", 2, 1));
    g_assert_false(same_choice("a", 1, 2));
}

/* Each of five cards stands at each place of the order in a fifth of the cases. */
static void
shuffled_order_favours_no_place(void)
{
    enum { N = 5, TRIALS = 20000 };
    guint places[N][N] = { { 0 } };
    Stream stream;

    stream_init(&stream, 1, 1, "test");
    for (guint trial = 0; trial < TRIALS; trial++) {
        g_autoptr(GArray) cards = card_terms_choose_cards(&stream, N, N);

        card_terms_shuffle_cards(&stream, cards);
        for (guint i = 0; i < N; i++)
            places[i][chosen_at(cards, i)]++;
    }
    for (guint i = 0; i < N; i++)
        for (guint k = 0; k < N; k++)
            g_assert_cmpfloat(fabs(places[i][k] - TRIALS * 0.2), <, FAR * sqrt(TRIALS * 0.2 * 0.8));
}

/* ---- What they change -------------------------------------------------- */

static void
unset_terms_leave_a_card_as_it_was(void)
{
    g_autoptr(KeyRing) ring = keyring_new(key_seed);
    CohortEntry entry = { .profile = { 9, 8, 1, { 5 } }, .chip = &chips[1], .cohort = 3 };
    CardMemory memory = { 1, 2, 77, 500 };

    card_terms_change_entry(ring, &entry, &unset, 12 * MICROS_PER_DAY + 1);
    g_assert_cmpuint(entry.profile.transfer_key_limit, ==, 9);
    g_assert_cmpuint(entry.profile.update_key_limit, ==, 8);
    g_assert_cmpuint(entry.profile.n_preloaded, ==, 1);
    g_assert_cmpuint(entry.profile.preloaded[0], ==, 5);
    g_assert_true(entry.chip == &chips[1]);
    g_assert_cmpuint(entry.cohort, ==, 3);
    g_assert_cmpuint(entry.issue_day, ==, 12);
    card_terms_change_memory(ring, &memory, &unset);
    card_terms_change_expiry(&memory, &unset.expiry, NULL, 12 * MICROS_PER_DAY + 1);
    g_assert_cmpuint(memory.transfer_key, ==, 1);
    g_assert_cmpuint(memory.update_key, ==, 2);
    g_assert_cmpuint(memory.expiry_day, ==, 77);
    g_assert_cmpint(memory.balance, ==, 0); /* the value comes by a settlement */
}

static void
terms_that_are_set_replace_what_was(void)
{
    static const guint32 ids[] = { 4, 6 };
    g_autoptr(KeyRing) ring = keyring_new(key_seed);
    g_autoptr(GArray) preloaded = g_array_new(FALSE, FALSE, sizeof(guint32));
    CohortEntry entry = { .profile = { 9, 8, 1, { 5 } }, .chip = &chips[1], .cohort = 3 };
    CardMemory memory = { 1, 2, 77, 500 };
    CardTerms terms = { .transfer_key = 4,
                        .update_key = 7,
                        .transfer_key_limit = 40,
                        .update_key_limit = SCENARIO_NO_LIMIT,
                        .preloaded = preloaded,
                        .chip = &chips[0],
                        .expiry = { 30, 30 } };

    g_array_append_vals(preloaded, ids, 2);
    card_terms_change_entry(ring, &entry, &terms, 0);
    card_terms_change_memory(ring, &memory, &terms);
    card_terms_change_expiry(&memory, &terms.expiry, NULL,
                             100 * MICROS_PER_DAY + MICROS_PER_DAY / 2);
    g_assert_cmpuint(entry.profile.transfer_key_limit, ==, 40);
    g_assert_cmpuint(entry.profile.update_key_limit, ==, CARD_NO_LIMIT);
    g_assert_cmpuint(entry.profile.n_preloaded, ==, 2);
    g_assert_cmpuint(keyring_id(ring, entry.profile.preloaded[0]), ==, 4);
    g_assert_cmpuint(keyring_id(ring, entry.profile.preloaded[1]), ==, 6);
    g_assert_true(entry.chip == &chips[0]);
    g_assert_cmpuint(keyring_id(ring, memory.transfer_key), ==, 4);
    g_assert_cmpuint(keyring_id(ring, memory.update_key), ==, 7);
    g_assert_cmpuint(memory.expiry_day, ==, 130); /* from the swap on */
}

static void
term_without_end_stays_without_end(void)
{
    g_autoptr(KeyRing) ring = keyring_new(key_seed);
    static const ExpiryLaw never = { SCENARIO_NEVER_EXPIRES, SCENARIO_NEVER_EXPIRES };
    static const ExpiryLaw centuries = { 100000, 100000 }; /* are not never */
    CardTerms terms = unset;
    CardMemory memory;

    terms.transfer_key = 1;
    g_assert_cmpint(card_terms_make_memory(ring, &terms, 5).balance, ==, 5);
    memory = card_terms_make_memory(ring, &terms, 5);
    g_assert_cmpuint(memory.expiry_day, ==, CARD_NEVER_EXPIRES);
    card_terms_change_expiry(&memory, &never, NULL, 0);
    g_assert_cmpuint(memory.expiry_day, ==, CARD_NEVER_EXPIRES);
    card_terms_change_expiry(&memory, &centuries, NULL, 0);
    g_assert_cmpuint(memory.expiry_day, ==, CARD_NEVER_EXPIRES - 1);
}

/* Each day from the first to the last, as often as any other. */
static void
terms_are_drawn_in_whole_days(void)
{
    enum { N = 70000, DAYS = 7 };
    static const ExpiryLaw law = { 4, 4 + DAYS - 1 };
    const Micros at = 100 * MICROS_PER_DAY + 1;
    CardMemory memory = { .expiry_day = 77 };
    guint counts[DAYS] = { 0 };
    double chi_square = 0;
    Stream stream;

    stream_init(&stream, 1, 1, "terms");
    for (guint i = 0; i < N; i++) {
        card_terms_change_expiry(&memory, &law, &stream, at);
        g_assert_cmpuint(memory.expiry_day, >=, 104);
        g_assert_cmpuint(memory.expiry_day, <, 104 + DAYS);
        counts[memory.expiry_day - 104]++;
    }
    for (guint i = 0; i < DAYS; i++)
        chi_square += pow((double)counts[i] - N / DAYS, 2) / (N / DAYS);
    g_assert_cmpfloat(chi_square, <, 30); /* 6 degrees of freedom: once in 25,000 */
}

/* ---- What a scenario can bring ----------------------------------------- */

static const char text[] = "[scheme]\n"
                           "embodiment = 4\n"
                           "[cohort a]\n"
                           "cards = 5\n"
                           "transfer-key = 7\n"
                           "update-key = 1\n"
                           "preloaded = 7,9\n"
                           "[cohort b]\n"
                           "cards = 0\n"
                           "transfer-key = 3\n"
                           "update-key = 1\n"
                           "[plan one]\n"
                           "at = 1d\n"
                           "do = issue\n"
                           "cards = 40\n"
                           "cohort = b\n"
                           "[plan two]\n"
                           "at = 2d\n"
                           "do = swap\n"
                           "cards = 5\n"
                           "transfer-key = 12\n"
                           "preloaded = 8,12\n"
                           "[plan three]\n"
                           "at = 3d\n"
                           "do = issue\n"
                           "cards = 2\n"
                           "cohort = a\n";

static void
ids_are_collected_in_order_and_once(void)
{
    static const guint32 transfer[] = { 3, 7, 8, 9, 12 };
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("plan.ini", text, sizeof text - 1, NULL, &error);
    g_autoptr(GArray) ids = NULL;

    g_assert_no_error(error);
    ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_assert_cmpuint(ids->len, ==, G_N_ELEMENTS(transfer));
    for (guint i = 0; i < ids->len; i++)
        g_assert_cmpuint(chosen_at(ids, i), ==, transfer[i]);
    g_clear_pointer(&ids, g_array_unref);
    ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    g_assert_cmpuint(ids->len, ==, 1);
    g_assert_cmpuint(chosen_at(ids, 0), ==, 1);
}

static void
issued_cards_are_added_up(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("plan.ini", text, sizeof text - 1, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpint(plan_facts_n_issued(scenario), ==, 42);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/plan/choose-cards/are-different", choice_is_of_different_cards);
    g_test_add_func("/plan/choose-cards/favours-none", choice_favours_no_card);
    g_test_add_func("/plan/shuffle-cards/favours-no-place", shuffled_order_favours_no_place);
    g_test_add_func("/plan/choose-cards/has-a-stream-of-its-own", choice_has_a_stream_of_its_own);
    g_test_add_func("/plan/change/unset-terms-leave-a-card-as-it-was",
                    unset_terms_leave_a_card_as_it_was);
    g_test_add_func("/plan/change/terms-that-are-set-replace-what-was",
                    terms_that_are_set_replace_what_was);
    g_test_add_func("/plan/make/term-without-end-stays-without-end",
                    term_without_end_stays_without_end);
    g_test_add_func("/plan/change-expiry/draws-in-whole-days", terms_are_drawn_in_whole_days);
    g_test_add_func("/plan/collect-ids/in-order-and-once", ids_are_collected_in_order_and_once);
    g_test_add_func("/plan/issued/are-added-up", issued_cards_are_added_up);
    return g_test_run();
}
