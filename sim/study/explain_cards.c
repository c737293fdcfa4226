#include "sim/study/explain_cards.h"

#include "sim/input/types.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/handle.h"
#include "sim/scenario/terminal_group.h"
#include "sim/world/world.h"

static void
print_place(const StagedMeeting *meeting, FILE *out)
{
    const World *world = meeting->world;
    const TerminalGroup *group = &world->terminals->groups[meeting->terminal.group];
    Micros clock = terminals_clock(group, &meeting->terminal, meeting->at);
    g_autofree char *at = types_print(PLAIN_TYPE(TYPE_INSTANT), &meeting->at, world->scenario);

    fprintf(out, ", terminal %s", group->kind->name);
    if (group->row->rogue != ROGUE_NONE)
        fprintf(out, ", rogue: %s", rogue_names[group->row->rogue]);
    if (meeting->at > 0)
        fprintf(out, ", at %s", at);
    if (clock != meeting->at) {
        g_autofree char *shown = types_print(PLAIN_TYPE(TYPE_SKEW), &clock, world->scenario);

        fprintf(out, ", clock at %s", shown);
    }
    if (world_newest_crl(world) > 0)
        fprintf(out, ", revocation list %u of %u",
                world_crl(world, group, &meeting->terminal, meeting->at), world_newest_crl(world));
}

void
explain_cards_print_place(const StagedMeeting *meeting, FILE *out)
{
    const Protocol *protocol = &meeting->world->protocol;
    const char *embodiment = scheme_embodiment(&protocol->scheme);

    fprintf(out, "One settlement, embodiment %s", embodiment != NULL ? embodiment : "of its own");
    if (protocol->has_certificates)
        fprintf(out, ", suite %s", protocol->suite->name);
    print_place(meeting, out);
    fprintf(out, "\n");
}

/* What is out of the ordinary with a card, behind all that any card has. */
static void
print_state(const StagedMeeting *meeting, const ScenarioCohort *cohort, Side side,
            const CardMemory *memory, FILE *out)
{
    const CohortEntry *entry = staged_meeting_entry(meeting, side);

    if (cohort->rogue != ROGUE_CARDS_NONE)
        fprintf(out, ", rogue: %s", rogue_cards_names[cohort->rogue]);
    if (entry->revoked_by != POPULATION_NOT_REVOKED)
        fprintf(out, ", revoked by list %u", entry->revoked_by);
    if (memory->expiry_day != CARD_NEVER_EXPIRES &&
        meeting->at >= memory->expiry_day * MICROS_PER_DAY)
        fprintf(out, ", expired on day %u", memory->expiry_day);
}

void
explain_cards_print(const StagedMeeting *meeting, const guint cohorts[static N_SIDES],
                    const char *const names[static N_SIDES],
                    const CardMemory memories[static N_SIDES], const char *when, FILE *out)
{
    const World *world = meeting->world;

    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *memory = &memories[side];
        const Seat seat = staged_meeting_seat(meeting, side);

        fprintf(out, "%-7s %-24s transfer key %u", when, names[side],
                world_id(world, memory->transfer_key));
        if (scheme_has_update_keys(&world->protocol.scheme))
            fprintf(out, ", update key %u", world_id(world, memory->update_key));
        fprintf(out, ", balance %" G_GINT64_FORMAT "; %s, %s", memory->balance, seat.chip->name,
                seat.interface->name);
        print_state(meeting, scenario_cohort(world->scenario, cohorts[side]), side, memory, out);
        fprintf(out, "\n");
    }
}
