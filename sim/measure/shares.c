#include "sim/measure/shares.h"

#include "sim/measure/metrics.h"
#include "sim/measure/pending.h"

/* What is noted: half of the first of metric_shares, then each of these. */
#define N_NOTED (METRIC_N_SHARES + 1)

/* The numbers of a share in metric_shares and among those that are noted. */
#define NOTED(share) ((share) + 1)

/* A time, and the meetings up to it. */
typedef struct {
    Micros at;
    uint64_t meetings;
} Instant;

/**
 * Generation:
 * @cards: that hold exactly this one at the moment
 * @first: appearance; SHARES_NOT_YET
 * @begin: where counting begins
 * @n_reached: the shares that are noted, from the first one on
 * @n_certain: of them, those that were reached before the moment
 */
typedef struct {
    int64_t cards;
    Micros first;
    Instant begin;
    guint n_reached;
    guint n_certain;
    Instant reached[N_NOTED];
} Generation;

/**
 * Shares:
 * @moment: of the last change that has taken place
 * @meetings: the latest of those that have changed something by then
 * @is_uncertain: whether a share was reached in this very moment
 */
struct Shares {
    guint n_kinds;
    guint n_generations[N_KEY_KINDS];
    Generation *generations[N_KEY_KINDS];
    int64_t n_cards;
    Pending *pending;
    Micros moment;
    uint64_t meetings;
    bool is_uncertain;
};

Shares *
shares_new(guint n_kinds, const guint n_generations[static N_KEY_KINDS])
{
    Shares *shares = g_new0(Shares, 1);

    g_assert(n_kinds <= N_KEY_KINDS);
    shares->n_kinds = n_kinds;
    shares->pending = pending_new();
    shares->moment = SHARES_FROM_THE_START;
    for (KeyKind kind = 0; kind < n_kinds; kind++) {
        shares->n_generations[kind] = n_generations[kind];
        shares->generations[kind] = g_new0(Generation, n_generations[kind]);
        for (guint i = 0; i < n_generations[kind]; i++) {
            shares->generations[kind][i].first = SHARES_NOT_YET;
            shares->generations[kind][i].begin.at = SHARES_NOT_YET;
        }
    }
    return shares;
}

void
shares_free(Shares *shares)
{
    if (shares == NULL)
        return;
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++)
        g_free(shares->generations[kind]);
    pending_free(shares->pending);
    g_free(shares);
}

/* ---- One moment -------------------------------------------------------- */

/* In thousandths. */
static int64_t
noted_share(guint noted)
{
    return noted == 0 ? metric_shares[0] / 2 : metric_shares[noted - 1];
}

static bool
has_share(const Shares *shares, int64_t at_least, guint noted)
{
    return at_least * 1000 >= shares->n_cards * noted_share(noted);
}

/* The moment is over: what was reached in it and lost again was not reached. */
static void
make_certain(Shares *shares)
{
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++) {
        int64_t at_least = 0;

        for (guint i = shares->n_generations[kind]; i-- > 0;) {
            Generation *generation = &shares->generations[kind][i];

            at_least += generation->cards;
            while (generation->n_reached > generation->n_certain &&
                   !has_share(shares, at_least, generation->n_reached - 1))
                generation->n_reached--;
            generation->n_certain = generation->n_reached;
        }
    }
    shares->is_uncertain = false;
}

/* Something changes at @at, which is not before the moment. */
static void
go_on(Shares *shares, Micros at, uint64_t meetings)
{
    if (at > shares->moment && shares->is_uncertain)
        make_certain(shares);
    shares->moment = MAX(shares->moment, at);
    shares->meetings = MAX(shares->meetings, meetings);
}

static Instant
instant_of(const Shares *shares)
{
    return (Instant){ MAX(shares->moment, 0), shares->meetings };
}

/* Generations older than one that appears count from now on, unless they have appeared before. */
static void
note_appearance(Shares *shares, KeyKind kind, guint newest)
{
    Generation *generations = shares->generations[kind];

    if (generations[newest].first != SHARES_NOT_YET)
        return;
    generations[newest].first = MAX(shares->moment, 0);
    generations[newest].begin = instant_of(shares);
    generations[newest].n_reached = 0;
    generations[newest].n_certain = 0;
    for (guint i = 0; i < newest; i++)
        if (generations[i].begin.at == SHARES_NOT_YET)
            generations[i].begin = instant_of(shares);
}

static void
note_shares(Shares *shares, Generation *generation, int64_t at_least)
{
    while (generation->n_reached < N_NOTED && has_share(shares, at_least, generation->n_reached)) {
        generation->reached[generation->n_reached++] = instant_of(shares);
        shares->is_uncertain = true;
    }
}

/* Notes what generations from @oldest to @newest have reached. */
static void
note_reached(Shares *shares, KeyKind kind, guint oldest, guint newest)
{
    int64_t at_least = 0;

    for (guint i = shares->n_generations[kind]; i-- > oldest;) {
        Generation *generation = &shares->generations[kind][i];

        at_least += generation->cards;
        if (i <= newest && generation->begin.at != SHARES_NOT_YET)
            note_shares(shares, generation, at_least);
    }
}

static void
take_place(Shares *shares, const PendingChange *change)
{
    Generation *generations = shares->generations[change->kind];

    go_on(shares, change->at, change->meetings);
    generations[change->from].cards--;
    generations[change->to].cards++;
    note_appearance(shares, change->kind, change->to);
    note_reached(shares, change->kind, MIN(change->from + 1, change->to), change->to);
}

/* What has been decided and begins up to @now takes place. */
static void
catch_up(Shares *shares, Micros now)
{
    PendingChange change;

    while (pending_take(shares->pending, now, &change))
        take_place(shares, &change);
}

/* ---- What is reported -------------------------------------------------- */

void
shares_enter(Shares *shares, Micros at, uint64_t n, const guint generations[static N_KEY_KINDS],
             uint64_t meetings)
{
    catch_up(shares, at);
    go_on(shares, at, meetings);
    shares->n_cards += (int64_t)n;
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++) {
        shares->generations[kind][generations[kind]].cards += (int64_t)n;
        note_appearance(shares, kind, generations[kind]);
    }
}

void
shares_take(Shares *shares, Micros at, uint64_t meetings)
{
    catch_up(shares, at);
    go_on(shares, at, meetings);
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++)
        note_reached(shares, kind, 0, shares->n_generations[kind]);
}

void
shares_change(Shares *shares, Micros now, Micros at, KeyKind kind, guint from, guint to,
              uint64_t meetings)
{
    const PendingChange change = { at, kind, from, to, meetings };

    catch_up(shares, now);
    if (at > now)
        pending_add(shares->pending, &change);
    else
        take_place(shares, &change);
}

void
shares_close(Shares *shares)
{
    catch_up(shares, INT64_MAX);
    make_certain(shares);
}

/* ---- What it comes to -------------------------------------------------- */

uint64_t
shares_n_cards(const Shares *shares)
{
    return (uint64_t)shares->n_cards;
}

int64_t
shares_pending(const Shares *shares, Micros now, KeyKind kind, guint generation)
{
    return pending_gain(shares->pending, now, kind, generation);
}

Micros
shares_first(const Shares *shares, KeyKind kind, guint generation)
{
    return shares->generations[kind][generation].first;
}

Micros
shares_begin(const Shares *shares, KeyKind kind, guint generation)
{
    return shares->generations[kind][generation].begin.at;
}

Micros
shares_time_to(const Shares *shares, KeyKind kind, guint generation, guint share)
{
    const Generation *row = &shares->generations[kind][generation];

    return NOTED(share) < row->n_reached ? row->reached[NOTED(share)].at - row->begin.at
                                         : SHARES_NOT_YET;
}

uint64_t
shares_meetings_to(const Shares *shares, KeyKind kind, guint generation, guint share)
{
    const Generation *row = &shares->generations[kind][generation];

    return row->reached[NOTED(share)].meetings - row->begin.meetings;
}

Micros
shares_doubling_time(const Shares *shares, KeyKind kind, guint generation)
{
    const Generation *row = &shares->generations[kind][generation];

    if (row->n_reached <= NOTED(0) || row->reached[0].at == row->begin.at)
        return SHARES_NOT_YET;
    return row->reached[NOTED(0)].at - row->reached[0].at;
}
