#!/usr/bin/env python3
"""Attacks in whole scenarios: how far an injected key spreads, known from 200 runs of another
program; what terminals mint and burn, and rogue cards pay, with and without what stands against it.

`test_attacks.py SEED ...` tries other seeds than `make test` does.
"""

import sys
from math import sqrt

from harness import main
from theory import SIGMAS, Runs, cohort, groups, mean_of, sd_of

SEEDS = (11, 12, 13)
REPLICATIONS = 100
DAY = 86400
OTHERS_RUNS = 200

# ---- Poison ------------------------------------------------------------------------------------

N = 20_000
TARGET = 900
SPREAD = {10: 0.42, 15: 0.971}  # share of the cards so many days after one injection
COUNTERMEASURES = {"peer": {}, "signed": {"key-auth": "issuer-signed"}, "steps": {"max-step": 10}}


def poison(seed, replications, at="0s", **scheme):
    """Each card takes part in one settlement a day."""
    scenario = groups(1, {"all": cohort(N, 1, **{"transfer-key-limit": TARGET})}, 16, seed,
                      replications, "0.5/d", "5d")
    scenario["scenario"]["fidelity"] = "decision"
    scenario["scheme"].update(scheme)
    scenario["plan attacker"] = {"at": at, "do": "inject", "cards": 1, "transfer-key": TARGET,
                                 "update-key": 1}
    return scenario


def rows_at(runs, name, day):
    return [row for row in runs.rows(name, "attacks.csv") if float(row["time_s"]) == day * DAY]


def start_poison(runs, seed):
    runs.start(f"peer-{seed}", poison(seed, REPLICATIONS))
    for name, scheme in COUNTERMEASURES.items():
        if scheme:
            runs.start(f"{name}-{seed}", poison(seed, 2, **scheme))


def check_poison(checks, runs, seed):
    for day, expected in SPREAD.items():
        shares = [int(row["cards"]) / N for row in rows_at(runs, f"peer-{seed}", day)]
        error = sd_of(shares) * sqrt(1 / len(shares) + 1 / OTHERS_RUNS)
        z = (mean_of(shares) - expected) / error
        checks.check(len(shares) == REPLICATIONS and abs(z) < SIGMAS,
                     f"seed {seed}: poison after {day} days: {mean_of(shares):.4f}, "
                     f"expected {expected}, z = {z:.2f}")
    for name in ("signed", "steps"):
        checks.equal([(row["attempts"], row["successes"], row["cards"])
                      for row in rows_at(runs, f"{name}-{seed}", 16)], [("1", "0", "0")] * 2,
                     f"seed {seed}: {name}: the injected key is not stored")


# ---- What was before an attack -----------------------------------------------------------------


def check_before(checks, runs, seed):
    early, late = (runs.rows(name, "outcomes.csv") for name in (f"late-{seed}", f"never-{seed}"))
    checks.check(early != late and
                 [row for row in early if float(row["time_s"]) <= 10 * DAY] ==
                 [row for row in late if float(row["time_s"]) <= 10 * DAY],
                 f"seed {seed}: an attack on day 10 changes no row before")


def start_before(runs, seed):
    late, never = poison(seed, 1, "10d"), poison(seed, 1)
    late["scenario"]["name"] = never["scenario"]["name"] = "poison"
    del never["plan attacker"]
    runs.start(f"late-{seed}", late)
    runs.start(f"never-{seed}", never)


# ---- Value -------------------------------------------------------------------------------------

CARDS, BALANCE, AMOUNT = 200, 1000, 7
REPLAYS = {"replay": "minted", "replay-debit": "destroyed"}
FORMS = ("spec", "direction-tag", "direction-and-cards")


def value(seed, rogue, level, **scheme):
    scenario = groups(5, {"all": cohort(CARDS, 1, balance=f"constant {BALANCE}")}, 10, seed, 1)
    scenario["scenario"]["fidelity"] = level
    scenario["scheme"].update(scheme)
    scenario["amount"] = {"law": f"constant {AMOUNT}"}
    scenario["terminals good"] = {"share": "80%"}
    scenario["terminals bad"] = {"share": "20%", "rogue": rogue}
    return scenario


def start_value(runs, seed):
    for level in ("apdu", "decision"):
        for rogue in ("mint", "burn"):
            for form in FORMS:
                runs.start(f"{rogue}-{form}-{level}-{seed}",
                           value(seed, rogue, level, **{"fig4-mac": form}))
        for life in ("one-use", "power-on"):
            for rogue in REPLAYS:
                scenario = value(seed, rogue, level)
                scenario["faults"] = {"nonce-life": life}
                runs.start(f"{rogue}-{life}-{level}-{seed}", scenario)


def check_gain(checks, runs, name, gains, book, text):
    """Every attempt gains the amount of its payment, or none does; the books say the same."""
    row = runs.rows(name, "attacks.csv")[-1]
    attempts, successes, gained = (int(row[key]) for key in ("attempts", "successes", "gained"))
    booked = int(runs.rows(name, "value.csv")[-1][book])
    checks.check(attempts > 100 and successes == (attempts if gains else 0) and
                 gained == successes * AMOUNT == booked, text, row, f"{book} {booked}")


def check_value(checks, runs, seed):
    for level in ("apdu", "decision"):
        for form in FORMS:
            for rogue, gains, book in (("mint", form == "spec", "minted"),
                                       ("burn", True, "destroyed")):
                check_gain(checks, runs, f"{rogue}-{form}-{level}-{seed}", gains, book,
                           f"seed {seed}, {level}: {rogue} with fig4-mac = {form} "
                           f"{'gains' if gains else 'is stopped'}")
        for life in ("one-use", "power-on"):
            for rogue, book in REPLAYS.items():
                check_gain(checks, runs, f"{rogue}-{life}-{level}-{seed}", life == "power-on",
                           book, f"seed {seed}, {level}: {rogue} with nonce-life = {life}")

# ---- Cards -------------------------------------------------------------------------------------

# Cards; the days on which something comes. Rogue cards of an old key would go on paying each other.
HONEST, ROGUE, ROLLOVER, LIST, DAYS = 100, 1, 5, 6, 30


def cards(seed, embodiment, rogue, plan, **keys):
    """Among honest cards, everybody pays as often."""
    common = {"balance": f"constant {BALANCE}"}
    update_key = 1 if embodiment == 1 else 2
    scenario = groups(embodiment, {"first": cohort(1, 1, **common), "all": cohort(HONEST, 1, **common),
                                   "bad": cohort(ROGUE, 1, **common, rogue=rogue, **keys),
                                   "new": cohort(0, 2, update_key, **common)}, DAYS, seed, 1, "10/d")
    scenario["scenario"]["fidelity"] = "decision"
    scenario["amount"] = {"law": f"constant {AMOUNT}"}
    scenario["terminals tills"] = {"crl-source": "network 1min"}
    if plan is not None:
        scenario["plan against"] = plan
    return scenario


NEW_KEY = {"do": "issue", "at": f"{ROLLOVER}d", "cohort": "new", "cards": 5}
CALL_IN = {"do": "swap", "at": f"{ROLLOVER}d", "from": "bad", "cards": ROGUE, "transfer-key": 1}
REVOKE_ONE = {"do": "revoke", "at": f"{LIST}d", "from": "first", "cards": 1}
AGAINST = {"nothing": None, "new-key": NEW_KEY, "call-in": CALL_IN, "revoke": REVOKE_ONE}
CARD_ROWS = [
    # kind, embodiment, what is done, whether it goes on and whether they are still there
    ("leaked-key", 5, "nothing", True, ROGUE), ("leaked-key", 5, "new-key", False, ROGUE),
    ("leaked-key", 2, "new-key", False, ROGUE), ("leaked-key", 1, "new-key", False, ROGUE),
    ("leaked-key", 5, "call-in", False, 0), ("leaked-key", "conventional", "nothing", True, ROGUE),
    ("clone", 5, "nothing", True, ROGUE), ("clone", 5, "new-key", True, ROGUE),
    ("clone", 5, "revoke", False, ROGUE), ("clone", 1, "revoke", True, ROGUE),
    ("clone", 5, "call-in", False, 0),
    ("revoked", 5, "nothing", True, ROGUE), ("revoked", 5, "new-key", False, ROGUE),
    ("revoked", 2, "new-key", False, ROGUE), ("revoked", 5, "revoke", False, ROGUE),
    ("revoked", 5, "call-in", False, 0),
]


def start_cards(runs, seed):
    for kind, embodiment, against, _, _ in CARD_ROWS:
        keys = {"clone-of": "first"} if kind == "clone" else {}
        runs.start(f"{kind}-{embodiment}-{against}-{seed}",
                   cards(seed, embodiment, kind, AGAINST[against], **keys))
    honest = cards(seed, 5, "none", {"do": "revoke", "at": "0s", "from": "bad", "cards": ROGUE})
    runs.start(f"honest-{seed}", honest)
    for level in ("apdu", "decision"):
        copied = cards(seed, 5, "clone", {**REVOKE_ONE, "from": "bad"}, **{"clone-of": "first"})
        copied["scenario"].update({"fidelity": level, "name": "copied"})
        runs.start(f"copied-{level}-{seed}", copied)
    replaced = cards(seed, 1, "leaked-key", {**CALL_IN, "at": "1d"})
    replaced["plan next"] = NEW_KEY
    runs.start(f"replaced-{seed}", replaced)


def check_cards(checks, runs, seed):
    for kind, embodiment, against, goes_on, left in CARD_ROWS:
        name = f"{kind}-{embodiment}-{against}-{seed}"
        rows = runs.rows(name, "attacks.csv")
        early, last = rows[4], rows[-1]
        paid = [int(row["successes"]) for row in (early, rows[-6], last)]
        value = runs.rows(name, "value.csv")[-1]
        checks.check(paid[0] > 20 and (paid[2] > paid[1]) == goes_on and
                     int(last["cards"]) == left,
                     f"seed {seed}: {kind} in {embodiment} against {against}: "
                     f"{'goes on' if goes_on else 'is stopped'}", f"paid {paid}", last)
        minted = ROGUE * BALANCE if kind == "clone" else int(last["gained"])
        gained = 0 if kind == "revoked" else paid[2] * AMOUNT
        checks.check(value["residual"] == "0" and int(value["minted"]) == minted and
                     int(last["gained"]) == gained,
                     f"seed {seed}: {kind} in {embodiment} against {against}: the books",
                     value, last)
    # on the first day terminals may not have fetched a list yet
    listed = [int(row["accepted"]) for row in runs.rows(f"honest-{seed}", "revocation.csv")]
    shown = runs.rows(f"revoked-5-nothing-{seed}", "revocation.csv")
    checks.check(sum(listed[1:]) == 0 and all(row["accepted"] == row["settlements"] != "0"
                                          for row in shown),
                 f"seed {seed}: a revoked card is refused, one that shows another's certificate "
                 "never", listed, shown[0])
    listed = [runs.rows(f"copied-{level}-{seed}", "revocation.csv") for level in ("apdu", "decision")]
    last = listed[0][-1]
    checks.check(listed[0] == listed[1] and int(last["revoked_cards"]) == 1 + ROGUE and
                 last["settlements"] == last["refused_revoked"] != "0",
                 f"seed {seed}: a list that names a clone names the original", last)
    seen = {row["outcome"] for row in runs.rows(f"replaced-{seed}", "outcomes.csv")
            if int(row["count"]) > 0}
    checks.equal(seen - {"card-busy"}, {"paid", "paid-after-symmetric-update"},
                 f"seed {seed}: what a rogue card is replaced by is honest, and takes the next key")


# ---- Who gains ---------------------------------------------------------------------------------

# Terminals where half of the payers' cards mint by themselves: what each kind gains of its own.
MEETING = {"mint": "minted", "replay": "minted", "burn": "destroyed", "replay-debit": "destroyed",
           "freeze": None, "ignore-crl": None}


def start_meeting(runs, seed):
    for rogue in MEETING:
        scenario = cards(seed, 5, "leaked-key", None)
        scenario["cohort bad"]["cards"] = HONEST
        scenario["scenario"]["duration"] = "5d"
        scenario["faults"] = {"nonce-life": "power-on"}
        scenario["terminals tills"] = {"share": "50%"}
        scenario["terminals theirs"] = {"share": "50%", "rogue": rogue}
        runs.start(f"meeting-{rogue}-{seed}", scenario)


def check_meeting(checks, runs, seed):
    for rogue, book in MEETING.items():
        name = f"meeting-{rogue}-{seed}"
        value = runs.rows(name, "value.csv")[-1]
        gained = {"minted": 0, "destroyed": 0}
        for row in runs.rows(name, "attacks.csv"):
            if row["time_s"] == value["time_s"]:
                gained["minted" if row["attack"] == "leaked-key" else book or "destroyed"] += int(
                    row["gained"])
        found = {column: int(value[column]) for column in gained}
        checks.check(found == gained and found["minted"] > 0 and
                     (found["destroyed"] > 0) == (book == "destroyed"),
                     f"seed {seed}: what cards of a leaked key and {rogue} terminals gain is "
                     "booked once", found, gained)


def test(checks, folder):
    runs = Runs(folder)
    seeds = tuple(map(int, sys.argv[1:])) or SEEDS
    for seed in seeds:
        start_poison(runs, seed)
    start_before(runs, seeds[0])
    start_value(runs, seeds[0])
    start_cards(runs, seeds[0])
    start_meeting(runs, seeds[0])
    for seed in seeds:
        check_poison(checks, runs, seed)
    check_before(checks, runs, seeds[0])
    check_value(checks, runs, seeds[0])
    check_cards(checks, runs, seeds[0])
    check_meeting(checks, runs, seeds[0])


if __name__ == "__main__":
    main(test)
