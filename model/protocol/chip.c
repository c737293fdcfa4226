#include "model/protocol/chip.h"

#include <glib.h>
#include <string.h>

const char *const chip_operation_names[N_CHIP_OPERATIONS] = {
    [CHIP_RANDOM] = "random",       [CHIP_HASH] = "hash",
    [CHIP_CIPHER] = "cipher",       [CHIP_MAC] = "mac",
    [CHIP_MAC_CHECK] = "mac-check", [CHIP_WRITE] = "write",
    [CHIP_WRITE_KEY] = "write-key",
};

const char *const chip_suite_operation_names[N_CHIP_SUITE_OPERATIONS] = {
    [CHIP_SIGN] = "sign",
    [CHIP_VERIFY] = "verify",
    [CHIP_ENVELOPE_SEAL] = "envelope-seal",
    [CHIP_ENVELOPE_OPEN] = "envelope-open",
};

/* Derived from the JCAlgTest results of real Java Cards,
 * https://github.com/crocs-muni/jcalgtest_results at commit 76b01cf,
 * Copyright (c) 2021 CRoCS, MIT licence. In brackets after a card's name: its
 * identifier in the CSV from which tests/model/protocol/fit_chips.py prints these rows;
 * tests/model/protocol/test_fit_chips.py keeps them equal to what it prints.
 *
 * The last three cards have no elliptic curves. */
const Chip chips[] = {
    /* clang-format off */
    /*                             base ns  per B                          base ns  per B
     *                                         sign      verify        seal        open, in ns */
    { .name = "jcop4-p71",
      .cost = { [CHIP_RANDOM] = {   860000,  1250 }, [CHIP_HASH]      = {  1633333, 14479 },
                [CHIP_CIPHER] = {  1494477,  1448 },
                [CHIP_MAC]    = {  1950000,   506 }, [CHIP_MAC_CHECK] = {  2180000,   506 },
                [CHIP_WRITE]  = {  3280000,     0 }, [CHIP_WRITE_KEY] = {  3200000,     0 } },
      .suite_ns = { [SUITE_P256]     = {   26620000,   24880000,   40080000,   20040000 },
                    [SUITE_RSA_1024] = {   15860000,    4160000,    3460000,   14980000 },
                    [SUITE_RSA_2048] = {   55340000,    5680000,    4890000,   53230000 } },
      .source = "NXP JCOP4 J3R180 SECID P71 "
                "(nxp_jcop4_j3r180_secid_p71)" },
    { .name = "jcop3-p60",
      .cost = { [CHIP_RANDOM] = {   586000,  3375 }, [CHIP_HASH]      = {  1623333, 24635 },
                [CHIP_CIPHER] = {  8370710,  2537 },
                [CHIP_MAC]    = {  9140000,  4613 }, [CHIP_MAC_CHECK] = {  9300000,  4613 },
                [CHIP_WRITE]  = {  1240000,     0 }, [CHIP_WRITE_KEY] = {  7890000,     0 } },
      .suite_ns = { [SUITE_P256]     = {   48360000,   42390000,  110160000,   55080000 },
                    [SUITE_RSA_1024] = {   57190000,    4070000,    5870000,   57250000 },
                    [SUITE_RSA_2048] = {  192930000,   10870000,   11180000,  192930000 } },
      .source = "NXP JCOP3 J3H145g P60 "
                "(nxp_jcop3_j3h145g_p60)" },
    { .name = "jcop-2.4.1",
      .cost = { [CHIP_RANDOM] = {   960667, 52458 }, [CHIP_HASH]      = {  5540000, 25312 },
                [CHIP_CIPHER] = {  6129189, 24291 },
                [CHIP_MAC]    = {  6596667, 19940 }, [CHIP_MAC_CHECK] = {  7776667, 19940 },
                [CHIP_WRITE]  = {  5960000,     0 }, [CHIP_WRITE_KEY] = { 13820000,     0 } },
      .suite_ns = { [SUITE_P256]     = {   66780000,  108360000,  211520000,  105760000 },
                    [SUITE_RSA_1024] = {   82650000,   22200000,    8300000,   82250000 },
                    [SUITE_RSA_2048] = {  428550000,   48820000,   19990000,  428170000 } },
      .source = "NXP J3A081 JCOP v2.4.1 "
                "(nxp_j3a081_jcop_v2_4_1)" },
    { .name = "smartcafe-7",
      .cost = { [CHIP_RANDOM] = {  9241333, 54917 }, [CHIP_HASH]      = {   796667, 15052 },
                [CHIP_CIPHER] = {  2298619, 17081 },
                [CHIP_MAC]    = {  2253333, 18929 }, [CHIP_MAC_CHECK] = {  2873333, 18929 },
                [CHIP_WRITE]  = {  3950000,     0 }, [CHIP_WRITE_KEY] = {  3950000,     0 } },
      .suite_ns = { [SUITE_P256]     = {   47690000,   63260000,  127400000,   63700000 },
                    [SUITE_RSA_1024] = {   39160000,    6280000,    3580000,   37360000 },
                    [SUITE_RSA_2048] = {  109270000,    8370000,    5970000,  107430000 } },
      .source = "G+D SmartCafe 7.0 215K USB Token S "
                "(gd_smartcafe_7_0_215k_usb_token_s)" },
    { .name = "infineon-cjtop",
      .cost = { [CHIP_RANDOM] = {  4045333, 84667 }, [CHIP_HASH]      = {  4506667, 53333 },
                [CHIP_CIPHER] = {  3191440, 88651 },
                [CHIP_MAC]    = {  3126667, 73393 }, [CHIP_MAC_CHECK] = {  6356667, 73393 },
                [CHIP_WRITE]  = {  1520000,     0 }, [CHIP_WRITE_KEY] = {  6360000,     0 } },
      .suite_ns = { [SUITE_P256]     = {  127720000,   82690000,  252360000,  126180000 },
                    [SUITE_RSA_1024] = {   90980000,   13430000,   10610000,   91350000 },
                    [SUITE_RSA_2048] = {  225540000,   19820000,   17000000,  226590000 } },
      .source = "Infineon CJTOP 80K INF SLJ 52GLA080AL M8.4 "
                "(infineon_cjtop_80k_inf_slj_52gla080al_m8_4)" },
    { .name = "athena-idprotect",
      .cost = { [CHIP_RANDOM] = {  5079333, 70042 }, [CHIP_HASH]      = {  3256667,  9740 },
                [CHIP_CIPHER] = {        0, 36856 },
                [CHIP_MAC]    = {   341667, 36592 }, [CHIP_MAC_CHECK] = {   341667, 36592 },
                [CHIP_WRITE]  = {   440000,     0 }, [CHIP_WRITE_KEY] = { 14320000,     0 } },
      .suite_ns = { [SUITE_P256]     = {  113920000,  197180000,  374200000,  187100000 },
                    [SUITE_RSA_1024] = {  105210000,    3200000,    3460000,  106660000 },
                    [SUITE_RSA_2048] = {  440500000,    9050000,    8860000,  444090000 } },
      .source = "Athena IDProtect "
                "(athena_idprotect)" },
    { .name = "javacos-a22",
      .cost = { [CHIP_RANDOM] = {   553333, 45417 }, [CHIP_HASH]      = {  1366667, 12396 },
                [CHIP_CIPHER] = {   831972, 10867 },
                [CHIP_MAC]    = {   930000,  9851 }, [CHIP_MAC_CHECK] = {  1450000,  9851 },
                [CHIP_WRITE]  = {   820000,     0 }, [CHIP_WRITE_KEY] = {   820000,     0 } },
      .suite_ns = { [SUITE_P256]     = { CHIP_LACKS },
                    [SUITE_RSA_1024] = {   29440000,    4120000,    4120000,   29440000 },
                    [SUITE_RSA_2048] = {  154490000,    8880000,    8880000,  154490000 } },
      .source = "JavaCOS A22 "
                "(javacos_a22)" },
    { .name = "gemplus-gxp",
      .cost = { [CHIP_RANDOM] = {   690000,  6875 }, [CHIP_HASH]      = {   530000, 12344 },
                [CHIP_CIPHER] = {  2794813, 91015 },
                [CHIP_MAC]    = {  3616667, 86339 }, [CHIP_MAC_CHECK] = {  3776667, 86339 },
                [CHIP_WRITE]  = {  6040000,     0 }, [CHIP_WRITE_KEY] = {  9280000,     0 } },
      .suite_ns = { [SUITE_P256]     = { CHIP_LACKS },
                    [SUITE_RSA_1024] = {  396480000,   18210000,   18210000,  396480000 },
                    [SUITE_RSA_2048] = { 1569150000,   44420000,   44420000, 1569150000 } },
      .source = "Gemplus GXP R4 72K "
                "(gemplus_gxp_r4_72k)" },
    { .name = "smartcafe-6",
      .cost = { [CHIP_RANDOM] = { 13987333, 15792 }, [CHIP_HASH]      = {  3536667, 27865 },
                [CHIP_CIPHER] = {   769901, 82113 },
                [CHIP_MAC]    = {  2875000, 74420 }, [CHIP_MAC_CHECK] = {  4165000, 74420 },
                [CHIP_WRITE]  = {  7210000,     0 }, [CHIP_WRITE_KEY] = {  7210000,     0 } },
      .suite_ns = { [SUITE_P256]     = { CHIP_LACKS },
                    [SUITE_RSA_1024] = {   69550000,    7040000,    7040000,   69550000 },
                    [SUITE_RSA_2048] = {  469210000,   13080000,   13080000,  469210000 } },
      .source = "G+D Smartcafe 6.0 80K "
                "(gd_smartcafe_6_0_80k)" },
    /* clang-format on */
};

const size_t n_chips = G_N_ELEMENTS(chips);

const Chip *
chip_find(const char *name)
{
    g_return_val_if_fail(name != NULL, NULL);

    for (size_t i = 0; i < n_chips; i++)
        if (strcmp(chips[i].name, name) == 0)
            return &chips[i];
    return NULL;
}

bool
chip_has_suite(const Chip *chip, SuiteId suite)
{
    for (size_t i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
        if (chip->suite_ns[suite][i] == CHIP_LACKS)
            return false;
    return true;
}

int64_t
chip_operation_ns(const Chip *chip, ChipOperation operation, size_t bytes)
{
    const ChipCost *cost = &chip->cost[operation];

    return cost->base_ns + (int64_t)cost->byte_ns * (int64_t)bytes;
}

/* What is signed is hashed first; an envelope hides its payload as it is. */
static bool
starts_with_hash(ChipSuiteOperation operation)
{
    return operation == CHIP_SIGN || operation == CHIP_VERIFY;
}

int64_t
chip_suite_operation_ns(const Chip *chip, SuiteId suite, ChipSuiteOperation operation, size_t bytes)
{
    g_return_val_if_fail(chip_has_suite(chip, suite), 0);

    int64_t hash_ns = starts_with_hash(operation) ? chip_operation_ns(chip, CHIP_HASH, bytes) : 0;

    return hash_ns + chip->suite_ns[suite][operation];
}
