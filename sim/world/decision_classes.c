#include "sim/world/decision_classes.h"

/* A wait counts for its group and for its path: rather twice at the end than twice at once. */
static void
hand_on_waits(Decision *decision)
{
    World *world = decision->world;

    for (guint i = 0; i < world->terminals->n_groups; i++) {
        Histogram *waits = &decision->plain_waits[i];

        if (waits->n == 0)
            continue;
        latency_note_waits(world->latency, PATH_NONE, waits);
        terminals_note_waits(&world->terminals->groups[i], waits);
        histogram_clear(waits);
    }
}

void
decision_classes_finish(Decision *decision)
{
    hand_on_waits(decision);
    for (guint i = 0; i < decision_state_n_settings(decision); i++) {
        if (decision->plain[i].count > 0)
            decision->rows[i][SETTLE_PAID]->count += decision->plain[i].count;
        decision->plain[i].count = 0;
    }
}

void
decision_classes_drop(Decision *decision)
{
    decision_classes_finish(decision);
    for (guint i = 0; i < decision_state_n_settings(decision); i++)
        g_free(decision->rows[i]);
    g_clear_pointer(&decision->rows, g_free);
    g_clear_pointer(&decision->plain, g_free);
}

void
decision_classes_learn(Decision *decision)
{
    settle_learn(decision->settle, decision->world->population, decision->world->ring);
    for (guint i = 0; i < decision->world->terminals->n_groups; i++)
        decision->windows[i].plain_until = INT64_MIN; /* there may be a first revocation list */
    if (decision->rows != NULL && decision->n_chips == decision->settle->chips->len)
        return;
    if (decision->rows != NULL)
        decision_classes_drop(decision);
    decision->n_chips = decision->settle->chips->len;
    decision->rows = g_new0(LatencyClass **, decision_state_n_settings(decision));
    decision->plain = g_new0(Plain, decision_state_n_settings(decision));
}

/* The latency class of a settlement that occurs here for the first time. */
static LatencyClass *
make_class(Decision *decision, guint group, const CardRecord *const cards[static N_SIDES],
           guint setting, uint8_t class)
{
    World *world = decision->world;
    const TerminalGroup *terminals = &world->terminals->groups[group];
    const Seat seats[N_SIDES] = {
        decision_state_seat(world, terminals, cards[SIDE_PAYER], SIDE_PAYER),
        decision_state_seat(world, terminals, cards[SIDE_PAYEE], SIDE_PAYEE),
    };

    if (decision->rows[setting] == NULL)
        decision->rows[setting] = g_new0(LatencyClass *, SETTLE_CLASSES);
    decision->rows[setting][class] =
        latency_class(world->latency, settle_course(decision->settle, class),
                      world_setting(world, group, seats), seats, terminals->kind);
    if (class == SETTLE_PAID)
        decision->plain[setting].duration = decision->rows[setting][class]->duration.total;
    return decision->rows[setting][class];
}

LatencyClass *
decision_classes_find(Decision *decision, guint group, const CardRecord *payer,
                      const CardRecord *payee, uint8_t class)
{
    guint setting = decision_state_setting(decision, group, payer, payee);
    LatencyClass **row = decision->rows[setting];

    if (row != NULL && row[class] != NULL)
        return row[class];
    return make_class(decision, group, (const CardRecord *const[]){ payer, payee }, setting, class);
}

void
decision_classes_post_updates(const Decision *decision, Micros at, uint8_t class, uint64_t n)
{
    const Course *course = settle_course(decision->settle, class);

    for (Side side = 0; side < N_SIDES; side++)
        if (course->log[side].wrote != 0 && course->seen.path != PATH_NONE)
            recorder_update(decision->world->recorder, at, course->seen.path, n);
}

void
decision_classes_post(Decision *decision)
{
    Recorder *recorder = decision->world->recorder;

    if (decision->n_plain > 0) {
        recorder_meetings(recorder, decision->latest, OUTCOME_PAID, decision->n_plain,
                          decision->moved);
        decision->n_plain = 0;
        decision->moved = 0;
    }
    for (guint i = 0; i < decision->n_counted; i++) {
        uint8_t class = decision->counted[i];

        recorder_meetings(recorder, decision->latest,
                          settle_course(decision->settle, class)->seen.outcome,
                          decision->counts[class], decision->moved);
        decision_classes_post_updates(decision, decision->latest, class, decision->counts[class]);
        decision->counts[class] = 0;
        decision->moved = 0;
    }
    decision->n_counted = 0;
    decision->n_unposted = 0;
}
