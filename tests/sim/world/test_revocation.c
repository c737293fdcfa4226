#include "sim/scenario/scenario.h"

#include "model/protocol/certificate.h"

#include "sim/base/stream.h"
#include "sim/input/load.h"
#include "sim/world/replication.h"
#include "sim/world/revocation.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#define HOUR (INT64_C(3600) * MICROS_PER_SECOND)

static void
factory_terminal_never_fetches(void)
{
    g_assert_cmpint(crl_last_fetch(CRL_FACTORY, 0, 0), ==, CRL_NEVER_FETCHED);
    g_assert_cmpint(crl_last_fetch(CRL_FACTORY, 0, 1000 * MICROS_PER_DAY), ==, CRL_NEVER_FETCHED);
}

static void
network_terminal_fetches_every_period_from_its_phase_on(void)
{
    const Micros period = 24 * HOUR;
    const Micros phase = 7 * HOUR;

    g_assert_cmpint(crl_last_fetch(period, phase, phase - 1), ==, CRL_NEVER_FETCHED);
    g_assert_cmpint(crl_last_fetch(period, phase, phase), ==, phase);
    g_assert_cmpint(crl_last_fetch(period, phase, phase + period - 1), ==, phase);
    g_assert_cmpint(crl_last_fetch(period, phase, phase + period), ==, phase + period);
    g_assert_cmpint(crl_last_fetch(period, phase, phase + 10 * period + 5), ==,
                    phase + 10 * period);
}

/* A wire over no cards at all, to publish lists with. */
typedef struct {
    Protocol protocol;
    KeyRing *ring;
    Population *population;
    Wire *wire;
    Revocation *revocation;
} Office;

static void
open_office(Office *office)
{
    const uint8_t seed[KEYRING_SEED_BYTES] = { 1 };
    Scheme scheme = scheme_default();

    protocol_init(&office->protocol, &scheme);
    office->ring = keyring_new(seed);
    office->population = population_new(1);
    office->wire = wire_new(&office->protocol, office->population, office->ring, 1, 1);
    office->revocation = revocation_new(office->wire);
}

static void
close_office(Office *office)
{
    revocation_free(office->revocation);
    wire_free(office->wire);
    population_free(office->population);
    keyring_free(office->ring);
}

static void
revoke_one(Office *office, guint64 serial, Micros at)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));

    g_array_append_val(serials, serial);
    revocation_revoke(office->revocation, serials, at);
}

static void
terminal_holds_the_newest_list_of_its_last_fetch(void)
{
    Office office;

    open_office(&office);
    revoke_one(&office, 7, 10 * HOUR);
    revoke_one(&office, 3, 30 * HOUR);
    revoke_one(&office, 5, 31 * HOUR);
    /* fetches at 5, 29, 53 hours */
    g_assert_cmpuint(revocation_list_at(office.revocation, 24 * HOUR, 5 * HOUR, 0), ==, 0);
    g_assert_cmpuint(revocation_list_at(office.revocation, 24 * HOUR, 5 * HOUR, 28 * HOUR), ==, 0);
    g_assert_cmpuint(revocation_list_at(office.revocation, 24 * HOUR, 5 * HOUR, 29 * HOUR), ==, 1);
    g_assert_cmpuint(revocation_list_at(office.revocation, 24 * HOUR, 5 * HOUR, 52 * HOUR), ==, 1);
    g_assert_cmpuint(revocation_list_at(office.revocation, 24 * HOUR, 5 * HOUR, 53 * HOUR), ==, 3);
    g_assert_cmpuint(revocation_list_at(office.revocation, CRL_FACTORY, 0, 99 * HOUR), ==, 0);
    /* a fetch at the moment of publication brings the new list */
    g_assert_cmpuint(revocation_list_at(office.revocation, HOUR, 0, 10 * HOUR), ==, 1);
    close_office(&office);
}

static void
delay_of_the_network_is_half_a_period_in_the_mean(void)
{
    const Micros period = 24 * HOUR;
    const Micros published = 100 * HOUR;
    const guint n = 20000;
    double sum = 0;
    Office office;
    Stream stream;

    open_office(&office);
    revoke_one(&office, 7, published);
    stream_init(&stream, 1, 1, "test");
    for (guint i = 0; i < n; i++) {
        Micros phase = (Micros)stream_below(&stream, (uint64_t)period);
        Micros low = published - 1;
        Micros high = published + period;

        while (high - low > 1) { /* the first moment at which the terminal holds the list */
            Micros middle = low + (high - low) / 2;

            if (revocation_list_at(office.revocation, period, phase, middle) == 1)
                high = middle;
            else
                low = middle;
        }
        sum += (double)(high - published) / (double)period;
    }
    /* uniform: sd 1 / sqrt 12, four standard errors */
    g_assert_cmpfloat_with_epsilon(sum / n, 0.5, 4 * 0.288675 / sqrt(n));
    close_office(&office);
}

static const char text[] = "[scenario]\nname = t\nduration = 20d\n"
                           "[scheme]\nembodiment = 3\n"
                           "[cohort a]\ncards = 60\ntransfer-key = 1\nupdate-key = 1\n"
                           "activity = constant 5/d\n"
                           "[terminals till]\ncount = 5\n"
                           "[plan stolen]\ndo = revoke\nat = 5d\ncards = 12\n";

static uint64_t
count_with(const char *const *overrides, Outcome outcome)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("t.ini", text, strlen(text), overrides, &error);
    g_auto(ReplicationResult) result = { 0 };
    Replication *replication;

    g_assert_no_error(error);
    replication = replication_new(scenario, 1);
    while (sim_engine_step(replication_engine(replication)))
        continue;
    result = replication_finish(replication);
    return recorder_outcome(result.recorder, outcome);
}

static uint64_t
count_outcome(const char *source, const char *embodiment, Outcome outcome)
{
    g_autofree char *crl = g_strdup_printf("terminals till.crl-source=%s", source);
    g_autofree char *scheme = g_strdup_printf("scheme.embodiment=%s", embodiment);

    return count_with((const char *const[]){ crl, scheme, NULL }, outcome);
}

static void
revoked_cards_are_refused_from_the_fetch_on(void)
{
    uint64_t at_once = count_outcome("network 1us", "3", OUTCOME_REFUSED_REVOKED);
    uint64_t later = count_outcome("network 10d", "3", OUTCOME_REFUSED_REVOKED);
    uint64_t meetings = at_once + count_outcome("network 1us", "3", OUTCOME_PAID);
    /* 20 % are revoked for three quarters of the time */
    double expected = 0.75 * (1 - 0.8 * 47.0 / 59.0);

    g_assert_cmpfloat_with_epsilon((double)at_once / (double)meetings, expected, 0.02);
    g_assert_cmpuint(later, >, 0);
    g_assert_cmpuint(later, <, at_once);
}

/* In the middle of a day, and no sample comes before the end of the run. */
static void
first_list_acts_between_two_samples(gconstpointer level)
{
    g_autofree char *fidelity = g_strdup_printf("scenario.fidelity=%s", (const char *)level);
    const char *const all[] = { "plan stolen.cards=60",
                                "plan stolen.at=132h",
                                "scenario.sample-interval=20d",
                                "terminals till.crl-source=network 1us",
                                fidelity,
                                NULL };
    const char *const none[] = { "plan stolen.cards=0", "scenario.duration=132h", fidelity, NULL };

    g_assert_cmpuint(count_with(none, OUTCOME_PAID), >, 1000);
    g_assert_cmpuint(count_with(all, OUTCOME_PAID), ==, count_with(none, OUTCOME_PAID));
}

static void
factory_list_and_schemes_without_certificates_refuse_nobody(void)
{
    g_assert_cmpuint(count_outcome("factory", "3", OUTCOME_REFUSED_REVOKED), ==, 0);
    g_assert_cmpuint(count_outcome("network 1us", "1", OUTCOME_REFUSED_REVOKED), ==, 0);
    g_assert_cmpuint(count_outcome("network 1us", "1", OUTCOME_PAID), >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/revocation/fetch/factory-terminal-never-fetches",
                    factory_terminal_never_fetches);
    g_test_add_func("/revocation/fetch/network-terminal-fetches-every-period-from-its-phase-on",
                    network_terminal_fetches_every_period_from_its_phase_on);
    g_test_add_func("/revocation/list/terminal-holds-the-newest-list-of-its-last-fetch",
                    terminal_holds_the_newest_list_of_its_last_fetch);
    g_test_add_func("/revocation/list/delay-of-the-network-is-half-a-period-in-the-mean",
                    delay_of_the_network_is_half_a_period_in_the_mean);
    g_test_add_func("/revocation/run/revoked-cards-are-refused-from-the-fetch-on",
                    revoked_cards_are_refused_from_the_fetch_on);
    g_test_add_data_func("/revocation/run/first-list-acts-between-two-samples-on-the-wire", "apdu",
                         first_list_acts_between_two_samples);
    g_test_add_data_func("/revocation/run/first-list-acts-between-two-samples-by-decision",
                         "decision", first_list_acts_between_two_samples);
    g_test_add_func("/revocation/run/factory-list-and-schemes-without-certificates-refuse-nobody",
                    factory_list_and_schemes_without_certificates_refuse_nobody);
    return g_test_run();
}
