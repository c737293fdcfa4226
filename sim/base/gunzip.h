/* gunzip.h - what gzip has packed, as a stream.
 *
 * A gzip file is one member or several, one behind the other, whose contents belong
 * together (RFC 1952, 2.2); GLib's decompressor stops behind the first. */
#ifndef SIM_BASE_GUNZIP_H
#define SIM_BASE_GUNZIP_H

#include <gio/gio.h>

/**
 * gunzip_stream_new:
 * @base: borrowed for the time of the call, kept by the stream
 *
 * Returns: (transfer full): what it contains. Reading it fails with
 *   G_IO_ERROR_PARTIAL_INPUT where @base ends too early and with
 *   G_IO_ERROR_INVALID_DATA where it is damaged
 */
GInputStream *gunzip_stream_new(GInputStream *base);

#endif
