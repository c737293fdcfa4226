/* How many cryptographic operations the cards really carry out in a settlement.
 *
 * The functions below stand before libsodium's in the eyes of the linker; each counts
 * and passes the call on. */
#define _GNU_SOURCE /* RTLD_NEXT; NOLINT(bugprone-reserved-identifier) */
#include "tests/model/world.h"

#include <dlfcn.h>
#include <sodium.h>
#include <string.h>

typedef struct {
    guint encrypt; /* one call in each symmetric message and in each envelope */
    guint decrypt;
    guint sign;
    guint verify;
    guint agree; /* the secret that an envelope's key is hashed from */
    guint mac;   /* keyed with a transfer key */
} Counts;

static Counts counts;

/* ISO C has no conversion from an object pointer to one to a function. */
static void
find_next(const char *name, void *function, size_t size)
{
    void *address = dlsym(RTLD_NEXT, name);

    g_assert_nonnull(address);
    memcpy(function, &address, size);
}

#define NEXT(name)                                                                                 \
    static __typeof__(name) *next;                                                                 \
                                                                                                   \
    if (next == NULL)                                                                              \
    find_next(#name, &next, sizeof next)

int
crypto_aead_xchacha20poly1305_ietf_encrypt(unsigned char *c, unsigned long long *clen_p,
                                           const unsigned char *m, unsigned long long mlen,
                                           const unsigned char *ad, unsigned long long adlen,
                                           const unsigned char *nsec, const unsigned char *npub,
                                           const unsigned char *k)
{
    NEXT(crypto_aead_xchacha20poly1305_ietf_encrypt);
    counts.encrypt++;
    return next(c, clen_p, m, mlen, ad, adlen, nsec, npub, k);
}

int
crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *m, unsigned long long *mlen_p,
                                           unsigned char *nsec, const unsigned char *c,
                                           unsigned long long clen, const unsigned char *ad,
                                           unsigned long long adlen, const unsigned char *npub,
                                           const unsigned char *k)
{
    NEXT(crypto_aead_xchacha20poly1305_ietf_decrypt);
    counts.decrypt++;
    return next(m, mlen_p, nsec, c, clen, ad, adlen, npub, k);
}

int
crypto_sign_detached(unsigned char *sig, unsigned long long *siglen_p, const unsigned char *m,
                     unsigned long long mlen, const unsigned char *sk)
{
    NEXT(crypto_sign_detached);
    counts.sign++;
    return next(sig, siglen_p, m, mlen, sk);
}

int
crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                            unsigned long long mlen, const unsigned char *pk)
{
    NEXT(crypto_sign_verify_detached);
    counts.verify++;
    return next(sig, m, mlen, pk);
}

int
crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p)
{
    NEXT(crypto_scalarmult_curve25519);
    counts.agree++;
    return next(q, n, p);
}

int
crypto_generichash(unsigned char *out, size_t outlen, const unsigned char *in,
                   unsigned long long inlen, const unsigned char *key, size_t keylen)
{
    NEXT(crypto_generichash);
    counts.mac += outlen == SEAL_CHALLENGE_BYTES && keylen == KEYRING_KEY_BYTES ? 1U : 0U;
    return next(out, outlen, in, inlen, key, keylen);
}

/* ---- Against the table ------------------------------------------------- */

/* What an update takes: Fig. 4's four MACs are counted apart. */
typedef struct {
    const char *name;
    const char *embodiment;
    uint32_t update_keys[2]; /* of the older and the newer card */
    uint32_t ids[2];
    Counts update;
} Row;

static const Row rows[] = {
    /* clang-format off */
    { "1",             "1", { 1, 1 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1 } },
    { "2",             "2", { 1, 1 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1, .sign = 1, .verify = 3, .agree = 2 } },
    { "3-symmetric",   "3", { 2, 2 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1 } },
    { "3-public-key",  "3", { 2, 1 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1, .sign = 1, .verify = 3, .agree = 2 } },
    { "4",             "4", { 1, 1 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1 } },
    { "4-public-key",  "4-public-key", { 1, 1 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1, .sign = 1, .verify = 3, .agree = 2 } },
    { "5-symmetric",   "5", { 2, 2 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1 } },
    { "5-public-key",  "5", { 1, 2 }, { 1, 2 }, { .encrypt = 1, .decrypt = 1, .sign = 1, .verify = 3, .agree = 2 } },
    { "1-equal-ids",   "1", { 1, 2 }, { 2, 2 }, { 0 } },
    { "2-equal-ids",   "2", { 1, 1 }, { 2, 2 }, { 0 } },
    { "3-equal-ids",   "3", { 1, 2 }, { 2, 2 }, { 0 } },
    { "5-equal-ids",   "5", { 1, 2 }, { 2, 2 }, { 0 } },
    { "conventional",  "conventional", { 1, 1 }, { 2, 2 }, { 0 } },
    { "mondex-equal-ids", "mondex",    { 1, 1 }, { 2, 2 }, { 0 } },
    { "mondex-switch", "mondex",       { 1, 1 }, { 1, 2 }, { 0 } },
    /* clang-format on */
};

static void
are_those_of_the_table(gconstpointer data)
{
    const Row *row = data;
    Scheme scheme = fixture_scheme(row->embodiment);
    World world;
    Purse older;
    Purse newer;

    world_init(&world, &scheme);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = row->ids[0],
                                              .update_key = row->update_keys[0],
                                              .n_preloaded = 1,
                                              .preloaded = { 2 },
                                              .balance = 5 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = row->ids[1],
                                              .update_key = row->update_keys[1],
                                              .balance = 5 });
    for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++) {
        CardMemory memory = older.memory;
        Settlement seen;

        counts = (Counts){ 0 };
        seen = payer_is_older ? world_settle(&world, &older, &newer, 5)
                              : world_settle(&world, &newer, &older, 5);
        g_assert_true(outcome_is_paid(seen.outcome));
        g_assert_cmpuint(counts.mac, ==, 4);
        g_assert_cmpuint(counts.encrypt, ==, row->update.encrypt);
        g_assert_cmpuint(counts.decrypt, ==, row->update.decrypt);
        g_assert_cmpuint(counts.sign, ==, row->update.sign);
        g_assert_cmpuint(counts.verify, ==, row->update.verify);
        g_assert_cmpuint(counts.agree, ==, row->update.agree);
        older.memory = memory;
        newer.memory.balance = 5;
    }
    world_clear(&world);
}

/* Both ways: everything twice. */
static void
bidirectional_takes_everything_twice(void)
{
    Scheme scheme = fixture_scheme("5");
    World world;
    Purse older;
    Purse newer;

    scheme.uk_rule = UK_RULE_BIDIRECTIONAL;
    world_init(&world, &scheme);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .update_key = 2 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = 1 });
    counts = (Counts){ 0 };
    world_settle(&world, &older, &newer, 0);
    g_assert_cmpuint(counts.verify, ==, 6);
    g_assert_cmpuint(counts.sign, ==, 2);
    g_assert_cmpuint(counts.encrypt, ==, 2);
    g_assert_cmpuint(counts.decrypt, ==, 2);
    g_assert_cmpuint(counts.agree, ==, 4);
    g_assert_cmpuint(counts.mac, ==, 4);
    world_clear(&world);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/operations/%s/are-those-of-the-table", rows[i].name);

        g_test_add_data_func(path, &rows[i], are_those_of_the_table);
    }
    g_test_add_func("/operations/bidirectional/takes-everything-twice",
                    bidirectional_takes_everything_twice);
    return g_test_run();
}
