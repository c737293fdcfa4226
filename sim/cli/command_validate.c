#include "sim/cli/command.h"
#include "sim/study/validate.h"

/* Without --seed. */
static const uint64_t fixed_seeds[] = { 1, 2, 3 };

/* (transfer full): of uint64_t; NULL after printing what is wrong */
static GArray *
read_seeds(char **texts)
{
    g_autoptr(GArray) seeds = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (; texts != NULL && *texts != NULL; texts++) {
        guint64 number;
        uint64_t seed;

        if (!g_ascii_string_to_unsigned(*texts, 10, 0, G_MAXUINT64, &number, NULL)) {
            command_misused("validate: --seed: expected a number from 0 to 2^64 - 1, found '%s'",
                            *texts);
            return NULL;
        }
        seed = number;
        g_array_append_val(seeds, seed);
    }
    if (seeds->len == 0)
        g_array_append_vals(seeds, fixed_seeds, G_N_ELEMENTS(fixed_seeds));
    return g_steal_pointer(&seeds);
}

static int
validate_with(char **seed_texts, bool is_long)
{
    g_autoptr(GArray) seeds = read_seeds(seed_texts);
    Validation validation = { .is_long = is_long };

    if (seeds == NULL)
        return EXIT_WRONG_INPUT;
    validation.seeds = (const uint64_t *)(gpointer)seeds->data;
    validation.n_seeds = seeds->len;
    validate_all(&validation, stdout);
    printf("%u checks, %u failed\n", validation.n_checks, validation.n_failed);
    return validation.n_failed == 0 ? EXIT_DONE : EXIT_DIFFERENT;
}

int
command_validate(int argc, char **argv)
{
    gboolean is_quick = FALSE;
    gboolean is_long = FALSE;
    char **seeds = NULL;
    const GOptionEntry entries[] = {
        { "quick", 0, 0, G_OPTION_ARG_NONE, &is_quick, "in less than a minute (default)", NULL },
        { "long", 0, 0, G_OPTION_ARG_NONE, &is_long, "ten times as many replications", NULL },
        { "seed", 0, 0, G_OPTION_ARG_STRING_ARRAY, &seeds,
          "of the random streams, instead of three fixed ones; may be repeated", "N" },
        G_OPTION_ENTRY_NULL,
    };
    int status;

    if (!command_parse(&argc, &argv, "",
                       "Holds simulations against theory; exit status 3 if a check fails.",
                       entries))
        status = EXIT_WRONG_INPUT;
    else if (argc != 1)
        status = command_misused("validate: expected no argument, found '%s'", argv[1]);
    else if (is_quick && is_long)
        status = command_misused("validate: expected --quick or --long, found both");
    else
        status = validate_with(seeds, is_long);
    g_strfreev(seeds);
    return status;
}
