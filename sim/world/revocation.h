/* revocation.h - which revocation list a terminal holds when.
 *
 * The authority publishes a list whenever certificates are revoked. A terminal on
 * the network fetches the newest one every period, from a random phase on; one that
 * has its list from the factory never learns of a revocation. */
#ifndef SIM_WORLD_REVOCATION_H
#define SIM_WORLD_REVOCATION_H

#include "model/protocol/units.h"

#include "sim/world/wire.h"

#include <glib.h>
#include <stdint.h>

typedef struct Revocation Revocation;

/* No certificate is revoked yet. @wire: borrowed, gets each list signed; NULL: nobody does. */
Revocation *revocation_new(Wire *wire);
void revocation_free(Revocation *revocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Revocation, revocation_free)

/* Number of the list that was published last; 0 is the empty one from the factory. */
guint revocation_newest(const Revocation *revocation);

/* Revokes certificates at @now and publishes the new list. @serials: of guint64. */
void revocation_revoke(Revocation *revocation, const GArray *serials, Micros now);

/**
 * revocation_list_at:
 * @period, @phase: of the terminal, see crl_last_fetch()
 *
 * Returns: number of the list that the terminal holds at @now
 */
guint revocation_list_at(const Revocation *revocation, Micros period, Micros phase, Micros now);

#endif
