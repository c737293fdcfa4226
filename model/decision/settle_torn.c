#include "model/decision/settle_torn.h"

#include "model/protocol/random_range.h"

/* Where it ends: exchanges before this moment's are carried out whole. @end: its instant. */
typedef struct {
    Moment moment;
    Micros end;
} Stop;

/* How far a write came. */
typedef enum { NOT_BEGUN, TORN, WHOLE } Extent;

/**
 * Pieces: what a tear makes of two cards
 * @whole: the course without the tear
 * @after: as they are now
 */
typedef struct {
    const Scheme *scheme;
    KeyRing *ring;
    const Course *whole;
    const Timeline *timeline;
    const CardMemory *before;
    CardMemory *after;
    uint32_t chance;
    Stop stop;
    TornCourse course;
    bool committed[N_SIDES];
} Pieces;

/* The exchange with a side from @visit on; n_visits if none comes. */
static guint
next_exchange_with(const Timeline *timeline, guint visit, TearParty party)
{
    while (visit < timeline->n_visits && (guint)timeline->visits[visit].to != (guint)party)
        visit++;
    return visit;
}

/* Whether a payee that goes now is missed before S2003. */
static bool
is_missed(const Scheme *scheme, const Timeline *timeline, TearParty party, const Moment *moment)
{
    return scheme->presence_check && party == TEAR_PAYEE && moment->place == PLACE_BEFORE &&
           timeline->visits[moment->visit].exchange == EXCHANGE_S2003;
}

/* Where @tear stops the settlement. Returns: false if it does not. */
static bool
find_stop(const Scheme *scheme, const Timeline *timeline, const Tear *tear, const Moment *moment,
          Stop *stop)
{
    guint next;

    *stop = (Stop){ *moment, tear->instant };
    if (tear->party == TEAR_TERMINAL)
        return true;
    if (is_missed(scheme, timeline, tear->party, moment)) {
        stop->end = timeline->sends[moment->visit];
        return true;
    }
    next = next_exchange_with(timeline, moment->visit, tear->party);
    if (next == moment->visit)
        return true;
    if (next == timeline->n_visits)
        return false;
    *stop = (Stop){ { .visit = (uint8_t)next, .place = PLACE_BEFORE }, timeline->begins[next] };
    return true;
}

/* How far step @step of exchange @visit comes. A card takes the steps of an exchange in the
 * order of their numbers. */
static Extent
extent_of(const Stop *stop, guint visit, CardStep step)
{
    const Moment *moment = &stop->moment;

    if (visit != moment->visit)
        return visit < moment->visit ? WHOLE : NOT_BEGUN;
    switch (moment->place) {
    case PLACE_BACK:
        return WHOLE;
    case PLACE_STEP:
        return step < moment->step ? WHOLE : step == moment->step ? TORN : NOT_BEGUN;
    default:
        return NOT_BEGUN;
    }
}

/* Of @n fields of a torn write, how many are there. */
static guint
fields_there(const Pieces *pieces, guint n)
{
    if (pieces->scheme->torn_write == TORN_WRITE_ATOMIC || n < 2)
        return 0;
    return 1 + random_range_below((uint64_t)pieces->chance << 32, n - 1);
}

/* A key while its fields are put together: whose ID it has, and whose key. */
typedef struct {
    KeyHandle id;
    KeyHandle key;
} Halves;

static KeyHandle
join(KeyRing *ring, const Halves *halves)
{
    return halves->id == halves->key ? halves->id : keyring_cross(ring, halves->id, halves->key);
}

/* Writes the first @n of the fields of the key @new. Returns: whether it is whole then. */
static bool
take_fields(const Scheme *scheme, Halves *halves, KeyHandle new, guint n)
{
    if (n >= 1)
        *(scheme->torn_write == TORN_WRITE_ID_FIRST ? &halves->id : &halves->key) = new;
    if (n >= 2)
        halves->id = halves->key = new;
    return n >= 2;
}

/* A torn Sx104A or Sx105A. */
static void
tear_keys(Pieces *pieces, Side side)
{
    static const uint8_t bits[N_KEY_KINDS] = { WROTE_TRANSFER_KEY, WROTE_UPDATE_KEY };
    const CardMemory *old = &pieces->before[side];
    CardMemory *card = &pieces->after[side];
    const KeyHandle new[N_KEY_KINDS] = { card->transfer_key, card->update_key };
    Halves halves[N_KEY_KINDS] = { { old->transfer_key, old->transfer_key },
                                   { old->update_key, old->update_key } };
    KeyKind first = pieces->scheme->torn_pair == TORN_PAIR_UK_FIRST ? KEY_UPDATE : KEY_TRANSFER;
    uint8_t wrote = pieces->whole->log[side].wrote;
    guint n_keys =
        ((wrote & WROTE_TRANSFER_KEY) != 0 ? 1U : 0U) + ((wrote & WROTE_UPDATE_KEY) != 0 ? 1U : 0U);
    guint n = fields_there(pieces, 2 * n_keys);

    for (guint i = 0; i < N_KEY_KINDS; i++) {
        KeyKind kind = i == 0 ? first : N_KEY_KINDS - 1 - first;

        if ((wrote & bits[kind]) == 0)
            continue;
        if (take_fields(pieces->scheme, &halves[kind], new[kind], MIN(n, 2)))
            pieces->course.wrote[side] |= bits[kind];
        n -= MIN(n, 2);
    }
    card->transfer_key = join(pieces->ring, &halves[KEY_TRANSFER]);
    card->update_key = join(pieces->ring, &halves[KEY_UPDATE]);
}

/* What the update in exchange @visit has stored on the card on @side. */
static void
keep_keys(Pieces *pieces, guint visit, Side side)
{
    CardStep step =
        pieces->whole->seen.path == PATH_PUBLIC_KEY ? CARD_STEP_STORE_OPENED : CARD_STEP_STORE;
    const uint8_t keys = WROTE_TRANSFER_KEY | WROTE_UPDATE_KEY | WROTE_TRANSFER_KEY_ID;

    switch (extent_of(&pieces->stop, visit, step)) {
    case WHOLE:
        pieces->course.wrote[side] |= pieces->whole->log[side].wrote & keys;
        break;
    case TORN:
        tear_keys(pieces, side);
        break;
    case NOT_BEGUN:
        pieces->after[side].transfer_key = pieces->before[side].transfer_key;
        pieces->after[side].update_key = pieces->before[side].update_key;
        break;
    }
}

/* What S2104A or S2105B has written on the card on @side, in exchange @visit: the balance,
 * and if it switches the key in use. */
static void
keep_balance(Pieces *pieces, guint visit, Side side, CardStep step)
{
    bool switches = (pieces->whole->log[side].wrote & WROTE_SWITCH) != 0;
    Extent extent = extent_of(&pieces->stop, visit, step);
    bool one_of_two = extent == TORN && switches && fields_there(pieces, 2) == 1;
    bool id_is_first = pieces->scheme->torn_write == TORN_WRITE_ID_FIRST;

    pieces->committed[side] = extent == WHOLE || (one_of_two && !id_is_first);
    if (!pieces->committed[side])
        pieces->after[side].balance = pieces->before[side].balance;
    if (!switches)
        return;
    if (extent == WHOLE || (one_of_two && id_is_first))
        pieces->course.wrote[side] |= WROTE_SWITCH;
    else
        pieces->after[side].transfer_key = pieces->before[side].transfer_key;
}

/* Goes through all writes of the settlement. */
static void
keep_what_was_written(Pieces *pieces)
{
    const Timeline *timeline = pieces->timeline;

    for (guint visit = 0; visit < timeline->n_visits; visit++) {
        Side side = timeline->visits[visit].to;

        if (timeline->visits[visit].exchange == EXCHANGE_UPDATE)
            keep_keys(pieces, visit, side);
    }
    for (Side side = 0; side < N_SIDES; side++)
        if (pieces->whole->log[side].committed)
            keep_balance(pieces, timeline->n_visits - (side == SIDE_PAYER ? 2 : 1), side,
                         side == SIDE_PAYER ? CARD_STEP_S2104A : CARD_STEP_S2105B);
}

/* A debit or credit for the second time on one random number, if the rules of S2101A or
 * S2101B let it. */
static bool
book_again(const Scheme *scheme, Side side, Cents amount, Cents *balance)
{
    Cents next;

    if (side == SIDE_PAYER) {
        if (__builtin_sub_overflow(*balance, amount, &next) ||
            (scheme->overdraft == OVERDRAFT_REFUSE && next < 0))
            return false;
    } else if (__builtin_add_overflow(*balance, amount, &next) || next > scheme->max_balance) {
        return false;
    }
    *balance = next;
    return true;
}

/* The command of exchange @visit is lost or its response, and comes again. Returns: whether
 * the settlement then goes on as if nothing had been; else a card has said that it has done
 * it already. */
static bool
is_made_good(Pieces *pieces, const Moment *moment, Cents amount)
{
    const ExchangeVisit *visit = &pieces->timeline->visits[moment->visit];
    const Scheme *scheme = pieces->scheme;
    bool was_done = moment->place == PLACE_STEP || moment->place == PLACE_BACK;

    if (!was_done || visit->exchange == EXCHANGE_S2001 || visit->exchange == EXCHANGE_S2002)
        return true;
    if (scheme->nonce_life == NONCE_LIFE_ONE_USE)
        return false;
    return !pieces->whole->log[visit->to].committed ||
           book_again(scheme, visit->to, amount, &pieces->after[visit->to].balance);
}

static void
add_time(Duration *duration, Micros time)
{
    duration->phase[PHASE_VALUE] += time;
    duration->total += time;
}

static TornCourse
untouched(const Course *whole, const Timeline *timeline)
{
    TornCourse course = {
        .outcome = whole->seen.outcome,
        .duration = timeline_until(timeline, timeline_end(timeline)),
    };

    for (Side side = 0; side < N_SIDES; side++)
        course.wrote[side] = whole->log[side].wrote;
    return course;
}

static void
break_off(Pieces *pieces)
{
    keep_what_was_written(pieces);
    pieces->course.outcome =
        tear_outcome(pieces->committed[SIDE_PAYER], pieces->committed[SIDE_PAYEE]);
    pieces->course.duration = timeline_until(pieces->timeline, pieces->stop.end);
}

static void
retry(Pieces *pieces, const Moment *moment, Cents amount)
{
    const Timeline *timeline = pieces->timeline;
    Micros begin = timeline->begins[moment->visit];
    Micros end = timeline->begins[moment->visit + 1];

    if (is_made_good(pieces, moment, amount)) {
        pieces->course = untouched(pieces->whole, timeline);
        add_time(&pieces->course.duration, end - begin);
        return;
    }
    pieces->stop = (Stop){ { .visit = moment->visit, .place = PLACE_BACK }, end };
    break_off(pieces);
    add_time(&pieces->course.duration, timeline->refused[moment->visit]);
}

TornCourse
settle_torn(const Scheme *scheme, KeyRing *ring, const Course *course, const Timeline *timeline,
            const Tear *tear, Cents amount, const CardMemory before[static N_SIDES],
            CardMemory after[static N_SIDES])
{
    Pieces pieces = { .scheme = scheme,
                      .ring = ring,
                      .whole = course,
                      .timeline = timeline,
                      .before = before,
                      .after = after,
                      .chance = tear->chance };
    Moment moment = timeline_moment(timeline, tear->instant);

    if (tear_is_retried(scheme, timeline, tear->party, &moment))
        retry(&pieces, &moment, amount);
    else if (find_stop(scheme, timeline, tear, &moment, &pieces.stop))
        break_off(&pieces);
    else
        return untouched(course, timeline);
    return pieces.course;
}

/* The exchange of Fig. 4; n_visits if the settlement does not come to it. */
static guint
visit_of(const Timeline *timeline, Exchange exchange)
{
    guint visit = 0;

    while (visit < timeline->n_visits && timeline->visits[visit].exchange != exchange)
        visit++;
    return visit;
}

bool
settle_takes(const Scheme *scheme, const Course *course, const Timeline *timeline, const Tear *tear,
             Side side, CardStep step)
{
    Exchange exchange = card_steps[step].exchange;
    CardStep refused = course->log[side].refused;
    guint visit = visit_of(timeline, exchange);
    Moment moment;
    Stop stop;

    if (visit == timeline->n_visits ||
        (refused != CARD_STEP_NONE && refused < step && card_steps[refused].exchange == exchange))
        return false;
    if (tear == NULL)
        return true;
    moment = timeline_moment(timeline, tear->instant);
    return !find_stop(scheme, timeline, tear, &moment, &stop) ||
           extent_of(&stop, visit, step) == WHOLE;
}
