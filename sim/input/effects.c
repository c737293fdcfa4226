#include "sim/input/effects.h"

#include "sim/input/effect_rules.h"
#include "sim/input/keys.h"
#include "sim/input/members.h"
#include "sim/input/text.h"
#include "sim/input/types.h"
#include "sim/scenario/no_effect.h"
#include "sim/scenario/scenario.h"

#include <string.h>

/* ---- Noting ------------------------------------------------------------------- */

static void
note(const Reading *reading, char *place, const char *why)
{
    NoEffect *found = g_new(NoEffect, 1);

    *found = (NoEffect){ place, why };
    g_ptr_array_add(reading->scenario->without_effect, found);
}

/* Whether a key says what it would say if it were not there. */
static bool
is_at_default(const Reading *reading, const ScenarioKey *key, const char *header,
              const void *member)
{
    g_autofree char *written = text_value(reading->text, header, key->name);
    g_autofree char *value =
        types_print(&key->value, (const char *)member + key->offset, reading->scenario);

    return key->preset != NULL &&
           (g_strcmp0(written, key->preset) == 0 || g_strcmp0(value, key->preset) == 0);
}

static const char *
find_why(const EffectFacts *facts, const ScenarioKey *key, const void *member)
{
    const Scenario *scenario = facts->scenario;

    if (key->used != NULL && !key->used(&scenario->scheme))
        return "not used in this scheme";
    if (!keys_is_of_model(key, scenario->mixing))
        return "not used by this model";
    return effect_rules_find(facts, key->group, key->name, member);
}

static void
note_key(const EffectFacts *facts, const ScenarioKey *key, const char *header, const void *member)
{
    const Reading *reading = facts->reading;
    const bool is_default = is_at_default(reading, key, header, member);
    const char *why = is_default ? NULL : find_why(facts, key, member);

    if (is_default || why != NULL)
        note(reading, g_strdup_printf("[%s] %s", header, key->name), why);
}

static void
note_group(const EffectFacts *facts, ScenarioGroup group, const char *header, const void *member)
{
    const Reading *reading = facts->reading;
    const char *why = effect_rules_find(facts, group, NULL, member);
    g_auto(GStrv) names = text_keys(reading->text, header);

    if (why != NULL) {
        note(reading, g_strdup_printf("[%s]", header), why);
        return;
    }
    for (char **name = names; *name != NULL; name++)
        note_key(facts, keys_find(group, *name), header, member);
}

void
effects_note(const Reading *reading)
{
    const EffectFacts facts = effect_facts_gather(reading);
    g_auto(GStrv) headers = text_groups(reading->text);
    guint n_read[N_GROUPS] = { 0 };

    for (char **header = headers; *header != NULL; header++) {
        const ScenarioGroup group = keys_find_group(*header, NULL);
        const GPtrArray *members;

        if (group == GROUP_SWEEP || group == N_GROUPS) /* what run.ini says of its run */
            continue;
        members = members_of_group(reading->scenario, group);
        note_group(&facts, group, *header,
                   members == NULL ? reading->scenario : members->pdata[n_read[group]++]);
    }
}

/* ---- Saying ------------------------------------------------------------------- */

/* What has no effect at one point, by its place. */
static GHashTable *
index_places(const Scenario *scenario)
{
    GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->without_effect->len; i++) {
        NoEffect *found = scenario->without_effect->pdata[i];

        g_hash_table_insert(places, found->place, found);
    }
    return places;
}

/* Leaves of @all, of NoEffect, what has no effect at another point either. A key that is at its
 * default at one point may be said to have none at another. */
static void
leave_common(GArray *all, const Scenario *point)
{
    g_autoptr(GHashTable) places = index_places(point);
    guint n = 0;

    for (guint i = 0; i < all->len; i++) {
        NoEffect *found = &g_array_index(all, NoEffect, i);
        const NoEffect *here = g_hash_table_lookup(places, found->place);

        if (here == NULL)
            continue;
        if (found->why == NULL)
            found->why = here->why;
        else if (here->why != NULL && strcmp(found->why, here->why) != 0)
            found->why = "at each point for a reason of its own";
        g_array_index(all, NoEffect, n++) = *found;
    }
    g_array_set_size(all, n);
}

/* ` key` of `[group] key`; empty if a place is a whole group. */
static const char *
key_of(const NoEffect *found)
{
    return strrchr(found->place, ']') + 1;
}

/* Adds what is said like the entry @i to its line, and takes away why, so that it is said once. */
static void
add_likes(GArray *all, guint i, GString *groups)
{
    const NoEffect *first = &g_array_index(all, NoEffect, i);

    for (guint k = i + 1; k < all->len; k++) {
        NoEffect *found = &g_array_index(all, NoEffect, k);

        if (found->why == NULL || strcmp(found->why, first->why) != 0 ||
            strcmp(key_of(found), key_of(first)) != 0)
            continue;
        g_string_append(groups, ", ");
        g_string_append_len(groups, found->place, key_of(found) - found->place);
        found->why = NULL;
    }
}

GPtrArray *
effects_list(const GPtrArray *points)
{
    const Scenario *first = points->pdata[0];
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(NoEffect));
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < first->without_effect->len; i++)
        g_array_append_vals(all, first->without_effect->pdata[i], 1);
    for (guint i = 1; i < points->len; i++)
        leave_common(all, points->pdata[i]);
    for (guint i = 0; i < all->len; i++) {
        const NoEffect *found = &g_array_index(all, NoEffect, i);
        g_autoptr(GString) groups = NULL;

        if (found->why == NULL)
            continue;
        groups = g_string_new_len(found->place, key_of(found) - found->place);
        add_likes(all, i, groups);
        g_ptr_array_add(lines, g_strdup_printf("%s%s: %s", groups->str, key_of(found), found->why));
    }
    return lines;
}

void
effects_print(const GPtrArray *points, FILE *out)
{
    g_autoptr(GPtrArray) lines = effects_list(points);

    for (guint i = 0; i < lines->len; i++)
        fprintf(out, "# without effect: %s\n", (const char *)lines->pdata[i]);
}
