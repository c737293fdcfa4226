#include "sim/runs/trace_notes.h"

#include "sim/base/wording.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/scenario.h"

/* The cohort of a card that is there from the start. */
static const ScenarioCohort *
cohort_of(const Scenario *scenario, uint64_t card)
{
    guint i = 0;

    while (card >= (uint64_t)scenario_cohort(scenario, i)->cards)
        card -= (uint64_t)scenario_cohort(scenario, i++)->cards;
    return scenario_cohort(scenario, i);
}

static void
print_unseen(const Scenario *scenario, const ContactsFacts *facts, const char *lead, FILE *out)
{
    uint64_t n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        n += (uint64_t)scenario_cohort(scenario, i)->cards;
    if (facts->n_seen < n)
        fprintf(out,
                "%scards in no row of the trace: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                ", the first of them number %" G_GUINT64_FORMAT ", in [cohort %s]\n",
                lead, (guint64)(n - facts->n_seen), (guint64)n, (guint64)facts->first_unseen,
                cohort_of(scenario, facts->first_unseen)->name);
}

static void
print_twins(const ContactsFacts *facts, const char *lead, FILE *out)
{
    g_autofree char *one = NULL;
    g_autofree char *other = NULL;

    if (facts->n_twins == 0)
        return;
    one = wording_quoted(facts->twins[0]);
    other = wording_quoted(facts->twins[1]);
    fprintf(out, "%sthe trace has %s and %s, which are two cards", lead, one, other);
    if (facts->n_twins > 1)
        fprintf(out, ", and %" G_GUINT64_FORMAT " more such names", (guint64)facts->n_twins - 1);
    fprintf(out, ": they differ in white space, capitals or leading zeros alone\n");
}

void
trace_notes_print(const Scenario *scenario, const char *lead, FILE *out)
{
    const ContactsFacts *facts;

    if (scenario->trace == NULL)
        return;
    facts = contacts_facts(scenario->trace);
    print_unseen(scenario, facts, lead, out);
    print_twins(facts, lead, out);
    if (facts->is_turned)
        fprintf(out, "%sthe times of the trace fall: it was read from its last row to its first\n",
                lead);
    if (facts->has_doubtful_ties)
        fprintf(out,
                "%sthe times of the trace mostly fall: rows of the same time keep the order of the "
                "file, which may be the opposite of theirs\n",
                lead);
}
