#include "model/protocol/suite.h"

const Suite suites[N_SUITES] = {
    /* clang-format off */
    /*                   name        key  signature  envelope: head  block  payload max */
    [SUITE_P256]     = { "p256",      64,        64,             80,     0,         128 },
    [SUITE_RSA_1024] = { "rsa-1024", 128,       128,              0,   128,          62 },
    [SUITE_RSA_2048] = { "rsa-2048", 256,       256,              0,   256,         190 },
    /* clang-format on */
};

uint16_t
suite_envelope_bytes(const Suite *suite, uint16_t payload_bytes)
{
    if (suite->envelope_block_bytes != 0)
        return suite->envelope_block_bytes;
    return (uint16_t)(suite->envelope_head_bytes + payload_bytes);
}
