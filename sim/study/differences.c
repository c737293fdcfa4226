#include "sim/study/differences.h"

#include "sim/base/wording.h"

#include <stdbool.h>
#include <string.h>

#define COLUMN_LENGTH 200 /* of a name in a message, in characters */

/* What one file came to. */
typedef struct {
    char *name;
    guint64 n;
    Difference first; /* if there is one */
} ComparedFile;

struct Differences {
    char *reference;
    char *result;
    GArray *files; /* of ComparedFile */
};

static const char *const kind_names[N_DIFFERENCES] = {
    [DIFFERENCE_FILE] = "file",         [DIFFERENCE_KEY] = "key", [DIFFERENCE_GROUPS] = "groups",
    [DIFFERENCE_HEADER] = "header",     [DIFFERENCE_ROW] = "row", [DIFFERENCE_VALUE] = "value",
    [DIFFERENCE_LINE_END] = "line-end",
};

static void
free_bytes(GString *bytes)
{
    if (bytes != NULL)
        g_string_free(bytes, TRUE);
}

static void
clear_file(void *data)
{
    ComparedFile *file = data;

    g_free(file->name);
    g_free(file->first.column);
    g_free(file->first.group);
    g_free(file->first.key);
    free_bytes(file->first.reference);
    free_bytes(file->first.result);
}

Differences *
differences_new(const char *reference, const char *result)
{
    Differences *differences = g_new0(Differences, 1);

    differences->reference = g_strdup(reference);
    differences->result = g_strdup(result);
    differences->files = g_array_new(FALSE, TRUE, sizeof(ComparedFile));
    g_array_set_clear_func(differences->files, clear_file);
    return differences;
}

void
differences_free(Differences *differences)
{
    if (differences == NULL)
        return;
    g_array_unref(differences->files);
    g_free(differences->reference);
    g_free(differences->result);
    g_free(differences);
}

static ComparedFile *
file_at(const Differences *differences, guint i)
{
    return &g_array_index(differences->files, ComparedFile, i);
}

static ComparedFile *
last_file(const Differences *differences)
{
    return file_at(differences, differences->files->len - 1);
}

void
differences_begin_file(Differences *differences, const char *name)
{
    g_array_set_size(differences->files, differences->files->len + 1);
    last_file(differences)->name = g_strdup(name);
}

Difference *
differences_add(Differences *differences, DifferenceKind kind)
{
    ComparedFile *file = last_file(differences);

    if (file->n++ > 0)
        return NULL;
    file->first.kind = kind;
    return &file->first;
}

guint64
differences_n_in_file(const Differences *differences)
{
    return last_file(differences)->n;
}

guint64
differences_n(const Differences *differences)
{
    guint64 n = 0;

    for (guint i = 0; i < differences->files->len; i++)
        n += file_at(differences, i)->n;
    return n;
}

/* ---- Bytes as text ------------------------------------------------------- */

/* Returns: the bytes of the UTF-8 character at @at; 0 if there is none */
static gsize
length_of_character(const char *at, gsize length)
{
    gsize n = (gsize)g_utf8_skip[(unsigned char)*at];

    return n <= length && g_utf8_validate(at, (gssize)n, NULL) ? n : 0;
}

/* As in a JSON string. What is no UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, from
 * which the byte can be had again. Returns: the bytes that are done */
static gsize
append_character(GString *out, const char *at, gsize length)
{
    static const char special[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    const unsigned char byte = (unsigned char)*at;
    const char *found = memchr(special, byte, sizeof special - 1);
    gsize n = length_of_character(at, length);

    if (found != NULL)
        g_string_append_printf(out, "\\%c", letters[found - special]);
    else if (byte < 0x20)
        g_string_append_printf(out, "\\u%04x", byte);
    else if (n > 0)
        g_string_append_len(out, at, (gssize)n);
    else
        g_string_append_printf(out, "\\udc%02x", byte);
    return MAX(n, 1);
}

/* Returns: (transfer full): a JSON string */
static char *
quote_bytes(const char *bytes, gsize length)
{
    GString *out = g_string_new("\"");

    for (gsize i = 0; i < length;)
        i += append_character(out, bytes + i, length - i);
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

static char *
quote_or(const GString *bytes, const char *absent)
{
    return bytes == NULL ? g_strdup(absent) : quote_bytes(bytes->str, bytes->len);
}

/* ---- For people ---------------------------------------------------------- */

static void
print_place(const Difference *difference, FILE *out)
{
    g_autofree char *column = NULL;

    if (difference->kind == DIFFERENCE_KEY)
        fprintf(out, "[%s] %s: ", difference->group, difference->key);
    if (difference->kind == DIFFERENCE_GROUPS)
        fprintf(out, "order of the groups: ");
    if (difference->line == 0)
        return;
    if (difference->row == 0)
        fprintf(out, "header");
    else
        fprintf(out, "row %" G_GUINT64_FORMAT ", line %" G_GUINT64_FORMAT, difference->row,
                difference->line);
    if (difference->column != NULL) {
        column = wording_shown(difference->column, COLUMN_LENGTH);
        fprintf(out, ", column %s", column);
    }
    fputs(difference->kind == DIFFERENCE_LINE_END ? ", line end: " : ": ", out);
}

static void
print_file(const ComparedFile *file, FILE *out)
{
    const Difference *first = &file->first;
    g_autofree char *reference = quote_or(first->reference, "nothing");
    g_autofree char *result = quote_or(first->result, "nothing");

    fprintf(out, "%s: ", file->name);
    print_place(first, out);
    if (first->kind == DIFFERENCE_FILE)
        fprintf(out, "only in the %s\n", first->reference != NULL ? "reference" : "result");
    else
        fprintf(out, "reference %s, result %s\n", reference, result);
    fprintf(out, "%s: %" G_GUINT64_FORMAT " difference%s\n", file->name, file->n,
            file->n == 1 ? "" : "s");
}

void
differences_print(const Differences *differences, FILE *out)
{
    const guint64 n = differences_n(differences);
    guint n_files = 0;

    for (guint i = 0; i < differences->files->len; i++)
        if (file_at(differences, i)->n > 0) {
            print_file(file_at(differences, i), out);
            n_files++;
        }
    if (n > 0)
        fprintf(out, "in all: %" G_GUINT64_FORMAT " difference%s in %u of %u files\n", n,
                n == 1 ? "" : "s", n_files, differences->files->len);
    else
        fprintf(out, "equal: %u files\n", differences->files->len);
}

/* ---- For programs -------------------------------------------------------- */

static void
print_string(const char *name, const char *text, FILE *out)
{
    g_autofree char *quoted = text == NULL ? NULL : quote_bytes(text, strlen(text));

    fprintf(out, ", \"%s\": %s", name, quoted != NULL ? quoted : "null");
}

static void
print_number(const char *name, guint64 value, bool applies, FILE *out)
{
    if (applies)
        fprintf(out, ", \"%s\": %" G_GUINT64_FORMAT, name, value);
    else
        fprintf(out, ", \"%s\": null", name);
}

static void
print_first_json(const Difference *first, FILE *out)
{
    g_autofree char *reference = quote_or(first->reference, "null");
    g_autofree char *result = quote_or(first->result, "null");

    fprintf(out, "{\"kind\": \"%s\"", kind_names[first->kind]);
    print_number("row", first->row, first->line > 0, out);
    print_number("line", first->line, first->line > 0, out);
    print_string("column", first->column, out);
    print_string("group", first->group, out);
    print_string("key", first->key, out);
    fprintf(out, ", \"reference\": %s, \"result\": %s}", reference, result);
}

static void
print_file_json(const ComparedFile *file, FILE *out)
{
    g_autofree char *name = quote_bytes(file->name, strlen(file->name));

    fprintf(out, "{\"file\": %s, \"differences\": %" G_GUINT64_FORMAT ", \"first\": ", name,
            file->n);
    if (file->n > 0)
        print_first_json(&file->first, out);
    else
        fprintf(out, "null");
    fprintf(out, "}");
}

void
differences_print_json(const Differences *differences, FILE *out)
{
    const guint64 n = differences_n(differences);

    fprintf(out, "{\"equal\": %s", n == 0 ? "true" : "false");
    print_string("reference", differences->reference, out);
    print_string("result", differences->result, out);
    fprintf(out, ", \"differences\": %" G_GUINT64_FORMAT ", \"files\": [", n);
    for (guint i = 0; i < differences->files->len; i++) {
        fputs(i > 0 ? ", " : "", out);
        print_file_json(file_at(differences, i), out);
    }
    fprintf(out, "]}\n");
}
