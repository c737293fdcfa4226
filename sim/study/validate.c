#include "sim/study/validate.h"

#include "sim/study/validate_subjects.h"

static void (*const subjects[])(Validation *validation, FILE *out) = {
    validate_pairs, validate_curves, validate_structure,  validate_attacker,
    validate_queue, validate_tears,  validate_references,
};

void
validate_all(Validation *validation, FILE *out)
{
    fprintf(out, "%-58s %12s %12s %9s %7s %9s\n", "check", "exact", "simulated", "n", "z", "slack");
    for (guint i = 0; i < G_N_ELEMENTS(subjects); i++)
        subjects[i](validation, out);
}
