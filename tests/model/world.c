#include "tests/model/world.h"

#include "model/protocol/bytes.h"

#include <sodium.h>
#include <string.h>

/* ---- The tap ----------------------------------------------------------- */

static bool
ask_hook(World *world, const Part *part)
{
    return world->hook == NULL || world->hook(part, world->hook_data);
}

static void
remember(uint8_t *bytes, size_t *n, const uint8_t *more, size_t n_more)
{
    g_assert_cmpuint(*n + n_more, <=, APDU_BYTES_MAX);
    if (n_more > 0)
        memcpy(bytes + *n, more, n_more);
    *n += n_more;
}

/* The exchange that @command belongs to: GET RESPONSE, the commands of a chain and
 * the repetition after 6Cxx go on with the one before. */
static Passed *
exchange_of_command(Tap *tap, const ApduCommand *command)
{
    World *world = tap->world;
    Passed *last = world->n_passed > 0 ? &world->passed[world->n_passed - 1] : NULL;
    bool goes_on = command->ins == APDU_INS_GET_RESPONSE || tap->chain_is_open ||
                   (last != NULL && (last->status & 0xFF00) == SW_WRONG_EXPECTED);

    if (goes_on && last != NULL)
        return last;
    g_assert_cmpuint(world->n_passed, <, FIXTURE_EXCHANGES_MAX);
    last = &world->passed[world->n_passed++];
    last->exchange = protocol_exchange_of_instruction(command->ins);
    last->side = tap->side;
    last->n_apdus = 0;
    last->n_command = last->n_response = 0;
    last->status = 0;
    return last;
}

static size_t
transmit(Reader *reader, const uint8_t *command, size_t length, uint8_t *response)
{
    Tap *tap = (Tap *)reader;
    World *world = tap->world;
    uint8_t bytes[APDU_BYTES_MAX];
    ApduCommand parsed;
    Passed *passed;
    Part part;
    size_t n;

    memcpy(bytes, command, length);
    g_assert_true(apdu_parse(bytes, length, &parsed));
    passed = exchange_of_command(tap, &parsed);
    if (passed->n_apdus++ == 0) {
        memcpy(passed->header, bytes, sizeof passed->header);
        passed->header[0] &= (uint8_t)~APDU_CLASS_CHAINED;
    }
    part = (Part){ .number = world->n_passed - 1,
                   .exchange = passed->exchange,
                   .side = tap->side,
                   .header = bytes,
                   .data = parsed.n_data > 0 ? bytes + (parsed.data - bytes) : bytes,
                   .at = passed->n_command,
                   .n = parsed.n_data };
    remember(passed->command, &passed->n_command, parsed.data, parsed.n_data);
    tap->chain_is_open = (parsed.cla & APDU_CLASS_CHAINED) != 0;
    if (!ask_hook(world, &part))
        return 0;
    n = tap->behind->transmit(tap->behind, bytes, length, response);
    if (world->watch != NULL)
        world->watch(part.number, tap->side, length, n, world->hook_data);
    if (world->keep_traffic) {
        g_byte_array_append(world->traffic, bytes, (guint)length);
        g_byte_array_append(world->traffic, response, (guint)n);
    }
    if (n < APDU_STATUS_BYTES)
        return n;
    passed->status = bytes_get_u16(response + n - APDU_STATUS_BYTES);
    part.is_response = true;
    part.data = response;
    part.at = passed->n_response;
    part.n = n - APDU_STATUS_BYTES;
    part.status = passed->status;
    remember(passed->response, &passed->n_response, response, part.n);
    return ask_hook(world, &part) ? n : 0;
}

/* ---- The world --------------------------------------------------------- */

void
world_init(World *world, const Scheme *scheme)
{
    static const uint8_t ring_seed[KEYRING_SEED_BYTES] = "seed of the honest keys";
    static const uint8_t authority_seed[SEAL_SEED_BYTES] = "seed of the authority";
    const uint8_t *authority_key;

    g_assert_true(scheme_is_possible(scheme, NULL));
    memset(world, 0, sizeof *world);
    memcpy(world->entropy_key, "stream of the tests' randomness", sizeof world->entropy_key);
    protocol_init(&world->protocol, scheme);
    world->ring = keyring_new(ring_seed);
    authority_init(&world->authority, world->protocol.suite, authority_seed);
    authority_key = world->protocol.has_certificates ? world->authority.public_key : NULL;
    terminal_init(&world->terminal, &world->protocol, authority_key);
    for (guint i = 0; i < G_N_ELEMENTS(world->readers); i++)
        card_init(&world->readers[i], &world->protocol, world->ring, authority_key);
    for (Side side = 0; side < N_SIDES; side++) {
        world->taps[side] =
            (Tap){ .reader = { .transmit = transmit }, .world = world, .side = side };
        world->links[side] = LINK_T_CL;
    }
    world->traffic = g_byte_array_new();
    world->now = FIXTURE_NOW;
}

void
world_clear(World *world)
{
    terminal_clear(&world->terminal);
    authority_clear(&world->authority);
    keyring_free(world->ring);
    g_byte_array_unref(world->traffic);
    world->ring = NULL;
    world->traffic = NULL;
}

static uint32_t
or_else(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

Purse
world_purse(World *world, const PurseSpec *spec)
{
    static const uint8_t card_seed[SEAL_SEED_BYTES] = "seed of the cards";
    Purse purse = { .serial = certificate_serial(++world->next_card, 7) };

    purse.memory.transfer_key =
        keyring_issue(world->ring, KEY_TRANSFER, or_else(spec->transfer_key, 1));
    if (scheme_has_update_keys(&world->protocol.scheme))
        purse.memory.update_key =
            keyring_issue(world->ring, KEY_UPDATE, or_else(spec->update_key, 1));
    purse.memory.expiry_day = (uint16_t)or_else(spec->expiry_day, CARD_NEVER_EXPIRES);
    purse.memory.balance = spec->balance;
    purse.profile.transfer_key_limit = or_else(spec->transfer_key_limit, CARD_NO_LIMIT);
    purse.profile.update_key_limit = or_else(spec->update_key_limit, CARD_NO_LIMIT);
    purse.profile.n_preloaded = spec->n_preloaded;
    for (guint i = 0; i < spec->n_preloaded; i++)
        purse.profile.preloaded[i] = keyring_issue(world->ring, KEY_TRANSFER, spec->preloaded[i]);
    if (world->protocol.has_certificates)
        card_credential_derive(&purse.credential, &world->authority, purse.serial, 0,
                               purse.memory.expiry_day, card_seed);
    return purse;
}

CardIdentity
world_identity(const World *world, Purse *purse)
{
    return (CardIdentity){ .memory = &purse->memory,
                           .profile = &purse->profile,
                           .credential =
                               world->protocol.has_certificates ? &purse->credential : NULL,
                           .serial = purse->serial };
}

uint32_t
purse_transfer_key(const World *world, const Purse *purse)
{
    return keyring_id(world->ring, purse->memory.transfer_key);
}

uint32_t
purse_update_key(const World *world, const Purse *purse)
{
    return purse->memory.update_key == 0 ? 0 : keyring_id(world->ring, purse->memory.update_key);
}

Card *
world_card(World *world, Side side)
{
    return &world->readers[(side == SIDE_PAYER) == world->swapped ? 1 : 0];
}

void
world_insert(World *world, Side side, Purse *purse)
{
    Card *card = world_card(world, side);
    CardIdentity identity = world_identity(world, purse);

    if (world->protocol.scheme.recovery == RECOVERY_TORN_LOG)
        identity.unfinished = &purse->unfinished;
    card_power_on(card, &identity, world->links[side], world->entropy_key, world->next_nonce++);
    world->taps[side].behind = &card->reader;
    world->taps[side].reader.protocol = world->links[side];
    world->taps[side].chain_is_open = false;
}

void
world_remove(World *world, Side side)
{
    world->course.log[side] = world_card(world, side)->log;
    card_power_off(world_card(world, side));
}

Settlement
world_settle(World *world, Purse *payer, Purse *payee, Cents amount)
{
    world->n_passed = 0;
    g_byte_array_set_size(world->traffic, 0);
    world_insert(world, SIDE_PAYER, payer);
    world_insert(world, SIDE_PAYEE, payee);
    world->course.seen =
        terminal_settle(&world->terminal, &world->taps[SIDE_PAYER].reader,
                        &world->taps[SIDE_PAYEE].reader, amount, FIXTURE_DATE, world->now);
    world_remove(world, SIDE_PAYER);
    world_remove(world, SIDE_PAYEE);
    return world->course.seen;
}

const Passed *
world_passed(const World *world, Exchange exchange, Side side)
{
    for (guint i = 0; i < world->n_passed; i++)
        if (world->passed[i].exchange == exchange && world->passed[i].side == side)
            return &world->passed[i];
    return NULL;
}

void
assert_keys(const World *world, const Purse *purse, uint32_t transfer_key, uint32_t update_key)
{
    g_assert_cmpuint(purse_transfer_key(world, purse), ==, transfer_key);
    g_assert_cmpuint(purse_update_key(world, purse), ==, update_key);
}

void
assert_same_memory(const CardMemory *a, const CardMemory *b)
{
    g_assert_cmpuint(a->transfer_key, ==, b->transfer_key);
    g_assert_cmpuint(a->update_key, ==, b->update_key);
    g_assert_cmpuint(a->expiry_day, ==, b->expiry_day);
    g_assert_cmpint(a->balance, ==, b->balance);
}
