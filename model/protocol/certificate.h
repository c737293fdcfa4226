/* certificate.h - the certification authority, its certificates and its
 * revocation lists (CRL).
 *
 * A card checks a certificate's signature with the authority's public key 101
 * and nothing else: it has no clock and no list. The terminal looks serials up
 * in the CRL. */
#ifndef MODEL_PROTOCOL_CERTIFICATE_H
#define MODEL_PROTOCOL_CERTIFICATE_H

#include "model/protocol/seal.h"
#include "model/protocol/suite.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Certificate: (102)
 * @serial: number of the card and of its cohort entry, see certificate_serial()
 * @valid_from, @valid_until: days; first day valid, first day no longer valid
 */
typedef struct {
    uint64_t serial;
    uint16_t valid_from;
    uint16_t valid_until;
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    uint8_t signature[64]; /* without padding */
} Certificate;

/* The serial of the card with that number that belongs to that cohort entry: a
 * replaced card has the number of the old one and another entry. */
static inline uint64_t
certificate_serial(uint32_t card, uint16_t entry)
{
    return (uint64_t)card << 16 | entry;
}

/* On the wire: serial 8 | valid from 2 | valid until 2 | public key | signature,
 * the last two padded to the suite's lengths. */
guint certificate_signed_bytes(const Suite *suite); /* all but the signature */
guint certificate_bytes(const Suite *suite);
#define CERTIFICATE_SERIAL_AT 0

/**
 * Authority: signs certificates and CRLs
 */
typedef struct {
    const Suite *suite;
    SealSecret secret;
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES]; /* 101 */
} Authority;

void authority_init(Authority *authority, const Suite *suite,
                    const uint8_t seed[static SEAL_SEED_BYTES]);
void authority_clear(Authority *authority);

/* Signs @certificate: fills its signature from its other members. */
void authority_certify(const Authority *authority, Certificate *certificate);

/* Writes certificate_bytes() bytes. */
void certificate_write(const Certificate *certificate, const Suite *suite, uint8_t *out);

/**
 * certificate_check:
 * @authority_key: public key 101
 * @bytes: certificate_bytes() bytes from the wire
 * @certificate: filled if the check succeeds
 *
 * Returns: whether the signature is the authority's and all padding is zero
 */
bool certificate_check(const uint8_t authority_key[static SEAL_PUBLIC_KEY_BYTES],
                       const Suite *suite, const uint8_t *bytes, Certificate *certificate);

/* The serial in a certificate on the wire, unproved. */
uint64_t certificate_peek_serial(const uint8_t *bytes);

/**
 * authority_sign_crl:
 * @issue: number of this list; a later one is larger
 * @serials: of the revoked certificates, of guint64, ascending
 *
 * Returns: (transfer full): the list as it is distributed: issue 8 | n 4 | n serials
 *   8 | signature, padded to the suite's length
 */
GBytes *authority_sign_crl(const Authority *authority, uint64_t issue, const GArray *serials);

/**
 * Crl: a list as a terminal holds it
 */
typedef struct {
    uint64_t issue;  /* 0: none yet */
    GArray *serials; /* of guint64, ascending; NULL: none */
} Crl;

/* A GCompareFunc of serial numbers, which are guint64; lists name them ascending. */
gint certificate_compare_serials(gconstpointer a, gconstpointer b);

/**
 * crl_load:
 *
 * Replaces the list by the newer one in @bytes.
 *
 * Returns: false, @crl unchanged, if @bytes is no list of that authority or is
 *   not newer than the one held
 */
bool crl_load(Crl *crl, const uint8_t authority_key[static SEAL_PUBLIC_KEY_BYTES],
              const Suite *suite, GBytes *bytes);
void crl_clear(Crl *crl);

#define CRL_FACTORY 0 /* a period: the list that was built in, for good */
#define CRL_NEVER_FETCHED INT64_C(-1)

/**
 * crl_last_fetch:
 * @period: between two fetches from the network; CRL_FACTORY
 * @phase: of the terminal's first fetch, from 0 up to the period
 * @now: not negative
 *
 * Returns: when the terminal last fetched the list; CRL_NEVER_FETCHED if it holds the
 *   one that was built in at the factory
 */
Micros crl_last_fetch(Micros period, Micros phase, Micros now);

/* Returns: whether the list names @serial */
bool crl_names(const Crl *crl, uint64_t serial);

#endif
