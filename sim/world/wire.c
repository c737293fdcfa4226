#include "sim/world/wire.h"

#include "model/wire/torn_readers.h"

#include "sim/base/stream.h"

#include <sodium.h>
#include <string.h>

/* The listener at one of the two readers. */
typedef struct {
    ReaderListener own;
    const WireListener *told;
    Side side;
} Ear;

struct Wire {
    const Protocol *protocol;
    Population *population;
    KeyRing *ring;
    Authority authority;
    Authority forger;     /* whose signature no card accepts */
    GPtrArray *terminals; /* of Terminal*, by the number of the list that they hold */
    Card cards[N_SIDES];
    const WireListener *listener; /* NULL: nobody */
    Ear ears[N_SIDES];
    CardUnfinished *unfinished;   /* by card number; NULL where cards keep no log */
    CardUnfinished kept[N_SIDES]; /* of the two cards before the settlement just made */
    CardCredential **credentials; /* by card number, NULL until needed; NULL without certificates */
    uint8_t credential_seed[SEAL_SEED_BYTES];
    uint8_t entropy_key[ENTROPY_KEY_BYTES];
    uint8_t swap_entropy_key[ENTROPY_KEY_BYTES];
    uint8_t visit_entropy_key[ENTROPY_KEY_BYTES];
    uint8_t tap_entropy_key[ENTROPY_KEY_BYTES];
};

static void
free_terminal(gpointer terminal)
{
    terminal_clear(terminal);
    g_free(terminal);
}

Wire *
wire_new(const Protocol *protocol, Population *population, KeyRing *ring, uint64_t seed,
         uint64_t replication)
{
    Wire *wire = g_new0(Wire, 1);
    const uint8_t *authority_key = NULL;
    uint8_t authority_seed[SEAL_SEED_BYTES];

    wire->protocol = protocol;
    wire->population = population;
    wire->ring = ring;
    stream_derive(wire->entropy_key, sizeof wire->entropy_key, seed, replication, "cards");
    stream_derive(wire->swap_entropy_key, sizeof wire->swap_entropy_key, seed, replication,
                  "counter cards");
    stream_derive(wire->visit_entropy_key, sizeof wire->visit_entropy_key, seed, replication,
                  "special cards");
    stream_derive(wire->tap_entropy_key, sizeof wire->tap_entropy_key, seed, replication,
                  "extracted cards");
    if (protocol->has_certificates) {
        stream_derive(authority_seed, sizeof authority_seed, seed, 0, "authority");
        stream_derive(wire->credential_seed, sizeof wire->credential_seed, seed, 0,
                      "card key pairs");
        authority_init(&wire->authority, protocol->suite, authority_seed);
        authority_key = wire->authority.public_key;
        stream_derive(authority_seed, sizeof authority_seed, seed, 0, "forger");
        authority_init(&wire->forger, protocol->suite, authority_seed);
        wire->credentials = g_new0(CardCredential *, population->n_room);
    }
    if (protocol->scheme.recovery == RECOVERY_TORN_LOG)
        wire->unfinished = g_new0(CardUnfinished, population->n_room);
    wire->terminals = g_ptr_array_new_with_free_func(free_terminal);
    g_ptr_array_add(wire->terminals, g_new(Terminal, 1));
    terminal_init(wire->terminals->pdata[0], protocol, authority_key);
    for (Side side = 0; side < N_SIDES; side++)
        card_init(&wire->cards[side], protocol, ring, authority_key);
    sodium_memzero(authority_seed, sizeof authority_seed);
    return wire;
}

static void
free_credential(CardCredential *credential)
{
    if (credential == NULL)
        return;
    sodium_memzero(credential, sizeof *credential);
    g_free(credential);
}

void
wire_free(Wire *wire)
{
    if (wire == NULL)
        return;
    for (uint32_t card = 0; wire->credentials != NULL && card < wire->population->n_cards; card++)
        free_credential(wire->credentials[card]);
    g_free(wire->credentials);
    g_free(wire->unfinished);
    authority_clear(&wire->authority);
    authority_clear(&wire->forger);
    g_ptr_array_unref(wire->terminals);
    sodium_memzero(wire, sizeof *wire);
    g_free(wire);
}

static void
hear(void *data, const uint8_t *command, size_t n_command, const uint8_t *response,
     size_t n_response)
{
    const Ear *ear = data;

    ear->told->passed(ear->told->data, ear->side, command, n_command, response, n_response);
}

void
wire_listen(Wire *wire, const WireListener *listener)
{
    wire->listener = listener;
    for (Side side = 0; side < N_SIDES; side++) {
        Ear *ear = &wire->ears[side];

        *ear = (Ear){ .own = { hear, ear }, .told = listener, .side = side };
        wire->cards[side].reader.listener = listener == NULL ? NULL : &ear->own;
    }
}

static void
certify(const Wire *wire, CardCredential *credential, const PopulationOriginal *of)
{
    const CohortEntry *entry = population_entry(wire->population, of->entry);

    card_credential_derive(
        credential, entry->rogue == ROGUE_CARDS_LEAKED_KEY ? &wire->forger : &wire->authority,
        population_serial(wire->population, of->card, of->entry), entry->issue_day, of->expiry_day,
        wire->credential_seed);
}

static CardCredential *
derive_credential(const Wire *wire, uint32_t card, uint16_t entry, uint16_t valid_until)
{
    const CohortEntry *row = population_entry(wire->population, entry);
    CardCredential *credential = g_new(CardCredential, 1);
    CardCredential shown;

    certify(wire, credential, &(PopulationOriginal){ card, entry, valid_until });
    if (row->rogue != ROGUE_CARDS_REVOKED)
        return credential;
    certify(wire, &shown, &row->original);
    credential->certificate = shown.certificate;
    sodium_memzero(&shown, sizeof shown);
    return credential;
}

static CardIdentity
identify(Wire *wire, uint32_t card, CardMemory *memory)
{
    uint16_t entry = wire->population->records[card].entry;

    if (wire->credentials != NULL && wire->credentials[card] == NULL)
        wire->credentials[card] = derive_credential(wire, card, entry, memory->expiry_day);
    return (CardIdentity){
        .memory = memory,
        .profile = &population_entry(wire->population, entry)->profile,
        .credential = wire->credentials == NULL ? NULL : wire->credentials[card],
        .serial = population_serial(wire->population, card, entry),
    };
}

/* The same with its log, which only cards in circulation keep. */
static CardIdentity
identify_logged(Wire *wire, uint32_t card, CardMemory *memory)
{
    CardIdentity identity = identify(wire, card, memory);

    if (wire->unfinished != NULL)
        identity.unfinished = &wire->unfinished[card];
    return identity;
}

/* Puts two cards into the readers of a terminal. Returns: the terminal. */
static Terminal *
power_on(Wire *wire, const WireMeeting *meeting, const CardIdentity identities[static N_SIDES],
         const uint8_t *entropy_key)
{
    Terminal *terminal = wire->terminals->pdata[meeting->crl];

    terminal->clock_skew = meeting->place.clock_skew;
    for (Side side = 0; side < N_SIDES; side++)
        card_power_on(&wire->cards[side], &identities[side],
                      meeting->place.interface[side]->protocol, entropy_key,
                      N_SIDES * meeting->number + side);
    return terminal;
}

/* Runs the terminal's program over two cards, of which @identities says all: the numbers in
 * @meeting are not looked at. */
static Course
run(Wire *wire, const WireMeeting *meeting, const CardIdentity identities[static N_SIDES],
    const uint8_t *entropy_key, RogueReport *report)
{
    Terminal *terminal = power_on(wire, meeting, identities, entropy_key);
    Reader *payer = &wire->cards[SIDE_PAYER].reader;
    Reader *payee = &wire->cards[SIDE_PAYEE].reader;
    Course course;

    course.seen =
        meeting->place.rogue == NULL
            ? terminal_settle(terminal, payer, payee, meeting->amount, meeting->date, meeting->now)
            : rogue_settle(meeting->place.rogue, terminal, payer, payee, meeting->amount,
                           meeting->date, meeting->now, report);
    for (Side side = 0; side < N_SIDES; side++) {
        course.log[side] = wire->cards[side].log;
        card_power_off(&wire->cards[side]);
    }
    return course;
}

guint
wire_publish_crl(Wire *wire, const GArray *serials)
{
    const uint8_t *authority_key = wire->authority.public_key;
    Terminal *terminal = g_new(Terminal, 1);
    g_autoptr(GBytes) list = authority_sign_crl(&wire->authority, wire->terminals->len, serials);
    bool loaded;

    terminal_init(terminal, wire->protocol, authority_key);
    loaded = terminal_load_crl(terminal, list);
    g_assert(loaded);
    g_ptr_array_add(wire->terminals, terminal);
    return wire->terminals->len - 1;
}

WireResult
wire_settle(Wire *wire, const WireMeeting *meeting)
{
    CardIdentity identities[N_SIDES];
    WireResult result;

    for (Side side = 0; side < N_SIDES; side++) {
        uint32_t card = meeting->cards[side];

        result.before[side] = population_memory(wire->population, card);
        result.after[side] = result.before[side];
        identities[side] = identify_logged(wire, card, &result.after[side]);
        if (wire->unfinished != NULL)
            wire->kept[side] = wire->unfinished[card];
    }
    result.course = run(wire, meeting, identities, wire->entropy_key, &result.report);
    for (Side side = 0; side < N_SIDES; side++)
        population_store(wire->population, meeting->cards[side], &result.after[side]);
    return result;
}

TornCourse
wire_tear(Wire *wire, const WireMeeting *meeting, const Timeline *timeline, const Tear *tear,
          WireResult *result)
{
    Card *const cards[N_SIDES] = { &wire->cards[SIDE_PAYER], &wire->cards[SIDE_PAYEE] };
    CardIdentity identities[N_SIDES];
    Terminal *terminal;
    TornCourse course;

    for (Side side = 0; side < N_SIDES; side++) {
        uint32_t card = meeting->cards[side];

        result->after[side] = result->before[side];
        identities[side] = identify_logged(wire, card, &result->after[side]);
        if (wire->unfinished != NULL)
            wire->unfinished[card] = wire->kept[side];
    }
    if (wire->listener != NULL)
        wire->listener->taken_back(wire->listener->data);
    terminal = power_on(wire, meeting, identities, wire->entropy_key);
    course = torn_readers_settle(terminal, cards, timeline, tear, meeting->amount, meeting->date,
                                 meeting->now);
    for (Side side = 0; side < N_SIDES; side++) {
        card_power_off(cards[side]);
        population_store(wire->population, meeting->cards[side], &result->after[side]);
    }
    return course;
}

/* A meeting at the counter, whose terminal has a clock that is right and the newest list. */
static WireMeeting
at_counter(const Wire *wire, Cents amount, int64_t date, Micros now, uint64_t number)
{
    return (WireMeeting){
        .place = { { &link_interfaces[0], &link_interfaces[0] }, 0, NULL },
        .crl = wire->terminals->len - 1,
        .amount = amount,
        .date = date,
        .now = now,
        .number = number,
    };
}

WireResult
wire_swap(Wire *wire, uint32_t card, uint16_t entry, const CardMemory *replacement, int64_t date,
          Micros now, uint64_t swap)
{
    CardRecord *record = &wire->population->records[card];
    CardIdentity identities[N_SIDES];
    WireResult result = { .before = { population_memory(wire->population, card), *replacement } };
    Cents all = result.before[SIDE_PAYER].balance;
    const WireMeeting meeting = at_counter(wire, all, date, now, swap);
    CardCredential *old_credential = NULL;

    memcpy(result.after, result.before, sizeof result.after);
    identities[SIDE_PAYER] = identify(wire, card, &result.after[SIDE_PAYER]);
    if (wire->credentials != NULL)
        old_credential = g_steal_pointer(&wire->credentials[card]);
    record->entry = entry;
    if (wire->unfinished != NULL)
        wire->unfinished[card] = (CardUnfinished){ 0 };
    identities[SIDE_PAYEE] = identify(wire, card, &result.after[SIDE_PAYEE]);
    if (all > 0)
        result.course = run(wire, &meeting, identities, wire->swap_entropy_key, NULL);
    population_store(wire->population, card, &result.after[SIDE_PAYEE]);
    free_credential(old_credential);
    return result;
}

void
wire_forget(Wire *wire, uint32_t card)
{
    if (wire->credentials == NULL)
        return;
    free_credential(wire->credentials[card]);
    wire->credentials[card] = NULL;
}

/* A card settles with one that is not in circulation. */
static WireResult
receive(Wire *wire, const WireMeeting *meeting, uint32_t card, const WireOutsider *outsider,
        const uint8_t *entropy_key)
{
    WireResult result = { .before = { outsider->memory,
                                      population_memory(wire->population, card) } };
    CardCredential *credential = NULL;
    CardIdentity identities[N_SIDES];

    memcpy(result.after, result.before, sizeof result.after);
    if (wire->credentials != NULL)
        credential =
            derive_credential(wire, outsider->number, outsider->entry, outsider->memory.expiry_day);
    identities[SIDE_PAYER] = (CardIdentity){
        .memory = &result.after[SIDE_PAYER],
        .profile = &population_entry(wire->population, outsider->entry)->profile,
        .credential = credential,
        .serial = population_serial(wire->population, outsider->number, outsider->entry),
    };
    identities[SIDE_PAYEE] = identify(wire, card, &result.after[SIDE_PAYEE]);
    result.course = run(wire, meeting, identities, entropy_key, NULL);
    free_credential(credential);
    return result;
}

WireResult
wire_visit(Wire *wire, uint32_t card, const WireOutsider *special, int64_t date, Micros now,
           uint64_t visit)
{
    const WireMeeting meeting = at_counter(wire, 0, date, now, visit);
    WireResult result = receive(wire, &meeting, card, special, wire->visit_entropy_key);

    population_store(wire->population, card, &result.after[SIDE_PAYEE]);
    return result;
}

WireResult
wire_tap(Wire *wire, uint32_t card, const WireOutsider *own, int64_t date, Micros now, uint64_t tap)
{
    WireMeeting meeting = at_counter(wire, 0, date, now, tap);

    meeting.place.clock_skew = -now - MICROS_PER_DAY;
    meeting.crl = 0;
    return receive(wire, &meeting, card, own, wire->tap_entropy_key);
}
