/* fixture.h - the start of every test of the model, the schemes that they are about, and bytes
 * compared. */
#ifndef TESTS_MODEL_FIXTURE_H
#define TESTS_MODEL_FIXTURE_H

#include "model/protocol/protocol.h"
#include "model/protocol/records.h"

#include <glib.h>
#include <stdbool.h>

/* Day on which the tests take place, and its first instant. */
#define FIXTURE_DAY 100
#define FIXTURE_NOW (FIXTURE_DAY * MICROS_PER_DAY)
/* 2026-04-11 12:00:00 UTC */
#define FIXTURE_DATE INT64_C(1775908800000000)

/* Whether this was built with the address sanitizer, which makes everything slow. */
extern const bool fixture_is_sanitized;

/* g_test_init and sodium_init. */
void fixture_init(int *argc, char ***argv);

/* The default scheme at an embodiment: "1" to "5", "conventional", and two that the
 * specification mentions without figures: "4-public-key", "4-by-update-key". */
Scheme fixture_scheme(const char *embodiment);

/* An integer from @from to @to, both included. */
int fixture_draw(GRand *rand, int from, int to);

/* Where @field stands in the data of @message; fails the test if it does not. */
const Slot *fixture_slot(const Message *message, Field field);

/* Whether two cards hold the same. */
bool is_same_memory(const CardMemory *a, const CardMemory *b);

/* Fails the test, showing both, unless the @n bytes are the same. */
void assert_same_bytes(const void *a, const void *b, size_t n);

#endif
