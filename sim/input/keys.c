#include "sim/input/keys.h"

#include "model/protocol/tear.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

#include <string.h>

const ScenarioGroupRow scenario_groups[N_GROUPS] = {
    [GROUP_SCENARIO] = { "scenario", false, "The run: what it is called, how long, which seeds." },
    [GROUP_SCHEME] = { "scheme", false, "The rules that all cards and terminals obey." },
    [GROUP_CHIP] = { "chip", true,
                     "A chip of your own, beside those that `purseroll chips` prints; its name "
                     "must "
                     "be new. At most 100 groups." },
    [GROUP_INTERFACE] = { "interface", true,
                          "An interface of your own, beside those that `purseroll chips` prints; "
                          "its "
                          "name must be new. At most 100 groups." },
    [GROUP_COHORT] = { "cohort", true, "Cards that were issued alike; at least one group." },
    [GROUP_TERMINALS] = { "terminals", true,
                          "Where cards meet; without any, one group with the defaults." },
    [GROUP_MIXING] = { "mixing", false, "Who meets whom." },
    [GROUP_PLAN] = { "plan", true, "What the issuer does during the run, one action a group." },
    [GROUP_AMOUNT] = { "amount", false, "What is paid, and at which hours." },
    [GROUP_FAULTS] = { "faults", false,
                       "Cards that leave their reader during a settlement, terminals that fail in "
                       "one.\nAt most one party goes from a settlement. Settlements at a counter "
                       "are "
                       "never torn." },
    [GROUP_SWEEP] = { "sweep", false,
                      "Points to compare: each line `GROUP.KEY = VALUE, VALUE, ...` gives a key of "
                      "another group\nseveral values, for example `scheme.embodiment = 1, 3, 5`; "
                      "several lines give every combination.\nAll points run on the same random "
                      "numbers. Any key but name, title and replications may vary." },
};

/* C11 leaves the size of an enumeration open; choices are stored as one size. */
G_STATIC_ASSERT(sizeof(Fidelity) == sizeof(guint));
G_STATIC_ASSERT(sizeof(ReclaimRule) == sizeof(guint));
G_STATIC_ASSERT(sizeof(MixingModel) == sizeof(guint));

static bool
always(const Scheme *scheme G_GNUC_UNUSED)
{
    return true;
}

/* Where the terminal does not choose by update-key IDs. */
static bool
uses_hints(const Scheme *scheme)
{
    return scheme_has_updates(scheme) && scheme->authenticate == AUTHENTICATE_COMMON_KEY;
}

#define AS_EMBODIMENT "as embodiment"

#define IN_SCENARIO(field) offsetof(Scenario, field)
#define IN_CHIP(field) offsetof(ScenarioChip, field)
#define IN_INTERFACE(field) offsetof(ScenarioInterface, field)
#define IN_COHORT(field) offsetof(ScenarioCohort, field)
#define IN_TERMINALS(field) offsetof(ScenarioTerminals, field)
#define IN_PLAN(field) offsetof(ScenarioPlan, field)

#define UPDATES scheme_has_updates
#define DELIVERS_KEYS scheme_delivers_keys
#define PRELOADS scheme_has_preloaded_keys
#define TRAVELS scheme_moves_update_keys
#define CERTIFICATES scheme_has_certificates
#define SUITE scheme_has_suite
#define HINTS uses_hints
#define UPDATE_KEYS scheme_has_update_keys

#define AS_LIKE_OR_REQUIRED "as like; without it required"
#define AS_LIKE_OR_NONE "as like; without it none"

/* A type without names of its own; a choice, and its names: each by its value, or as an array of
 * theirs that other rooms print too. */
#define OF(kind)                                                                                   \
    {                                                                                              \
        .type = (kind)                                                                             \
    }
#define NAMES(n, ...)                                                                              \
    {                                                                                              \
        .type = TYPE_CHOICE, .names = (const char *const[(n) + 1]){ __VA_ARGS__ }, .n_names = (n)  \
    }
#define NAMED_AS(kind, array)                                                                      \
    {                                                                                              \
        .type = (kind), .names = (array), .n_names = G_N_ELEMENTS(array) - 1                       \
    }
#define NAMED(array) NAMED_AS(TYPE_CHOICE, array)

/* Mixing models, as bits. */
#define ONLY(model) (1U << (model))
#define ALL_BUT(model) (~(1U << (model)))

/* clang-format off */
#define SUITE_KEYS(name, id) \
    { GROUP_CHIP, OF(TYPE_SUITE_COST), name "-sign", \
      IN_CHIP(suite_ns[id][CHIP_SIGN]), \
      .otherwise = AS_LIKE_OR_NONE, .used = CERTIFICATES, \
      .meaning = "to sign, the hash of what is signed not included" }, \
    { GROUP_CHIP, OF(TYPE_SUITE_COST), name "-verify", \
      IN_CHIP(suite_ns[id][CHIP_VERIFY]), \
      .otherwise = AS_LIKE_OR_NONE, .used = SUITE, \
      .meaning = "to verify, the hash not included" }, \
    { GROUP_CHIP, OF(TYPE_SUITE_COST), name "-envelope-seal", \
      IN_CHIP(suite_ns[id][CHIP_ENVELOPE_SEAL]), \
      .otherwise = AS_LIKE_OR_NONE, .used = CERTIFICATES, \
      .meaning = "to encrypt under a public key" }, \
    { GROUP_CHIP, OF(TYPE_SUITE_COST), name "-envelope-open", \
      IN_CHIP(suite_ns[id][CHIP_ENVELOPE_OPEN]), \
      .otherwise = AS_LIKE_OR_NONE, .used = CERTIFICATES, \
      .meaning = "to decrypt with the secret key; none in all four: the chip lacks the suite" }

const ScenarioKey scenario_keys[] = {
    { GROUP_SCENARIO, OF(TYPE_NAME), "name", IN_SCENARIO(name),
      .otherwise = "the file's name without .ini",
      .meaning = "names the folder of the results and stands in every row" },
    { GROUP_SCENARIO, OF(TYPE_TEXT), "title", IN_SCENARIO(title),
      .otherwise = "as name",
      .meaning = "one line for people" },
    { GROUP_SCENARIO, OF(TYPE_DATE), "start", IN_SCENARIO(start),
      .preset = "2026-01-01",
      .meaning = "calendar date of time 0, UTC; enters the date 222 of each payment and says "
                 "which day of the week it is" },
    { GROUP_SCENARIO, OF(TYPE_PERIOD), "duration", IN_SCENARIO(duration),
      .preset = "30d",
      .meaning = "how long the run simulates; a trace without duration runs to its end" },
    { GROUP_SCENARIO, OF(TYPE_PERIOD), "sample-interval", IN_SCENARIO(sample_interval),
      .preset = "1d",
      .meaning = "time between two samples; at most the duration, at most 10,000,000 samples" },
    { GROUP_SCENARIO, OF(TYPE_SEED), "seed", IN_SCENARIO(seed),
      .preset = "1",
      .meaning = "of all random streams; the same seed gives the same bytes" },
    { GROUP_SCENARIO, OF(TYPE_SEED), "population-seed", IN_SCENARIO(population_seed),
      .otherwise = "as seed",
      .meaning = "of the stream that draws the population" },
    { GROUP_SCENARIO, OF(TYPE_REPLICATIONS), "replications", IN_SCENARIO(replications),
      .preset = "1",
      .meaning = "independent repetitions; with a rule as many as it takes until the half width "
                 "of the 95 % interval is at most PRECISION of the mean, looked at after every "
                 "tenth; SHARE: 10, 50, 90, 99, 99.9 or 100 %; meetings-to-share, "
                 "time-to-share-active and update likewise" },
    { GROUP_SCENARIO, OF(TYPE_REST), "active-within", IN_SCENARIO(active_within),
      .otherwise = "no such figures",
      .meaning = "adds figures of the cards in use at each sample and at the end: those in a "
                 "settlement so shortly before are active; takes a pass over all cards at each "
                 "sample; not with a trace" },
    { GROUP_SCENARIO, NAMED(scenario_fidelity_names), "fidelity", IN_SCENARIO(fidelity),
      .preset = "auto",
      .meaning = "what decides a settlement: apdu, the cards' programs on the wire; decision, "
                 "the same without bytes, a hundred times as fast; auto: apdu if that takes less "
                 "than about 20 s" },

    { GROUP_SCHEME, NAMED_AS(TYPE_EMBODIMENT, scheme_embodiment_names),
      "embodiment", IN_SCENARIO(scheme),
      .preset = "5",
      .meaning = "embodiment of the specification; sets the four axes that follow" },
    { GROUP_SCHEME, NAMED(scheme_deliver_names), "deliver", IN_SCENARIO(scheme.deliver),
      .otherwise = AS_EMBODIMENT, .used = UPDATES,
      .meaning = "what an update carries: the transfer key, or the ID of one that is preloaded" },
    { GROUP_SCHEME, NAMED(scheme_authenticate_names),
      "authenticate", IN_SCENARIO(scheme.authenticate),
      .otherwise = AS_EMBODIMENT, .used = UPDATES,
      .meaning = "what protects an update; by-update-key: symmetric between equal update keys" },
    { GROUP_SCHEME, NAMED(scheme_update_key_names), "update-key", IN_SCENARIO(scheme.update_key),
      .otherwise = AS_EMBODIMENT, .used = UPDATES,
      .meaning = "whether a public-key update brings the update key along" },
    { GROUP_SCHEME, NAMED(scheme_pays_with_names), "pays-with", IN_SCENARIO(scheme.pays_with),
      .otherwise = AS_EMBODIMENT,
      .meaning = "the newest key of the two cards; without updates, the oldest that both hold, "
                 "or each card's own" },
    { GROUP_SCHEME, OF(TYPE_SUITE), "suite", IN_SCENARIO(scheme.suite),
      .preset = "p256", .used = SUITE,
      .meaning = "public-key algorithms; every chip must have them" },
    { GROUP_SCHEME, NAMED(scheme_range_names), "range", IN_SCENARIO(scheme.range),
      .preset = "inclusive", .used = DELIVERS_KEYS,
      .meaning = "IDs that a card takes: own < new <= limit; own < new < limit; own <= new <= "
                 "limit" },
    { GROUP_SCHEME, NAMED(scheme_expired_names), "expired", IN_SCENARIO(scheme.expired),
      .preset = "stop",
      .meaning = "what an expired card stops: all; only the update; all unless it pays" },
    { GROUP_SCHEME, OF(TYPE_YES_NO), "update-ack", IN_SCENARIO(scheme.update_ack),
      .preset = "yes", .used = UPDATES,
      .meaning = "whether the older card says that it refused an update" },
    { GROUP_SCHEME, NAMED(scheme_crl_scope_names), "crl-scope", IN_SCENARIO(scheme.crl_scope),
      .preset = "both", .used = CERTIFICATES,
      .meaning = "whose certificate the terminal looks up in the revocation list" },
    { GROUP_SCHEME, NAMED(scheme_overdraft_names), "overdraft", IN_SCENARIO(scheme.overdraft),
      .preset = "refuse",
      .meaning = "whether a payer may go below zero" },
    { GROUP_SCHEME, OF(TYPE_MAX_BALANCE), "max-balance", IN_SCENARIO(scheme.max_balance),
      .preset = "none",
      .meaning = "the most that a purse may hold, in minor units" },
    { GROUP_SCHEME, NAMED(scheme_uk_rule_names), "uk-rule", IN_SCENARIO(scheme.uk_rule),
      .preset = "strict", .used = TRAVELS,
      .meaning = "what is written when only one of the two keys of an update is in range" },
    { GROUP_SCHEME, NAMED(scheme_fig4_mac_names), "fig4-mac", IN_SCENARIO(scheme.fig4_mac),
      .preset = "spec",
      .meaning = "what the challenges 224 and 226 authenticate besides the specification's "
                 "fields" },
    { GROUP_SCHEME, NAMED(scheme_key_auth_names), "key-auth", IN_SCENARIO(scheme.key_auth),
      .preset = "peer", .used = DELIVERS_KEYS,
      .meaning = "who vouches for a key that is handed on: the card that does so; the issuer, "
                 "whose signature goes with it and is checked before the key is stored" },
    { GROUP_SCHEME, OF(TYPE_MAX_STEP), "max-step", IN_SCENARIO(scheme.max_step),
      .preset = "none", .used = UPDATES,
      .meaning = "by how much the ID of a transfer key that a card takes may be above its own" },
    { GROUP_SCHEME, OF(TYPE_NONCE_BITS), "nonce-bits", IN_SCENARIO(scheme.nonce_bits),
      .preset = "128",
      .meaning = "length of the random numbers R, 223 and 225" },
    { GROUP_SCHEME, NAMED(scheme_update_cipher_names),
      "update-cipher", IN_SCENARIO(scheme.update_cipher),
      .preset = "aead", .used = UPDATE_KEYS,
      .meaning = "what encrypts under an update key; malleable: without authentication, to show "
                 "what comes of it; wants nonce-bits of 64 or more" },
    { GROUP_SCHEME, NAMED(scheme_uk_hint_names), "uk-hint", IN_SCENARIO(scheme.uk_hint),
      .preset = "none", .used = HINTS,
      .meaning = "whether cards tell their update key's ID, so that a terminal does not try in "
                 "vain" },
    { GROUP_SCHEME, NAMES(N_RECLAIMS, [RECLAIM_NEVER] = "never", [RECLAIM_ON_REACH] = "on-reach",
            [RECLAIM_ON_REFUSE] = "on-refuse"),
      "reclaim", IN_SCENARIO(reclaim),
      .preset = "never", .used = UPDATES,
      .meaning = "when a card is called in, to be replaced by one of its cohort's successor: "
                 "when an update brings it to its limit (with preloaded keys, to the last of "
                 "them), or when it refuses one for its limit" },
    { GROUP_SCHEME, OF(TYPE_INSTANT), "reclaim-delay", IN_SCENARIO(reclaim_delay),
      .preset = "7d", .used = UPDATES,
      .meaning = "from then until the card is replaced" },

    { GROUP_CHIP, OF(TYPE_SHIPPED_CHIP), "like", IN_CHIP(like),
      .otherwise = "none",
      .meaning = "the chip from which it has what is not given" },
    { GROUP_CHIP, OF(TYPE_COST), "random", IN_CHIP(cost[CHIP_RANDOM]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "random bytes" },
    { GROUP_CHIP, OF(TYPE_COST), "hash", IN_CHIP(cost[CHIP_HASH]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always, .used = SUITE,
      .meaning = "hash of what is signed or verified" },
    { GROUP_CHIP, OF(TYPE_COST), "cipher", IN_CHIP(cost[CHIP_CIPHER]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always, .used = UPDATE_KEYS,
      .meaning = "to encrypt or decrypt under an update key" },
    { GROUP_CHIP, OF(TYPE_COST), "mac", IN_CHIP(cost[CHIP_MAC]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "to make a MAC" },
    { GROUP_CHIP, OF(TYPE_COST), "mac-check", IN_CHIP(cost[CHIP_MAC_CHECK]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "to make a MAC and compare" },
    { GROUP_CHIP, OF(TYPE_COST), "write", IN_CHIP(cost[CHIP_WRITE]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "one small atomic write, of a balance or an ID" },
    { GROUP_CHIP, OF(TYPE_COST), "write-key", IN_CHIP(cost[CHIP_WRITE_KEY]),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always, .used = DELIVERS_KEYS,
      .meaning = "to store one key with its ID" },
    SUITE_KEYS("p256", SUITE_P256),
    SUITE_KEYS("rsa-1024", SUITE_RSA_1024),
    SUITE_KEYS("rsa-2048", SUITE_RSA_2048),
    { GROUP_CHIP, OF(TYPE_TEXT), "source", IN_CHIP(source),
      .otherwise = "none",
      .meaning = "where the figures come from" },

    { GROUP_INTERFACE, OF(TYPE_SHIPPED_INTERFACE), "like", IN_INTERFACE(like),
      .otherwise = "none",
      .meaning = "the interface from which it has what is not given" },
    { GROUP_INTERFACE, NAMED_AS(TYPE_PROTOCOL, link_protocol_names),
      "protocol", IN_INTERFACE(protocol),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "how an APDU is framed: blocks of ISO/IEC 14443-4; characters, blocks of "
                 "ISO/IEC 7816-3" },
    { GROUP_INTERFACE, OF(TYPE_BIT_TIME), "bit-time", IN_INTERFACE(bit_ps),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "one bit (elementary time unit)" },
    { GROUP_INTERFACE, OF(TYPE_BYTE_BITS), "byte-bits", IN_INTERFACE(byte_bits),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "bits of a byte on the line, with start, parity and guard bits" },
    { GROUP_INTERFACE, OF(TYPE_BLOCK_BYTES), "block-bytes", IN_INTERFACE(block_bytes),
      .otherwise = "as like; without it required with blocks",
      .meaning = "the most that one block carries; none with t=0" },
    { GROUP_INTERFACE, OF(TYPE_BLOCK_OVERHEAD), "block-overhead", IN_INTERFACE(block_overhead),
      .otherwise = "as like; without it required with blocks",
      .meaning = "bytes of a block's prologue and epilogue; 0 with t=0" },
    { GROUP_INTERFACE, OF(TYPE_GAP), "card-gap", IN_INTERFACE(card_gap_ns),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "from the end of a reader's frame to the start of the card's" },
    { GROUP_INTERFACE, OF(TYPE_GAP), "reader-gap", IN_INTERFACE(reader_gap_ns),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "from the end of a card's frame to the start of the reader's" },
    { GROUP_INTERFACE, OF(TYPE_ACTIVATION), "activation", IN_INTERFACE(activation),
      .otherwise = AS_LIKE_OR_REQUIRED, .required = always,
      .meaning = "from field or contacts on to the first command" },
    { GROUP_INTERFACE, OF(TYPE_TEXT), "source", IN_INTERFACE(source),
      .otherwise = "none",
      .meaning = "where the figures come from" },

    { GROUP_COHORT, OF(TYPE_COHORT_CARDS), "cards", IN_COHORT(cards),
      .otherwise = "required", .required = always,
      .meaning = "cards at time 0; 0 for a cohort that a plan issues; rest: those of a trace "
                 "that no other cohort has" },
    { GROUP_COHORT, OF(TYPE_ID), "transfer-key", IN_COHORT(terms.transfer_key),
      .otherwise = "required; embodiments 4 and mondex with preloaded: as current",
      .required = always,
      .meaning = "ID of the transfer key at issue" },
    { GROUP_COHORT, OF(TYPE_ID), "update-key", IN_COHORT(terms.update_key),
      .otherwise = "required where it is used, else 1",
      .required = UPDATE_KEYS,
      .used = UPDATE_KEYS,
      .meaning = "ID of the update key at issue" },
    { GROUP_COHORT, OF(TYPE_LIMIT), "transfer-key-limit", IN_COHORT(terms.transfer_key_limit),
      .preset = "none", .used = DELIVERS_KEYS,
      .meaning = "the largest transfer-key ID that the card takes" },
    { GROUP_COHORT, OF(TYPE_LIMIT), "update-key-limit", IN_COHORT(terms.update_key_limit),
      .preset = "none", .used = TRAVELS,
      .meaning = "the largest update-key ID that the card takes" },
    { GROUP_COHORT, OF(TYPE_PRELOADED), "preloaded", IN_COHORT(terms.preloaded),
      .preset = "own", .used = PRELOADS,
      .meaning = "transfer keys that the card holds from the start; own: its own only" },
    { GROUP_COHORT, OF(TYPE_CURRENT), "current", IN_COHORT(terms.transfer_key),
      .otherwise = "as transfer-key; lowest if that is not set", .used = PRELOADS,
      .meaning = "which of the preloaded keys is in use at issue" },
    { GROUP_COHORT, OF(TYPE_CHIP), "chip", IN_COHORT(terms.chip),
      .preset = "jcop4-p71",
      .meaning = "what computes on the card" },
    { GROUP_COHORT, OF(TYPE_EXPIRY), "expiry", IN_COHORT(terms.expiry),
      .preset = "never",
      .meaning = "term of validity from issue, with uniform drawn for each card in whole days, A "
                 "and B included; the last valid instant is 1 us before its end" },
    { GROUP_COHORT, OF(TYPE_ACTIVITY), "activity", IN_COHORT(activity),
      .preset = "constant 1/d", .models = ALL_BUT(MIXING_TRACE),
      .meaning = "payments that one card starts: R, or drawn for each card with mean R, or a "
                 "rate drawn from the lines of a CSV file, in payments a day or with a unit, a "
                 "weight behind it where wanted" },
    { GROUP_COHORT, OF(TYPE_SHARE), "dormant", IN_COHORT(dormant),
      .otherwise = "none", .models = ALL_BUT(MIXING_TRACE),
      .meaning = "cards, drawn at issue, that start no payments; rounded to whole ones" },
    { GROUP_COHORT, NAMES(N_ROLES, [ROLE_PERSON] = "person", [ROLE_MERCHANT] = "merchant"),
      "role", IN_COHORT(role),
      .preset = "person", .models = ONLY(MIXING_MERCHANTS),
      .meaning = "model merchants: persons pay, merchants are paid, at a terminal of their own" },
    { GROUP_COHORT, OF(TYPE_NAME), "region", IN_COHORT(region),
      .otherwise = "none; required with communities", .models = ONLY(MIXING_COMMUNITIES),
      .meaning = "model communities: where the cards are" },
    { GROUP_COHORT, OF(TYPE_COHORT), "successor", IN_COHORT(successor),
      .otherwise = "its own", .used = UPDATES,
      .meaning = "reclaim: the cohort whose keys, limits, chip and term cards have by which "
                 "these are replaced, as it is issued at that time" },
    { GROUP_COHORT, OF(TYPE_MONEY_LAW), "balance", IN_COHORT(balance),
      .preset = "constant 1000000000",
      .meaning = "money on a card at issue in minor units, drawn for each card" },
    { GROUP_COHORT, NAMED(rogue_cards_names), "rogue", IN_COHORT(rogue),
      .preset = "none",
      .meaning = "what an attacker does with the cards; writes attacks.csv. poison: they put a key "
                 "of theirs under the cards' transfer-key ID; leaked-key: they have the transfer "
                 "key alone, and the cards' program pays from nothing; clone: copies of one card; "
                 "revoked: named by a revocation list from the start, they show the certificate "
                 "of another card" },
    { GROUP_COHORT, OF(TYPE_COHORT), "clone-of", IN_COHORT(clone_of),
      .otherwise = "required (clone)",
      .meaning = "clone: the cohort, further up, of whose first card they are copies, "
                 "certificate and money included; keys, limits, expiry and balance are written "
                 "as there" },

    { GROUP_TERMINALS, OF(TYPE_SHARE), "share", IN_TERMINALS(share),
      .otherwise = "equal shares",
      .meaning = "of all settlements that take place here; divided by the sum over the groups" },
    { GROUP_TERMINALS, OF(TYPE_COUNT), "count", IN_TERMINALS(count),
      .preset = "unlimited",
      .meaning = "terminals, each with a queue of its own; unlimited: nobody waits" },
    { GROUP_TERMINALS, OF(TYPE_KIND), "kind", IN_TERMINALS(kind),
      .preset = "handheld",
      .meaning = "how the terminal is built: decides what its readers add to each command" },
    { GROUP_TERMINALS, OF(TYPE_INTERFACES), "interface", IN_TERMINALS(interface),
      .preset = "14443-106",
      .meaning = "between reader and card" },
    { GROUP_TERMINALS, OF(TYPE_CRL_SOURCE), "crl-source", IN_TERMINALS(crl_period),
      .preset = "network 1d", .used = CERTIFICATES,
      .meaning = "how often the revocation list is fetched; factory: built in and never renewed" },
    { GROUP_TERMINALS, OF(TYPE_SKEW), "clock-skew", IN_TERMINALS(clock_skew),
      .preset = "0s",
      .meaning = "how far the terminals' clocks are ahead" },
    { GROUP_TERMINALS, NAMED(rogue_names), "rogue", IN_TERMINALS(rogue),
      .preset = "none",
      .meaning = "what the terminals do to the cards; writes attacks.csv. mint: the payee is "
                 "credited with the other card's challenge; burn: the debit without the credit; "
                 "replay: S2004 twice; replay-debit: S2003 twice; replay-update: Sx006 again for "
                 "a card that gives the same R; freeze: no updates; force-public-key: where "
                 "symmetric would do; ignore-expiry, ignore-crl; malleate: another ID in Sx006; "
                 "foreign-certificate: shown for a revoked card" },
    { GROUP_TERMINALS, OF(TYPE_ID), "rogue-transfer-key", IN_TERMINALS(rogue_id),
      .otherwise = "required (malleate)", .used = DELIVERS_KEYS,
      .meaning = "malleate: the ID that is put in" },
    { GROUP_TERMINALS, OF(TYPE_SHARE), "stale-clock-share", IN_TERMINALS(stale_share),
      .preset = "0",
      .meaning = "terminals whose clocks stand at time 0, when they were made; rounded to whole "
                 "ones, unless unlimited" },

    { GROUP_MIXING, NAMES(N_MIXINGS, [MIXING_UNIFORM] = "uniform", [MIXING_ACTIVITY] = "activity",
            [MIXING_MERCHANTS] = "merchants", [MIXING_COMMUNITIES] = "communities",
            [MIXING_TRACE] = "trace"),
      "model", IN_SCENARIO(mixing),
      .preset = "uniform",
      .meaning = "uniform: payer in proportion to activity, payee uniform among all other cards; "
                 "activity: both in proportion to activity; merchants: persons pay merchants; "
                 "communities: mostly within a region; trace: every row of a file is a "
                 "settlement, nobody waits and no card is busy" },
    { GROUP_MIXING, OF(TYPE_EXPONENT), "zipf", IN_SCENARIO(zipf),
      .preset = "1", .models = ONLY(MIXING_MERCHANTS),
      .meaning = "merchants: that of rank k is paid in proportion to k^-zipf; 0: all alike; "
                 "ranks are drawn" },
    { GROUP_MIXING, OF(TYPE_SHARE), "person-to-person", IN_SCENARIO(person_to_person),
      .preset = "0", .models = ONLY(MIXING_MERCHANTS),
      .meaning = "merchants: payments that go to any other person, at terminals drawn as ever" },
    { GROUP_MIXING, OF(TYPE_SHARE), "cross", IN_SCENARIO(cross),
      .otherwise = "this or matrix is required with communities",
      .models = ONLY(MIXING_COMMUNITIES),
      .meaning = "communities: payments to any card of the other regions; the rest stays in the "
                 "payer's" },
    { GROUP_MIXING, OF(TYPE_TEXT), "matrix", IN_SCENARIO(matrix_file),
      .otherwise = "none", .models = ONLY(MIXING_COMMUNITIES),
      .meaning = "communities: CSV file; the first row names the payees' regions, each other row "
                 "a payer's region and the weights of its payments" },
    { GROUP_MIXING, OF(TYPE_TEXT), "trace-file", IN_SCENARIO(trace_file),
      .otherwise = "required with trace", .models = ONLY(MIXING_TRACE),
      .meaning = "CSV file, plain or packed by gzip; relative to the scenario's folder" },
    { GROUP_MIXING, OF(TYPE_TRACE_COLUMNS), "trace-columns", IN_SCENARIO(trace_format.columns),
      .otherwise = "time,payer,payee; without header 1,2,3", .models = ONLY(MIXING_TRACE),
      .meaning = "names in the file's header; without header numbers of columns, from 1. Times "
                 "in seconds from time 0, amounts in minor units; terminal: the NAME of a group "
                 "of terminals" },
    { GROUP_MIXING, OF(TYPE_DELIMITER), "trace-delimiter", IN_SCENARIO(trace_format.delimiter),
      .preset = "comma", .models = ONLY(MIXING_TRACE),
      .meaning = "between two columns" },
    { GROUP_MIXING, OF(TYPE_YES_NO), "trace-header", IN_SCENARIO(trace_format.has_header),
      .preset = "yes", .models = ONLY(MIXING_TRACE),
      .meaning = "whether the first row names the columns" },
    { GROUP_MIXING, NAMES(N_TRACE_IDS, [TRACE_IDS_NAMES] = "names", [TRACE_IDS_NUMBER] = "number"),
      "trace-ids", IN_SCENARIO(trace_format.ids),
      .preset = "names", .models = ONLY(MIXING_TRACE),
      .meaning = "how a file tells cards apart: names, which are numbered as they appear, payer "
                 "before payee; number: their numbers, from 0" },
    { GROUP_MIXING, OF(TYPE_YES_NO), "trace-sort", IN_SCENARIO(trace_format.is_to_be_sorted),
      .preset = "no", .models = ONLY(MIXING_TRACE),
      .meaning = "whether rows are sorted by time, in memory; else they must be; equal times "
                 "keep their order; a file whose times only fall is read from its end" },

    { GROUP_PLAN, OF(TYPE_INSTANT), "at", IN_PLAN(at),
      .otherwise = "required without every or when",
      .meaning = "when, from time 0; before the end of the run" },
    { GROUP_PLAN, OF(TYPE_PERIOD), "every", IN_PLAN(every),
      .otherwise = "required without at or when", .plan_key = PLAN_KEY_EVERY,
      .meaning = "issue, swap, revoke, campaign, rotate, wake, inject: again and again, first "
                 "after one such period; at most 100,000 times, revoke and rotate 1,000 times" },
    { GROUP_PLAN, OF(TYPE_TIMES), "times", IN_PLAN(times),
      .otherwise = "until the end", .plan_key = PLAN_KEY_TIMES,
      .meaning = "with every: how often at most" },
    { GROUP_PLAN, OF(TYPE_TRIGGER), "when", IN_PLAN(when),
      .otherwise = "required without at or every",
      .meaning = "at the first sample in which that share of the cards holds the generation or a "
                 "newer one; once" },
    { GROUP_PLAN, OF(TYPE_DO), "do", IN_PLAN(what),
      .otherwise = "required", .required = always,
      .describe = plan_actions_describe },
    { GROUP_PLAN, OF(TYPE_CARDS), "cards", IN_PLAN(cards),
      .otherwise = "required (issue, swap, revoke, rotate, inject; campaign without share; wake "
                   "without share or rate)", .plan_key = PLAN_KEY_CARDS,
      .meaning = "how many cards it concerns each time" },
    { GROUP_PLAN, OF(TYPE_SHARE), "share", IN_PLAN(share),
      .otherwise = "as cards", .plan_key = PLAN_KEY_SHARE,
      .meaning = "campaign, wake: instead of cards, a share of those that it may draw from, rounded "
                 "to whole ones" },
    { GROUP_PLAN, OF(TYPE_RATE), "rate", IN_PLAN(rate_per_day),
      .otherwise = "required (campaign, replace, recall, special; wake without cards or share)",
      .plan_key = PLAN_KEY_RATE,
      .meaning = "campaign: cards replaced in all, evenly; replace, recall: how often one card "
                 "is replaced or comes to the counter, at random; special: how often a card "
                 "comes by at one terminal, at random; wake: at which each of the cards is "
                 "woken, at random; replace, recall, special: at most a million times in a run" },
    { GROUP_PLAN, OF(TYPE_COHORT), "cohort", IN_PLAN(cohort),
      .otherwise = "required (issue, limits)", .plan_key = PLAN_KEY_COHORT,
      .meaning = "issue, limits: the cohort of the new cards" },
    { GROUP_PLAN, OF(TYPE_COHORTS), "from", IN_PLAN(from),
      .otherwise = "all cards", .plan_key = PLAN_KEY_FROM,
      .meaning = "swap, revoke, campaign, replace, rotate, recall, wake, inject, leak: only "
                 "cards of these cohorts, and what they were replaced by" },
    { GROUP_PLAN, OF(TYPE_TERMINALS), "terminals", IN_PLAN(terminals),
      .otherwise = "required (special)", .plan_key = PLAN_KEY_TERMINALS,
      .meaning = "special: the group of terminals that have a special card each; unlimited ones "
                 "count as one" },
    { GROUP_PLAN, OF(TYPE_LEAK), "leak", IN_PLAN(leak),
      .otherwise = "required (leak)", .plan_key = PLAN_KEY_LEAK,
      .meaning = "leak: a key of that generation; secret key and certificate of a card, which is "
                 "drawn from all or those of from; or all that such a card holds" },
    { GROUP_PLAN, OF(TYPE_RATE), "taps", IN_PLAN(taps_per_day),
      .otherwise = "none", .plan_key = PLAN_KEY_TAPS,
      .meaning = "leak: cards that come to the attacker's own reader, at random, where an "
                 "extracted card learns the keys of newer ones; at most a million in a run; not "
                 "with a transfer key, which opens nothing" },
    { GROUP_PLAN, OF(TYPE_ID), "transfer-key", IN_PLAN(terms.transfer_key),
      .otherwise = "as it was", .plan_key = PLAN_KEY_TRANSFER_KEY,
      .meaning = "the new card's transfer key; rotate: the first time; recall, special, inject "
                 "(all require it): the key that cards get" },
    { GROUP_PLAN, OF(TYPE_ID), "update-key", IN_PLAN(terms.update_key),
      .otherwise = "as it was", .used = UPDATE_KEYS, .plan_key = PLAN_KEY_UPDATE_KEY,
      .meaning = "the new card's update key; rotate: the first time; special, inject: of the "
                 "cards that update others, required where it is used" },
    { GROUP_PLAN, OF(TYPE_LIMIT), "transfer-key-limit", IN_PLAN(terms.transfer_key_limit),
      .otherwise = "as it was", .used = DELIVERS_KEYS, .plan_key = PLAN_KEY_TRANSFER_KEY_LIMIT,
      .meaning = "the new card's limit; rotate: the first time; limits: of cards issued from "
                 "then on" },
    { GROUP_PLAN, OF(TYPE_LIMIT), "update-key-limit", IN_PLAN(terms.update_key_limit),
      .otherwise = "as it was", .used = TRAVELS, .plan_key = PLAN_KEY_UPDATE_KEY_LIMIT,
      .meaning = "likewise" },
    { GROUP_PLAN, OF(TYPE_CHANGED_PRELOADED), "preloaded", IN_PLAN(terms.preloaded),
      .otherwise = "as it was", .used = PRELOADS, .plan_key = PLAN_KEY_PRELOADED,
      .meaning = "the new card's preloaded keys; rotate: the first time; special: of the special "
                 "cards" },
    { GROUP_PLAN, OF(TYPE_CHIP), "chip", IN_PLAN(terms.chip),
      .otherwise = "as it was", .plan_key = PLAN_KEY_CHIP,
      .meaning = "the new card's chip" },
    { GROUP_PLAN, OF(TYPE_EXPIRY), "expiry", IN_PLAN(terms.expiry),
      .otherwise = "as it was", .plan_key = PLAN_KEY_EXPIRY,
      .meaning = "the new card's term of validity, from its swap" },

    { GROUP_AMOUNT, OF(TYPE_MONEY_LAW), "law", IN_SCENARIO(amount),
      .preset = "constant 1",
      .meaning = "what a payer pays, in minor units" },
    { GROUP_AMOUNT, OF(TYPE_DAY_PROFILE), "day-profile", IN_SCENARIO(day_profile),
      .otherwise = "none", .models = ALL_BUT(MIXING_TRACE),
      .meaning = "payments over the day: weights of equal parts from midnight on, such as 24; "
                 "the mean activity stays as it is" },
    { GROUP_AMOUNT, OF(TYPE_WEEK_PROFILE), "week-profile", IN_SCENARIO(week_profile),
      .otherwise = "none", .models = ALL_BUT(MIXING_TRACE),
      .meaning = "likewise over the week, from Monday to Sunday; which day it is follows from "
                 "start" },

    { GROUP_FAULTS, OF(TYPE_HAZARD), "payer-leaves", IN_SCENARIO(faults.per_day[TEAR_PAYER]),
      .preset = "0/d",
      .meaning = "how often the payer's card leaves its reader, per time that it spends in "
                 "settlements" },
    { GROUP_FAULTS, OF(TYPE_HAZARD), "payee-leaves", IN_SCENARIO(faults.per_day[TEAR_PAYEE]),
      .preset = "0/d",
      .meaning = "likewise the payee's" },
    { GROUP_FAULTS, OF(TYPE_HAZARD), "terminal-fails", IN_SCENARIO(faults.per_day[TEAR_TERMINAL]),
      .preset = "0/d",
      .meaning = "likewise the terminal, which is ready again for the next settlement" },
    { GROUP_FAULTS, OF(TYPE_SHARE), "torn", IN_SCENARIO(faults.torn),
      .preset = "0",
      .meaning = "settlements that are torn besides, at any instant between their start and what "
                 "would be their end" },
    { GROUP_FAULTS, OF(TYPE_TORN_PARTY), "torn-party", IN_SCENARIO(faults.torn_party),
      .preset = "any",
      .meaning = "with torn: who goes; any: each of the three alike" },
    { GROUP_FAULTS, OF(TYPE_YES_NO), "presence-check", IN_SCENARIO(scheme.presence_check),
      .preset = "no",
      .meaning = "whether the terminal looks, when it is about to send S2003, if the payee is "
                 "still there" },
    { GROUP_FAULTS, NAMED(scheme_torn_write_names), "torn-write", IN_SCENARIO(scheme.torn_write),
      .preset = "atomic",
      .meaning = "what a card keeps of a write of several fields that is cut off: nothing; or "
                 "what was written so far, each ID before its key or after it" },
    { GROUP_FAULTS, NAMED(scheme_torn_pair_names), "torn-pair", IN_SCENARIO(scheme.torn_pair),
      .preset = "uk-first", .used = TRAVELS,
      .meaning = "which of two keys is written first; without effect if torn-write is atomic" },
    { GROUP_FAULTS, NAMED(scheme_recovery_names), "recovery", IN_SCENARIO(scheme.recovery),
      .preset = "none",
      .meaning = "when a card does not answer S2001 to S2004: nothing; or the same command once "
                 "more, the card keeping its power if it left while it was spoken to; or the two "
                 "cards finish it when they next pay each other, if neither has done so with "
                 "others before; wants nonce-bits of 64 or more and terminals and programs of "
                 "cards that are no attackers" },
    { GROUP_FAULTS, NAMED(scheme_nonce_life_names), "nonce-life", IN_SCENARIO(scheme.nonce_life),
      .preset = "one-use",
      .meaning = "how long R, 223 and 225 serve: once, or until power goes" },
};
/* clang-format on */

const size_t scenario_n_keys = G_N_ELEMENTS(scenario_keys);

bool
keys_is_of_model(const ScenarioKey *key, guint model)
{
    return key->models == 0 || (key->models >> model & 1) != 0;
}

bool
keys_is_axis(const ScenarioKey *key)
{
    return g_strcmp0(key->otherwise, AS_EMBODIMENT) == 0;
}

/* Whether each name of a choice is there once. */
static void
demand_names(const ScenarioKey *key, const GPtrArray *names)
{
    const char *group = scenario_groups[key->group].name;

    for (guint i = 0; i < names->len; i++) {
        if (names->pdata[i] == NULL)
            g_error("sim/input/keys.c: [%s] %s: value %u of %u has no name", group, key->name, i,
                    names->len);
        for (guint k = 0; k < i; k++)
            if (strcmp(names->pdata[i], names->pdata[k]) == 0)
                g_error("sim/input/keys.c: [%s] %s: values %u and %u are both called %s", group,
                        key->name, k, i, (const char *)names->pdata[i]);
    }
}

void
keys_demand_names(void)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        g_autoptr(GPtrArray) names = types_names(&scenario_keys[i].value);

        if (names != NULL)
            demand_names(&scenario_keys[i], names);
    }
}

const ScenarioKey *
keys_find(ScenarioGroup group, const char *name)
{
    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == group && strcmp(scenario_keys[i].name, name) == 0)
            return &scenario_keys[i];
    return NULL;
}

ScenarioGroup
keys_find_group(const char *header, const char **member)
{
    const size_t length = strcspn(header, " ");
    ScenarioGroup group = 0;

    while (group < N_GROUPS && (strlen(scenario_groups[group].name) != length ||
                                strncmp(scenario_groups[group].name, header, length) != 0))
        group++;
    if (member != NULL)
        *member = header + length + strspn(header + length, " ");
    return group;
}

char *
keys_header(ScenarioGroup group, const char *member)
{
    return g_strconcat(scenario_groups[group].name, " ", member, NULL);
}
