#include "model/protocol/scheme.h"

G_DEFINE_QUARK(scheme - error - quark, scheme_error)

const char *const scheme_deliver_names[] = { "key", "id", NULL };
const char *const scheme_authenticate_names[] = { "common-key", "public-key", "by-update-key",
                                                  NULL };
const char *const scheme_update_key_names[] = { "stays", "travels", NULL };
const char *const scheme_pays_with_names[] = { "newest", "oldest-common", "own", NULL };
const char *const scheme_range_names[] = { "inclusive", "limit-exclusive", "lower-inclusive",
                                           NULL };
const char *const scheme_expired_names[] = { "stop", "allow-equal-keys", "allow-payer", NULL };
const char *const scheme_crl_scope_names[] = { "both", "payee", NULL };
const char *const scheme_overdraft_names[] = { "refuse", "allow", NULL };
const char *const scheme_uk_rule_names[] = { "strict", "per-field", "tk-only", "bidirectional",
                                             NULL };
const char *const scheme_fig4_mac_names[] = { "spec", "direction-tag", "direction-and-cards",
                                              NULL };
const char *const scheme_key_auth_names[] = { "peer", "issuer-signed", NULL };
const char *const scheme_update_cipher_names[] = { "aead", "malleable", NULL };
const char *const scheme_uk_hint_names[] = { "none", "cohort", NULL };

const char *const scheme_nonce_life_names[] = { "one-use", "power-on", NULL };
const char *const scheme_torn_write_names[] = { "atomic", "id-first", "key-first", NULL };
const char *const scheme_torn_pair_names[] = { "uk-first", "tk-first", NULL };
const char *const scheme_recovery_names[] = { "none", "retry-in-field", "torn-log", NULL };

/* Where each embodiment stands on the four axes. */
static const struct {
    SchemeDeliver deliver;
    SchemeAuthenticate authenticate;
    SchemeUpdateKey update_key;
    SchemePaysWith pays_with;
} embodiments[] = {
    { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    { DELIVER_KEY, AUTHENTICATE_PUBLIC_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    { DELIVER_KEY, AUTHENTICATE_BY_UPDATE_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    { DELIVER_ID, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    { DELIVER_KEY, AUTHENTICATE_BY_UPDATE_KEY, UPDATE_KEY_TRAVELS, PAYS_WITH_NEWEST },
    { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_OWN },
    { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_OLDEST_COMMON },
};

const char *const scheme_embodiment_names[] = { "1",      "2", "3", "4", "5", "conventional",
                                                "mondex", NULL };

G_STATIC_ASSERT(G_N_ELEMENTS(embodiments) == G_N_ELEMENTS(scheme_embodiment_names) - 1);

bool
scheme_set_embodiment(Scheme *scheme, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(embodiments); i++)
        if (g_str_equal(name, scheme_embodiment_names[i])) {
            scheme->deliver = embodiments[i].deliver;
            scheme->authenticate = embodiments[i].authenticate;
            scheme->update_key = embodiments[i].update_key;
            scheme->pays_with = embodiments[i].pays_with;
            return true;
        }
    return false;
}

const char *
scheme_embodiment(const Scheme *scheme)
{
    for (size_t i = 0; i < G_N_ELEMENTS(embodiments); i++) {
        if (scheme->pays_with != embodiments[i].pays_with)
            continue;
        if (scheme->pays_with != PAYS_WITH_NEWEST ||
            (scheme->deliver == embodiments[i].deliver &&
             scheme->authenticate == embodiments[i].authenticate &&
             scheme->update_key == embodiments[i].update_key))
            return scheme_embodiment_names[i];
    }
    return NULL;
}

Scheme
scheme_default(void)
{
    Scheme scheme = {
        .suite = SUITE_P256,
        .range = RANGE_INCLUSIVE,
        .expired = EXPIRED_STOP,
        .update_ack = true,
        .crl_scope = CRL_SCOPE_BOTH,
        .overdraft = OVERDRAFT_REFUSE,
        .max_balance = SCHEME_NO_MAX_BALANCE,
        .uk_rule = UK_RULE_STRICT,
        .fig4_mac = FIG4_MAC_SPEC,
        .key_auth = KEY_AUTH_PEER,
        .max_step = SCHEME_NO_MAX_STEP,
        .nonce_bits = SCHEME_NONCE_BITS_MAX,
        .update_cipher = UPDATE_CIPHER_AEAD,
        .uk_hint = UK_HINT_NONE,
        .n_held = SCHEME_HELD_AT_LEAST,
        .nonce_life = NONCE_LIFE_ONE_USE,
        .torn_write = TORN_WRITE_ATOMIC,
        .torn_pair = TORN_PAIR_UK_FIRST,
        .recovery = RECOVERY_NONE,
    };

    scheme_set_embodiment(&scheme, "5");
    return scheme;
}

guint
scheme_payload_bytes(const Scheme *scheme, bool public_key)
{
    guint one_key = SCHEME_ID_BYTES + (scheme->deliver == DELIVER_KEY ? SCHEME_KEY_BYTES : 0);

    if (public_key && scheme->update_key == UPDATE_KEY_TRAVELS)
        return 2 * one_key;
    return one_key;
}

guint
scheme_n_signed_keys(const Scheme *scheme, bool public_key)
{
    if (scheme->key_auth != KEY_AUTH_ISSUER_SIGNED || scheme->pays_with != PAYS_WITH_NEWEST ||
        scheme->deliver != DELIVER_KEY)
        return 0;
    return public_key && scheme->update_key == UPDATE_KEY_TRAVELS ? 2 : 1;
}

bool
scheme_is_possible(const Scheme *scheme, GError **error)
{
    if (scheme->update_key == UPDATE_KEY_TRAVELS &&
        scheme->authenticate != AUTHENTICATE_BY_UPDATE_KEY) {
        g_set_error(error, SCHEME_ERROR, SCHEME_ERROR_IMPOSSIBLE,
                    "expected authenticate = by-update-key with update-key = travels, found %s",
                    scheme_authenticate_names[scheme->authenticate]);
        return false;
    }
    if (scheme->update_key == UPDATE_KEY_TRAVELS && scheme->deliver == DELIVER_ID) {
        g_set_error(error, SCHEME_ERROR, SCHEME_ERROR_IMPOSSIBLE,
                    "expected deliver = key with update-key = travels, found id");
        return false;
    }
    if (scheme_has_update_keys(scheme) && scheme->update_cipher == UPDATE_CIPHER_MALLEABLE &&
        scheme->nonce_bits < SCHEME_MALLEABLE_NONCE_BITS_MIN) {
        g_set_error(error, SCHEME_ERROR, SCHEME_ERROR_IMPOSSIBLE,
                    "expected nonce-bits of %d or more with update-cipher = malleable, "
                    "found %" G_GINT64_FORMAT,
                    SCHEME_MALLEABLE_NONCE_BITS_MIN, scheme->nonce_bits);
        return false;
    }
    if (scheme->recovery == RECOVERY_TORN_LOG && scheme->nonce_bits < SCHEME_LOG_NONCE_BITS_MIN) {
        g_set_error(error, SCHEME_ERROR, SCHEME_ERROR_IMPOSSIBLE,
                    "expected nonce-bits of %d or more with recovery = torn-log, "
                    "found %" G_GINT64_FORMAT,
                    SCHEME_LOG_NONCE_BITS_MIN, scheme->nonce_bits);
        return false;
    }
    if (scheme_has_certificates(scheme)) {
        const Suite *suite = &suites[scheme->suite];
        guint payload = scheme_payload_bytes(scheme, true);

        if (payload > suite->envelope_payload_max) {
            g_set_error(error, SCHEME_ERROR, SCHEME_ERROR_IMPOSSIBLE,
                        "expected a suite whose envelope holds %u bytes, found %s with %u", payload,
                        suite->name, suite->envelope_payload_max);
            return false;
        }
    }
    return true;
}

bool
scheme_has_certificates(const Scheme *scheme)
{
    return scheme->pays_with == PAYS_WITH_NEWEST && scheme->authenticate != AUTHENTICATE_COMMON_KEY;
}

bool
scheme_has_update_keys(const Scheme *scheme)
{
    return scheme->pays_with == PAYS_WITH_NEWEST && scheme->authenticate != AUTHENTICATE_PUBLIC_KEY;
}

bool
scheme_has_update_key_ids(const Scheme *scheme)
{
    return scheme->pays_with == PAYS_WITH_NEWEST &&
           (scheme->authenticate == AUTHENTICATE_BY_UPDATE_KEY ||
            (scheme->authenticate == AUTHENTICATE_COMMON_KEY && scheme->uk_hint == UK_HINT_COHORT));
}

bool
scheme_has_suite(const Scheme *scheme)
{
    return scheme_has_certificates(scheme) || scheme_n_signed_keys(scheme, false) > 0;
}

bool
scheme_has_updates(const Scheme *scheme)
{
    return scheme->pays_with == PAYS_WITH_NEWEST;
}

bool
scheme_delivers_keys(const Scheme *scheme)
{
    return scheme_has_updates(scheme) && scheme->deliver == DELIVER_KEY;
}

bool
scheme_has_preloaded_keys(const Scheme *scheme)
{
    return (scheme_has_updates(scheme) && scheme->deliver == DELIVER_ID) ||
           scheme->pays_with == PAYS_WITH_OLDEST_COMMON;
}

bool
scheme_moves_update_keys(const Scheme *scheme)
{
    return scheme_has_updates(scheme) && scheme->update_key == UPDATE_KEY_TRAVELS;
}
