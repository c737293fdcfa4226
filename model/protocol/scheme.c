#include "model/protocol/scheme.h"

G_DEFINE_QUARK(scheme - error - quark, scheme_error)

const char *const scheme_deliver_names[N_DELIVER + 1] = {
    [DELIVER_KEY] = "key",
    [DELIVER_ID] = "id",
};
const char *const scheme_authenticate_names[N_AUTHENTICATE + 1] = {
    [AUTHENTICATE_COMMON_KEY] = "common-key",
    [AUTHENTICATE_PUBLIC_KEY] = "public-key",
    [AUTHENTICATE_BY_UPDATE_KEY] = "by-update-key",
};
const char *const scheme_update_key_names[N_UPDATE_KEY + 1] = {
    [UPDATE_KEY_STAYS] = "stays",
    [UPDATE_KEY_TRAVELS] = "travels",
};
const char *const scheme_pays_with_names[N_PAYS_WITH + 1] = {
    [PAYS_WITH_NEWEST] = "newest",
    [PAYS_WITH_OLDEST_COMMON] = "oldest-common",
    [PAYS_WITH_OWN] = "own",
};
const char *const scheme_range_names[N_RANGE + 1] = {
    [RANGE_INCLUSIVE] = "inclusive",
    [RANGE_LIMIT_EXCLUSIVE] = "limit-exclusive",

    [RANGE_LOWER_INCLUSIVE] = "lower-inclusive",
};
const char *const scheme_expired_names[N_EXPIRED + 1] = {
    [EXPIRED_STOP] = "stop",
    [EXPIRED_ALLOW_EQUAL_KEYS] = "allow-equal-keys",
    [EXPIRED_ALLOW_PAYER] = "allow-payer",
};
const char *const scheme_crl_scope_names[N_CRL_SCOPE + 1] = {
    [CRL_SCOPE_BOTH] = "both",
    [CRL_SCOPE_PAYEE] = "payee",
};
const char *const scheme_overdraft_names[N_OVERDRAFT + 1] = {
    [OVERDRAFT_REFUSE] = "refuse",
    [OVERDRAFT_ALLOW] = "allow",
};
const char *const scheme_uk_rule_names[N_UK_RULE + 1] = {
    [UK_RULE_STRICT] = "strict",
    [UK_RULE_PER_FIELD] = "per-field",
    [UK_RULE_TK_ONLY] = "tk-only",
    [UK_RULE_BIDIRECTIONAL] = "bidirectional",
};
const char *const scheme_fig4_mac_names[N_FIG4_MAC + 1] = {
    [FIG4_MAC_SPEC] = "spec",
    [FIG4_MAC_DIRECTION_TAG] = "direction-tag",
    [FIG4_MAC_DIRECTION_AND_CARDS] = "direction-and-cards",
};
const char *const scheme_key_auth_names[N_KEY_AUTH + 1] = {
    [KEY_AUTH_PEER] = "peer",
    [KEY_AUTH_ISSUER_SIGNED] = "issuer-signed",
};
const char *const scheme_update_cipher_names[N_UPDATE_CIPHER + 1] = {
    [UPDATE_CIPHER_AEAD] = "aead",
    [UPDATE_CIPHER_MALLEABLE] = "malleable",
};
const char *const scheme_uk_hint_names[N_UK_HINT + 1] = {
    [UK_HINT_NONE] = "none",
    [UK_HINT_COHORT] = "cohort",
};

const char *const scheme_nonce_life_names[N_NONCE_LIFE + 1] = {
    [NONCE_LIFE_ONE_USE] = "one-use",
    [NONCE_LIFE_POWER_ON] = "power-on",
};
const char *const scheme_torn_write_names[N_TORN_WRITE + 1] = {
    [TORN_WRITE_ATOMIC] = "atomic",
    [TORN_WRITE_ID_FIRST] = "id-first",
    [TORN_WRITE_KEY_FIRST] = "key-first",
};
const char *const scheme_torn_pair_names[N_TORN_PAIR + 1] = {
    [TORN_PAIR_UK_FIRST] = "uk-first",
    [TORN_PAIR_TK_FIRST] = "tk-first",
};
const char *const scheme_recovery_names[N_RECOVERY + 1] = {
    [RECOVERY_NONE] = "none",
    [RECOVERY_RETRY_IN_FIELD] = "retry-in-field",
    [RECOVERY_TORN_LOG] = "torn-log",
};

/* Where each embodiment stands on the four axes. */
static const struct {
    SchemeDeliver deliver;
    SchemeAuthenticate authenticate;
    SchemeUpdateKey update_key;
    SchemePaysWith pays_with;
} embodiments[N_EMBODIMENTS] = {
    [EMBODIMENT_1] = { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    [EMBODIMENT_2] = { DELIVER_KEY, AUTHENTICATE_PUBLIC_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    [EMBODIMENT_3] = { DELIVER_KEY, AUTHENTICATE_BY_UPDATE_KEY, UPDATE_KEY_STAYS,
                       PAYS_WITH_NEWEST },
    [EMBODIMENT_4] = { DELIVER_ID, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS, PAYS_WITH_NEWEST },
    [EMBODIMENT_5] = { DELIVER_KEY, AUTHENTICATE_BY_UPDATE_KEY, UPDATE_KEY_TRAVELS,
                       PAYS_WITH_NEWEST },
    [EMBODIMENT_CONVENTIONAL] = { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS,
                                  PAYS_WITH_OWN },
    [EMBODIMENT_MONDEX] = { DELIVER_KEY, AUTHENTICATE_COMMON_KEY, UPDATE_KEY_STAYS,
                            PAYS_WITH_OLDEST_COMMON },
};

const char *const scheme_embodiment_names[N_EMBODIMENTS + 1] = {
    [EMBODIMENT_1] = "1",           [EMBODIMENT_2] = "2",
    [EMBODIMENT_3] = "3",           [EMBODIMENT_4] = "4",
    [EMBODIMENT_5] = "5",           [EMBODIMENT_CONVENTIONAL] = "conventional",
    [EMBODIMENT_MONDEX] = "mondex",
};

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
