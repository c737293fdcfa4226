#include "sim/input/keys.h"

#include "sim/scenario/plan_actions.h"
#include "sim/scenario/scenario.h"

/* Every row whose values are names that no scenario brings. */
static void
each_value_of_a_choice_has_a_name_of_its_own(void)
{
    guint n_choices = 0;

    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];
        g_autoptr(GPtrArray) names = types_names(&key->value);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        if (names == NULL)
            continue;
        n_choices++;
        g_assert_cmpuint(names->len, >=, 2);
        for (guint k = 0; k < names->len; k++) {
            g_assert_nonnull(names->pdata[k]);
            g_assert_true(g_hash_table_add(seen, names->pdata[k]));
        }
        g_assert_true(key->value.names == NULL || key->value.n_names == names->len);
        g_assert_true(key->value.names == NULL || key->value.names[names->len] == NULL);
    }
    g_assert_cmpuint(n_choices, >=, 36);
}

/* Value @index of an enum, as a field holds it. */
static char *
print_value(const ScenarioKey *key, guint index)
{
    return types_print(&key->value, &index, NULL);
}

static void
each_name_of_a_choice_is_read_as_its_value(void)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];

        for (guint k = 0; key->value.type == TYPE_CHOICE && k < key->value.n_names; k++) {
            g_autofree char *printed = print_value(key, k);
            guint value = G_MAXUINT;

            g_assert_cmpstr(printed, ==, key->value.names[k]);
            g_assert_true(types_read(&key->value, printed, &value, NULL));
            g_assert_cmpuint(value, ==, k);
        }
    }
}

/* A group may not have two keys of a name. */
static void
each_key_is_found_by_its_name(void)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];

        g_assert_true(keys_find(key->group, key->name) == key);
        g_assert_true((key->meaning == NULL) != (key->describe == NULL));
        g_assert_true((key->preset == NULL) != (key->otherwise == NULL));
    }
}

static void
a_key_is_of_the_mixing_models_of_its_row(void)
{
    const ScenarioKey *zipf = keys_find(GROUP_MIXING, "zipf");
    const ScenarioKey *activity = keys_find(GROUP_COHORT, "activity");
    const ScenarioKey *model = keys_find(GROUP_MIXING, "model");

    for (MixingModel i = 0; i < N_MIXINGS; i++) {
        g_assert_cmpint(keys_is_of_model(zipf, i), ==, i == MIXING_MERCHANTS);
        g_assert_cmpint(keys_is_of_model(activity, i), ==, i != MIXING_TRACE);
        g_assert_true(keys_is_of_model(model, i));
    }
}

/* An action's row names each key that it may have, and no two actions are alike in name. */
static void
each_action_of_a_plan_has_a_row(void)
{
    guint keys = 0;

    for (size_t i = 0; i < scenario_n_keys; i++) {
        g_assert_true(scenario_keys[i].plan_key == 0 || scenario_keys[i].group == GROUP_PLAN);
        g_assert_cmpuint(keys & scenario_keys[i].plan_key, ==, 0);
        keys |= scenario_keys[i].plan_key;
    }
    for (PlanDo i = 0; i < N_PLAN_DO; i++) {
        const guint has = plan_actions[i].needs | plan_actions[i].allows;

        g_assert_nonnull(plan_actions[i].name);
        g_assert_nonnull(plan_actions[i].meaning);
        g_assert_cmpuint(has, !=, 0);
        g_assert_cmpuint(has & ~keys, ==, 0);
    }
    g_assert_null(plan_actions[N_PLAN_DO].name);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keys/names/each-value-of-a-choice-has-a-name-of-its-own",
                    each_value_of_a_choice_has_a_name_of_its_own);
    g_test_add_func("/keys/names/each-name-of-a-choice-is-read-as-its-value",
                    each_name_of_a_choice_is_read_as_its_value);
    g_test_add_func("/keys/find/each-key-is-found-by-its-name", each_key_is_found_by_its_name);
    g_test_add_func("/keys/models/a-key-is-of-the-mixing-models-of-its-row",
                    a_key_is_of_the_mixing_models_of_its_row);
    g_test_add_func("/keys/plan/each-action-has-a-row", each_action_of_a_plan_has_a_row);
    return g_test_run();
}
