#include "model/wire/torn_readers.h"

#include "model/protocol/bytes.h"

typedef struct TornSettlement TornSettlement;

/* One of the two; what the terminal speaks to. */
typedef struct {
    Reader reader;
    TornSettlement *settlement;
    Side side;
    Card *card;
} TornReader;

/**
 * TornSettlement:
 * @moment: of the tear
 * @is_retried: the line goes, not the power, and the command is sent again
 * @n_begun: exchanges so far; @last_side, @last_instruction: the last of them
 * @is_made_good: from now on everything passes again
 * @is_over: no answer came, or a card was seen to be gone; @end is when that was
 */
struct TornSettlement {
    TornReader readers[N_SIDES];
    const Timeline *timeline;
    const Tear *tear;
    Moment moment;
    bool is_retried;
    guint n_begun;
    Side last_side;
    uint8_t last_instruction;
    bool is_made_good;
    bool is_over;
    Micros end;
};

static bool
concerns(const TornSettlement *settlement, Side side)
{
    return settlement->tear->party == TEAR_TERMINAL ||
           (guint)settlement->tear->party == (guint)side;
}

/* GET RESPONSE, the commands of a chain and what is sent again belong to one exchange. */
static void
count_exchange(TornSettlement *settlement, Side side, uint8_t instruction)
{
    if (instruction == APDU_INS_GET_RESPONSE ||
        (settlement->n_begun > 0 && settlement->last_side == side &&
         settlement->last_instruction == instruction))
        return;
    settlement->n_begun++;
    settlement->last_side = side;
    settlement->last_instruction = instruction;
}

static size_t
end_at(TornSettlement *settlement, Micros end)
{
    settlement->is_over = true;
    settlement->end = end;
    return 0;
}

static size_t
lose(TornSettlement *settlement)
{
    if (!settlement->is_retried)
        return end_at(settlement, settlement->tear->instant);
    settlement->is_made_good = true;
    return 0;
}

/* Whether the card has done nothing yet for the exchange: a chain goes on, or Le was wrong. */
static bool
is_preliminary(const uint8_t *command, const uint8_t *response, size_t n)
{
    return (command[0] & APDU_CLASS_CHAINED) != 0 ||
           (bytes_get_u16(response + n - APDU_STATUS_BYTES) & 0xFF00) == SW_WRONG_EXPECTED;
}

/* The exchange in which the tear falls. */
static size_t
strike(TornReader *torn, const uint8_t *command, size_t length, uint8_t *response)
{
    TornSettlement *settlement = torn->settlement;
    const Moment *moment = &settlement->moment;
    const CardCut cut = { moment->step, settlement->tear->chance };
    size_t n;

    if (moment->place == PLACE_BEFORE || moment->place == PLACE_THERE)
        return lose(settlement);
    if (moment->place == PLACE_STEP && !settlement->is_retried)
        card_cut_power(torn->card, &cut);
    n = card_process(torn->card, command, length, response);
    if (n > 0 && is_preliminary(command, response, n))
        return n;
    return lose(settlement);
}

static size_t
transmit(Reader *reader, const uint8_t *command, size_t length, uint8_t *response)
{
    TornReader *torn = (TornReader *)reader;
    TornSettlement *settlement = torn->settlement;
    guint visit;

    if (settlement->is_over && concerns(settlement, torn->side))
        return 0;
    count_exchange(settlement, torn->side, command[1]);
    visit = settlement->n_begun - 1;
    if (!concerns(settlement, torn->side) || settlement->is_made_good ||
        visit < settlement->moment.visit)
        return card_process(torn->card, command, length, response);
    if (visit > settlement->moment.visit) /* it left while the other one was spoken to */
        return end_at(settlement, settlement->timeline->begins[visit]);
    return strike(torn, command, length, response);
}

/* The terminal asks when it is about to send the next command. */
static bool
has_card(Reader *reader)
{
    const TornReader *torn = (TornReader *)reader;
    TornSettlement *settlement = torn->settlement;
    guint next = settlement->n_begun;

    if (!concerns(settlement, torn->side) || settlement->is_made_good ||
        settlement->moment.visit > next ||
        (settlement->moment.visit == next && settlement->moment.place != PLACE_BEFORE))
        return true;
    end_at(settlement, settlement->tear->party == TEAR_TERMINAL
                           ? settlement->tear->instant
                           : settlement->timeline->sends[next]);
    return false;
}

static Duration
duration_until_end(const TornSettlement *settlement, Outcome outcome)
{
    const Timeline *timeline = settlement->timeline;
    guint visit = settlement->moment.visit;
    Micros end = timeline_end(timeline);
    Micros again = timeline->begins[visit + 1] - timeline->begins[visit];
    Duration duration;

    if (settlement->is_over)
        return timeline_until(timeline, settlement->end);
    if (!settlement->is_made_good)
        return timeline_until(timeline, end);
    if (outcome_is_torn(outcome)) {
        end = timeline->begins[visit + 1];
        again = timeline->refused[visit];
    }
    duration = timeline_until(timeline, end);
    duration.phase[PHASE_VALUE] += again;
    duration.total += again;
    return duration;
}

TornCourse
torn_readers_settle(Terminal *terminal, Card *const cards[static N_SIDES], const Timeline *timeline,
                    const Tear *tear, Cents amount, int64_t date, Micros now)
{
    TornSettlement settlement = { .timeline = timeline,
                                  .tear = tear,
                                  .moment = timeline_moment(timeline, tear->instant) };
    TornCourse course;

    settlement.is_retried =
        tear_is_retried(&terminal->protocol->scheme, timeline, tear->party, &settlement.moment);
    for (Side side = 0; side < N_SIDES; side++) {
        card_begin_log(cards[side]); /* it may be torn before the card is selected */
        settlement.readers[side] = (TornReader){
            .reader = { .transmit = transmit,
                        .has_card = has_card,
                        .listener = cards[side]->reader.listener,
                        .protocol = cards[side]->reader.protocol },
            .settlement = &settlement,
            .side = side,
            .card = cards[side],
        };
    }
    course.outcome = terminal_settle(terminal, &settlement.readers[SIDE_PAYER].reader,
                                     &settlement.readers[SIDE_PAYEE].reader, amount, date, now)
                         .outcome;
    if (outcome_is_torn(course.outcome))
        course.outcome =
            tear_outcome(cards[SIDE_PAYER]->log.committed, cards[SIDE_PAYEE]->log.committed);
    for (Side side = 0; side < N_SIDES; side++) {
        course.wrote[side] = cards[side]->log.wrote;
        course.restored[side] = cards[side]->log.restored;
    }
    course.duration = duration_until_end(&settlement, course.outcome);
    return course;
}
