#include "model/timeline.h"

static void
add_part(Timeline *timeline, guint visit, Place place, CardStep step, Micros time)
{
    Micros begin = timeline->n_parts == 0 ? 0 : timeline->parts[timeline->n_parts - 1].end;

    timeline->parts[timeline->n_parts++] = (TimelinePart){
        .end = begin + time,
        .moment = { .visit = (uint8_t)visit, .place = place, .step = step },
    };
}

static void
add_exchange(Timeline *timeline, guint visit, const ExchangePlan *plan, const ExchangeTime *time)
{
    add_part(timeline, visit, PLACE_BEFORE, CARD_STEP_NONE, time->before);
    add_part(timeline, visit, PLACE_THERE, CARD_STEP_NONE, time->there);
    for (guint i = 0; i < time->n_steps; i++)
        add_part(timeline, visit, PLACE_STEP, plan->steps[i], time->steps[i]);
    add_part(timeline, visit, PLACE_BACK, CARD_STEP_NONE, time->back);
}

void
timeline_init(Timeline *timeline, const Protocol *protocol, const Seat seats[static N_SIDES],
              const LinkTerminal *terminal, const Course *course)
{
    Path path = course->seen.path;

    timeline->n_parts = 0;
    timeline->n_visits = course_exchanges(&course->seen, timeline->visits);
    for (guint i = 0; i < timeline->n_visits; i++) {
        const ExchangeVisit *visit = &timeline->visits[i];
        ExchangeTime time = duration_exchange(protocol, seats, terminal, course, i);

        add_exchange(timeline, i, &protocol->plan[path][visit->exchange], &time);
        timeline->refused[i] =
            duration_refused_exchange(protocol, &seats[visit->to], terminal, path, visit->exchange);
    }
}

Moment
timeline_moment(const Timeline *timeline, Micros instant)
{
    guint i = 0;

    while (timeline->parts[i].end <= instant)
        i++;
    g_assert(i < timeline->n_parts);
    return timeline->parts[i].moment;
}

/* The end of the last part before that one of exchange @visit. */
static Micros
begin_of(const Timeline *timeline, guint visit, Place place)
{
    Micros end = 0;

    for (guint i = 0; i < timeline->n_parts; i++) {
        const Moment *moment = &timeline->parts[i].moment;

        if (moment->visit > visit || (moment->visit == visit && moment->place >= place))
            break;
        end = timeline->parts[i].end;
    }
    return end;
}

Micros
timeline_begin(const Timeline *timeline, guint visit)
{
    return begin_of(timeline, visit, PLACE_BEFORE);
}

Micros
timeline_send(const Timeline *timeline, guint visit)
{
    return begin_of(timeline, visit, PLACE_THERE);
}

Duration
timeline_until(const Timeline *timeline, Micros instant)
{
    Duration duration = { .total = instant };
    Micros begin = 0;

    for (guint i = 0; i < timeline->n_parts && begin < instant; i++) {
        const TimelinePart *part = &timeline->parts[i];
        Exchange exchange = timeline->visits[part->moment.visit].exchange;

        duration.phase[exchanges[exchange].phase] += MIN(part->end, instant) - begin;
        begin = part->end;
    }
    return duration;
}
