#include "model/protocol/timeline.h"

static Micros
end_of(const Timeline *timeline)
{
    return timeline->n_parts == 0 ? 0 : timeline->parts[timeline->n_parts - 1].end;
}

static void
add_part(Timeline *timeline, guint visit, Place place, CardStep step, Micros time)
{
    Micros end = end_of(timeline) + time;

    timeline->parts[timeline->n_parts++] = (TimelinePart){
        .end = end,
        .moment = { .visit = (uint8_t)visit, .place = place, .step = step },
    };
}

static void
add_exchange(Timeline *timeline, guint visit, const ExchangePlan *plan, const ExchangeTime *time)
{
    timeline->begins[visit] = end_of(timeline);
    add_part(timeline, visit, PLACE_BEFORE, CARD_STEP_NONE, time->before);
    timeline->sends[visit] = end_of(timeline);
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
    timeline->begins[timeline->n_visits] = end_of(timeline);
}

Moment
timeline_moment(const Timeline *timeline, Micros instant)
{
    guint i = 0;

    g_assert(instant >= 0 && instant < timeline_end(timeline));
    while (timeline->parts[i].end <= instant)
        i++;
    return timeline->parts[i].moment;
}

Duration
timeline_until(const Timeline *timeline, Micros instant)
{
    Duration duration = { .total = instant };
    const Micros *begins = timeline->begins;

    for (guint i = 0; i < timeline->n_visits && begins[i] < instant; i++)
        duration.phase[exchanges[timeline->visits[i].exchange].phase] +=
            MIN(begins[i + 1], instant) - begins[i];
    return duration;
}
