#include "tests/sim/input/scenario_files.h"

/* What stands behind two_cards_text, from line 5 on; NULL: that loads. */
typedef struct {
    const char *name;
    const char *text;
    const char *message;
} Story;

#define COST                                                                                       \
    "expected a time, or two: at once and for each byte, such as `2.1ms + 3us`, in whole ns, at "  \
    "most 4s + 10ms, found "
#define SUITE_COST                                                                                 \
    "expected a time such as 27ms in whole ns, above 0s and at most 4s, or none, found "
#define RICH                                                                                       \
    "[cohort b]\ncards = 998\ntransfer-key = 1\nupdate-key = 1\n"                                  \
    "balance = constant 9000000000000000\n"
#define TOO_RICH                                                                                   \
    "expected at most 8991008991008991 on a card, so that the 1001 cards of cohorts and plan "     \
    "bring at most 9000000000000000000 in all, found up to 9000000000000000"
#define PAYMENTS "activity = constant 30/d\n[scheme]\noverdraft = allow\n[amount]\nlaw = "
/* Sixteen keys a day, each far from the next. */
#define ROTATION(n, million)                                                                       \
    "[plan p" n "]\ndo = rotate\ncards = 1\nevery = 1d\ntransfer-key = " million "000000\n"        \
    "preloaded = " million "000000, " million "001000, " million "002000, " million                \
    "003000, " million "004000, " million "005000, " million "006000, " million "007000, " million \
    "008000, " million "009000, " million "010000, " million "011000, " million "012000, " million \
    "013000, " million "014000, " million "015000\n"

#define SWAP "do = swap\nat = 1d\ncards = 1\n"

static const Story stories[] = {
    { "a-chip-without-the-suite", "chip = javacos-a22\n[scheme]\nembodiment = 3\n",
      "5: [cohort a] chip: expected a chip with suite p256, found javacos-a22, which has rsa-1024, "
      "rsa-2048" },
    { "a-chip-without-a-suite-that-is-not-used", "chip = javacos-a22\n[scheme]\nembodiment = 1\n",
      NULL },
    { "a-swapped-chip-without-the-suite", "[plan p]\n" SWAP "chip = gemplus-gxp\n",
      "9: [plan p] chip: expected a chip with suite p256, found gemplus-gxp, which has rsa-1024, "
      "rsa-2048" },
    { "a-transfer-key-that-is-not-preloaded", "preloaded = 2,3\n[scheme]\nembodiment = 4\n",
      "3: [cohort a] transfer-key: expected one of the preloaded IDs, found 1" },
    { "a-current-key-that-is-not-the-transfer-key",
      "preloaded = 1,2\ncurrent = highest\n[scheme]\nembodiment = 4\n",
      "6: [cohort a] current: expected the transfer-key, 1, found highest, which is 2" },
    { "a-current-key-that-is-not-used", "preloaded = 1,2\ncurrent = highest\n", NULL },
    { "current-lowest-of-its-own-key", "current = lowest\n[scheme]\nembodiment = 4\n", NULL },
    { "a-current-key-alone-that-is-not-preloaded",
      "[scheme]\nembodiment = 4\n[cohort b]\ncards = 1\nupdate-key = 1\npreloaded = 1,2\n"
      "current = 3\n",
      "11: [cohort b] current: expected one of the preloaded IDs, found 3" },
    { "no-transfer-key-and-nothing-preloaded",
      "[scheme]\nembodiment = 4\n[cohort b]\ncards = 1\nupdate-key = 1\ncurrent = 3\n",
      "7: [cohort b] transfer-key: expected a number from 1 to 4294967294, found nothing" },
    { "no-transfer-key-where-current-is-not-used",
      "[cohort b]\ncards = 1\nupdate-key = 1\npreloaded = 3\n",
      "5: [cohort b] transfer-key: expected a number from 1 to 4294967294, found nothing" },
    { "no-update-key-where-none-is-used",
      "[scheme]\nembodiment = 2\n[cohort b]\ncards = 1\ntransfer-key = 3\n", NULL },
    { "a-limit-that-is-not-used",
      "transfer-key-limit = 9\n[scheme]\nembodiment = conventional\n[cohort b]\ncards = 1\n"
      "transfer-key = 3\ntransfer-key-limit = 2\n",
      NULL },
    { "as-much-money-on-cards-as-a-sum-holds", "balance = constant 9000000000000000\n" RICH, NULL },
    { "more-money-on-cards-than-a-sum-holds",
      "balance = constant 9000000000000000\n" RICH
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n",
      "5: [cohort a] balance: " TOO_RICH "\n10: [cohort b] balance: " TOO_RICH },
    { "money-of-one-cohort-that-is-too-much",
      "[cohort b]\ncards = 1M\ntransfer-key = 1\nupdate-key = 1\n"
      "balance = uniform 1 10000000000000\n",
      "9: [cohort b] balance: expected at most 8999982000035 on a card, so that the 1000002 cards "
      "of cohorts "
      "and plan bring at most 9000000000000000000 in all, found up to 10000000000000" },
    { "as-large-payments-as-a-sum-holds", PAYMENTS "uniform 0 9000000000000000\n", NULL },
    { "larger-payments-than-a-sum-holds", PAYMENTS "log-normal 5000000000000000 2\n",
      "9: [amount] law: expected at most 5000000000000000 in the mean, so that about 1800 payments "
      "come to "
      "at most 9000000000000000000, found 9000000000000000" },
    { "payments-that-no-card-has-room-for",
      "[scheme]\nmax-balance = 2G\n[amount]\nlaw = constant 9000000000000000\n", NULL },
    { "a-swap-above-the-old-card-s-limit",
      "transfer-key-limit = 9\n[plan p]\n" SWAP "transfer-key = 10\n",
      "10: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 10 above 9 on cards of [cohort a]" },
    { "a-swap-below-the-old-card-s-key", "[plan p]\n" SWAP "update-key = 3\nupdate-key-limit = 2\n",
      "9: [plan p] update-key: expected the update-key within its limit on every card that may be "
      "drawn, found 3 above 2 on cards of [cohort a]" },
    { "a-swap-above-the-limit-of-a-cohort-issued-later",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = 3\n"
      "[plan p]\n" SWAP "transfer-key = 4\n[plan q]\ndo = issue\nat = 2d\ncards = 1\n"
      "cohort = b\n",
      NULL },
    { "a-swap-above-the-limit-of-a-cohort-issued-before",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = 3\n"
      "[plan p]\n" SWAP "transfer-key = 4\n[plan q]\ndo = issue\nat = 0s\ncards = 1\n"
      "cohort = b\n",
      "14: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 4 above 3 on cards of [cohort b]" },
    { "a-swap-above-the-limit-that-an-earlier-swap-gave",
      "[plan p]\n" SWAP "transfer-key-limit = 5\n[plan q]\n" SWAP "transfer-key = 6\n",
      "14: [plan q] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 6 above 5 on cards of [cohort a]" },
    { "a-swap-above-a-limit-that-no-card-has-any-more",
      "transfer-key-limit = 9\n[plan p]\ndo = swap\nat = 1d\ncards = 2\n"
      "transfer-key-limit = 20\n[plan q]\ndo = swap\nat = 2d\ncards = 1\ntransfer-key = 10\n",
      NULL },
    { "a-swap-to-a-key-that-is-not-preloaded",
      "preloaded = 1,2\n[scheme]\nembodiment = 4\n[plan p]\n" SWAP "transfer-key = 3\n",
      "12: [plan p] transfer-key: expected the transfer key preloaded on every card that may be "
      "drawn, found 3 missing on cards of [cohort a]" },
    { "a-swap-that-forgets-the-key-in-use",
      "preloaded = 1,2\n[scheme]\nembodiment = 4\n[plan p]\n" SWAP "preloaded = 2,3\n",
      "12: [plan p] preloaded: expected the transfer key preloaded on every card that may be "
      "drawn, "
      "found 1 missing on cards of [cohort a]" },
    { "a-swap-of-cards-issued-at-the-same-time",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = a\n[plan q]\ndo = swap\nat = 1d\n"
      "cards = 3\n",
      NULL },
    { "a-swap-of-cards-issued-just-after",
      "[plan q]\ndo = swap\nat = 1d\ncards = 3\n[plan p]\ndo = issue\nat = 1d\ncards = 1\n"
      "cohort = a\n",
      "8: [plan q] cards: expected at most 2, the cards in circulation at 1d, found 3" },
    { "a-log-at-terminals-that-attack",
      "[terminals t]\nrogue = mint\n[faults]\nrecovery = torn-log\n",
      "6: [terminals t] rogue: expected none with recovery = torn-log, found mint" },
    { "a-log-beside-rogue-cards",
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = leaked-key\n"
      "[faults]\nrecovery = torn-log\n",
      "9: [cohort c] rogue: expected none or poison with recovery = torn-log, found leaked-key" },
    { "a-log-at-honest-terminals", "[terminals t]\nrogue = none\n[faults]\nrecovery = torn-log\n",
      NULL },
    { "a-log-and-short-random-numbers",
      "[scheme]\nembodiment = 1\nnonce-bits = 56\n[faults]\nrecovery = torn-log\n",
      "5: [scheme]: expected nonce-bits of 64 or more with recovery = torn-log, found 56" },
    { "a-plan-with-two-times", "[plan p]\n" SWAP "every = 2d\n",
      "9: [plan p] every: expected one of at, every and when, found at too" },
    { "a-number-of-times-alone", "[plan p]\n" SWAP "times = 2\n",
      "9: [plan p] times: expected this key with every only, found it alone" },
    { "a-plan-too-often", "[plan p]\ndo = swap\nevery = 1us\ncards = 1\n",
      "7: [plan p] every: expected at most 100000 times in the run, found 2591999999999" },
    { "more-keys-than-there-are-numbers",
      "[scheme]\nembodiment = 4\n[scenario]\nduration = 1000d\n" ROTATION("1", "1")
          ROTATION("2", "2") ROTATION("3", "3") ROTATION("4", "4") ROTATION("5", "5"),
      "33: [plan p5]: expected at most 65535 different keys in cohorts and plan, of transfer-key, "
      "update-key, preloaded and times, found 79922" },
    { "a-rotation-too-often", "[plan p]\ndo = rotate\nevery = 1min\ncards = 1\ntransfer-key = 2\n",
      "7: [plan p] every: expected at most 1000 times in the run, found 43199" },
    { "a-rotation-beyond-the-last-key",
      "[plan p]\ndo = rotate\nevery = 10d\ncards = 1\ntransfer-key = 4294967294\n",
      "9: [plan p] transfer-key: expected at most 4294967293, to be raised 1 times, found "
      "4294967294" },
    { "a-rotation-above-the-limit",
      "transfer-key-limit = 3\n[plan p]\ndo = rotate\nevery = 10d\ncards = 1\ntransfer-key = 3\n",
      "10: [plan p] transfer-key: expected the transfer-key within its limit on every card that "
      "may "
      "be drawn, found 4 above 3 on cards of [cohort a]" },
    { "a-condition-that-is-none", "[plan p]\ndo = swap\nwhen = share(transfer, 1) > 3\ncards = 1\n",
      "7: [plan p] when: expected `share-at-least(transfer, ID) > SHARE`, with update instead of "
      "transfer or >= instead of > if you like, found 'share(transfer, 1) > 3'" },
    { "a-condition-on-a-key-that-nobody-brings",
      "[plan p]\ndo = swap\nwhen = share-at-least(transfer, 7) > 3%\ncards = 1\n",
      "7: [plan p] when: expected a generation that cohorts or plan bring, found 7" },
    { "a-condition-on-a-key-that-a-rotation-brings",
      "[plan p]\ndo = swap\nwhen = share-at-least(transfer,7)>=0.03\ncards = 1\n"
      "[plan q]\ndo = rotate\nevery = 5d\ntimes = 3\ncards = 1\ntransfer-key = 5\n",
      NULL },
    { "a-swap-from-a-cohort-that-is-none", "[plan p]\n" SWAP "from = a, b\n",
      "9: [plan p] from: expected only a, found 'b'" },
    { "a-swap-of-more-cards-than-its-cohorts-have",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "[plan p]\ndo = swap\nat = 1d\ncards = 2\nfrom = b\n",
      "12: [plan p] cards: expected at most 1, the cards in circulation at 1d that it may draw "
      "from, found 2" },
    { "a-swap-from-a-cohort-whose-limit-is-high-enough",
      "transfer-key-limit = 3\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "[plan p]\n" SWAP "from = b\ntransfer-key = 4\n",
      NULL },
    { "a-campaign-without-a-number", "[plan p]\ndo = campaign\nat = 1d\nrate = 1/d\n",
      "5: [plan p] cards: expected a number from 0 to 4000000000, found nothing" },
    { "a-campaign-with-two-numbers",
      "[plan p]\ndo = campaign\nat = 1d\nrate = 1/d\ncards = 1\nshare = 10%\n",
      "10: [plan p] share: expected either cards or share, found both" },
    { "a-replacement-without-a-rate", "[plan p]\ndo = replace\nat = 1d\n",
      "5: [plan p] rate: expected a rate such as 0.23/y, 500/d or 2/h, above 0 and at most "
      "1000000/d, found nothing" },
    { "a-replacement-too-often", "[plan p]\ndo = replace\nat = 1d\nrate = 1000000/d\n",
      "8: [plan p] rate: expected a rate of at most 1000000 times in the 29 days that are left of "
      "the run, found 29000000 times" },
    { "a-tap-too-often", "[plan p]\ndo = leak\nat = 20d\nleak = update-key 1\ntaps = 100001/d\n",
      "9: [plan p] taps: expected a rate of at most 1000000 times in the 10 days that are left of "
      "the run, found 1000010 times" },
    { "a-replacement-that-repeats", "[plan p]\ndo = replace\nevery = 1d\nrate = 1/y\n",
      "7: [plan p] every: expected this key with do = issue, swap, revoke, campaign, rotate, wake, "
      "inject only, "
      "found do = replace" },
    { "a-replacement-after-a-later-swap",
      "[plan p]\ndo = replace\nat = 1d\nrate = 1/y\ntransfer-key = 5\n"
      "[plan q]\ndo = swap\nat = 2d\ncards = 1\ntransfer-key-limit = 4\n",
      "14: [plan q] transfer-key-limit: expected the transfer-key within its limit on every card "
      "that may be drawn, found 5 above 4 on cards of [cohort a]" },
    { "limits-below-the-cohort-s-key",
      "[plan p]\ndo = limits\nat = 1d\ncohort = a\ntransfer-key-limit = 3\n[cohort b]\ncards = 0\n"
      "transfer-key = 4\nupdate-key = 1\n[plan q]\ndo = limits\nat = 1d\ncohort = b\n"
      "transfer-key-limit = 3\n",
      "18: [plan q] transfer-key-limit: expected at least the key of [cohort b], 4, found 3" },
    { "special-cards-nowhere", "[plan p]\ndo = special\nat = 1d\nrate = 1/d\ntransfer-key = 2\n",
      "5: [plan p] terminals: expected the name of a group of terminals, found nothing\n"
      "5: [plan p] update-key: " ID_RANGE "nothing" },
    { "special-cards-in-place",
      "[terminals t]\ncount = 2\n[plan p]\ndo = special\nat = 1d\nrate = 1/d\ntransfer-key = 2\n"
      "update-key = 2\nterminals = t\n",
      NULL },
    { "replications-until-a-key-that-nobody-brings",
      "[scenario]\nreplications = 10..20 until time-to-share(transfer, 9, 50%) +- 2%\n",
      "6: [scenario] replications: expected a generation that cohorts or plan bring, found 9" },
    { "replications-until-a-share-that-is-not-taken",
      "[scenario]\nreplications = 10..20 until time-to-share(transfer, 1, 51%) +- 2%\n",
      "6: [scenario] replications: " REPLICATIONS
      "'10..20 until time-to-share(transfer, 1, 51%) +- 2%'" },
    { "fewer-replications-than-the-least",
      "[scenario]\nreplications = 30..20 until time-to-share(transfer, 1, 50%) +- 2%\n",
      "6: [scenario] replications: " REPLICATIONS
      "'30..20 until time-to-share(transfer, 1, 50%) +- 2%'" },
    { "replications-until-an-interval-is-small",
      "[scenario]\nreplications = 10..2k until meetings-to-share(update,1,0.999) +- 0.5%\n", NULL },
    { "the-smallest-envelope", "[scheme]\nembodiment = 5\nsuite = rsa-1024\n", NULL },
    { "shares-that-are-all-zero", "[terminals x]\nshare = 0%\n[terminals y]\nshare = 0\n",
      "8: [terminals y] share: expected a share above 0 in some group of terminals, found none" },
    { "a-chip-that-lacks-operations", "[chip x]\nmac = 1ms\nwrite = 1ms\nmac-check = 1ms\n",
      "5: [chip x] random: " COST "nothing\n"
      "5: [chip x] hash: " COST "nothing\n"
      "5: [chip x] cipher: " COST "nothing\n"
      "5: [chip x] write-key: " COST "nothing" },
    { "a-chip-like-one-that-there-is-not", "[chip x]\nlike = jcop4-p17\nmac = 1ms\n",
      "6: [chip x] like: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'jcop4-p17' "
      "(did you mean 'jcop4-p71'?)" },
    { "a-chip-like-an-own-one", "[chip x]\nlike = jcop4-p71\n[chip y]\nlike = x\n",
      "8: [chip y] like: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'x'" },
    { "a-chip-named-like-a-shipped-one", "[chip jcop3-p60]\nlike = jcop4-p71\n",
      "5: [chip jcop3-p60]: expected a name that no shipped chip has, found 'jcop3-p60'" },
    { "a-chip-named-badly", "[chip a,b]\nlike = jcop4-p71\n",
      "5: [chip a,b]: expected a name of letters, digits, `_` and, behind the first, `-` and `.`, "
      "found 'a,b'" },
    { "a-chip-with-half-a-suite", "[chip x]\nlike = javacos-a22\np256-sign = 27ms\n",
      "5: [chip x] p256-verify: expected a time, as for other operations of suite p256, found "
      "none" },
    { "a-chip-with-three-quarters-of-a-suite", "[chip x]\nlike = jcop4-p71\nrsa-1024-sign = none\n",
      "7: [chip x] rsa-1024-sign: expected a time, as for other operations of suite rsa-1024, "
      "found none" },
    { "a-chip-without-the-suite-where-it-is-used", "chip = x\n[chip x]\nlike = javacos-a22\n",
      "5: [cohort a] chip: expected a chip with suite p256, found x, which has rsa-1024, "
      "rsa-2048" },
    { "a-chip-without-the-suite-where-it-is-not-used", "[chip x]\nlike = javacos-a22\n", NULL },
    { "a-chip-whose-suite-is-in-doubt", "chip = x\n[chip x]\nlike = javacos-a22\np256-sgn = 1ms\n",
      "8: [chip x] p256-sgn: expected a key, one of like, random, hash, cipher, mac, mac-check, "
      "write, write-key, p256-sign, p256-verify, p256-envelope-seal, p256-envelope-open, "
      "rsa-1024-sign, rsa-1024-verify, rsa-1024-envelope-seal, rsa-1024-envelope-open, "
      "rsa-2048-sign, rsa-2048-verify, rsa-2048-envelope-seal, rsa-2048-envelope-open, source, "
      "found 'p256-sgn' (did you mean 'p256-sign'?)" },
    { "a-chip-behind-a-misspelt-header", "chip = x\n[chpi x]\nlike = jcop4-p71\n",
      "6: [chpi x]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'chpi' (did you mean 'chip x'?)" },
    { "a-chip-that-is-misspelt-beside-a-misspelt-header",
      "chip = jcop4-p17\n[chpi x]\nlike = jcop4-p71\n",
      "5: [cohort a] chip: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, found 'jcop4-p17' "
      "(did you mean 'jcop4-p71'?)\n"
      "6: [chpi x]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'chpi' (did you mean 'chip x'?)" },
    { "a-cohort-behind-a-header-that-is-cut-short",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n[cohort b\ncards = 0\n",
      "10: expected [GROUP] alone on its line, found '[cohort b'" },
    { "a-cohort-behind-a-header-with-two-blanks",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n[cohort  b]\ncards = 0\n",
      "10: [cohort  b]: expected [cohort NAME], found [cohort  b]" },
    { "a-cohort-behind-a-header-that-is-no-text",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n\1[cohort b]\n",
      "10: expected text, found the control character 0x01" },
    { "a-cohort-that-is-misspelt-beside-junk",
      "[plan p]\ndo = issue\nat = 1d\ncards = 1\ncohort = b\n\1\n[amuont]\n",
      "9: [plan p] cohort: expected only a, found 'b'\n"
      "10: expected text, found the control character 0x01\n"
      "11: [amuont]: expected a group, one of scenario, scheme, chip, interface, cohort, "
      "terminals, mixing, plan, amount, faults, sweep, found 'amuont' (did you mean 'amount'?)" },
    { "cards-of-an-attacker-in-place",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = a\n"
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\n"
      "[cohort d]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = leaked-key\n",
      NULL },
    { "cards-that-attack-in-no-known-way",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = cloned\n",
      "9: [cohort b] rogue: expected one of none, poison, leaked-key, clone, revoked, found "
      "'cloned' (did you mean 'clone'?)" },
    { "lists-that-name-new-cards-all-the-time",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\n"
      "[plan p]\ndo = issue\ncohort = b\ncards = 1\nevery = 1min\n",
      "14: [plan p] every: expected at most 1000 times in the run, found 43199" },
    { "clones-of-nobody",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\n",
      "5: [cohort b] clone-of: expected a cohort further up, found nothing" },
    { "clones-of-an-unknown-cohort",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = c\n",
      "10: [cohort b] clone-of: expected one of a, b, found 'c'" },
    { "clones-of-themselves",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = b\n",
      "10: [cohort b] clone-of: expected a cohort further up, found b" },
    { "clones-of-a-cohort-further-down",
      "rogue = clone\nclone-of = b\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n",
      "6: [cohort a] clone-of: expected a cohort further up, found b" },
    { "clones-of-a-rogue-card",
      "rogue = leaked-key\n[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\n",
      "11: [cohort b] clone-of: expected a cohort of honest cards, some of them from the start, "
      "found a" },
    { "clones-of-a-card-that-is-issued-later",
      "[cohort b]\ncards = 0\ntransfer-key = 1\nupdate-key = 1\n"
      "[cohort c]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = clone\nclone-of = b\n",
      "14: [cohort c] clone-of: expected a cohort of honest cards, some of them from the start, "
      "found b" },
    { "an-original-without-clones",
      "[cohort b]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nrogue = revoked\nclone-of = a\n",
      "10: [cohort b] clone-of: expected this key with rogue = clone only, found rogue = revoked" },
    { "clones-that-are-no-copies",
      "expiry = fixed 3d\n[cohort b]\ncards = 1\ntransfer-key = 2\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\nbalance = constant 5\n",
      "6: [cohort b] expiry: expected fixed 3d, as in [cohort a], found never\n"
      "8: [cohort b] transfer-key: expected 1, as in [cohort a], found 2\n"
      "12: [cohort b] balance: expected constant 1000000000, as in [cohort a], found constant 5" },
    { "nobody-whose-certificate-could-be-shown", "rogue = revoked\n",
      "5: [cohort a] rogue: expected honest cards from the start beside revoked ones, which show "
      "the certificate of one, found none" },
    { "clones-of-cards-of-which-nothing-is-sure",
      "transfr-key = 1\n[cohort b]\ncards = 1\ntransfer-key = 2\nupdate-key = 1\n"
      "rogue = clone\nclone-of = a\n",
      "5: [cohort a] transfr-key: expected a key, one of cards, transfer-key, update-key, "
      "transfer-key-limit, update-key-limit, preloaded, current, chip, expiry, activity, dormant, "
      "role, region, successor, balance, rogue, clone-of, found 'transfr-key' (did you mean "
      "'transfer-key'?)" },
    { "an-own-chip-that-is-misspelt", "chip = chalk\n[chip chalks]\nlike = jcop4-p71\n",
      "5: [cohort a] chip: expected one of jcop4-p71, jcop3-p60, jcop-2.4.1, smartcafe-7, "
      "infineon-cjtop, athena-idprotect, javacos-a22, gemplus-gxp, smartcafe-6, chalks, found "
      "'chalk' (did you mean 'chalks'?)" },
    { "times-of-a-chip-out-of-range",
      "[chip x]\nlike = jcop4-p71\nmac = 4000000001ns\nhash = 1ms + 11ms\nwrite = 3\n"
      "cipher = 1ms + 2us + 3ns\nrandom = 0.5ns\nmac-check = -1ms\nwrite-key = 1ms +\n"
      "p256-sign = 0s\np256-verify = 1ms + 1us\n",
      "7: [chip x] mac: " COST "'4000000001ns'\n"
      "8: [chip x] hash: " COST "'1ms + 11ms'\n"
      "9: [chip x] write: " COST "'3'\n"
      "10: [chip x] cipher: " COST "'1ms + 2us + 3ns'\n"
      "11: [chip x] random: " COST "'0.5ns'\n"
      "12: [chip x] mac-check: " COST "'-1ms'\n"
      "13: [chip x] write-key: " COST "'1ms +'\n"
      "14: [chip x] p256-sign: " SUITE_COST "'0s'\n"
      "15: [chip x] p256-verify: " SUITE_COST "'1ms + 1us'" },
    { "an-interface-without-blocks",
      "[interface x]\nprotocol = t=1\nbit-time = 9us\nbyte-bits = 11\ncard-gap = 0s\n"
      "reader-gap = 0s\nactivation = 0s\n",
      "5: [interface x] block-bytes: expected a number of bytes with protocol t=1, found nothing\n"
      "5: [interface x] block-overhead: expected a number of bytes with protocol t=1, found "
      "nothing" },
    { "an-interface-with-blocks-of-nothing",
      "[interface x]\nlike = 14443-106\nblock-bytes = none\n",
      "7: [interface x] block-bytes: expected a number of bytes with protocol t=cl, found none" },
    { "characters-in-blocks", "[interface x]\nlike = 7816-t0\nblock-bytes = 1\n",
      "7: [interface x] block-bytes: expected no blocks with protocol t=0, found 1" },
    { "an-interface-that-lacks-all", "[interface x]\n",
      "5: [interface x] protocol: expected one of t=cl, t=0, t=1, found nothing\n"
      "5: [interface x] bit-time: expected a time such as 9.44us in whole ps, above 0s and at most "
      "4ms, found nothing\n"
      "5: [interface x] byte-bits: expected a number from 8 to 32, found nothing\n"
      "5: [interface x] card-gap: expected a time such as 86.4us in whole ns, at most 1s, found "
      "nothing\n"
      "5: [interface x] reader-gap: expected a time such as 86.4us in whole ns, at most 1s, found "
      "nothing\n"
      "5: [interface x] activation: expected a duration such as 5ms, at most 1min, found nothing" },
    { "an-interface-named-like-a-shipped-one", "[interface 7816-t0]\nlike = 7816-t1\n",
      "5: [interface 7816-t0]: expected a name that no shipped interface has, found '7816-t0'" },
    { "an-interface-without-a-name", "[interface]\nlike = 7816-t1\n",
      "5: [interface]: expected [interface NAME], found [interface]" },
    { "default-samples-longer-than-the-run", "[scenario]\nduration = 12h\n",
      "5: [scenario] sample-interval: expected at most the duration, 12h, found 1d" },
};

static void
story_is_judged(const void *data)
{
    const Story *story = data;
    g_autofree char *text = g_strconcat(two_cards_text, story->text, NULL);

    if (story->message == NULL) {
        g_autoptr(Scenario) scenario = load_good(text, NULL);

        check_round_trip(scenario);
    } else {
        g_autofree char *message = load_bad(text, strlen(text), NULL);

        g_assert_cmpstr(message, ==, story->message);
    }
}

static void
sixty_thousand_cohorts_are_enough(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *message = NULL;

    for (int i = 1; i <= 60000; i++)
        g_string_append_printf(text, "[cohort %d]\ncards=1\ntransfer-key=1\nupdate-key=1\n", i);
    scenario_free(load_good(text->str, NULL));
    g_string_append(text, "[cohort x]\ncards=1\ntransfer-key=1\nupdate-key=1\n");
    message = load_bad(text->str, text->len, NULL);
    g_assert_cmpstr(message, ==, "240001: [cohort x]: expected at most 60000 cohorts, found 60001");
}

#define TOO_MANY_ENTRIES                                                                           \
    "[plan p]: expected at most 65535 kinds of cards, by cohort, limits, preloaded IDs, chip, "    \
    "action and revocation, that cohorts and plan may bring up to then, found "

/* @n_cohorts: of one card each. @message: behind the line; NULL if all is well */
static void
judge_crowd(int n_cohorts, const char *plan, const char *message)
{
    g_autoptr(GString) text =
        g_string_new("[scenario]\nduration = 50d\n[scheme]\nembodiment = 5\n");
    g_autofree char *found = NULL;

    for (int i = 1; i <= n_cohorts; i++)
        g_string_append_printf(text, "[cohort %d]\ncards=1\ntransfer-key=1\nupdate-key=1\n", i);
    g_string_append_printf(text, "[plan p]\n%s", plan);
    if (message == NULL) {
        scenario_free(load_good(text->str, NULL));
        return;
    }
    found = load_bad(text->str, text->len, NULL);
    g_assert_cmpstr(strchr(found, '['), ==, message);
}

static void
each_swapped_card_may_need_an_entry(void)
{
    judge_crowd(60000, "do=swap\nat=1d\ncards=5535\n", NULL);
    judge_crowd(60000, "do=swap\nat=1d\ncards=5536\n", TOO_MANY_ENTRIES "65536");
}

/* A revocation needs an entry for its card, and then 70 for those that are replaced later. */
static void
each_revocation_needs_entries_anew(void)
{
    const char *plan = "do=revoke\nevery=1h\ncards=1\ntimes=%d\n"
                       "[plan q]\ndo=replace\nat=0s\nrate=1/d\n";
    g_autofree char *enough = g_strdup_printf(plan, 921);
    g_autofree char *more = g_strdup_printf(plan, 922);

    judge_crowd(70, enough, NULL);
    judge_crowd(70, more, TOO_MANY_ENTRIES "65602");
}

static void
cards_that_differ_in_their_key_share_an_entry(void)
{
    judge_crowd(25000,
                "do=replace\nat=1d\nrate=1/d\n"
                "[plan q]\ndo=swap\nat=0s\ncards=1\ntransfer-key=2\n",
                NULL);
}

/* However often one swap takes place, cards that it makes alike share an entry. */
static void
swap_that_repeats_shares_entries(void)
{
    judge_crowd(70, "do=swap\nevery=1h\ntimes=1000\ncards=70\n", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TABLE("/scenario/load/judges/", stories, story_is_judged)
    g_test_add_func("/scenario/load/sixty-thousand-cohorts-are-enough",
                    sixty_thousand_cohorts_are_enough);
    g_test_add_func("/scenario/load/each-swapped-card-may-need-an-entry",
                    each_swapped_card_may_need_an_entry);
    g_test_add_func("/scenario/load/each-revocation-needs-entries-anew",
                    each_revocation_needs_entries_anew);
    g_test_add_func("/scenario/load/cards-that-differ-in-their-key-share-an-entry",
                    cards_that_differ_in_their_key_share_an_entry);
    g_test_add_func("/scenario/load/swap-that-repeats-shares-entries",
                    swap_that_repeats_shares_entries);
    return run_in_folder();
}
