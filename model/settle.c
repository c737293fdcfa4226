#include "model/settle.h"

#include <string.h>

/* A class is 8 x course of the update + how it ended, but for three settlements that
 * end at Sx003. The course of the update is 0 if there was none, else 1 + 15 x (payer is
 * older) + one of these: */
enum {
    SYMMETRIC_STORED,
    SYMMETRIC_WRONG_KEY,                   /* R did not come back */
    SYMMETRIC_REFUSED,                     /* out of range, or not preloaded */
    PUBLIC_KEY,                            /* + the keys stored */
    PUBLIC_KEY_BOTH_WAYS = PUBLIC_KEY + 4, /* + 4 x whether the older card stored the transfer
                                            * key + the keys that the newer one stored */
    N_UPDATE_COURSES = PUBLIC_KEY_BOTH_WAYS + 8,
};

/* Keys stored in one round. */
enum { STORED_TRANSFER_KEY = 1, STORED_UPDATE_KEY = 2 };

/* How it ended. With an update the last three mean that it was refused; without one,
 * where cards pay with the oldest common key, that it was paid and who switched. */
enum {
    END_PAID,
    END_DEBIT,     /* refused at S2101A */
    END_CREDIT,    /* S2101B */
    END_CHALLENGE, /* S2103A */
    END_UPDATE,
    END_UPDATE_KEY_ORDER,
    END_UPDATE_KEY_LIMIT,
    END_SWITCHED = END_CHALLENGE, /* + 1 for the payer, + 2 for the payee */
    N_ENDS = 8,
};

enum {
    CLASS_EXPIRED = N_ENDS * (1 + 2 * N_UPDATE_COURSES),
    CLASS_REVOKED,
    CLASS_DIFFERENT_IDS,
    N_CLASSES,
};
G_STATIC_ASSERT(N_CLASSES <= SETTLE_NO_ROOM);
G_STATIC_ASSERT(END_PAID == SETTLE_PAID);

/* ---- What it knows ----------------------------------------------------- */

static void describe_classes(Settle *settle);

Settle *
settle_new(const Protocol *protocol)
{
    Settle *settle = g_new0(Settle, 1);

    settle->scheme = protocol->scheme;
    settle->has_certificates = protocol->has_certificates;
    settle->plain_credit_max = MIN(protocol->scheme.max_balance, UINT32_MAX);
    settle->chips = g_ptr_array_new();
    describe_classes(settle);
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
        .chip = learn_chip(settle, cohort->chip),
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

        settle->keys[handle] = (SettleKey){ .id = id, .twin = keyring_twin(ring, handle) };
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

/* ---- Classes and their courses ----------------------------------------- */

static uint8_t
class_of(guint update, guint end)
{
    return (uint8_t)(N_ENDS * update + end);
}

static guint
update_course(Side older, guint course)
{
    return 1U + (older == SIDE_PAYER ? N_UPDATE_COURSES : 0U) + course;
}

/* A round in which the card on @side was to store keys: it stored @stored. */
static void
describe_round(const Scheme *scheme, Course *course, Side side, CardStep step, guint stored)
{
    CardLog *log = &course->log[side];

    course->seen.rounds++;
    if ((stored & STORED_TRANSFER_KEY) != 0)
        log->wrote |= scheme->deliver == DELIVER_KEY ? WROTE_TRANSFER_KEY : WROTE_TRANSFER_KEY_ID;
    else if (scheme->update_ack)
        log->refused = step;
    else
        log->refused_in_silence = step;
    if ((stored & STORED_UPDATE_KEY) != 0)
        log->wrote |= WROTE_UPDATE_KEY;
}

static void
describe_update(const Scheme *scheme, Course *course, guint update)
{
    Side older = update > N_UPDATE_COURSES ? SIDE_PAYER : SIDE_PAYEE;
    guint kind = (update - 1) % N_UPDATE_COURSES;

    course->seen.payer_is_older = older == SIDE_PAYER;
    if (kind < PUBLIC_KEY) {
        course->seen.path = PATH_SYMMETRIC;
        describe_round(scheme, course, older,
                       kind == SYMMETRIC_WRONG_KEY ? CARD_STEP_CHECK_RANDOM : CARD_STEP_STORE,
                       kind == SYMMETRIC_STORED ? STORED_TRANSFER_KEY : 0);
        return;
    }
    course->seen.path = PATH_PUBLIC_KEY;
    if (kind < PUBLIC_KEY_BOTH_WAYS) {
        describe_round(scheme, course, older, CARD_STEP_STORE_OPENED, kind - PUBLIC_KEY);
        return;
    }
    kind -= PUBLIC_KEY_BOTH_WAYS;
    describe_round(scheme, course, older, CARD_STEP_STORE_OPENED,
                   kind >= 4 ? STORED_TRANSFER_KEY : 0);
    describe_round(scheme, course, side_other(older), CARD_STEP_STORE_OPENED, kind % 4);
}

static const Outcome paid_by_path[N_PATHS] = {
    [PATH_NONE] = OUTCOME_PAID,
    [PATH_SYMMETRIC] = OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE,
    [PATH_PUBLIC_KEY] = OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE,
};

/* The last exchange is Fig. 4's @n-th; with a refusal, @side took @step last. */
static void
describe_value(Course *course, guint n, Outcome outcome, Side side, CardStep step)
{
    course->seen.n_exchanges = (uint8_t)(course->seen.n_exchanges + n);
    course->seen.outcome = outcome;
    course->seen.answered = step == CARD_STEP_NONE;
    if (step != CARD_STEP_NONE)
        course->log[side].refused = step;
}

static void
describe_end(Course *course, guint update, guint end)
{
    Outcome paid = paid_by_path[course->seen.path];
    guint kind = update == 0 ? 0 : (update - 1) % N_UPDATE_COURSES;

    switch (end) {
    case END_PAID:
        describe_value(course, 4, paid, SIDE_PAYER, CARD_STEP_NONE);
        return;
    case END_DEBIT:
        describe_value(course, 1, OUTCOME_REFUSED_BALANCE, SIDE_PAYER, CARD_STEP_S2101A);
        return;
    case END_CREDIT:
        describe_value(course, 2, OUTCOME_REFUSED_BALANCE, SIDE_PAYEE, CARD_STEP_S2101B);
        return;
    case END_CHALLENGE:
        describe_value(course, 3, OUTCOME_REFUSED_AUTHENTICATION, SIDE_PAYER, CARD_STEP_S2103A);
        return;
    default:
        break;
    }
    if (update == 0) {
        describe_value(course, 4, paid, SIDE_PAYER, CARD_STEP_NONE);
        if (((end - END_SWITCHED) & 1) != 0)
            course->log[SIDE_PAYER].wrote |= WROTE_SWITCH;
        if (((end - END_SWITCHED) & 2) != 0)
            course->log[SIDE_PAYEE].wrote |= WROTE_SWITCH;
        return;
    }
    course->seen.outcome = end == END_UPDATE_KEY_ORDER   ? OUTCOME_REFUSED_UPDATE_KEY_ORDER
                           : end == END_UPDATE_KEY_LIMIT ? OUTCOME_REFUSED_UPDATE_KEY_LIMIT
                           : kind == SYMMETRIC_WRONG_KEY ? OUTCOME_REFUSED_UPDATE_KEY
                                                         : OUTCOME_REFUSED_LIMIT;
}

#define EXCHANGES_BEFORE_DECISION 4
#define EXCHANGES_OF_A_ROUND 3

static void
describe(const Scheme *scheme, Course *course, guint class)
{
    guint update = class / N_ENDS;

    course->seen.n_exchanges = EXCHANGES_BEFORE_DECISION;
    if (class >= CLASS_EXPIRED) {
        course->seen.answered = true;
        course->seen.outcome = class == CLASS_EXPIRED   ? OUTCOME_REFUSED_EXPIRED
                               : class == CLASS_REVOKED ? OUTCOME_REFUSED_REVOKED
                                                        : OUTCOME_REFUSED_DIFFERENT_IDS;
        return;
    }
    if (update > 0)
        describe_update(scheme, course, update);
    course->seen.n_exchanges =
        (uint8_t)(course->seen.n_exchanges + EXCHANGES_OF_A_ROUND * course->seen.rounds);
    describe_end(course, update, class % N_ENDS);
}

static void
describe_classes(Settle *settle)
{
    for (guint class = 0; class < N_CLASSES; class ++)
        describe(&settle->scheme, &settle->courses[class], class);
}

/* ---- Settling ---------------------------------------------------------- */

/**
 * Pair: two cards while it is decided what becomes of them
 * @cards: as they will be
 */
typedef struct {
    const Settle *settle;
    CardRecord cards[N_SIDES];
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

/* Whether a card takes an ID; @end is where its limit begins. */
static bool
is_in_range(const Scheme *scheme, uint32_t own, uint32_t offered, uint32_t end)
{
    uint32_t least_above = scheme->range == RANGE_LOWER_INCLUSIVE ? 0 : 1;

    return offered < end && (uint64_t)offered >= (uint64_t)own + least_above;
}

/* What the card on @side would hold once offered the transfer key @offered; 0: it takes
 * it not. */
static KeyHandle
transfer_key_taken(const Pair *pair, Side side, KeyHandle offered)
{
    const SettleEntry *entry = entry_of(pair, side);
    uint32_t own_id = id_of(pair, pair->cards[side].transfer_key);
    uint32_t id = id_of(pair, offered);

    if (pair->settle->scheme.deliver == DELIVER_ID)
        return id > own_id && id != KEYRING_LAST_ID ? preloaded_with(entry, id) : 0;
    return is_in_range(&pair->settle->scheme, own_id, id, entry->transfer_key_end) ? offered : 0;
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
    guint each =
        (transfer_fits ? STORED_TRANSFER_KEY : 0U) | (update_fits ? STORED_UPDATE_KEY : 0U);

    *refusal = END_UPDATE;
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
        *refusal = offered < own ? END_UPDATE_KEY_ORDER : END_UPDATE_KEY_LIMIT;
    return transfer_fits && update_fits ? each : 0;
}

/* One public-key update of the card on @side. Returns: the keys stored. */
static guint
store_opened(Pair *pair, Side side, guint *refusal)
{
    CardRecord *card = &pair->cards[side];
    const CardRecord *giver = &pair->cards[side_other(side)];
    KeyHandle taken = transfer_key_taken(pair, side, giver->transfer_key);
    guint stored = taken != 0 ? STORED_TRANSFER_KEY : 0;

    *refusal = END_UPDATE;
    if (pair->settle->scheme.update_key == UPDATE_KEY_TRAVELS)
        stored = judge_two_keys(pair, side, taken != 0, refusal);
    if ((stored & STORED_TRANSFER_KEY) != 0)
        card->transfer_key = taken;
    if ((stored & STORED_UPDATE_KEY) != 0)
        card->update_key = giver->update_key;
    return stored;
}

/* Updates the older card, and in a crossed pair that hands update keys back, the newer
 * one. Returns: the course of the update; @end: END_PAID if the settlement goes on. */
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

    if ((stored & STORED_TRANSFER_KEY) == 0 && scheme->update_ack) {
        *end = refusal;
        return update_course(older, PUBLIC_KEY + stored);
    }
    *end = END_PAID;
    if (!goes_back)
        return update_course(older, PUBLIC_KEY + stored);
    return update_course(older, PUBLIC_KEY_BOTH_WAYS + 4 * (stored & STORED_TRANSFER_KEY) +
                                    store_opened(pair, newer, &refusal));
}

static guint
update_by_update_key(Pair *pair, Side older, guint *end)
{
    CardRecord *card = &pair->cards[older];
    const CardRecord *giver = &pair->cards[side_other(older)];
    bool opens = twin_of(pair, card->update_key) == twin_of(pair, giver->update_key);
    KeyHandle taken = opens ? transfer_key_taken(pair, older, giver->transfer_key) : 0;

    *end = taken == 0 && pair->settle->scheme.update_ack ? END_UPDATE : END_PAID;
    if (taken == 0)
        return update_course(older, opens ? SYMMETRIC_REFUSED : SYMMETRIC_WRONG_KEY);
    card->transfer_key = taken;
    return update_course(older, SYMMETRIC_STORED);
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

static Cents
whole_balance(uint32_t low, const int32_t *high)
{
    return (high == NULL ? 0 : *high * (INT64_C(1) << 32)) + low;
}

/* Fig. 4 with @keys. Returns: how it ends; fills @after unless it is refused. */
static guint
transfer_value(const Pair *pair, const KeyHandle keys[static N_SIDES],
               const Cents before[static N_SIDES], Cents amount, Cents after[static N_SIDES])
{
    const Scheme *scheme = &pair->settle->scheme;

    if ((scheme->overdraft == OVERDRAFT_REFUSE && before[SIDE_PAYER] < amount) ||
        __builtin_sub_overflow(before[SIDE_PAYER], amount, &after[SIDE_PAYER]))
        return END_DEBIT;
    if (__builtin_add_overflow(before[SIDE_PAYEE], amount, &after[SIDE_PAYEE]) ||
        after[SIDE_PAYEE] > scheme->max_balance)
        return END_CREDIT;
    if (twin_of(pair, keys[SIDE_PAYER]) != twin_of(pair, keys[SIDE_PAYEE]))
        return END_CHALLENGE;
    return END_PAID;
}

/* The key with that ID that the card on @side still holds; 0 if there is none. */
static KeyHandle
held_with(const Pair *pair, Side side, uint32_t id)
{
    KeyHandle own = pair->cards[side].transfer_key;
    uint32_t own_id = id_of(pair, own);

    if (id == own_id)
        return own;
    return id > own_id ? preloaded_with(entry_of(pair, side), id) : 0;
}

static bool
both_hold(const Pair *pair, uint32_t id, KeyHandle keys[static N_SIDES])
{
    for (Side side = 0; side < N_SIDES; side++)
        keys[side] = id == KEYRING_LAST_ID ? 0 : held_with(pair, side, id);
    return keys[SIDE_PAYER] != 0 && keys[SIDE_PAYEE] != 0;
}

/* Where nothing is updated, the keys of the smallest ID that both still hold: the newer
 * one of those in use, or one that is preloaded above it. */
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

/* The settlement from Sx003 on. Returns: the class. */
static uint8_t
decide(Pair *pair, uint32_t crl, int32_t day, const Cents before[static N_SIDES], Cents amount,
       Cents after[static N_SIDES])
{
    const Scheme *scheme = &pair->settle->scheme;
    CardRecord *payer = &pair->cards[SIDE_PAYER];
    CardRecord *payee = &pair->cards[SIDE_PAYEE];
    uint32_t payer_id = id_of(pair, payer->transfer_key);
    uint32_t payee_id = id_of(pair, payee->transfer_key);
    KeyHandle keys[N_SIDES] = { payer->transfer_key, payee->transfer_key };
    guint course = 0;
    guint end = END_PAID;

    if (stops_for_expiry(pair, day))
        return CLASS_EXPIRED;
    if (stops_for_revocation(pair, crl))
        return CLASS_REVOKED;
    if (scheme->pays_with == PAYS_WITH_OLDEST_COMMON) {
        if (!choose_common_keys(pair, keys))
            return CLASS_DIFFERENT_IDS;
    } else if (payer_id != payee_id) {
        if (scheme->pays_with == PAYS_WITH_OWN)
            return CLASS_DIFFERENT_IDS;
        course = update(pair, payer_id < payee_id ? SIDE_PAYER : SIDE_PAYEE, &end);
        if (end != END_PAID)
            return class_of(course, end);
        keys[SIDE_PAYER] = payer->transfer_key;
        keys[SIDE_PAYEE] = payee->transfer_key;
    }
    end = transfer_value(pair, keys, before, amount, after);
    if (end != END_PAID)
        return class_of(course, end);
    if (keys[SIDE_PAYER] != payer->transfer_key || keys[SIDE_PAYEE] != payee->transfer_key)
        end = END_SWITCHED + (keys[SIDE_PAYER] != payer->transfer_key ? 1U : 0U) +
              (keys[SIDE_PAYEE] != payee->transfer_key ? 2U : 0U);
    payer->transfer_key = keys[SIDE_PAYER];
    payee->transfer_key = keys[SIDE_PAYEE];
    return class_of(course, end);
}

/* Whether a balance is one that a record can hold alone. */
static bool
fits_record(Cents balance)
{
    return balance >= 0 && balance <= UINT32_MAX;
}

static void
set_balance(CardRecord *card, int32_t *high, Cents balance)
{
    card->balance = (uint32_t)balance;
    if (high != NULL)
        *high = (int32_t)(balance >> 32);
}

uint8_t
settle_cards_slowly(const Settle *settle, uint32_t crl, int32_t day, CardRecord *payer,
                    CardRecord *payee, int32_t *payer_high, int32_t *payee_high, Cents amount)
{
    Pair pair = { .settle = settle, .cards = { *payer, *payee } };
    Cents before[N_SIDES] = { whole_balance(payer->balance, payer_high),
                              whole_balance(payee->balance, payee_high) };
    Cents after[N_SIDES] = { 0 };
    uint8_t class = decide(&pair, crl, day, before, amount, after);

    if (outcome_is_paid(settle->courses[class].seen.outcome)) {
        if (payer_high == NULL &&
            !(fits_record(after[SIDE_PAYER]) && fits_record(after[SIDE_PAYEE])))
            return SETTLE_NO_ROOM;
        set_balance(&pair.cards[SIDE_PAYER], payer_high, after[SIDE_PAYER]);
        set_balance(&pair.cards[SIDE_PAYEE], payee_high, after[SIDE_PAYEE]);
    }
    *payer = pair.cards[SIDE_PAYER];
    *payee = pair.cards[SIDE_PAYEE];
    return class;
}
