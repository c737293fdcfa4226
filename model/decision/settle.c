#include "model/decision/settle.h"

#include "model/decision/settle_class.h"

G_STATIC_ASSERT(SETTLE_N_CLASSES <= SETTLE_NO_ROOM);
G_STATIC_ASSERT(SETTLE_END_PAID == SETTLE_PAID);

/* ---- What it knows ----------------------------------------------------- */

Settle *
settle_new(const Protocol *protocol)
{
    Settle *settle = g_new0(Settle, 1);

    settle->scheme = protocol->scheme;
    settle->has_certificates = protocol->has_certificates;
    settle->plain_credit_max = MIN(protocol->scheme.max_balance, UINT32_MAX);
    settle->chips = g_ptr_array_new();
    for (guint i = 0; i < SETTLE_N_CLASSES; i++)
        settle_class_describe(&settle->scheme, i, &settle->courses[i]);
    return settle;
}

void
settle_free(Settle *settle)
{
    if (settle == NULL)
        return;
    g_free(settle->gates);
    g_free(settle->entries);
    g_free(settle->keys);
    g_ptr_array_unref(settle->chips);
    g_free(settle);
}

static guint
learn_chip(Settle *settle, const Chip *chip)
{
    guint index;

    if (!g_ptr_array_find(settle->chips, chip, &index)) {
        index = settle->chips->len;
        g_ptr_array_add(settle->chips, (gpointer)chip);
    }
    return index;
}

/* The smallest ID that a card of that limit refuses for it. */
static uint32_t
end_of_range(const Scheme *scheme, uint32_t limit)
{
    if (limit == CARD_NO_LIMIT)
        return KEYRING_LAST_ID;
    return scheme->range == RANGE_LIMIT_EXCLUSIVE ? limit : limit + 1;
}

/* Puts a preloaded key in its place, unless there is one with its ID already: the card
 * takes the first that it finds. */
static void
insert_preloaded(SettleEntry *entry, KeyHandle handle, uint32_t id)
{
    guint at = 0;

    while (at < entry->n_preloaded && entry->preloaded_id[at] < id)
        at++;
    if (at < entry->n_preloaded && entry->preloaded_id[at] == id)
        return;
    for (guint i = entry->n_preloaded; i > at; i--) {
        entry->preloaded[i] = entry->preloaded[i - 1];
        entry->preloaded_id[i] = entry->preloaded_id[i - 1];
    }
    entry->preloaded[at] = handle;
    entry->preloaded_id[at] = id;
    entry->n_preloaded++;
}

static void
learn_entry(Settle *settle, guint index, const CohortEntry *cohort)
{
    const CardProfile *profile = &cohort->profile;
    SettleEntry *entry = &settle->entries[index];
    bool is_revoked = settle->has_certificates && cohort->revoked_by != POPULATION_NOT_REVOKED;

    settle->gates[index] = (SettleGate){
        .revoked_by = is_revoked ? cohort->revoked_by : SETTLE_NEVER_REVOKED,
        .chip = learn_chip(settle, cohort->rogue == ROGUE_CARDS_NONE ? cohort->chip : NULL),
    };
    *entry = (SettleEntry){
        .transfer_key_end = end_of_range(&settle->scheme, profile->transfer_key_limit),
        .update_key_end = end_of_range(&settle->scheme, profile->update_key_limit),
    };
    for (guint i = 0; i < profile->n_preloaded; i++)
        insert_preloaded(entry, profile->preloaded[i], settle->keys[profile->preloaded[i]].id);
}

static void
learn_keys(Settle *settle, const KeyRing *ring)
{
    settle->keys = g_renew(SettleKey, settle->keys, ring->n_pairs);
    if (settle->n_keys == 0)
        settle->keys[settle->n_keys++] = (SettleKey){ 0 }; /* names no key */
    for (; settle->n_keys < ring->n_pairs; settle->n_keys++) {
        KeyHandle handle = (KeyHandle)settle->n_keys;
        uint32_t id = keyring_id(ring, handle);

        settle->keys[handle] = (SettleKey){ .id = id,
                                            .twin = keyring_twin(ring, handle),
                                            .is_issued = keyring_pair(ring, handle)->is_issued };
        /* no card pays with a key of that ID where keys are chosen by ID */
        if (id == KEYRING_LAST_ID && settle->scheme.pays_with == PAYS_WITH_OLDEST_COMMON)
            settle->plain_credit_max = -1;
    }
}

void
settle_learn(Settle *settle, const Population *population, const KeyRing *ring)
{
    learn_keys(settle, ring);
    settle->gates = g_renew(SettleGate, settle->gates, population->entries->len);
    settle->entries = g_renew(SettleEntry, settle->entries, population->entries->len);
    for (; settle->n_entries < population->entries->len; settle->n_entries++)
        learn_entry(settle, settle->n_entries,
                    population_entry(population, (uint16_t)settle->n_entries));
}

/* ---- Settling ---------------------------------------------------------- */

/**
 * Pair: two cards while it is decided what becomes of them
 * @cards, @balances: as they will be; what the records say of balances is not looked at
 * @at_limit: see CardLog
 */
typedef struct {
    const Settle *settle;
    CardRecord cards[N_SIDES];
    Cents balances[N_SIDES];
    bool at_limit[N_SIDES];
} Pair;

static const SettleEntry *
entry_of(const Pair *pair, Side side)
{
    return &pair->settle->entries[pair->cards[side].entry];
}

static uint32_t
id_of(const Pair *pair, KeyHandle handle)
{
    return pair->settle->keys[handle].id;
}

static KeyHandle
twin_of(const Pair *pair, KeyHandle handle)
{
    return pair->settle->keys[handle].twin;
}

static bool
stops_for_expiry(const Pair *pair, int32_t day)
{
    bool payer_expired = day >= pair->cards[SIDE_PAYER].expiry_day;
    bool payee_expired = day >= pair->cards[SIDE_PAYEE].expiry_day;

    switch (pair->settle->scheme.expired) {
    case EXPIRED_ALLOW_PAYER:
        return payee_expired;
    case EXPIRED_ALLOW_EQUAL_KEYS:
        return (payer_expired || payee_expired) &&
               id_of(pair, pair->cards[SIDE_PAYER].transfer_key) !=
                   id_of(pair, pair->cards[SIDE_PAYEE].transfer_key);
    default:
        return payer_expired || payee_expired;
    }
}

static bool
stops_for_revocation(const Pair *pair, uint32_t crl)
{
    const SettleGate *gates = pair->settle->gates;

    return crl >= gates[pair->cards[SIDE_PAYEE].entry].revoked_by ||
           (pair->settle->scheme.crl_scope == CRL_SCOPE_BOTH &&
            crl >= gates[pair->cards[SIDE_PAYER].entry].revoked_by);
}

/* The preloaded key with that ID, 0 if there is none. */
static KeyHandle
preloaded_with(const SettleEntry *entry, uint32_t id)
{
    for (guint i = 0; i < entry->n_preloaded && entry->preloaded_id[i] <= id; i++)
        if (entry->preloaded_id[i] == id)
            return entry->preloaded[i];
    return 0;
}

/* Whether there is a preloaded key with that ID or a newer one; the last ID is none. */
static bool
has_preloaded_from(const SettleEntry *entry, uint32_t id)
{
    for (guint i = 0; i < entry->n_preloaded; i++)
        if (entry->preloaded_id[i] >= id && entry->preloaded_id[i] != KEYRING_LAST_ID)
            return true;
    return false;
}

/* Whether a card takes an ID; @end is where its limit begins. */
static bool
is_in_range(const Scheme *scheme, uint32_t own, uint32_t offered, uint32_t end)
{
    uint32_t least_above = scheme->range == RANGE_LOWER_INCLUSIVE ? 0 : 1;

    return offered < end && (uint64_t)offered >= (uint64_t)own + least_above;
}

/* Whether it would take it but for its limit. */
static bool
is_above_limit(const Scheme *scheme, uint32_t own, uint32_t offered, uint32_t end)
{
    return !is_in_range(scheme, own, offered, end) &&
           is_in_range(scheme, own, offered, KEYRING_LAST_ID);
}

/* Whether the issuer vouches for a key, where somebody has to. */
static bool
is_vouched_for(const Pair *pair, KeyHandle handle)
{
    const Scheme *scheme = &pair->settle->scheme;

    return scheme->key_auth == KEY_AUTH_PEER || scheme->deliver == DELIVER_ID ||
           pair->settle->keys[handle].is_issued;
}

static bool
is_step_too_far(const Pair *pair, uint32_t own, uint32_t offered)
{
    return offered > own && (int64_t)(offered - own) > pair->settle->scheme.max_step;
}

/* Whether a limit, or the last of its preloaded keys, keeps the card on @side from a transfer key.
 */
static bool
is_transfer_key_above_limit(const Pair *pair, Side side)
{
    const SettleEntry *entry = entry_of(pair, side);
    uint32_t own = id_of(pair, pair->cards[side].transfer_key);
    uint32_t offered = id_of(pair, pair->cards[side_other(side)].transfer_key);

    if (pair->settle->scheme.deliver == DELIVER_KEY)
        return is_above_limit(&pair->settle->scheme, own, offered, entry->transfer_key_end);
    return offered != KEYRING_LAST_ID && !is_step_too_far(pair, own, offered) &&
           !has_preloaded_from(entry, offered);
}

/* The card on @side is about to judge the keys of the other one. An update key that it refuses
 * ends that at once, where neither is stored without the other. */
static void
note_limits(Pair *pair, Side side, bool update_key_travels)
{
    const Scheme *scheme = &pair->settle->scheme;
    uint32_t own = id_of(pair, pair->cards[side].update_key);
    uint32_t offered = id_of(pair, pair->cards[side_other(side)].update_key);
    uint32_t end = entry_of(pair, side)->update_key_end;

    if (update_key_travels) {
        pair->at_limit[side] |= is_above_limit(scheme, own, offered, end);
        if (scheme->uk_rule == UK_RULE_STRICT && !is_in_range(scheme, own, offered, end))
            return;
    }
    pair->at_limit[side] |= is_transfer_key_above_limit(pair, side);
}

/* What the card on @side would hold once offered the transfer key @offered; 0: it takes
 * it not. */
static KeyHandle
transfer_key_taken(const Pair *pair, Side side, KeyHandle offered)
{
    const SettleEntry *entry = entry_of(pair, side);
    uint32_t own = id_of(pair, pair->cards[side].transfer_key);
    uint32_t id = id_of(pair, offered);

    if (is_step_too_far(pair, own, id))
        return 0;
    if (pair->settle->scheme.deliver == DELIVER_ID) /* only ever to the older card */
        return id != KEYRING_LAST_ID ? preloaded_with(entry, id) : 0;
    return is_in_range(&pair->settle->scheme, own, id, entry->transfer_key_end) ? offered : 0;
}

/* S8105A: which of the two keys of the other card it stores, and the end if the update
 * is refused for it. */
static guint
judge_two_keys(const Pair *pair, Side side, bool transfer_fits, guint *refusal)
{
    const Scheme *scheme = &pair->settle->scheme;
    uint32_t end = entry_of(pair, side)->update_key_end;
    uint32_t own = id_of(pair, pair->cards[side].update_key);
    uint32_t offered = id_of(pair, pair->cards[side_other(side)].update_key);
    bool update_fits = is_in_range(scheme, own, offered, end);
    guint each = (transfer_fits ? SETTLE_STORED_TRANSFER_KEY : 0U) |
                 (update_fits ? SETTLE_STORED_UPDATE_KEY : 0U);

    *refusal = SETTLE_END_UPDATE;
    switch (scheme->uk_rule) {
    case UK_RULE_PER_FIELD:
    case UK_RULE_BIDIRECTIONAL:
        return each;
    case UK_RULE_TK_ONLY:
        return transfer_fits ? each : 0;
    default:
        break;
    }
    if (!update_fits)
        *refusal = offered < own ? SETTLE_END_UPDATE_KEY_ORDER : SETTLE_END_UPDATE_KEY_LIMIT;
    return transfer_fits && update_fits ? each : 0;
}

/* One public-key update of the card on @side. Returns: the keys stored. */
static guint
store_opened(Pair *pair, Side side, guint *refusal)
{
    CardRecord *card = &pair->cards[side];
    const CardRecord *giver = &pair->cards[side_other(side)];
    KeyHandle taken = transfer_key_taken(pair, side, giver->transfer_key);
    guint stored = taken != 0 ? SETTLE_STORED_TRANSFER_KEY : 0;
    bool travels = pair->settle->scheme.update_key == UPDATE_KEY_TRAVELS;

    *refusal = SETTLE_END_UNSIGNED;
    if (!is_vouched_for(pair, giver->transfer_key) ||
        (travels && !is_vouched_for(pair, giver->update_key)))
        return 0;
    *refusal = SETTLE_END_UPDATE;
    note_limits(pair, side, travels);
    if (travels)
        stored = judge_two_keys(pair, side, taken != 0, refusal);
    if ((stored & SETTLE_STORED_TRANSFER_KEY) != 0)
        card->transfer_key = taken;
    if ((stored & SETTLE_STORED_UPDATE_KEY) != 0)
        card->update_key = giver->update_key;
    return stored;
}

/* Updates the older card, and in a crossed pair that hands update keys back, the newer
 * one. Returns: the course of the update; @end: SETTLE_END_PAID if the settlement goes on. */
static guint
update_by_public_key(Pair *pair, Side older, guint *end)
{
    const Scheme *scheme = &pair->settle->scheme;
    Side newer = side_other(older);
    bool goes_back =
        scheme->uk_rule == UK_RULE_BIDIRECTIONAL && scheme->update_key == UPDATE_KEY_TRAVELS &&
        id_of(pair, pair->cards[older].update_key) > id_of(pair, pair->cards[newer].update_key);
    guint refusal;
    guint stored = store_opened(pair, older, &refusal);

    if ((stored & SETTLE_STORED_TRANSFER_KEY) == 0 && scheme->update_ack) {
        *end = refusal;
        return settle_class_update(older, SETTLE_PUBLIC_KEY + stored);
    }
    *end = SETTLE_END_PAID;
    if (!goes_back)
        return settle_class_update(older, SETTLE_PUBLIC_KEY + stored);
    return settle_class_update(older, SETTLE_PUBLIC_KEY_BOTH_WAYS +
                                          4 * (stored & SETTLE_STORED_TRANSFER_KEY) +
                                          store_opened(pair, newer, &refusal));
}

static guint
update_by_update_key(Pair *pair, Side older, guint *end)
{
    CardRecord *card = &pair->cards[older];
    const CardRecord *giver = &pair->cards[side_other(older)];
    bool opens = twin_of(pair, card->update_key) == twin_of(pair, giver->update_key);
    bool is_unsigned = opens && !is_vouched_for(pair, giver->transfer_key);
    KeyHandle taken =
        opens && !is_unsigned ? transfer_key_taken(pair, older, giver->transfer_key) : 0;

    if (opens && !is_unsigned)
        note_limits(pair, older, false);
    *end = SETTLE_END_PAID;
    if (taken == 0 && pair->settle->scheme.update_ack)
        *end = is_unsigned ? SETTLE_END_UNSIGNED : SETTLE_END_UPDATE;
    if (taken == 0)
        return settle_class_update(older,
                                   opens ? SETTLE_SYMMETRIC_REFUSED : SETTLE_SYMMETRIC_WRONG_KEY);
    card->transfer_key = taken;
    return settle_class_update(older, SETTLE_SYMMETRIC_STORED);
}

static guint
update(Pair *pair, Side older, guint *end)
{
    bool same_update_key_id = id_of(pair, pair->cards[SIDE_PAYER].update_key) ==
                              id_of(pair, pair->cards[SIDE_PAYEE].update_key);

    switch (pair->settle->scheme.authenticate) {
    case AUTHENTICATE_COMMON_KEY:
        return update_by_update_key(pair, older, end);
    case AUTHENTICATE_PUBLIC_KEY:
        return update_by_public_key(pair, older, end);
    default:
        return same_update_key_id ? update_by_update_key(pair, older, end)
                                  : update_by_public_key(pair, older, end);
    }
}

/* Fig. 4 with @keys: moves the balances unless it is refused. Returns: how it ends. */
static guint
transfer_value(Pair *pair, const KeyHandle keys[static N_SIDES], Cents amount)
{
    const Scheme *scheme = &pair->settle->scheme;
    Cents *balances = pair->balances;
    Cents debited;
    Cents credited;

    if ((scheme->overdraft == OVERDRAFT_REFUSE && balances[SIDE_PAYER] < amount) ||
        __builtin_sub_overflow(balances[SIDE_PAYER], amount, &debited))
        return SETTLE_END_DEBIT;
    if (__builtin_add_overflow(balances[SIDE_PAYEE], amount, &credited) ||
        credited > scheme->max_balance)
        return SETTLE_END_CREDIT;
    if (twin_of(pair, keys[SIDE_PAYER]) != twin_of(pair, keys[SIDE_PAYEE]))
        return SETTLE_END_CHALLENGE;
    balances[SIDE_PAYER] = debited;
    balances[SIDE_PAYEE] = credited;
    return SETTLE_END_PAID;
}

/* Each with the key in use. */
static guint
transfer_value_as_they_are(Pair *pair, Cents amount)
{
    const KeyHandle keys[N_SIDES] = { pair->cards[SIDE_PAYER].transfer_key,
                                      pair->cards[SIDE_PAYEE].transfer_key };

    return transfer_value(pair, keys, amount);
}

/* Whether the terminal sees from what cards without a choice of cryptography tell that one
 * cannot update the other. */
static bool
stops_for_hint(const Pair *pair)
{
    const Scheme *scheme = &pair->settle->scheme;

    return scheme->authenticate == AUTHENTICATE_COMMON_KEY && scheme->uk_hint == UK_HINT_COHORT &&
           id_of(pair, pair->cards[SIDE_PAYER].update_key) !=
               id_of(pair, pair->cards[SIDE_PAYEE].update_key);
}

/* The newer card updates the older one, then they pay. Returns: the class. */
static uint8_t
pay_with_newest_key(Pair *pair, Cents amount)
{
    uint32_t payer_id = id_of(pair, pair->cards[SIDE_PAYER].transfer_key);
    uint32_t payee_id = id_of(pair, pair->cards[SIDE_PAYEE].transfer_key);
    guint course = 0;
    guint end = SETTLE_END_PAID;

    if (payer_id != payee_id && stops_for_hint(pair))
        return SETTLE_CLASS_HINT;
    if (payer_id != payee_id)
        course = update(pair, payer_id < payee_id ? SIDE_PAYER : SIDE_PAYEE, &end);
    return settle_class_of(course,
                           end == SETTLE_END_PAID ? transfer_value_as_they_are(pair, amount) : end);
}

static uint8_t
pay_with_own_keys(Pair *pair, Cents amount)
{
    if (id_of(pair, pair->cards[SIDE_PAYER].transfer_key) !=
        id_of(pair, pair->cards[SIDE_PAYEE].transfer_key))
        return SETTLE_CLASS_DIFFERENT_IDS;
    return settle_class_of(0, transfer_value_as_they_are(pair, amount));
}

/* Whether both cards hold a key of that ID, which is none that either has left behind;
 * fills @keys with them. */
static bool
both_hold(const Pair *pair, uint32_t id, KeyHandle keys[static N_SIDES])
{
    for (Side side = 0; side < N_SIDES; side++) {
        KeyHandle own = pair->cards[side].transfer_key;

        keys[side] = id == id_of(pair, own) ? own : preloaded_with(entry_of(pair, side), id);
    }
    return keys[SIDE_PAYER] != 0 && keys[SIDE_PAYEE] != 0 && id != KEYRING_LAST_ID;
}

/* The keys of the smallest ID that both hold: the newer one of those in use, or one that
 * is preloaded above it. */
static bool
choose_common_keys(const Pair *pair, KeyHandle keys[static N_SIDES])
{
    const SettleEntry *entry = entry_of(pair, SIDE_PAYER);
    uint32_t least = MAX(id_of(pair, pair->cards[SIDE_PAYER].transfer_key),
                         id_of(pair, pair->cards[SIDE_PAYEE].transfer_key));

    if (both_hold(pair, least, keys))
        return true;
    for (guint i = 0; i < entry->n_preloaded; i++)
        if (entry->preloaded_id[i] > least && both_hold(pair, entry->preloaded_id[i], keys))
            return true;
    return false;
}

/* Without any update; who used a newer key than before keeps to it. */
static uint8_t
pay_with_oldest_common_key(Pair *pair, Cents amount)
{
    KeyHandle keys[N_SIDES];
    guint end;
    guint switched = 0;

    if (!choose_common_keys(pair, keys))
        return SETTLE_CLASS_DIFFERENT_IDS;
    end = transfer_value(pair, keys, amount);
    if (end != SETTLE_END_PAID)
        return settle_class_of(0, end);
    for (Side side = 0; side < N_SIDES; side++) {
        switched |= (keys[side] != pair->cards[side].transfer_key ? 1U : 0U) << side;
        pair->cards[side].transfer_key = keys[side];
    }
    return settle_class_of(0, switched == 0 ? SETTLE_END_PAID : SETTLE_END_SWITCHED + switched);
}

/* From Sx003 on. Returns: the class. */
static uint8_t
decide(Pair *pair, uint32_t crl, int32_t day, Cents amount)
{
    if (stops_for_expiry(pair, day))
        return SETTLE_CLASS_EXPIRED;
    if (stops_for_revocation(pair, crl))
        return SETTLE_CLASS_REVOKED;
    switch (pair->settle->scheme.pays_with) {
    case PAYS_WITH_OWN:
        return pay_with_own_keys(pair, amount);
    case PAYS_WITH_OLDEST_COMMON:
        return pay_with_oldest_common_key(pair, amount);
    default:
        return pay_with_newest_key(pair, amount);
    }
}

static Cents
whole_balance(uint32_t low, const int32_t *high)
{
    return (high == NULL ? 0 : *high * (INT64_C(1) << 32)) + low;
}

/* Whether a balance is one that a record can hold alone. */
static bool
fits_record(Cents balance)
{
    return balance >= 0 && balance <= UINT32_MAX;
}

static void
put_back(const Pair *pair, Side side, CardRecord *card, int32_t *high)
{
    *card = pair->cards[side];
    card->balance = (uint32_t)pair->balances[side];
    if (high != NULL)
        *high = (int32_t)(pair->balances[side] >> 32);
}

uint8_t
settle_cards_slowly(const Settle *settle, uint32_t crl, int32_t day, CardRecord *payer,
                    CardRecord *payee, int32_t *payer_high, int32_t *payee_high, Cents amount)
{
    Pair pair = { .settle = settle,
                  .cards = { *payer, *payee },
                  .balances = { whole_balance(payer->balance, payer_high),
                                whole_balance(payee->balance, payee_high) } };
    uint8_t class = decide(&pair, crl, day, amount);

    if (payer_high == NULL &&
        !(fits_record(pair.balances[SIDE_PAYER]) && fits_record(pair.balances[SIDE_PAYEE])))
        return SETTLE_NO_ROOM;
    put_back(&pair, SIDE_PAYER, payer, payer_high);
    put_back(&pair, SIDE_PAYEE, payee, payee_high);
    return class;
}

void
settle_note_limits(const Settle *settle, const CardMemory before[static N_SIDES],
                   const uint16_t entries[static N_SIDES], Course *course)
{
    Pair pair = { .settle = settle };
    guint end;

    if (course->seen.path == PATH_NONE)
        return;
    for (Side side = 0; side < N_SIDES; side++)
        pair.cards[side] = (CardRecord){ .transfer_key = before[side].transfer_key,
                                         .update_key = before[side].update_key,
                                         .entry = entries[side] };
    update(&pair, course->seen.payer_is_older ? SIDE_PAYER : SIDE_PAYEE, &end);
    for (Side side = 0; side < N_SIDES; side++)
        course->log[side].at_limit = pair.at_limit[side];
}
