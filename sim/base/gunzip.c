#include "sim/base/gunzip.h"

#include <stdbool.h>

typedef struct {
    GObject base; /* first: GObject allocates the whole */
    GConverter *member;
    bool is_between; /* two members, or behind the last */
} Gunzip;

typedef struct {
    GObjectClass base;
} GunzipClass;

static void implement_converter(GConverterIface *interface);
GType gunzip_get_type(void);

G_DEFINE_TYPE_WITH_CODE(Gunzip, gunzip, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(G_TYPE_CONVERTER, implement_converter))

static void
gunzip_init(Gunzip *self)
{
    self->member = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

static void
finalize(GObject *object)
{
    g_object_unref(((Gunzip *)object)->member);
    G_OBJECT_CLASS(gunzip_parent_class)->finalize(object);
}

static void
gunzip_class_init(GunzipClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static GConverterResult
convert(GConverter *converter, const void *in, gsize n_in, void *out, gsize n_out,
        GConverterFlags flags, gsize *n_read, gsize *n_written, GError **error)
{
    Gunzip *self = (Gunzip *)converter;
    GConverterResult result;

    *n_read = 0;
    *n_written = 0;
    if (self->is_between && n_in == 0) {
        if (flags & G_CONVERTER_INPUT_AT_END)
            return G_CONVERTER_FINISHED;
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "more input is needed");
        return G_CONVERTER_ERROR;
    }
    self->is_between = false;
    result =
        g_converter_convert(self->member, in, n_in, out, n_out, flags, n_read, n_written, error);
    if (result != G_CONVERTER_FINISHED)
        return result;
    g_converter_reset(self->member);
    self->is_between = true;
    return G_CONVERTER_CONVERTED;
}

static void
reset(GConverter *converter)
{
    Gunzip *self = (Gunzip *)converter;

    g_converter_reset(self->member);
    self->is_between = false;
}

static void
implement_converter(GConverterIface *interface)
{
    interface->convert = convert;
    interface->reset = reset;
}

GInputStream *
gunzip_stream_new(GInputStream *base)
{
    g_autoptr(GObject) converter = g_object_new(gunzip_get_type(), NULL);

    return g_converter_input_stream_new(base, G_CONVERTER(converter));
}
