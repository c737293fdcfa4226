#include "model/protocol/rogues.h"

#include <stddef.h>

const char *const rogue_names[N_ROGUES + 1] = {
    [ROGUE_NONE] = "none",
    [ROGUE_MINT] = "mint",
    [ROGUE_BURN] = "burn",
    [ROGUE_REPLAY] = "replay",
    [ROGUE_REPLAY_DEBIT] = "replay-debit",
    [ROGUE_REPLAY_UPDATE] = "replay-update",
    [ROGUE_FREEZE] = "freeze",
    [ROGUE_FORCE_PUBLIC_KEY] = "force-public-key",
    [ROGUE_IGNORE_EXPIRY] = "ignore-expiry",
    [ROGUE_IGNORE_CRL] = "ignore-crl",
    [ROGUE_MALLEATE] = "malleate",
    [ROGUE_FOREIGN_CERTIFICATE] = "foreign-certificate",
};

const char *const rogue_cards_names[N_ROGUE_CARDS + 1] = {
    [ROGUE_CARDS_NONE] = "none",
    [ROGUE_CARDS_POISON] = "poison",
    [ROGUE_CARDS_LEAKED_KEY] = "leaked-key",
    [ROGUE_CARDS_CLONE] = "clone",
    [ROGUE_CARDS_REVOKED] = "revoked",
};
