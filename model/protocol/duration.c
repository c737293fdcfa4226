#include "model/protocol/duration.h"

#include <glib.h>

/* How often an operation takes place. */
static uint8_t
times_of(const Protocol *protocol, Path path, StepWhen when, bool refused, const CardLog *log)
{
    switch (when) {
    case WHEN_TRIED:
        return true;
    case WHEN_PASSED:
        return !refused;
    case WHEN_WROTE_TRANSFER_KEY:
        return (log->wrote & WROTE_TRANSFER_KEY) != 0;
    case WHEN_WROTE_UPDATE_KEY:
        return (log->wrote & WROTE_UPDATE_KEY) != 0;
    case WHEN_WROTE_TRANSFER_KEY_ID:
        return (log->wrote & WROTE_TRANSFER_KEY_ID) != 0;
    case WHEN_WROTE_SWITCH:
        return (log->wrote & WROTE_SWITCH) != 0;
    case WHEN_KEYS_ARE_SIGNED:
        return protocol->n_signed_keys[path];
    case WHEN_LOGGED:
        return protocol->scheme.recovery == RECOVERY_TORN_LOG;
    case WHEN_WAITED:
        return log->waited;
    case N_WHENS:
        break;
    }
    g_assert_not_reached();
}

Micros
duration_card_step(const Protocol *protocol, Path path, const Chip *chip, CardStep step,
                   bool refused, const CardLog *log)
{
    const CardStepRow *row = &card_steps[step];
    int64_t ns = 0;

    for (guint i = 0; i < row->n_operations; i++) {
        const StepOperation *operation = &row->operations[i];
        size_t length = protocol->lengths[path][operation->length];

        uint8_t times = times_of(protocol, path, operation->when, refused, log);

        if (times > 0)
            ns += times * (operation->on_suite
                               ? chip_suite_operation_ns(chip, protocol->scheme.suite,
                                                         operation->suite_operation, length)
                               : chip_operation_ns(chip, operation->operation, length));
    }
    return (ns + 500) / 1000;
}

guint
course_exchanges(const Settlement *seen, ExchangeVisit visits[static COURSE_EXCHANGES_MAX])
{
    Side older = seen->payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
    guint n = 0;

    for (Exchange exchange = EXCHANGE_SELECT; exchange <= EXCHANGE_INFORMATION; exchange++) {
        visits[n++] = (ExchangeVisit){ exchange, SIDE_PAYER };
        visits[n++] = (ExchangeVisit){ exchange, SIDE_PAYEE };
    }
    for (guint round = 0; round < seen->rounds; round++) {
        Side receiver = round == 0 ? older : side_other(older);

        visits[n++] = (ExchangeVisit){ EXCHANGE_PERMISSION, receiver };
        visits[n++] = (ExchangeVisit){ EXCHANGE_OBTAINING, side_other(receiver) };
        visits[n++] = (ExchangeVisit){ EXCHANGE_UPDATE, receiver };
    }
    visits[n++] = (ExchangeVisit){ EXCHANGE_S2001, SIDE_PAYER };
    visits[n++] = (ExchangeVisit){ EXCHANGE_S2002, SIDE_PAYEE };
    visits[n++] = (ExchangeVisit){ EXCHANGE_S2003, SIDE_PAYER };
    visits[n++] = (ExchangeVisit){ EXCHANGE_S2004, SIDE_PAYEE };
    g_assert(seen->n_exchanges <= n);
    return seen->n_exchanges;
}

/* Chip time of the steps that a card takes between command and response. */
static void
time_steps(const Protocol *protocol, Path path, const Chip *chip, const ExchangePlan *plan,
           const CardLog *log, ExchangeTime *time)
{
    for (guint i = 0; i < plan->n_steps; i++) {
        bool refused = plan->steps[i] == log->refused || plan->steps[i] == log->refused_in_silence;

        time->steps[time->n_steps++] =
            duration_card_step(protocol, path, chip, plan->steps[i], refused, log);
        if (refused)
            break;
    }
}

ExchangeTime
duration_exchange(const Protocol *protocol, const Seat seats[static N_SIDES],
                  const LinkTerminal *terminal, const Course *course, guint visit)
{
    const Settlement *seen = &course->seen;
    ExchangeVisit visits[COURSE_EXCHANGES_MAX];
    guint n = course_exchanges(seen, visits);
    const ExchangePlan *plan = &protocol->plan[seen->path][visits[visit].exchange];
    const Seat *seat = &seats[visits[visit].to];
    size_t command = plan->command.bytes;
    size_t expected = plan->response.bytes;
    ExchangeTime time = { .before = terminal->reader_overhead_us };

    time.there = link_command_us(seat->interface, terminal, command, expected) - time.before;
    time.back = link_exchange_us(seat->interface, terminal, command, expected,
                                 visit + 1 < n || seen->answered) -
                time.there - time.before;
    time_steps(protocol, seen->path, seat->chip, plan, &course->log[visits[visit].to], &time);
    if (visit == 0)
        time.before += (Micros)seats[SIDE_PAYER].interface->activation_us +
                       seats[SIDE_PAYEE].interface->activation_us;
    return time;
}

Micros
duration_refused_exchange(const Protocol *protocol, const Seat *seat, const LinkTerminal *terminal,
                          Path path, Exchange exchange)
{
    const ExchangePlan *plan = &protocol->plan[path][exchange];

    return link_exchange_us(seat->interface, terminal, plan->command.bytes, plan->response.bytes,
                            false);
}

static Micros
sum_exchange(const ExchangeTime *time)
{
    Micros sum = time->before + time->there + time->back;

    for (guint i = 0; i < time->n_steps; i++)
        sum += time->steps[i];
    return sum;
}

Duration
duration_of(const Protocol *protocol, const Seat seats[static N_SIDES],
            const LinkTerminal *terminal, const Course *course)
{
    ExchangeVisit visits[COURSE_EXCHANGES_MAX];
    guint n = course_exchanges(&course->seen, visits);
    Duration duration = { .total = 0 };

    for (guint i = 0; i < n; i++) {
        ExchangeTime time = duration_exchange(protocol, seats, terminal, course, i);

        duration.phase[exchanges[visits[i].exchange].phase] += sum_exchange(&time);
    }
    for (Phase phase = 0; phase < N_PHASES; phase++)
        duration.total += duration.phase[phase];
    return duration;
}

uint64_t
duration_class(const Course *course)
{
    const Settlement *seen = &course->seen;
    uint64_t class = seen->path;

    class = class * 2 + (seen->payer_is_older ? 1 : 0);
    class = class * 3 + seen->rounds;
    class = class * 16 + seen->n_exchanges;
    class = class * 2 + (seen->answered ? 1 : 0);
    for (Side side = 0; side < N_SIDES; side++) {
        class = class * N_CARD_STEPS + course->log[side].refused;
        class = class * N_CARD_STEPS + course->log[side].refused_in_silence;
        class = class * 16 + course->log[side].wrote;
        class = class * 2 + (course->log[side].waited ? 1 : 0);
    }
    return class;
}

#define CLASSES_OF_A_CARD ((uint64_t)N_CARD_STEPS * N_CARD_STEPS * 16 * 2)
G_STATIC_ASSERT((uint64_t)N_PATHS * 2 * 3 * 16 * 2 * CLASSES_OF_A_CARD * CLASSES_OF_A_CARD <=
                (uint64_t)1 << DURATION_CLASS_BITS);
G_STATIC_ASSERT(COURSE_EXCHANGES_MAX < 1 << 4);
