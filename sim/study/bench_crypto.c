#include "sim/study/bench_crypto.h"

#include "model/protocol/protocol.h"
#include "model/wire/card.h"
#include "model/wire/terminal.h"

#include <gsl/gsl_sort.h>
#include <sodium.h>
#include <string.h>

#define ROUNDS 9
#define ROUND_SECONDS 0.05

/* Two cards of embodiment 5, suite p256, and their terminal. */
typedef struct {
    Protocol protocol;
    KeyRing *ring;
    Authority authority;
    Terminal terminal;
    Card cards[N_SIDES];
    CardProfile profile;
    CardCredential credentials[N_SIDES];
    CardMemory older;
    CardMemory newer[N_PATHS]; /* what the other card holds for each path */
    uint64_t n_settled;
    uint8_t seed[SEAL_SEED_BYTES];
    uint8_t data[512];
    uint8_t out[512];
    uint8_t message[128];
    uint8_t signatures[N_SIDES][64];
} BenchCrypto;

static CardMemory
make_memory(KeyRing *ring, uint32_t transfer_id, uint32_t update_id)
{
    return (CardMemory){
        .transfer_key = keyring_issue(ring, KEY_TRANSFER, transfer_id),
        .update_key = keyring_issue(ring, KEY_UPDATE, update_id),
        .expiry_day = CARD_NEVER_EXPIRES,
        .balance = 1000000,
    };
}

/* Something valid to verify and to open, so that the replayed calls do all their work. */
static void
prepare_replay(BenchCrypto *bench)
{
    const uint16_t *lengths = bench->protocol.lengths[PATH_PUBLIC_KEY];

    crypto_sign_detached(bench->signatures[0], NULL, bench->data, lengths[LENGTH_CERTIFICATE],
                         bench->credentials[0].secret.sign);
    crypto_sign_detached(bench->signatures[1], NULL, bench->data, lengths[LENGTH_SIGNED],
                         bench->credentials[0].secret.sign);
}

static BenchCrypto *
make_bench(void)
{
    BenchCrypto *bench = g_new0(BenchCrypto, 1);
    Scheme scheme = scheme_default();

    protocol_init(&bench->protocol, &scheme);
    bench->ring = keyring_new(bench->seed);
    authority_init(&bench->authority, bench->protocol.suite, bench->seed);
    terminal_init(&bench->terminal, &bench->protocol, bench->authority.public_key);
    bench->profile = (CardProfile){ CARD_NO_LIMIT, CARD_NO_LIMIT, 0, { 0 }, false };
    for (Side side = 0; side < N_SIDES; side++) {
        card_init(&bench->cards[side], &bench->protocol, bench->ring, bench->authority.public_key);
        card_credential_derive(&bench->credentials[side], &bench->authority, side, 0,
                               CARD_NEVER_EXPIRES, bench->seed);
    }
    bench->older = make_memory(bench->ring, 1, 1);
    bench->newer[PATH_NONE] = make_memory(bench->ring, 1, 1);
    bench->newer[PATH_SYMMETRIC] = make_memory(bench->ring, 2, 1);
    bench->newer[PATH_PUBLIC_KEY] = make_memory(bench->ring, 2, 2);
    prepare_replay(bench);
    return bench;
}

static void
free_bench(BenchCrypto *bench)
{
    if (bench == NULL)
        return;
    keyring_free(bench->ring);
    terminal_clear(&bench->terminal);
    sodium_memzero(bench, sizeof *bench);
    g_free(bench);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BenchCrypto, free_bench)

/* Settles @n times on @path, every card taken back to what it held. Returns: whether all
 * were paid on that path. */
static bool
settle(BenchCrypto *bench, Path path, uint64_t n)
{
    bool paid = true;

    for (uint64_t i = 0; i < n; i++) {
        CardMemory memories[N_SIDES] = { bench->older, bench->newer[path] };
        Settlement seen;

        for (Side side = 0; side < N_SIDES; side++) {
            CardIdentity identity = { &memories[side], &bench->profile, &bench->credentials[side],
                                      side, NULL };

            card_power_on(&bench->cards[side], &identity, LINK_T_CL, bench->seed,
                          N_SIDES * bench->n_settled + side);
        }
        bench->n_settled++;
        seen = terminal_settle(&bench->terminal, &bench->cards[SIDE_PAYER].reader,
                               &bench->cards[SIDE_PAYEE].reader, 5, 0, 0);
        for (Side side = 0; side < N_SIDES; side++)
            card_power_off(&bench->cards[side]);
        paid = paid && outcome_is_paid(seen.outcome) && seen.path == path;
    }
    return paid;
}

/* Fig. 4: four challenges, two of them compared, and a block of random numbers for
 * each card. */
static void
replay_value_transfer(BenchCrypto *bench, uint64_t i)
{
    const KeyPair *pair = keyring_pair(bench->ring, bench->older.transfer_key);
    size_t length = bench->protocol.lengths[PATH_NONE][LENGTH_CHALLENGE];
    static const uint8_t zeros[ENTROPY_BLOCK_BYTES];

    for (int k = 0; k < 4; k++) {
        bench->data[0] = (uint8_t)(i + (uint64_t)k);
        crypto_generichash(bench->out, SEAL_CHALLENGE_BYTES, bench->data, length, pair->key,
                           KEYRING_KEY_BYTES);
        if (k % 2 == 1)
            bench->out[64] = (uint8_t)sodium_memcmp(bench->out, bench->data, SEAL_CHALLENGE_BYTES);
    }
    for (int k = 0; k < N_SIDES; k++)
        crypto_stream_chacha20_xor_ic(bench->out, zeros, ENTROPY_BLOCK_BYTES, bench->data, 0,
                                      bench->seed);
}

static void
replay_symmetric(BenchCrypto *bench)
{
    const KeyPair *pair = keyring_pair(bench->ring, bench->older.update_key);
    size_t length = bench->protocol.lengths[PATH_SYMMETRIC][LENGTH_MESSAGE];
    bool opened;

    crypto_aead_xchacha20poly1305_ietf_encrypt(bench->message, NULL, bench->data, length, NULL, 0,
                                               NULL, bench->seed, pair->cipher_key);
    opened = crypto_aead_xchacha20poly1305_ietf_decrypt(bench->out, NULL, NULL, bench->message,
                                                        length + SEAL_TAG_BYTES, NULL, 0,
                                                        bench->seed, pair->cipher_key) == 0;
    g_assert(opened);
    bench->out[64] = (uint8_t)sodium_memcmp(bench->out, bench->data, FIELD_RANDOM_BYTES);
}

/* One end of an envelope: the shared secret, hashed to a key. */
static void
replay_agreement(BenchCrypto *bench, uint8_t key[static KEYRING_CIPHER_KEY_BYTES])
{
    const uint8_t *public_key =
        bench->credentials[0].certificate.public_key + crypto_sign_PUBLICKEYBYTES;
    bool agreed = crypto_scalarmult_curve25519(bench->out, bench->credentials[0].secret.decrypt,
                                               public_key) == 0;

    g_assert(agreed);
    crypto_generichash(key, KEYRING_CIPHER_KEY_BYTES, bench->data, 96, NULL, 0);
}

static void
replay_public_key(BenchCrypto *bench)
{
    const uint16_t *lengths = bench->protocol.lengths[PATH_PUBLIC_KEY];
    const uint8_t *public_key = bench->credentials[0].certificate.public_key;
    size_t payload = bench->protocol.payload_bytes[PATH_PUBLIC_KEY];
    uint8_t key[KEYRING_CIPHER_KEY_BYTES];
    bool good = true;

    bench->data[0] = 0; /* as when it was signed */
    for (int k = 0; k < N_SIDES; k++)
        good &= crypto_sign_verify_detached(bench->signatures[0], bench->data,
                                            lengths[LENGTH_CERTIFICATE], public_key) == 0;
    crypto_scalarmult_curve25519_base(bench->out, bench->credentials[1].secret.decrypt);
    replay_agreement(bench, key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bench->message, NULL, bench->data, payload, NULL, 0,
                                               NULL, bench->seed, key);
    crypto_sign_detached(bench->out, NULL, bench->data, lengths[LENGTH_SIGNED],
                         bench->credentials[0].secret.sign);
    good &= crypto_sign_verify_detached(bench->signatures[1], bench->data, lengths[LENGTH_SIGNED],
                                        public_key) == 0;
    replay_agreement(bench, key);
    good &= crypto_aead_xchacha20poly1305_ietf_decrypt(bench->out, NULL, NULL, bench->message,
                                                       payload + SEAL_TAG_BYTES, NULL, 0,
                                                       bench->seed, key) == 0;
    g_assert(good);
}

/* Makes the libsodium calls of @n such settlements, on data of the same lengths, and
 * nothing else. */
static void
replay(BenchCrypto *bench, Path path, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (path == PATH_SYMMETRIC)
            replay_symmetric(bench);
        else if (path == PATH_PUBLIC_KEY)
            replay_public_key(bench);
        replay_value_transfer(bench, i);
    }
}

static double
seconds_now(void)
{
    return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static double
median(double *values, size_t n)
{
    gsl_sort(values, 1, n);
    return values[n / 2];
}

/* How many settlements fill a round. */
static uint64_t
calibrate(BenchCrypto *bench, Path path)
{
    uint64_t n = 16;
    double start;

    for (;; n *= 2) {
        start = seconds_now();
        settle(bench, path, n);
        if (seconds_now() - start > ROUND_SECONDS / 2)
            return n;
    }
}

static void
print_path(BenchCrypto *bench, Path path, FILE *out)
{
    uint64_t n = calibrate(bench, path);
    double whole[ROUNDS];
    double calls[ROUNDS];
    double ratios[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double start = seconds_now();
        double middle;
        bool paid = settle(bench, path, n);

        g_assert(paid);
        middle = seconds_now();
        replay(bench, path, n);
        whole[i] = (middle - start) / (double)n;
        calls[i] = (seconds_now() - middle) / (double)n;
        ratios[i] = whole[i] / calls[i];
    }
    fprintf(out, "%-11s %14.0f %14.0f %14.0f %8.3f\n", path_names[path], 1 / median(whole, ROUNDS),
            1e9 * median(whole, ROUNDS), 1e9 * median(calls, ROUNDS), median(ratios, ROUNDS));
}

/* libsodium's operations one by one. */
typedef void (*Operation)(BenchCrypto *bench);

static void
do_challenge(BenchCrypto *bench)
{
    seal_challenge(keyring_pair(bench->ring, bench->older.transfer_key), bench->data, 32,
                   bench->out);
}

static void
do_encrypt(BenchCrypto *bench)
{
    seal_message(UPDATE_CIPHER_AEAD, keyring_pair(bench->ring, bench->older.update_key),
                 bench->seed, bench->data, bench->protocol.lengths[PATH_SYMMETRIC][LENGTH_MESSAGE],
                 bench->out);
}

static void
do_random(BenchCrypto *bench)
{
    crypto_stream_chacha20(bench->out, ENTROPY_BLOCK_BYTES, bench->data, bench->seed);
}

static void
do_sign(BenchCrypto *bench)
{
    seal_sign(bench->protocol.suite, &bench->credentials[0].secret, bench->data, 136, bench->out);
}

static void
do_verify(BenchCrypto *bench)
{
    bool good = seal_verify(
        bench->protocol.suite, bench->credentials[0].certificate.public_key, bench->data,
        bench->protocol.lengths[PATH_PUBLIC_KEY][LENGTH_CERTIFICATE], bench->signatures[0]);

    g_assert(good);
}

static void
do_envelope(BenchCrypto *bench)
{
    seal_envelope(bench->protocol.suite, bench->credentials[0].certificate.public_key, bench->seed,
                  bench->data, 40, bench->out);
}

static const struct {
    const char *name;
    Operation run;
    uint64_t n;
} operations[] = {
    { "random block, 64 bytes", do_random, 200000 },
    { "challenge, 32 bytes", do_challenge, 200000 },
    { "message, 36 bytes", do_encrypt, 200000 },
    { "signature", do_sign, 4000 },
    { "verification", do_verify, 2000 },
    { "envelope", do_envelope, 2000 },
};

void
bench_crypto_print(FILE *out)
{
    g_autoptr(BenchCrypto) bench = make_bench();

    fprintf(out, "libsodium on this machine\n%-24s %12s\n", "operation", "ns");
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        double start = seconds_now();

        for (uint64_t k = 0; k < operations[i].n; k++)
            operations[i].run(bench);
        fprintf(out, "%-24s %12.0f\n", operations[i].name,
                1e9 * (seconds_now() - start) / (double)operations[i].n);
    }
    fprintf(
        out,
        "\nSettlements at the wire level, embodiment 5, suite p256: medians of %d rounds, each\n"
        "followed by the libsodium calls that it makes, alone\n%-11s %14s %14s %14s %8s\n",
        ROUNDS, "update", "settlements/s", "ns each", "ns libsodium", "ratio");
    for (Path path = 0; path < N_PATHS; path++)
        print_path(bench, path, out);
}
