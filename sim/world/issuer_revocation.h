/* issuer_revocation.h - which certificates the issuer revokes, and when. */
#ifndef SIM_WORLD_ISSUER_REVOCATION_H
#define SIM_WORLD_ISSUER_REVOCATION_H

#include "sim/world/issuer.h"

#include <glib.h>

/* The certificates of cards, and of their copies, are revoked; nothing happens where the scheme
 * has none. */
void issuer_revocation_revoke(Issuer *issuer, const GArray *cards, Micros now);

/* Likewise of rogue cards that are revoked from the start, as many as have entered since the last
 * time: they show the certificate of the first card there is of an honest cohort. */
void issuer_revocation_revoke_rogues(Issuer *issuer, Micros now);

#endif
