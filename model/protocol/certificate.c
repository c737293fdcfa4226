#include "model/protocol/certificate.h"

#include "model/protocol/bytes.h"

#include <sodium.h>
#include <string.h>

enum {
    VALID_FROM_AT = CERTIFICATE_SERIAL_AT + 8,
    VALID_UNTIL_AT = VALID_FROM_AT + 2,
    PUBLIC_KEY_AT = VALID_UNTIL_AT + 2,
    LONGEST_SIGNED = PUBLIC_KEY_AT + 256,
    CRL_N_AT = 8,
    CRL_SERIALS_AT = 12,
};

G_STATIC_ASSERT(sizeof((Certificate *)NULL)->signature == crypto_sign_BYTES);

guint
certificate_signed_bytes(const Suite *suite)
{
    return PUBLIC_KEY_AT + suite->public_key_bytes;
}

guint
certificate_bytes(const Suite *suite)
{
    return certificate_signed_bytes(suite) + suite->signature_bytes;
}

static void
write_signed_part(const Certificate *certificate, const Suite *suite, uint8_t *out)
{
    bytes_put_u64(out + CERTIFICATE_SERIAL_AT, certificate->serial);
    bytes_put_u16(out + VALID_FROM_AT, certificate->valid_from);
    bytes_put_u16(out + VALID_UNTIL_AT, certificate->valid_until);
    memcpy(out + PUBLIC_KEY_AT, certificate->public_key, SEAL_PUBLIC_KEY_BYTES);
    memset(out + PUBLIC_KEY_AT + SEAL_PUBLIC_KEY_BYTES, 0,
           suite->public_key_bytes - SEAL_PUBLIC_KEY_BYTES);
}

void
authority_init(Authority *authority, const Suite *suite, const uint8_t seed[static SEAL_SEED_BYTES])
{
    authority->suite = suite;
    seal_derive_keys(&authority->secret, authority->public_key, seed);
}

void
authority_clear(Authority *authority)
{
    sodium_memzero(authority, sizeof *authority);
}

void
authority_certify(const Authority *authority, Certificate *certificate)
{
    uint8_t data[LONGEST_SIGNED];

    write_signed_part(certificate, authority->suite, data);
    crypto_sign_detached(certificate->signature, NULL, data,
                         certificate_signed_bytes(authority->suite), authority->secret.sign);
}

void
certificate_write(const Certificate *certificate, const Suite *suite, uint8_t *out)
{
    uint8_t *signature = out + certificate_signed_bytes(suite);

    write_signed_part(certificate, suite, out);
    memcpy(signature, certificate->signature, sizeof certificate->signature);
    memset(signature + sizeof certificate->signature, 0,
           suite->signature_bytes - sizeof certificate->signature);
}

uint64_t
certificate_peek_serial(const uint8_t *bytes)
{
    return bytes_get_u64(bytes + CERTIFICATE_SERIAL_AT);
}

bool
certificate_check(const uint8_t authority_key[static SEAL_PUBLIC_KEY_BYTES], const Suite *suite,
                  const uint8_t *bytes, Certificate *certificate)
{
    guint n = certificate_signed_bytes(suite);

    if (!seal_is_padding(bytes + PUBLIC_KEY_AT + SEAL_PUBLIC_KEY_BYTES,
                         suite->public_key_bytes - SEAL_PUBLIC_KEY_BYTES) ||
        !seal_verify(suite, authority_key, bytes, n, bytes + n))
        return false;
    certificate->serial = certificate_peek_serial(bytes);
    certificate->valid_from = bytes_get_u16(bytes + VALID_FROM_AT);
    certificate->valid_until = bytes_get_u16(bytes + VALID_UNTIL_AT);
    memcpy(certificate->public_key, bytes + PUBLIC_KEY_AT, SEAL_PUBLIC_KEY_BYTES);
    memcpy(certificate->signature, bytes + n, sizeof certificate->signature);
    return true;
}

GBytes *
authority_sign_crl(const Authority *authority, uint64_t issue, const GArray *serials)
{
    gsize n_signed = CRL_SERIALS_AT + (gsize)8 * serials->len;
    gsize n = n_signed + authority->suite->signature_bytes;
    uint8_t *list = g_malloc0(n);

    bytes_put_u64(list, issue);
    bytes_put_u32(list + CRL_N_AT, serials->len);
    for (guint i = 0; i < serials->len; i++)
        bytes_put_u64(list + CRL_SERIALS_AT + (gsize)8 * i, g_array_index(serials, guint64, i));
    seal_sign(authority->suite, &authority->secret, list, n_signed, list + n_signed);
    return g_bytes_new_take(list, n);
}

bool
crl_load(Crl *crl, const uint8_t authority_key[static SEAL_PUBLIC_KEY_BYTES], const Suite *suite,
         GBytes *bytes)
{
    gsize n;
    const uint8_t *list = g_bytes_get_data(bytes, &n);
    gsize n_signed;

    if (n < (gsize)CRL_SERIALS_AT + suite->signature_bytes)
        return false;
    n_signed = n - suite->signature_bytes;
    if (n_signed != CRL_SERIALS_AT + (gsize)8 * bytes_get_u32(list + CRL_N_AT) ||
        !seal_verify(suite, authority_key, list, n_signed, list + n_signed) ||
        bytes_get_u64(list) <= crl->issue)
        return false;
    crl_clear(crl);
    crl->issue = bytes_get_u64(list);
    crl->serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (gsize at = CRL_SERIALS_AT; at < n_signed; at += 8) {
        guint64 serial = bytes_get_u64(list + at);

        g_array_append_val(crl->serials, serial);
    }
    return true;
}

void
crl_clear(Crl *crl)
{
    g_clear_pointer(&crl->serials, g_array_unref);
    crl->issue = 0;
}

Micros
crl_last_fetch(Micros period, Micros phase, Micros now)
{
    if (period == CRL_FACTORY || now < phase)
        return CRL_NEVER_FETCHED;
    return now - (now - phase) % period;
}

gint
certificate_compare_serials(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *)a;
    guint64 y = *(const guint64 *)b;

    return (x > y) - (x < y);
}

bool
crl_names(const Crl *crl, uint64_t serial)
{
    guint64 key = serial;

    return crl->serials != NULL &&
           g_array_binary_search(crl->serials, &key, certificate_compare_serials, NULL);
}
