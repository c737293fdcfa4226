#!/usr/bin/env python3
"""Whole scenarios at both levels of fidelity, the cards' programs on the wire and the decision
level: the same bytes in every CSV file, whatever the number of jobs.

The shipped scenarios, cut short, and random ones. `test_levels.py SEED COUNT` tries other random
ones than `make test` does.
"""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

from harness import ROOT, main, purseroll, read_rows, results_of, write_scenario

SEED, COUNT = 2026, 80
REFUSED_MAX = 0.3  # of the drafts, for each that is run

# What makes a shipped scenario short enough for the wire level.
SHORT = {
    "campus-rollover": ["scenario.duration=3d", "plan new-cards-spring.at=6h",
                        "plan new-cards-summer.at=36h"],
    "card-extraction": ["scenario.replications=1", "cohort first.cards=200", "scenario.duration=60d",
                        "plan second-key.cards=10", "plan third-key.cards=10"],
    "counterfeits": ["scenario.replications=1", "cohort cards.cards=199", "plan next-key.cards=3",
                     "scenario.duration=25d"],
    "crossed": ["scenario.replications=2", "cohort newer-transfer-key.cards=300",
                "cohort newer-update-key.cards=300"],
    "five-embodiments": ["scenario.replications=1", "scenario.duration=8d", "plan swap-day.at=4d"],
    "islands": ["scenario.replications=2", "scenario.duration=14d"],
    "leak-and-rollover": ["scenario.replications=1", "cohort cards.cards=300",
                          "plan new-key.cards=10", "plan ask-in.rate=10/d"],
    "limit-exhaustion": ["scenario.replications=1", "cohort first.cards=100",
                         "plan next-key.cards=4"],
    "limits": ["scenario.replications=2", "scenario.duration=10d"],
    "merchant-hubs": ["cohort new-cards.cards=20", "cohort persons.cards=1980",
                      "cohort shops.cards=20", "terminals shops.count=20",
                      "scenario.replications=1"],
    "mint-by-reflection": ["scenario.replications=1", "scenario.duration=10d"],
    "mondex-swindon": ["cohort series-a.cards=150", "cohort series-b.cards=150",
                       "cohort shops.cards=57", "terminals tills.count=57",
                       "plan first-migration.cards=9", "plan second-migration.rate=3.6/d",
                       "scenario.replications=1"],
    "octopus": ["cohort sold-lately.cards=10", "cohort in-circulation.cards=350",
                "cohort readers.cards=20", "terminals gates-and-shops.count=20",
                "plan exchange.rate=10/d"],
    "oyster": ["cohort sold-lately.cards=6", "cohort newer-chip.cards=294",
               "cohort older-chip.cards=300", "cohort gates.cards=20", "terminals gates.count=20"],
    "poison-high-id": ["scenario.replications=1", "cohort cards.cards=200"],
    "proton": ["cohort purses.cards=800", "cohort shops.cards=50", "terminals shops.count=50",
               "plan exchange.cards=8"],
    "seeding-sweep": ["cohort series-a.cards=350", "cohort series-b.cards=150",
                      "plan seed.cards=5", "sweep.plan seed.cards=5, 50", "scenario.duration=40d",
                      "scenario.replications=1"],
    "slots": ["scenario.replications=1", "scenario.duration=12d", "plan third-series.at=5d"],
    "stale-crl": ["scenario.replications=1", "cohort cards.cards=200", "plan stolen.cards=20",
                  "scenario.duration=40d"],
    "suica": ["cohort new-chips.cards=10", "cohort new-keys.cards=10", "cohort recent.cards=1k",
              "cohort old.cards=880", "scenario.duration=60d"],
    "tear-sweep": ["scenario.duration=4d", "cohort holders.cards=300", "plan generations.cards=4"],
    "trace": [],
    "uniform": ["scenario.replications=3", "scenario.duration=12d"],
}

# Outcomes that the random scenarios must bring about, or they compare too little.
OUTCOMES = {
    "paid", "paid-after-symmetric-update", "paid-after-public-key-update", "refused-expired",
    "refused-revoked", "refused-update-key", "refused-update-key-order",
    "refused-update-key-limit", "refused-limit", "refused-different-ids",
    "refused-authentication", "refused-balance", "card-busy", "torn-before-debit",
    "torn-after-debit", "torn-after-credit",
}

# Figures that must not stay 0 in all of them.
RISKS = {"exposure", "time-to-exposure-below", "time-to-extraction", "revoked-settlements",
         "revoked-accepted", "reclaimed"}

# Every place on the axes: embodiments, those between them, and 5 more often for its uk-rule.
SCHEMES = (
    {"embodiment": 1}, {"embodiment": 2}, {"embodiment": 3}, {"embodiment": 4}, {"embodiment": 5},
    {"embodiment": "conventional"}, {"embodiment": "mondex"},
    {"embodiment": 4, "authenticate": "public-key"},
    {"embodiment": 4, "authenticate": "by-update-key"},
    {"embodiment": 5}, {"embodiment": 5, "pays-with": "oldest-common"}, {"embodiment": 5},
)
OPTIONS = {
    "range": ("inclusive", "limit-exclusive", "lower-inclusive"),
    "expired": ("stop", "allow-equal-keys", "allow-payer"),
    "update-ack": ("yes", "no"),
    "crl-scope": ("both", "payee"),
    "overdraft": ("refuse", "allow"),
    "max-balance": ("none", 1000, 2**32 - 1, 2**32 + 200),
    "uk-rule": ("strict", "per-field", "tk-only", "bidirectional"),
    "fig4-mac": ("spec", "direction-tag", "direction-and-cards"),
}
HAZARDS = ("payer-leaves", "payee-leaves", "terminal-fails")
TORN = {
    "torn-party": ("any", "payer", "payee", "terminal"),
    "presence-check": ("no", "yes"),
    "torn-write": ("atomic", "id-first", "key-first"),
    "torn-pair": ("uk-first", "tk-first"),
    "recovery": ("none", "retry-in-field"),
    "nonce-life": ("one-use", "power-on"),
}
COUNTERMEASURES = {
    "key-auth": ("peer", "issuer-signed"),
    "max-step": ("none", 1, 2, 5),
    "nonce-bits": (8, 64, 120, 128),
    "update-cipher": ("aead", "malleable"),
    "uk-hint": ("none", "cohort"),
}
ROGUES = ("mint", "burn", "replay", "replay-debit", "replay-update", "freeze", "force-public-key",
          "ignore-expiry", "ignore-crl", "malleate", "foreign-certificate")
ROGUE_CARDS = ("leaked-key", "clone", "revoked")
COPIED = {"transfer-key", "update-key", "transfer-key-limit", "update-key-limit", "preloaded",
          "expiry", "balance"}
CHIPS = ("jcop4-p71", "jcop3-p60", "jcop-2.4.1", "smartcafe-7", "infineon-cjtop", "own")
RSA_CHIPS = (*CHIPS, "gemplus-gxp", "smartcafe-6")
INTERFACES = ("14443-106", "14443-424", "14443-848", "7816-t0", "7816-t1", "own")
LAST_ID = 2**32 - 2
ID_POOLS = ((1, 2), (1, 2, 3, 4), (2, 5, 9), (1, LAST_ID - 1, LAST_ID))
BALANCES = ("constant 0", "uniform 0 50", "constant 1000", f"constant {2**32 - 1}",
            f"uniform {2**32 - 300} {2**32 + 300}", f"uniform 0 {2**33}",
            "constant 9000000000000000")
MONEY = ("exponential 90", "log-normal 60 1.48")  # of balances and amounts, now and then
AMOUNTS = ("constant 1", "constant 0", "uniform 0 60", "uniform 1 1000", f"uniform 0 {2**32}",
           f"constant {2**32 - 1}")
# What a plan does; swaps more often, which bring new keys, limits and chips all at once.
ACTIONS = ("issue", "swap", "swap", "revoke", "campaign", "replace", "rotate", "limits", "recall",
           "special")
REPEATED = ("issue", "swap", "revoke", "campaign", "rotate")
MIXINGS = ("uniform", "activity", "merchants", "merchants", "communities")
MINUTE, HOUR, DAY = 60, 3600, 86400
DURATIONS = (10 * MINUTE, 2 * HOUR, DAY, 3 * DAY, 10 * DAY, 450 * DAY)
MEETINGS = (300, 1000, 3000)


class Draft:
    """One random scenario; not each is valid, as limits and swaps are drawn independently."""

    def __init__(self, rng, number):
        self.rng = rng
        self.scheme = dict(SCHEMES[number % len(SCHEMES)])
        self.ids = rng.choice(ID_POOLS)
        self.duration = rng.choice(DURATIONS)
        self.groups = {}
        # of their own: what is new shifts nothing else
        self.mixer = random.Random(number)
        self.later = random.Random(f"later {number}")
        self.write_scheme()
        self.write_run(number)
        self.write_hardware()
        self.write_cohorts()
        self.write_terminals()
        self.write_plan()
        self.groups["amount"] = {"law": rng.choice(AMOUNTS[:4] if rng.random() < 0.7 else AMOUNTS)}
        self.write_mixing()
        self.write_profiles()
        self.write_waking()
        self.write_faults(random.Random(f"faults of {number}"))
        self.write_countermeasures(random.Random(f"countermeasures {number}"))
        self.write_rogues(random.Random(f"rogues {number}"))
        self.write_rogue_cards(random.Random(f"rogue cards {number}"))
        if rng.random() < 0.15:
            self.groups["sweep"] = {"scheme.overdraft": "refuse, allow"}
        self.risk = random.Random(-number - 1)  # likewise
        self.write_reclamation()
        self.write_leaks()
        self.write_log(random.Random(f"log {number}"))

    def chance(self, probability):
        return self.rng.random() < probability

    def write_scheme(self):
        for name, values in OPTIONS.items():
            if self.chance(0.5):
                self.scheme[name] = self.rng.choice(values)
        self.suite = self.rng.choice(("p256", "p256", "rsa-1024", "rsa-2048"))
        self.scheme["suite"] = self.suite
        self.groups["scheme"] = self.scheme

    def write_countermeasures(self, own):
        for name, values in COUNTERMEASURES.items():
            if own.random() < 0.3:
                self.scheme[name] = own.choice(values)
        if self.scheme.get("update-cipher") == "malleable":
            self.scheme["nonce-bits"] = own.choice((64, 128))

    def write_rogues(self, own):
        """Attackers of every kind, here and there: what is drawn for them shifts nothing else."""
        for name, group in self.groups.items():
            if name.startswith("terminals ") and own.random() < 0.3:
                group["rogue"] = own.choice(ROGUES)
                group["rogue-transfer-key"] = own.choice((3, 40, LAST_ID))
            if name.startswith("cohort ") and own.random() < 0.05:
                group["rogue"] = "poison"
        if own.random() < 0.25:
            key = own.choice(self.ids)
            self.groups["plan inject"] = {
                "do": "inject", "at": f"{self.duration // own.choice((2, 5))}s",
                "cards": own.randint(0, 3), "transfer-key": key, "preloaded": key,
                "update-key": own.choice(self.ids[:3])}

    def write_rogue_cards(self, own):
        """Of a few cohorts; clones of the cards of one further up that is honest."""
        honest = []
        for name, group in self.groups.items():
            if not name.startswith("cohort "):
                continue
            kind = own.choice(ROGUE_CARDS) if own.random() < 0.12 else "none"
            if "rogue" in group or (kind != "leaked-key" and not honest):
                kind = "none"
            if kind == "clone":
                original = own.choice(honest)
                group["clone-of"] = original.removeprefix("cohort ")
                for key in COPIED:
                    group.pop(key, None)
                group.update({key: value for key, value in self.groups[original].items()
                              if key in COPIED})
            if kind != "none":
                group["rogue"] = kind
            elif "rogue" not in group and group["cards"] > 0:
                honest.append(name)

    def write_run(self, number):
        interval = max(1, self.duration // self.rng.choice((1, 3, 10, 37, 150)))
        self.interval = interval
        self.groups["scenario"] = {
            "name": "random", "duration": f"{self.duration}s", "sample-interval": f"{interval}s",
            "seed": number + 1, "replications": self.rng.choice((1, 2, 3)),
            **({"active-within": f"{min(self.duration // self.rng.choice((1, 4, 50)), 365 * DAY)}s"}
               if self.chance(0.5) else {}),
        }

    def write_hardware(self):
        self.groups["chip own"] = {"like": "jcop4-p71", "mac": "2.1ms + 3us", "write": "7ms"}
        self.groups["interface own"] = {"like": "14443-212", "card-gap": "900us"}

    def chip(self):
        return self.rng.choice(CHIPS if self.suite == "p256" else RSA_CHIPS)

    def card_keys(self):
        """Keys and limits that fit together."""
        rng = self.rng
        preloaded = sorted(rng.sample(self.ids, rng.randint(1, min(3, len(self.ids)))))
        transfer_key, update_key = rng.choice(preloaded), rng.choice(self.ids[:3])
        keys = {"transfer-key": transfer_key, "update-key": update_key}
        for name, own in (("transfer-key", transfer_key), ("update-key", update_key)):
            if self.chance(0.5):
                keys[f"{name}-limit"] = rng.choice([i for i in self.ids if i >= own])
        if self.chance(0.7):
            keys["preloaded"] = ",".join(map(str, preloaded))
        return keys

    def expiry(self):
        days = self.duration // DAY
        law = self.rng.choice(("never", "never", f"fixed {self.rng.randint(0, days + 2)}d"))
        if law != "never" and self.later.random() < 0.5:
            return f"uniform 0d {law.split()[1]}"
        return law

    def write_cohorts(self):
        rng = self.rng
        n = rng.randint(1, 5)
        most = self.scheme.get("max-balance", "none")
        cards = [rng.randint(2, 40) for _ in range(n)]
        weights = [rng.choice((0, 0.1, 1, 1, 4)) for _ in range(n)]
        weights[0] = 1
        self.n_cards = sum(cards)
        per_day = rng.choice(MEETINGS) * DAY / self.duration
        per_weight = per_day / sum(w * c for w, c in zip(weights, cards))
        for i in range(n):
            self.groups[f"cohort c{i}"] = {
                "cards": cards[i], "chip": self.chip(), "expiry": self.expiry(),
                "activity": f"constant {min(weights[i] * per_weight, 999999):.6f}/d",
                "balance": rng.choice(BALANCES if most == "none" else BALANCES[:3]),
                **self.card_keys(),
            }
        self.groups["cohort late"] = {
            "cards": 0, "chip": self.chip(), "activity": f"constant {per_weight:.6f}/d",
            "expiry": self.expiry(), "balance": rng.choice(BALANCES[:3]), **self.card_keys(),
        }
        self.cohorts = ["late", *(f"c{i}" for i in range(n))]

    def write_mixing(self):
        mixer = self.mixer
        if mixer.random() < 0.3:
            self.groups["amount"]["law"] = mixer.choice(MONEY)
        for name in self.cohorts:
            cohort = self.groups[f"cohort {name}"]
            rate = cohort["activity"].split()[1]
            cohort["activity"] = mixer.choice((
                f"constant {rate}", f"constant {rate}", f"gamma 0.25 {rate}",
                f"log-normal 1.2 {rate}", f"pareto 1.5 {rate}"))
            if mixer.random() < 0.2:
                cohort["dormant"] = f"{mixer.randint(0, 60)}%"
        model = mixer.choice(MIXINGS)
        if model == "merchants":
            model = self.write_merchants()
        self.groups["mixing"] = {"model": model}
        if model == "merchants":
            self.groups["mixing"].update({"zipf": mixer.choice((0, 1, 1.3)),
                                          "person-to-person": mixer.choice((0, 0.3, 1))})
        elif model == "communities":
            self.groups["mixing"]["cross"] = f"{mixer.choice((0, 5, 100))}%"
            for name in self.cohorts:
                self.groups[f"cohort {name}"]["region"] = mixer.choice(("north", "south", "west"))

    def write_waking(self):
        """Of cards that are dormant, if there are such."""
        later = self.later
        if later.random() < 0.6:
            return
        if later.random() < 0.7:
            self.groups["cohort c0"]["dormant"] = later.choice(("40%", "100%"))
        start = {"at": f"{later.randrange(self.duration)}s"}
        how = later.choice(("cards", "share", "rate"))
        number = {"cards": later.choice((0, 3, 100)), "share": later.choice(("30%", "100%")),
                  "rate": f"{later.uniform(0.1, 3) * DAY / self.duration:.6f}/d"}[how]
        if how != "rate" and later.random() < 0.4:
            start = {"every": f"{max(1, self.duration // later.randint(2, 7))}s"}
        where = {"from": "c0, late"} if later.random() < 0.3 else {}
        self.groups["plan awake"] = {"do": "wake", **start, how: number, **where}

    def write_profiles(self):
        later = self.later
        if later.random() < 0.3:
            parts = later.choice((1, 3, 24, 96))
            self.groups["amount"]["day-profile"] = ",".join(
                [*(str(later.choice((0, 0.02, 1, 1, 5))) for _ in range(parts - 1)), "1"])
        if later.random() < 0.2:
            self.groups["amount"]["week-profile"] = "1,1,0,1.5,1,0.2,0"
    def write_faults(self, rng):
        if rng.random() < 0.4:
            return
        faults = {name: rng.choice(values) for name, values in TORN.items() if rng.random() < 0.6}
        for name in HAZARDS:
            if rng.random() < 0.5:
                faults[name] = f"{rng.choice((0, 0.01, 0.2, 2))}/s"
        if rng.random() < 0.6:
            faults["torn"] = f"{rng.choice((0, 1, 10, 100))}%"
        self.groups["faults"] = faults

    def write_log(self, own):
        """Of torn payments, where cards may keep one."""
        is_honest = not any("rogue" in group and (name.startswith("terminals ") or
                                                  group["rogue"] in ROGUE_CARDS)
                            for name, group in self.groups.items())
        if ("faults" in self.groups and is_honest and self.scheme.get("nonce-bits") != 8 and
                own.random() < 0.5):
            self.groups["faults"]["recovery"] = "torn-log"

    def write_merchants(self):
        """Returns what the model then is: merchants need terminals with a number of them."""
        tills = [group for name, group in self.groups.items() if name.startswith("terminals ")]
        shops = [name for name in self.cohorts if name != "c0" and self.mixer.random() < 0.6]
        if not {*shops} - {"late"} or not tills:
            return "uniform"
        for name in shops:
            self.groups[f"cohort {name}"]["role"] = "merchant"
        if all(group["count"] == "unlimited" for group in tills):
            tills[0]["count"] = self.mixer.choice((1, 3))
        return "merchants"

    def write_terminals(self):
        rng = self.rng
        for i in range(rng.randint(0, 3)):
            period = rng.choice((MINUTE, max(MINUTE, self.duration // 7), 30 * DAY))
            self.groups[f"terminals t{i}"] = {
                "share": f"{rng.choice((0, 10, 50, 100)) if i else 30}%",
                "count": rng.choice(("unlimited", 1, 2, 7)),
                "kind": rng.choice(("handheld", "pos", "gate", "atm")),
                "interface": ", ".join(rng.sample(INTERFACES, rng.choice((1, 2)))),
                "crl-source": rng.choice(("factory", f"network {period}s", f"network {period}s")),
                "clock-skew": f"{rng.choice((0, 0, 90, -2 * HOUR, 3 * DAY, -400 * DAY))}s",
            }

    def write_reclamation(self):
        risk = self.risk
        self.groups["scheme"]["reclaim"] = risk.choice(("never", "on-reach", "on-refuse"))
        self.groups["scheme"]["reclaim-delay"] = f"{risk.choice((0, 1, self.duration // 20))}s"
        for name in self.cohorts:
            if risk.random() < 0.5:
                self.groups[f"cohort {name}"]["successor"] = risk.choice(self.cohorts)
        for name, group in self.groups.items():
            if name.startswith("terminals ") and risk.random() < 0.3:
                group["stale-clock-share"] = f"{risk.choice((20, 50, 100))}%"

    def write_leaks(self):
        risk = self.risk
        known = self.groups["cohort c0"]
        for i in range(risk.choice((0, 1, 1, 2))):
            leak = risk.choice((f"transfer-key {known['transfer-key']}",
                                f"update-key {known['update-key']}", "card-secret", "whole-card"))
            plan = {"do": "leak", "leak": leak, "at": f"{risk.randrange(self.duration // 2)}s"}
            if not leak.startswith("transfer-key") and risk.random() < 0.8:
                plan["taps"] = f"{risk.uniform(2, 50) * DAY / self.duration:.6f}/d"
            if risk.random() < 0.3:
                plan["from"] = risk.choice(self.cohorts)
            self.groups[f"plan leak{i}"] = plan

    def when(self):
        """Several actions often fall together, some of them on a sample."""
        return self.rng.choice((0, self.duration // 3, self.duration // 3, self.duration // 2,
                                self.interval * (self.duration // self.interval // 2),
                                self.rng.randrange(self.duration)))

    def write_plan(self):
        for i in range(self.rng.choice((0, 1, 2, 4, 6))):
            what = self.rng.choice(ACTIONS)
            if what == "special" and "terminals t0" not in self.groups:
                continue
            self.groups[f"plan p{i}"] = {"do": what, **self.start_of(what),
                                         **getattr(self, f"{what}_terms")()}

    def start_of(self, what):
        """At a time, mostly; again and again, or when a generation has got so far."""
        rng = self.rng
        if what in REPEATED and self.chance(0.25 if what != "rotate" else 0.7):
            times = {"times": rng.randint(1, 4)} if self.chance(0.5) else {}
            return {"every": f"{max(1, self.duration // rng.randint(2, 7))}s", **times}
        if self.chance(0.2):
            kind = rng.choice(("transfer", "update"))
            generation = self.groups["cohort late"][f"{kind}-key"]
            return {"when": f"share-at-least({kind}, {generation}) {rng.choice(('>', '>='))} "
                            f"{rng.choice((0, 5, 50, 100))}%"}
        return {"at": f"{self.when()}s"}

    def number_of_cards(self):
        return {"cards": self.rng.randint(0, self.n_cards // self.rng.choice((1, 3, 9)))}

    def some_cohorts(self):
        chosen = self.rng.sample(self.cohorts, self.rng.randint(1, len(self.cohorts)))
        return {"from": ", ".join(chosen)} if self.chance(0.4) else {}

    def times_in_the_run(self, least, most):
        return f"{self.rng.uniform(least, most) * DAY / self.duration:.6f}/d"

    def issue_terms(self):
        return {**self.number_of_cards(), "cohort": self.rng.choice(self.cohorts)}

    def swap_terms(self):
        if self.chance(0.2):
            return {"cards": self.rng.randint(0, 2), "from": "c0", **self.swap_keys()}
        return {**self.number_of_cards(), **self.swap_keys()}

    def revoke_terms(self):
        return self.number_of_cards()

    def campaign_terms(self):
        number = {"share": f"{self.rng.choice((0, 30, 100))}%"}
        return {**(number if self.chance(0.5) else self.number_of_cards()), **self.some_cohorts(),
                "rate": self.times_in_the_run(10, 300), **self.swap_keys()}

    def replace_terms(self):
        return {"rate": self.times_in_the_run(0.1, 4), **self.some_cohorts(), **self.swap_keys()}

    def rotate_terms(self):
        keys = self.card_keys()
        return {**self.number_of_cards(), "transfer-key": keys["transfer-key"],
                "preloaded": keys["transfer-key"], "transfer-key-limit": "none",
                **({"update-key": keys["update-key"], "update-key-limit": "none"}
                   if self.chance(0.5) else {})}

    def limits_terms(self):
        cohort = self.rng.choice(self.cohorts)
        own = self.groups[f"cohort {cohort}"]
        return {"cohort": cohort, **{
            f"{name}-limit": self.rng.choice([i for i in self.ids if i >= own[name]])
            for name in ("transfer-key", "update-key")}}

    def recall_terms(self):
        return {"rate": self.times_in_the_run(0.1, 3), "transfer-key": self.rng.choice(self.ids),
                **self.some_cohorts()}

    def special_terms(self):
        keys = self.card_keys()
        return {"rate": self.times_in_the_run(5, 100), "terminals": "t0",
                "transfer-key": keys["transfer-key"], "update-key": keys["update-key"],
                **({"preloaded": keys["preloaded"]} if "preloaded" in keys else {})}

    def swap_keys(self):
        """All keys of a new card at times, otherwise some of them."""
        keys = {**self.card_keys(), "chip": self.chip(), "expiry": self.expiry()}
        if self.chance(0.6):
            return {"transfer-key-limit": "none", "update-key-limit": "none",
                    "preloaded": str(keys["transfer-key"]), **keys}
        return {name: value for name, value in keys.items() if self.chance(0.4)}


def first_difference(wire, decision):
    """Of two {name: bytes}; None if they are alike."""
    for name in sorted(set(wire) | set(decision)):
        if name not in wire or name not in decision:
            return [f"{name} is written by one level alone"]
        if wire[name] == decision[name]:
            continue
        rows = zip_longest(wire[name].decode().splitlines(), decision[name].decode().splitlines(),
                           fillvalue="nothing")
        for number, (one, other) in enumerate(rows, start=1):
            if one != other:
                return [f"{name}:{number}: wire     {one}", f"{name}:{number}: decision {other}"]
    return None


def compare_levels(scenario, folder, jobs, overrides=()):
    """Runs at both levels with so many jobs each; returns what differs and the bytes."""
    results = []
    for level, count in zip(("apdu", "decision"), jobs):
        output = folder / f"{scenario.stem}-{level}"
        done = purseroll("run", scenario, "--output", output, "--jobs", count,
                         "--set", f"scenario.fidelity={level}",
                         *(word for override in overrides for word in ("--set", override)))
        if done.returncode != 0:
            return [f"{level}: exit {done.returncode}: {done.stderr}"], None
        results.append(results_of(output))
    if not results[0]:
        return ["no CSV file is written"], None
    return first_difference(*results), output


def check_shipped(checks, folder, pool):
    paths = sorted((ROOT / "scenarios").glob("*.ini"))
    checks.equal(sorted(SHORT), [path.stem for path in paths],
                 "every shipped scenario has a short form")
    found = [(path.stem, pool.submit(compare_levels, path, folder, (1, 3), SHORT.get(path.stem, ())))
             for path in paths]
    for name, future in found:
        difference, _ = future.result()
        checks.check(difference is None, f"{name}: both levels write the same bytes",
                     *(difference or []))


def draw_scenarios(folder, seed, count):
    """As many valid drafts; says how many were refused."""
    rng = random.Random(seed)
    drafts, refused = [], 0
    while len(drafts) < count and refused < 10 * count:
        draft = Draft(rng, len(drafts))
        path = write_scenario(folder / f"random-{len(drafts)}.ini", draft.groups)
        done = purseroll("check", path)
        if done.returncode == 0:
            drafts.append((path, draft))
        else:
            refused += 1
    return drafts, refused


def name_of(draft):
    axes = ", ".join(str(draft.scheme[key]) for key in ("embodiment", "authenticate", "pays-with")
                     if key in draft.scheme)
    actions = [keys["do"] for group, keys in draft.groups.items() if group.startswith("plan ")]
    return f"{axes}; {', '.join(actions) or 'no plan'}"


def check_random(checks, folder, pool, seed, count):
    drafts, refused = draw_scenarios(folder, seed, count)
    checks.check(len(drafts) == count and refused <= REFUSED_MAX * count,
                 f"{count} random scenarios are valid, {refused} were refused")
    jobs = ((1, 3), (3, 1), (1, 1), (3, 3))
    found = [pool.submit(compare_levels, path, folder, jobs[i % len(jobs)])
             for i, (path, _) in enumerate(drafts)]
    outcomes, happened = set(), set()
    for i, (path, draft) in enumerate(drafts):
        difference, output = found[i].result()
        same = checks.check(difference is None, f"random scenario {i} ({name_of(draft)}): "
                            "both levels write the same bytes", *(difference or []))
        if not same:
            print("".join(f"#   {line}\n" for line in path.read_text().splitlines()), end="")
        if output is not None:
            outcomes |= {row["outcome"] for row in read_rows(output / "outcomes.csv")
                         if row["count"] != "0"}
            happened |= {row["metric"] for row in read_rows(output / "summary.csv")
                         if row["value"] not in ("", "0")}
    checks.equal(sorted(RISKS - happened), [], "random scenarios: leaks, extraction, revoked "
                 "cards that are accepted, reclamation")
    checks.equal(sorted(OUTCOMES - outcomes), [], "random scenarios: every outcome occurs")


def test(checks, folder):
    seed, count = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (SEED, COUNT)
    with ThreadPoolExecutor(2) as pool:
        check_shipped(checks, folder, pool)
        check_random(checks, folder, pool, seed, count)


if __name__ == "__main__":
    main(test)
