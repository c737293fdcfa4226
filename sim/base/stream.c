#include "sim/base/stream.h"

#include "model/protocol/bytes.h"

#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>

/* Strip 0 of the ziggurat is the base with the tail beyond BASE_X. */
#define LAYERS STREAM_LAYERS
#define BASE_X 7.69711747013104972
#define STRIP_AREA 0.0039496598225815571993

double stream_edge[LAYERS + 1];
static double height[LAYERS + 1]; /* exp(-edge) */

void
stream_derive(uint8_t *out, uint64_t length, uint64_t seed, uint64_t replication,
              const char *purpose)
{
    uint8_t name[16];
    crypto_generichash_state hash;

    bytes_put_u64(name, seed);
    bytes_put_u64(name + 8, replication);
    crypto_generichash_init(&hash, NULL, 0, length);
    crypto_generichash_update(&hash, name, sizeof name);
    crypto_generichash_update(&hash, (const uint8_t *)purpose, strlen(purpose));
    crypto_generichash_final(&hash, out, length);
}

/* exp(-x) for x >= 0 by its series after halving: additions and multiplications
 * in a fixed order, so that no library decides the last bit. */
static double
exp_minus(double x)
{
    int halvings = 0;
    double sum = 1.0;
    double term = 1.0;

    while (x > 0.5) {
        x *= 0.5;
        halvings++;
    }
    for (int n = 1; n < 20; n++) {
        term *= -x / n;
        sum += term;
    }
    while (halvings-- > 0)
        sum *= sum;
    return sum;
}

/* The x at which exp(-x) = y, by Newton's method from @guess. */
static double
solve_exp_minus(double y, double guess)
{
    double x = guess;

    for (int i = 0; i < 60; i++) {
        double value = exp_minus(x);

        x += (value - y) / value;
    }
    return x;
}

static void
build_ziggurat(void)
{
    stream_edge[1] = BASE_X;
    height[1] = exp_minus(BASE_X);
    stream_edge[0] = STRIP_AREA / height[1]; /* as wide as a rectangle with the tail's area */
    for (int i = 2; i < LAYERS; i++) {
        height[i] = height[i - 1] + STRIP_AREA / stream_edge[i - 1];
        stream_edge[i] = solve_exp_minus(height[i], stream_edge[i - 1]);
    }
    stream_edge[LAYERS] = 0.0;
    height[LAYERS] = 1.0;
}

void
stream_init(Stream *stream, uint64_t seed, uint64_t replication, const char *purpose)
{
    static pthread_once_t is_built = PTHREAD_ONCE_INIT;
    uint8_t state[sizeof stream->state];

    pthread_once(&is_built, build_ziggurat);
    stream_derive(state, sizeof state, seed, replication, purpose);
    for (size_t i = 0; i < 4; i++)
        stream->state[i] = bytes_get_u64(state + (size_t)8 * i);
}

uint64_t
stream_below(Stream *stream, uint64_t n)
{
    unsigned __int128 product = (unsigned __int128)stream_next(stream) * n;

    if ((uint64_t)product < n) {
        uint64_t least = (0 - n) % n;

        while ((uint64_t)product < least)
            product = (unsigned __int128)stream_next(stream) * n;
    }
    return (uint64_t)(product >> 64);
}

/* Whether a point of strip @layer, @u of the way up at @x, lies under exp(-x). The curve sags
 * between its chord and its tangents at both edges, so that nearly always these decide, with
 * more than any rounding to spare. */
static bool
lies_below(unsigned layer, double x, double u)
{
    const double spare = 1e-12;
    double from = stream_edge[layer + 1];
    double to = stream_edge[layer];
    double y = height[layer] + u * (height[layer + 1] - height[layer]);

    if ((u - spare) * (to - from) > to - x)
        return false;
    if (y + spare < height[layer] * (1 + (to - x)) ||
        y + spare < height[layer + 1] * (1 - (x - from)))
        return true;
    return y < exp_minus(x);
}

double
stream_exponential_rare(Stream *stream, unsigned layer, double x)
{
    double u;

    if (layer == 0) /* the tail of an exponential is an exponential */
        return BASE_X + stream_exponential(stream);
    u = (double)(int64_t)(stream_next(stream) >> 11) * 0x1p-53;
    return lies_below(layer, x, u) ? x : stream_exponential(stream);
}
