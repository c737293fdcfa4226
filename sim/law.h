/* law.h - amounts of money by the laws of a scenario. */
#ifndef SIM_LAW_H
#define SIM_LAW_H

#include "sim/scenario.h"
#include "sim/stream.h"

#include <glib.h>
#include <stdint.h>

/* Fills @out with @n values; a constant draws nothing. */
void law_draw(const Law *law, Stream *stream, int64_t *out, guint n);

#endif
