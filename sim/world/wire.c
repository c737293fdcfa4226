#include "sim/world/wire.h"

#include "model/wire/torn_readers.h"

#include "sim/base/stream.h"

#include <sodium.h>
#include <string.h>

struct Wire {
    const Protocol *protocol;
    Population *population;
    KeyRing *ring;
    Authority authority;
    Authority forger;     /* whose signature no card accepts */
    GPtrArray *terminals; /* of Terminal*, by the number of the list that they hold */
    Card cards[N_SIDES];
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

/* Puts two cards into the readers of the terminal at @place. Returns: the terminal. */
static Terminal *
power_on(Wire *wire, const TerminalPlace *place, guint crl,
         const CardIdentity identities[static N_SIDES], const uint8_t *entropy_key, uint64_t number)
{
    Terminal *terminal = wire->terminals->pdata[crl];

    terminal->clock_skew = place->clock_skew;
    for (Side side = 0; side < N_SIDES; side++)
        card_power_on(&wire->cards[side], &identities[side], place->interface[side]->protocol,
                      entropy_key, N_SIDES * number + side);
    return terminal;
}

/* Runs the terminal's program over two cards. */
static Course
run(Wire *wire, const TerminalPlace *place, guint crl,
    const CardIdentity identities[static N_SIDES], Cents amount, int64_t date, Micros now,
    const uint8_t *entropy_key, uint64_t number, RogueReport *report)
{
    Terminal *terminal = power_on(wire, place, crl, identities, entropy_key, number);
    Course course;

    course.seen = place->rogue == NULL
                      ? terminal_settle(terminal, &wire->cards[SIDE_PAYER].reader,
                                        &wire->cards[SIDE_PAYEE].reader, amount, date, now)
                      : rogue_settle(place->rogue, terminal, &wire->cards[SIDE_PAYER].reader,
                                     &wire->cards[SIDE_PAYEE].reader, amount, date, now, report);
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
wire_settle(Wire *wire, const TerminalPlace *place, guint crl, uint32_t payer, uint32_t payee,
            Cents amount, int64_t date, Micros now, uint64_t meeting)
{
    const uint32_t cards[N_SIDES] = { payer, payee };
    CardIdentity identities[N_SIDES];
    WireResult result;

    for (Side side = 0; side < N_SIDES; side++) {
        result.before[side] = population_memory(wire->population, cards[side]);
        result.after[side] = result.before[side];
        identities[side] = identify_logged(wire, cards[side], &result.after[side]);
        if (wire->unfinished != NULL)
            wire->kept[side] = wire->unfinished[cards[side]];
    }
    result.course = run(wire, place, crl, identities, amount, date, now, wire->entropy_key, meeting,
                        &result.report);
    for (Side side = 0; side < N_SIDES; side++)
        population_store(wire->population, cards[side], &result.after[side]);
    return result;
}

TornCourse
wire_tear(Wire *wire, const TerminalPlace *place, guint crl, uint32_t payer, uint32_t payee,
          Cents amount, int64_t date, Micros now, uint64_t meeting, const Timeline *timeline,
          const Tear *tear, WireResult *result)
{
    const uint32_t numbers[N_SIDES] = { payer, payee };
    Card *const cards[N_SIDES] = { &wire->cards[SIDE_PAYER], &wire->cards[SIDE_PAYEE] };
    CardIdentity identities[N_SIDES];
    Terminal *terminal;
    TornCourse course;

    for (Side side = 0; side < N_SIDES; side++) {
        result->after[side] = result->before[side];
        identities[side] = identify_logged(wire, numbers[side], &result->after[side]);
        if (wire->unfinished != NULL)
            wire->unfinished[numbers[side]] = wire->kept[side];
    }
    terminal = power_on(wire, place, crl, identities, wire->entropy_key, meeting);
    course = torn_readers_settle(terminal, cards, timeline, tear, amount, date, now);
    for (Side side = 0; side < N_SIDES; side++) {
        card_power_off(cards[side]);
        population_store(wire->population, numbers[side], &result->after[side]);
    }
    return course;
}

/* The counter has its own desk terminal, whose clock is right. */
static const TerminalPlace *
counter(void)
{
    static const TerminalPlace place = { { &link_interfaces[0], &link_interfaces[0] }, 0, NULL };

    return &place;
}

WireResult
wire_swap(Wire *wire, uint32_t card, uint16_t entry, const CardMemory *replacement, int64_t date,
          Micros now, uint64_t swap)
{
    CardRecord *record = &wire->population->records[card];
    CardIdentity identities[N_SIDES];
    WireResult result = { .before = { population_memory(wire->population, card), *replacement } };
    CardCredential *old_credential = NULL;

    memcpy(result.after, result.before, sizeof result.after);
    identities[SIDE_PAYER] = identify(wire, card, &result.after[SIDE_PAYER]);
    if (wire->credentials != NULL)
        old_credential = g_steal_pointer(&wire->credentials[card]);
    record->entry = entry;
    if (wire->unfinished != NULL)
        wire->unfinished[card] = (CardUnfinished){ 0 };
    identities[SIDE_PAYEE] = identify(wire, card, &result.after[SIDE_PAYEE]);
    if (result.before[SIDE_PAYER].balance > 0)
        result.course =
            run(wire, counter(), wire->terminals->len - 1, identities,
                result.before[SIDE_PAYER].balance, date, now, wire->swap_entropy_key, swap, NULL);
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
receive(Wire *wire, const TerminalPlace *place, guint crl, uint32_t card, const WireGuest *guest,
        int64_t date, Micros now, const uint8_t *entropy_key, uint64_t number)
{
    WireResult result = { .before = { guest->memory, population_memory(wire->population, card) } };
    CardCredential *credential = NULL;
    CardIdentity identities[N_SIDES];

    memcpy(result.after, result.before, sizeof result.after);
    if (wire->credentials != NULL)
        credential = derive_credential(wire, guest->number, guest->entry, guest->memory.expiry_day);
    identities[SIDE_PAYER] = (CardIdentity){
        .memory = &result.after[SIDE_PAYER],
        .profile = &population_entry(wire->population, guest->entry)->profile,
        .credential = credential,
        .serial = population_serial(wire->population, guest->number, guest->entry),
    };
    identities[SIDE_PAYEE] = identify(wire, card, &result.after[SIDE_PAYEE]);
    result.course = run(wire, place, crl, identities, 0, date, now, entropy_key, number, NULL);
    free_credential(credential);
    return result;
}

WireResult
wire_visit(Wire *wire, uint32_t card, const WireGuest *special, int64_t date, Micros now,
           uint64_t visit)
{
    WireResult result = receive(wire, counter(), wire->terminals->len - 1, card, special, date, now,
                                wire->visit_entropy_key, visit);

    population_store(wire->population, card, &result.after[SIDE_PAYEE]);
    return result;
}

WireResult
wire_tap(Wire *wire, uint32_t card, const WireGuest *guest, int64_t date, Micros now, uint64_t tap)
{
    TerminalPlace own = *counter();

    own.clock_skew = -now - MICROS_PER_DAY;
    return receive(wire, &own, 0, card, guest, date, now, wire->tap_entropy_key, tap);
}
