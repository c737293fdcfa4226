/* latency.csv of small histories, every number written by hand. Line and chips are made
 * so that only what the test looks at takes time. */
#include "sim/measure/latency.h"

#include "tests/sim/written.h"

#include <string.h>

/* Five milliseconds to switch a card on; what passes the line takes no time. */
static const LinkInterface instant_interface = {
    .name = "instant",
    .protocol = LINK_T_CL,
    .block_payload_bytes = 1000,
    .activation_us = 5000,
};

/* Ten milliseconds for each command. */
static const LinkTerminal slow_terminal = { .name = "slow", .reader_overhead_us = 10000 };

/* Chips that take their time only to store a key; a nanosecond is rounded to nothing. */
static const Chip chip_150_ms = {
    .name = "150 ms",
    .cost = { [CHIP_WRITE_KEY] = { 150000000, 0 } },
    .suite_ns = { [SUITE_P256] = { 1, 1, 1, 1 } },
};
static const Chip chip_400_ms = {
    .name = "400 ms",
    .cost = { [CHIP_WRITE_KEY] = { 400000000, 0 } },
    .suite_ns = { [SUITE_P256] = { 1, 1, 1, 1 } },
};

/* Select 2 x 5 + 2 x 10 ms, information 2 x 10 ms, value transfer 4 x 10 ms. */
static const Course without_update = {
    .seen = { .outcome = OUTCOME_PAID, .path = PATH_NONE, .n_exchanges = 8, .answered = true },
};

/* 3 x 10 ms more and what the payee's chip takes to store the key. */
static const Course with_update = {
    .seen = { .outcome = OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE,
              .path = PATH_SYMMETRIC,
              .rounds = 1,
              .n_exchanges = 11,
              .answered = true },
    .log[SIDE_PAYEE].wrote = WROTE_TRANSFER_KEY,
};

/* The payee's limit: 3 x 10 ms of update, nothing stored, no value transfer. */
static const Course refused = {
    .seen = { .outcome = OUTCOME_REFUSED_LIMIT,
              .path = PATH_SYMMETRIC,
              .rounds = 1,
              .n_exchanges = 7,
              .answered = false },
    .log[SIDE_PAYEE].refused = CARD_STEP_STORE,
};

/* The update stands, the payer has too little: one exchange of the value transfer. */
static const Course refused_after_update = {
    .seen = { .outcome = OUTCOME_REFUSED_BALANCE,
              .path = PATH_SYMMETRIC,
              .rounds = 1,
              .n_exchanges = 8,
              .answered = false },
    .log = { [SIDE_PAYER].refused = CARD_STEP_S2101A, [SIDE_PAYEE].wrote = WROTE_TRANSFER_KEY },
};

static const Protocol *
embodiment(const char *name)
{
    static Protocol protocol;
    Scheme scheme = scheme_default();

    g_assert_true(scheme_set_embodiment(&scheme, name));
    protocol_init(&protocol, &scheme);
    return &protocol;
}

/* The number of the seats is that of the payee's chip. */
static LatencyClass *
class_of(Latency *latency, const Course *course, const Chip *payee)
{
    const Seat seats[N_SIDES] = { { &chip_150_ms, &instant_interface },
                                  { payee, &instant_interface } };

    return latency_class(latency, course, payee == &chip_150_ms ? 0 : 1, seats, &slow_terminal);
}

static void
count(Latency *latency, const Course *course, const Chip *payee, Micros wait)
{
    latency_count(latency, class_of(latency, course, payee), wait);
}

static char *
write(const Latency *latency)
{
    static const char *const names[] = { "latency.csv" };
    static const char *const columns[] = { LATENCY_COLUMNS };
    RunId id = { .scenario = "hand", .point = 0, .replication = 3 };
    Written written;
    char *text;

    written_init(&written, 1, names, columns);
    latency_write(latency, &id, written.tables[0]);
    text = written_finish(&written, 0);
    written_clear(&written);
    return text;
}

#define HEADER                                                                                     \
    "scenario,point,replication,path,phase,count,mean_ms,sd_ms,min_ms,p50_ms,p90_ms,p99_ms,"       \
    "max_ms\n"

/* ---- latency.csv ------------------------------------------------------- */

static void
no_settlement_gives_no_row(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    g_autofree char *text = write(latency);

    g_assert_cmpstr(text, ==, HEADER);
    g_assert_cmpfloat((double)latency_till_time_added(latency), ==, 0);
    g_assert_cmpfloat(latency_share_over(latency, 0), ==, 0);
}

static void
rows_are_as_computed_by_hand(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    g_autofree char *text = NULL;

    count(latency, &without_update, &chip_150_ms, 0);
    count(latency, &with_update, &chip_150_ms, 10000);
    count(latency, &without_update, &chip_150_ms, 1500);
    count(latency, &with_update, &chip_400_ms, 0);
    count(latency, &without_update, &chip_400_ms, 0);
    count(latency, &with_update, &chip_150_ms, 20000);
    text = write(latency);
    g_assert_cmpstr(text, ==,
                    HEADER
                    /* three times the same, but for the wait: 0, 0 and 1.5 ms */
                    "hand,0,3,none,select,3,30,0,30,30,30,30,30\n"
                    "hand,0,3,none,information,3,20,0,20,20,20,20,20\n"
                    "hand,0,3,none,update,3,0,0,0,0,0,0,0\n"
                    "hand,0,3,none,value,3,40,0,40,40,40,40,40\n"
                    "hand,0,3,none,total,3,90,0,90,90,90,90,90\n"
                    "hand,0,3,none,wait,3,0.5,0.707106781,0,0,1.5,1.5,1.5\n"
                    /* 180, 180 and 430 ms of update; 10 ms of wait are rounded up to the
                     * end of a bin of 16 us */
                    "hand,0,3,symmetric,select,3,30,0,30,30,30,30,30\n"
                    "hand,0,3,symmetric,information,3,20,0,20,20,20,20,20\n"
                    "hand,0,3,symmetric,update,3,263.333333,117.85113,180,180,430,430,430\n"
                    "hand,0,3,symmetric,value,3,40,0,40,40,40,40,40\n"
                    "hand,0,3,symmetric,total,3,353.333333,117.85113,270,270,520,520,520\n"
                    "hand,0,3,symmetric,wait,3,10,8.16496581,0,10.015,20,20,20\n");
}

/* Public key: the chips take no time for it here, but to store the key. */
static void
each_path_has_its_rows(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("2"));
    g_autofree char *text = NULL;
    Course course = with_update;

    course.seen.path = PATH_PUBLIC_KEY;
    course.seen.outcome = OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE;
    count(latency, &course, &chip_150_ms, 1);
    text = write(latency);
    g_assert_cmpstr(text, ==,
                    HEADER "hand,0,3,public-key,select,1,30,0,30,30,30,30,30\n"
                           "hand,0,3,public-key,information,1,20,0,20,20,20,20,20\n"
                           "hand,0,3,public-key,update,1,180,0,180,180,180,180,180\n"
                           "hand,0,3,public-key,value,1,40,0,40,40,40,40,40\n"
                           "hand,0,3,public-key,total,1,270,0,270,270,270,270,270\n"
                           "hand,0,3,public-key,wait,1,0.001,0,0.001,0.001,0.001,0.001,0.001\n");
}

/* ---- What an update costs at the till ---------------------------------- */

static void
refusals_take_till_time_but_have_no_row(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    g_autofree char *text = NULL;

    count(latency, &refused, &chip_150_ms, 77);
    count(latency, &refused, &chip_150_ms, 0);
    g_assert_cmpfloat((double)latency_till_time_added(latency), ==, 60000);
    count(latency, &refused_after_update, &chip_400_ms, 0);
    g_assert_cmpfloat((double)latency_till_time_added(latency), ==, 60000 + 430000);
    g_assert_cmpfloat(latency_share_over(latency, 0), ==, 0);
    text = write(latency);
    g_assert_cmpstr(text, ==, HEADER);
}

static void
till_time_is_the_sum_of_update_phases(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));

    for (guint i = 0; i < 10; i++)
        count(latency, &without_update, &chip_150_ms, MICROS_PER_SECOND);
    g_assert_cmpfloat((double)latency_till_time_added(latency), ==, 0);
    for (guint i = 0; i < 2; i++)
        count(latency, &with_update, &chip_150_ms, MICROS_PER_SECOND);
    count(latency, &with_update, &chip_400_ms, 0);
    for (guint i = 0; i < 4; i++)
        count(latency, &refused, &chip_400_ms, 0);
    g_assert_cmpfloat((double)latency_till_time_added(latency), ==,
                      2 * 180000 + 430000 + 4 * 30000);
}

/* 90 ms three times, 270 twice, 520 once; refused ones do not count, nor does the wait. */
static void
share_over_is_of_completed_settlements(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));

    for (guint i = 0; i < 3; i++)
        count(latency, &without_update, &chip_150_ms, 10 * MICROS_PER_SECOND);
    for (guint i = 0; i < 2; i++)
        count(latency, &with_update, &chip_150_ms, 0);
    count(latency, &with_update, &chip_400_ms, 0);
    count(latency, &refused_after_update, &chip_400_ms, 0);
    g_assert_cmpfloat(latency_share_over(latency, 200000), ==, 0.5);
    g_assert_cmpfloat(latency_share_over(latency, 500000), ==, 1.0 / 6);
    g_assert_cmpfloat(latency_share_over(latency, 269999), ==, 0.5);
    g_assert_cmpfloat(latency_share_over(latency, 270000), ==, 1.0 / 6); /* longer, not as long */
    g_assert_cmpfloat(latency_share_over(latency, 520000), ==, 0);
    g_assert_cmpfloat(latency_share_over(latency, 0), ==, 1);
}

/* The payer goes after its last response: 40 ms in Fig. 4, or 50 with a command that is sent again.
 */
static void
who_goes_after_paying_has_a_row(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    const LatencyClass *class = class_of(latency, &without_update, &chip_150_ms);
    TornCourse torn = { .outcome = OUTCOME_PAID, .duration = class->duration };
    g_autofree char *text = NULL;

    count(latency, &without_update, &chip_150_ms, 0);
    latency_count_torn(latency, 0, &torn, PATH_NONE, 0);
    torn.duration.phase[PHASE_VALUE] += 10000;
    torn.duration.total += 10000;
    latency_count_torn(latency, 0, &torn, PATH_NONE, 2000);
    torn.outcome = OUTCOME_TORN_AFTER_DEBIT;
    latency_count_torn(latency, 0, &torn, PATH_NONE, 2000);
    text = write(latency);
    g_assert_nonnull(strstr(text, "none,value,3,43.3333333,4.71404521,40,40,50,50,50\n"));
    g_assert_nonnull(strstr(text, "none,total,3,93.3333333,4.71404521,90,90,100,100,100\n"));
    g_assert_nonnull(strstr(text, "none,wait,3,0.666666667,"));
    g_assert_cmpfloat(latency_share_over(latency, 90000), ==, 1.0 / 3);
    g_assert_cmpfloat(latency_share_over(latency, 0), ==, 1);
}

/* ---- Classes ----------------------------------------------------------- */

static void
equal_courses_in_equal_seats_share_a_class(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    uint64_t key = class_of(latency, &with_update, &chip_150_ms)->key;

    count(latency, &with_update, &chip_150_ms, 0);
    g_assert_cmphex(class_of(latency, &with_update, &chip_150_ms)->key, ==, key);
    g_assert_cmpuint(class_of(latency, &with_update, &chip_150_ms)->count, ==, 1);
    g_assert_cmpuint(class_of(latency, &with_update, &chip_400_ms)->count, ==, 0);
    g_assert_cmphex(class_of(latency, &with_update, &chip_400_ms)->key, !=, key);
    g_assert_cmphex(class_of(latency, &without_update, &chip_150_ms)->key, !=, key);
}

static void
class_tells_the_duration(void)
{
    g_autoptr(Latency) latency = latency_new(embodiment("1"));
    LatencyClass class = *class_of(latency, &with_update, &chip_400_ms);

    g_assert_cmpint(class.duration.phase[PHASE_SELECT], ==, 30000);
    g_assert_cmpint(class.duration.phase[PHASE_INFORMATION], ==, 20000);
    g_assert_cmpint(class.duration.phase[PHASE_UPDATE], ==, 430000);
    g_assert_cmpint(class.duration.phase[PHASE_VALUE], ==, 40000);
    g_assert_cmpint(class.duration.total, ==, 520000);
    g_assert_true(class.is_completed);
    class = *class_of(latency, &refused, &chip_400_ms);
    g_assert_cmpint(class.duration.total, ==, 80000);
    g_assert_false(class.is_completed);
}

static void
hundreds_of_classes_are_kept_apart(void)
{
    const Seat seats[N_SIDES] = { { &chip_150_ms, &instant_interface },
                                  { &chip_150_ms, &instant_interface } };
    g_autoptr(Latency) latency = latency_new(embodiment("1"));

    for (guint round = 0; round < 3; round++)
        for (uint32_t setting = 0; setting < 500; setting++) {
            LatencyClass *class =
                latency_class(latency, &without_update, setting, seats, &slow_terminal);

            g_assert_cmpuint(class->count, ==, round);
            latency_count(latency, class, 0);
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/latency/write/no-settlement-gives-no-row", no_settlement_gives_no_row);
    g_test_add_func("/latency/write/rows-are-as-computed-by-hand", rows_are_as_computed_by_hand);
    g_test_add_func("/latency/write/each-path-has-its-rows", each_path_has_its_rows);
    g_test_add_func("/latency/count/refusals-take-till-time-but-have-no-row",
                    refusals_take_till_time_but_have_no_row);
    g_test_add_func("/latency/till-time/is-the-sum-of-update-phases",
                    till_time_is_the_sum_of_update_phases);
    g_test_add_func("/latency/share-over/is-of-completed-settlements",
                    share_over_is_of_completed_settlements);
    g_test_add_func("/latency/count-torn/who-goes-after-paying-has-a-row",
                    who_goes_after_paying_has_a_row);
    g_test_add_func("/latency/class/equal-courses-in-equal-seats-share-one",
                    equal_courses_in_equal_seats_share_a_class);
    g_test_add_func("/latency/class/tells-the-duration", class_tells_the_duration);
    g_test_add_func("/latency/class/hundreds-are-kept-apart", hundreds_of_classes_are_kept_apart);
    return g_test_run();
}
