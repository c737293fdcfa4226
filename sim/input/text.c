#include "sim/input/text.h"

#include "sim/base/wording.h"
#include "sim/input/mistakes.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#define ASSIGNMENT_LENGTH 200
#define ILLEGIBLE_BYTES 1000 /* of a line; no header of ours is longer */
#define AFTER_ALL_LINES (INT64_C(1) << 40)

typedef struct {
    int line;         /* 0: from --set */
    char *assignment; /* of --set, fit to print; NULL: from the file */
    gint64 order;     /* of mistakes */
    bool in_doubt;    /* a key: its value; a group: whether its keys are all there */
    bool has_mistake; /* a group: in any of its keys */
} Place;

struct ScenarioText {
    char *file;
    GKeyFile *values;
    GHashTable *places; /* `GROUP]KEY` or `GROUP]` to Place */
    Mistakes *mistakes;
    gint64 n_assignments;
    GString *illegible; /* lines that may have been headers */
    bool in_doubt;      /* a group may be missing for want of a legible header */
};

/* Where the scanner stands. */
typedef struct {
    int line;
    char *group; /* NULL: before the first, or behind a header that is none */
    bool lost;   /* the latter: the keys that follow belong nowhere */
} Cursor;

static void
free_place(void *place)
{
    g_free(((Place *)place)->assignment);
    g_free(place);
}

ScenarioText *
text_new(const char *path)
{
    ScenarioText *text = g_new0(ScenarioText, 1);

    text->file = g_filename_display_name(path);
    text->values = g_key_file_new();
    text->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_place);
    text->mistakes = mistakes_new();
    text->illegible = g_string_new(NULL);
    return text;
}

void
text_free(ScenarioText *text)
{
    if (text == NULL)
        return;
    g_free(text->file);
    g_key_file_unref(text->values);
    g_hash_table_unref(text->places);
    mistakes_free(text->mistakes);
    g_string_free(text->illegible, TRUE);
    g_free(text);
}

static Place *
find_place(const ScenarioText *text, const char *group, const char *key)
{
    /* no group's name contains `]` */
    g_autofree char *id = g_strconcat(group, "]", key, NULL);

    return g_hash_table_lookup(text->places, id);
}

static void
note_place(ScenarioText *text, const char *group, const char *key, const Place *place)
{
    Place *copy = g_new(Place, 1);

    *copy = *place;
    copy->assignment = g_strdup(place->assignment);
    g_hash_table_replace(text->places, g_strconcat(group, "]", key, NULL), copy);
}

static void G_GNUC_PRINTF(3, 4)
    line_mistake(ScenarioText *text, const Cursor *cursor, const char *format, ...)
{
    va_list args;
    g_autofree char *message = NULL;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    mistakes_add(text->mistakes, cursor->line,
                 g_strdup_printf("%s:%d: %s", text->file, cursor->line, message));
    text_doubt(text, cursor->group);
}

/* What keeps @bytes from being a line of text; NULL if nothing does. */
static char *
find_fault(const char *bytes, gsize length)
{
    const char *end;

    if (length > SCENARIO_TEXT_LINE_BYTES)
        return g_strdup_printf("expected at most %d bytes in a line, found %" G_GSIZE_FORMAT,
                               SCENARIO_TEXT_LINE_BYTES, length);
    if (!g_utf8_validate(bytes, (gssize)length, &end))
        return g_strdup_printf("expected text in UTF-8, found the byte 0x%02x",
                               (unsigned char)*end);
    for (gsize i = 0; i < length; i++)
        if (g_ascii_iscntrl(bytes[i]) && bytes[i] != '\t')
            return g_strdup_printf("expected text, found the control character 0x%02x",
                                   (unsigned char)bytes[i]);
    return NULL;
}

/* Keeps a line that may have been a header. */
static void
note_illegible(ScenarioText *text, const char *bytes, gsize length)
{
    g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)MIN(length, ILLEGIBLE_BYTES));

    g_string_append(text->illegible, valid);
    g_string_append_c(text->illegible, '\n');
}

bool
text_is_group_name(const char *name)
{
    return name[0] != '\0' && strpbrk(name, "[]\t") == NULL && name[0] != ' ' &&
           name[strlen(name) - 1] != ' ';
}

static bool
is_key_name(const char *key)
{
    return key[0] != '\0' && strpbrk(key, "[]") == NULL;
}

static void
scan_header(ScenarioText *text, Cursor *cursor, char *content)
{
    g_autofree char *quoted = wording_quoted(content);
    const gsize length = strlen(content);
    const Place *first;

    g_clear_pointer(&cursor->group, g_free);
    cursor->lost = content[length - 1] != ']';
    if (!cursor->lost)
        content[length - 1] = '\0';
    g_strstrip(content + 1);
    if (cursor->lost || !text_is_group_name(content + 1)) {
        cursor->lost = true;
        note_illegible(text, content, strlen(content));
        line_mistake(text, cursor, "expected [GROUP] alone on its line, found %s", quoted);
        return;
    }
    cursor->group = g_strdup(content + 1);
    first = find_place(text, cursor->group, NULL);
    if (first != NULL) {
        g_autofree char *found = wording_shown(cursor->group, ASSIGNMENT_LENGTH);

        mistakes_add(text->mistakes, cursor->line,
                     g_strdup_printf("%s:%d: expected each group once, found [%s] again "
                                     "(first in line %d)",
                                     text->file, cursor->line, found, first->line));
        return;
    }
    note_place(text, cursor->group, NULL, &(Place){ .line = cursor->line, .order = cursor->line });
}

/* Complains of a key that belongs nowhere, once for all that follow it. */
static void
scan_stray_key(ScenarioText *text, Cursor *cursor, const char *key)
{
    g_autofree char *found = wording_quoted(key);

    if (!cursor->lost)
        line_mistake(text, cursor,
                     "expected a group such as [scenario] before the first key, "
                     "found %s",
                     found);
    cursor->lost = true;
}

static void
scan_value(ScenarioText *text, const Cursor *cursor, const char *key, const char *value)
{
    const Place place = { .line = cursor->line, .order = cursor->line };
    const Place *first = find_place(text, cursor->group, key);

    if (first != NULL) {
        g_autofree char *found = wording_quoted(key);

        mistakes_add(text->mistakes, cursor->line,
                     g_strdup_printf("%s:%d: expected each key of a group once, found %s "
                                     "again (first in line %d)",
                                     text->file, cursor->line, found, first->line));
        return;
    }
    note_place(text, cursor->group, key, &place);
    if (value[0] == '\0')
        text_mistake(text, cursor->group, key, "expected a value, found nothing");
    else
        g_key_file_set_value(text->values, cursor->group, key, value);
}

static void
scan_key(ScenarioText *text, Cursor *cursor, char *content)
{
    g_autofree char *found = wording_quoted(content);
    char *equals = strchr(content, '=');

    if (content[0] == ';') {
        line_mistake(text, cursor, "expected '#' before a comment, found %s", found);
        return;
    }
    if (cursor->group == NULL) {
        scan_stray_key(text, cursor, content);
        return;
    }
    if (equals == NULL) {
        line_mistake(text, cursor, "expected KEY = VALUE, found %s", found);
        return;
    }
    *equals = '\0';
    g_strstrip(content);
    if (is_key_name(content))
        scan_value(text, cursor, content, g_strstrip(equals + 1));
    else
        line_mistake(text, cursor, "expected KEY = VALUE, found %s", found);
}

static void
scan_line(ScenarioText *text, Cursor *cursor, const char *bytes, gsize length)
{
    g_autofree char *fault = NULL;
    g_autofree char *content = NULL;

    if (length > 0 && bytes[length - 1] == '\r')
        length--;
    fault = find_fault(bytes, length);
    if (fault != NULL) {
        line_mistake(text, cursor, "%s", fault);
        note_illegible(text, bytes, length);
        text->in_doubt = true;
        return;
    }
    content = g_strstrip(g_strndup(bytes, length));
    if (content[0] == '[')
        scan_header(text, cursor, content);
    else if (content[0] != '\0' && content[0] != '#')
        scan_key(text, cursor, content);
}

void
text_scan(ScenarioText *text, const char *data, gsize length)
{
    static const char mark[] = { '\xef', '\xbb', '\xbf' };
    Cursor cursor = { 0 };
    gsize begin = 0;

    if (length >= sizeof mark && memcmp(data, mark, sizeof mark) == 0)
        begin = sizeof mark;
    while (begin < length) {
        const char *newline = memchr(data + begin, '\n', length - begin);
        const gsize end = newline != NULL ? (gsize)(newline - data) : length;

        cursor.line++;
        scan_line(text, &cursor, data + begin, end - begin);
        begin = end + 1;
    }
    g_free(cursor.group);
}

/* The keys of this group have dots of their own. */
#define DOTTED_GROUP "sweep."

/* Splits into group, key and value; the rest of @assignment is no longer needed. */
static bool
split_assignment(char *assignment, char **group, char **key, char **value)
{
    char *equals = strchr(assignment, '=');
    char *dot;

    if (equals == NULL)
        return false;
    *equals = '\0';
    dot = g_str_has_prefix(assignment, DOTTED_GROUP) ? strchr(assignment, '.')
                                                     : strrchr(assignment, '.');
    if (dot == NULL)
        return false;
    *dot = '\0';
    *group = g_strstrip(assignment);
    *key = g_strstrip(dot + 1);
    *value = g_strstrip(equals + 1);
    return text_is_group_name(*group) && is_key_name(*key);
}

static void
assignment_mistake(ScenarioText *text, const Place *place, const char *message)
{
    mistakes_add(text->mistakes, place->order,
                 g_strdup_printf("--set %s: %s", place->assignment, message));
    text->in_doubt = true;
}

void
text_set(ScenarioText *text, const char *assignment)
{
    g_autofree char *shown = wording_shown(assignment, ASSIGNMENT_LENGTH);
    g_autofree char *fault = find_fault(assignment, strlen(assignment));
    g_autofree char *copy = g_strdup(assignment);
    const Place place = { .assignment = shown, .order = AFTER_ALL_LINES + text->n_assignments++ };
    char *group, *key, *value;

    if (fault != NULL) {
        assignment_mistake(text, &place, fault);
        return;
    }
    if (!split_assignment(copy, &group, &key, &value)) {
        g_autofree char *found = wording_quoted(assignment);
        g_autofree char *message = g_strdup_printf("expected GROUP.KEY=VALUE, found %s", found);

        assignment_mistake(text, &place, message);
        return;
    }
    if (find_place(text, group, NULL) == NULL)
        note_place(text, group, NULL, &place);
    note_place(text, group, key, &place);
    if (value[0] == '\0')
        text_mistake(text, group, key, "expected a value, found nothing");
    else
        g_key_file_set_value(text->values, group, key, value);
}

void
text_substitute(ScenarioText *text, const char *group, const char *key, const char *value,
                const char *source_group, const char *source_key)
{
    const Place *source = find_place(text, source_group, source_key);
    Place place = { .line = source->line,
                    .assignment = source->assignment,
                    .order = source->order };

    if (find_place(text, group, NULL) == NULL)
        note_place(text, group, NULL, &place);
    note_place(text, group, key, &place);
    g_key_file_set_value(text->values, group, key, value);
}

/* GKeyFile creates a group with its first value; a header alone counts as well. */
typedef struct {
    const char *group; /* borrowed from the table of places */
    gint64 order;
} FoundGroup;

static int
stands_before(const void *a, const void *b)
{
    const FoundGroup *first = a, *second = b;

    return (first->order > second->order) - (first->order < second->order);
}

char **
text_groups(const ScenarioText *text)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(FoundGroup));
    GPtrArray *groups = g_ptr_array_new();
    GHashTableIter places;
    void *id, *place;

    g_hash_table_iter_init(&places, text->places);
    while (g_hash_table_iter_next(&places, &id, &place))
        if (g_str_has_suffix(id, "]")) {
            FoundGroup group = { id, ((Place *)place)->order };

            g_array_append_val(found, group);
        }
    g_array_sort(found, stands_before);
    for (guint i = 0; i < found->len; i++) {
        const char *group = g_array_index(found, FoundGroup, i).group;

        g_ptr_array_add(groups, g_strndup(group, strlen(group) - 1));
    }
    g_ptr_array_add(groups, NULL);
    return (char **)g_ptr_array_free(groups, FALSE);
}

char **
text_keys(const ScenarioText *text, const char *group)
{
    char **keys = g_key_file_get_keys(text->values, group, NULL, NULL);

    return keys != NULL ? keys : g_new0(char *, 1);
}

char *
text_value(const ScenarioText *text, const char *group, const char *key)
{
    return g_key_file_get_value(text->values, group, key, NULL);
}

GKeyFile *
text_values(const ScenarioText *text)
{
    return text->values;
}

bool
text_has(const ScenarioText *text, const char *group, const char *key)
{
    return find_place(text, group, key) != NULL;
}

bool
text_may_hide(const ScenarioText *text, const char *name)
{
    return strstr(text->illegible->str, name) != NULL;
}

int
text_line(const ScenarioText *text, const char *group)
{
    const Place *place = find_place(text, group, NULL);

    return place != NULL ? place->line : 0;
}

/* `FILE:LINE: [group] key: `, or `--set ...: ` where that says as much. */
static char *
describe_place(const ScenarioText *text, const Place *place, const char *group, const char *key)
{
    g_autofree char *name = NULL;
    g_autofree char *where = NULL;

    if (group != NULL) {
        g_autofree char *shown = wording_shown(group, ASSIGNMENT_LENGTH);
        g_autofree char *shown_key = wording_shown(key != NULL ? key : "", ASSIGNMENT_LENGTH);

        name = g_strdup_printf("[%s]%s%s: ", shown, key != NULL ? " " : "", shown_key);
    }
    if (place != NULL && place->assignment != NULL) {
        where = g_strdup_printf("--set %s: ", place->assignment);
        if (key != NULL && find_place(text, group, key) == place)
            g_clear_pointer(&name, g_free);
    } else {
        where = g_strdup_printf("%s:%d: ", text->file, place != NULL ? place->line : 1);
    }
    return g_strconcat(where, name, NULL);
}

void
text_mistake(ScenarioText *text, const char *group, const char *key, const char *format, ...)
{
    Place *of_group = group != NULL ? find_place(text, group, NULL) : NULL;
    Place *of_key = key != NULL ? find_place(text, group, key) : NULL;
    const Place *place = of_key != NULL ? of_key : of_group;
    g_autofree char *where = describe_place(text, place, group, key);
    g_autofree char *message = NULL;
    va_list args;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    mistakes_add(text->mistakes, place != NULL ? place->order : 1,
                 g_strconcat(where, message, NULL));
    if (of_key != NULL)
        of_key->in_doubt = true;
    if (of_group != NULL)
        of_group->has_mistake = true;
}

void
text_foreign_mistake(ScenarioText *text, const char *group, const char *key, const char *message)
{
    Place *place = find_place(text, group, key);

    mistakes_add(text->mistakes, place != NULL ? place->order : 1, g_strdup(message));
    if (place != NULL)
        place->in_doubt = true;
}

void
text_doubt(ScenarioText *text, const char *group)
{
    Place *place = group != NULL ? find_place(text, group, NULL) : NULL;

    if (place != NULL)
        place->in_doubt = true;
    else
        text->in_doubt = true;
}

bool
text_is_sure(const ScenarioText *text, const char *group, const char *key)
{
    const Place *of_group = group != NULL ? find_place(text, group, NULL) : NULL;
    const Place *of_key = key != NULL ? find_place(text, group, key) : NULL;

    if (of_group == NULL)
        return !text->in_doubt;
    if (key == NULL)
        return !of_group->in_doubt && !of_group->has_mistake;
    return of_key != NULL ? !of_key->in_doubt : !of_group->in_doubt;
}

char *
text_report(ScenarioText *text)
{
    return mistakes_report(text->mistakes);
}
