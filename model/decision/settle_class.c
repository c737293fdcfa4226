#include "model/decision/settle_class.h"

/* A round in which the card on @side was to store keys: it stored @stored. */
static void
describe_round(const Scheme *scheme, Course *course, Side side, CardStep step, guint stored)
{
    CardLog *log = &course->log[side];

    course->seen.rounds++;
    if ((stored & SETTLE_STORED_TRANSFER_KEY) != 0)
        log->wrote |= scheme->deliver == DELIVER_KEY ? WROTE_TRANSFER_KEY : WROTE_TRANSFER_KEY_ID;
    else if (scheme->update_ack)
        log->refused = step;
    else
        log->refused_in_silence = step;
    if ((stored & SETTLE_STORED_UPDATE_KEY) != 0)
        log->wrote |= WROTE_UPDATE_KEY;
}

static void
describe_update(const Scheme *scheme, Course *course, guint update)
{
    Side older = update > SETTLE_N_UPDATE_COURSES ? SIDE_PAYER : SIDE_PAYEE;
    guint kind = (update - 1) % SETTLE_N_UPDATE_COURSES;

    course->seen.payer_is_older = older == SIDE_PAYER;
    if (kind < SETTLE_PUBLIC_KEY) {
        course->seen.path = PATH_SYMMETRIC;
        describe_round(scheme, course, older,
                       kind == SETTLE_SYMMETRIC_WRONG_KEY ? CARD_STEP_CHECK_RANDOM
                                                          : CARD_STEP_STORE,
                       kind == SETTLE_SYMMETRIC_STORED ? SETTLE_STORED_TRANSFER_KEY : 0);
        return;
    }
    course->seen.path = PATH_PUBLIC_KEY;
    if (kind < SETTLE_PUBLIC_KEY_BOTH_WAYS) {
        describe_round(scheme, course, older, CARD_STEP_STORE_OPENED, kind - SETTLE_PUBLIC_KEY);
        return;
    }
    kind -= SETTLE_PUBLIC_KEY_BOTH_WAYS;
    describe_round(scheme, course, older, CARD_STEP_STORE_OPENED,
                   kind >= 4 ? SETTLE_STORED_TRANSFER_KEY : 0);
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
    else
        course->log[SIDE_PAYER].committed = course->log[SIDE_PAYEE].committed = true;
}

static void
describe_end(Course *course, guint update, guint end)
{
    Outcome paid = paid_by_path[course->seen.path];
    guint kind = update == 0 ? 0 : (update - 1) % SETTLE_N_UPDATE_COURSES;

    switch (end) {
    case SETTLE_END_PAID:
        describe_value(course, 4, paid, SIDE_PAYER, CARD_STEP_NONE);
        return;
    case SETTLE_END_DEBIT:
        describe_value(course, 1, OUTCOME_REFUSED_BALANCE, SIDE_PAYER, CARD_STEP_S2101A);
        return;
    case SETTLE_END_CREDIT:
        describe_value(course, 2, OUTCOME_REFUSED_BALANCE, SIDE_PAYEE, CARD_STEP_S2101B);
        return;
    case SETTLE_END_CHALLENGE:
        describe_value(course, 3, OUTCOME_REFUSED_AUTHENTICATION, SIDE_PAYER, CARD_STEP_S2103A);
        return;
    default:
        break;
    }
    if (update == 0) {
        describe_value(course, 4, paid, SIDE_PAYER, CARD_STEP_NONE);
        for (Side side = 0; side < N_SIDES; side++)
            if (((end - SETTLE_END_SWITCHED) >> side & 1) != 0)
                course->log[side].wrote |= WROTE_SWITCH;
        return;
    }
    course->seen.outcome = end == SETTLE_END_UNSIGNED           ? OUTCOME_REFUSED_CERTIFICATE
                           : end == SETTLE_END_UPDATE_KEY_ORDER ? OUTCOME_REFUSED_UPDATE_KEY_ORDER
                           : end == SETTLE_END_UPDATE_KEY_LIMIT ? OUTCOME_REFUSED_UPDATE_KEY_LIMIT
                           : kind == SETTLE_SYMMETRIC_WRONG_KEY ? OUTCOME_REFUSED_UPDATE_KEY
                                                                : OUTCOME_REFUSED_LIMIT;
}

/* How a settlement ends there, from SETTLE_CLASS_EXPIRED on. */
static const Outcome at_sx003[] = { OUTCOME_REFUSED_EXPIRED, OUTCOME_REFUSED_REVOKED,
                                    OUTCOME_REFUSED_DIFFERENT_IDS, OUTCOME_REFUSED_UPDATE_KEY };
G_STATIC_ASSERT(SETTLE_CLASS_EXPIRED + G_N_ELEMENTS(at_sx003) == SETTLE_N_CLASSES);

#define EXCHANGES_BEFORE_DECISION 4
#define EXCHANGES_OF_A_ROUND 3

void
settle_class_describe(const Scheme *scheme, guint class, Course *course)
{
    guint update = class / SETTLE_N_ENDS;

    *course = (Course){ .seen.n_exchanges = EXCHANGES_BEFORE_DECISION };
    if (class >= SETTLE_CLASS_EXPIRED) {
        course->seen.answered = true;
        course->seen.outcome = at_sx003[class - SETTLE_CLASS_EXPIRED];
        return;
    }
    if (update > 0)
        describe_update(scheme, course, update);
    course->seen.n_exchanges =
        (uint8_t)(course->seen.n_exchanges + EXCHANGES_OF_A_ROUND * course->seen.rounds);
    describe_end(course, update, class % SETTLE_N_ENDS);
}
