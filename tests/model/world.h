/* world.h - a small scheme in a box, for tests.
 *
 * A World holds what a scheme shares, a terminal and two readers. Every reader
 * is tapped: a test may look at what passes, alter it or let it disappear. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "model/protocol/certificate.h"
#include "model/protocol/duration.h"
#include "model/wire/card.h"
#include "model/wire/terminal.h"

#include "tests/model/fixture.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Part: what one APDU contributes to a command or response that passes
 * @number: of the exchange in its settlement, from 0; the commands of a chain and
 *   GET RESPONSE belong to one exchange
 * @data: the data in this APDU, which may be altered in place
 * @at: where it stands in the data of the whole command or response
 * @status: of a response
 */
typedef struct {
    guint number;
    Exchange exchange;
    Side side;
    bool is_response;
    const uint8_t *header;
    uint8_t *data;
    size_t at;
    size_t n;
    uint16_t status;
} Part;

/* Sees each part before it arrives. Returns: whether it arrives. */
typedef bool (*TapHook)(const Part *part, gpointer user_data);

/* Sees each command APDU with its response, as they stand on the wire. */
typedef void (*TapWatch)(guint number, Side side, size_t command_bytes, size_t response_bytes,
                         gpointer user_data);

/**
 * Passed: one exchange as it was recorded
 */
typedef struct {
    Exchange exchange;
    Side side;
    uint8_t header[4]; /* of its command, the class without the bit for chaining */
    guint n_apdus;
    size_t n_command;
    size_t n_response;
    uint8_t command[APDU_BYTES_MAX];
    uint8_t response[APDU_BYTES_MAX];
    uint16_t status;
} Passed;

#define FIXTURE_EXCHANGES_MAX 16

typedef struct World World;

typedef struct {
    Reader reader;
    Reader *behind;
    World *world;
    Side side;
    bool chain_is_open;
} Tap;

/**
 * World:
 * @links: how each reader talks; T=CL at first
 * @swapped: the payer's card goes into the second reader
 * @hook, @watch: may be NULL
 * @passed: the exchanges of the last settlement
 * @course: of the last settlement
 * @keep_traffic: whether @traffic keeps all bytes of the last settlement
 */
struct World {
    Protocol protocol;
    KeyRing *ring;
    Authority authority;
    Terminal terminal;
    Card readers[2];
    Tap taps[N_SIDES];
    LinkProtocol links[N_SIDES];
    bool swapped;
    TapHook hook;
    TapWatch watch;
    gpointer hook_data;
    guint n_passed;
    Passed passed[FIXTURE_EXCHANGES_MAX];
    bool keep_traffic;
    GByteArray *traffic;
    Course course;
    Micros now;
    uint8_t entropy_key[ENTROPY_KEY_BYTES];
    uint64_t next_nonce;
    uint32_t next_card;
};

/* PurseSpec: a card in plain numbers. Left out: ID 1, no limit, nothing
 * preloaded, never expires, no money. */
typedef struct {
    uint32_t transfer_key;
    uint32_t update_key;
    uint32_t transfer_key_limit;
    uint32_t update_key_limit;
    uint16_t expiry_day;
    uint8_t n_preloaded;
    uint32_t preloaded[CARD_PRELOADED_MAX];
    Cents balance;
} PurseSpec;

/* Purse: a card in a drawer. */
typedef struct {
    CardMemory memory;
    CardProfile profile;
    CardCredential credential;
    uint64_t serial;
    CardUnfinished unfinished;
} Purse;

void world_init(World *world, const Scheme *scheme);
void world_clear(World *world);

Purse world_purse(World *world, const PurseSpec *spec);
CardIdentity world_identity(const World *world, Purse *purse);

/* IDs that a card holds; 0 for an update key that it does not have. */
uint32_t purse_transfer_key(const World *world, const Purse *purse);
uint32_t purse_update_key(const World *world, const Purse *purse);

/* Puts both cards into the readers, settles, takes them out. */
Settlement world_settle(World *world, Purse *payer, Purse *payee, Cents amount);

/* The exchange of that kind with that side, NULL if none passed. */
const Passed *world_passed(const World *world, Exchange exchange, Side side);

void assert_same_memory(const CardMemory *a, const CardMemory *b);

/* IDs that a card is to hold. */
void assert_keys(const World *world, const Purse *purse, uint32_t transfer_key,
                 uint32_t update_key);

/* A card under power outside of a settlement, to be spoken to APDU by APDU. */
void world_insert(World *world, Side side, Purse *purse);
void world_remove(World *world, Side side);
Card *world_card(World *world, Side side);

#endif
