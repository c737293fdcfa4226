"""A whole scenario: the run, the rules, the cards, where they meet and what goes wrong there."""

import random

from . import people, plan, rogues

MINUTE, HOUR, DAY = 60, 3600, 86400
# The short ones bring queues and cards that are busy, the long ones terms that end.
DURATIONS = (90, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE, 2 * HOUR, DAY, 3 * DAY, 20 * DAY, 400 * DAY)
MEETINGS = (40, 150, 400, 400, 900)
SAMPLES = (1, 2, 7, 40, 40, 150)
SCHEMES = (
    {"embodiment": 1}, {"embodiment": 2}, {"embodiment": 3}, {"embodiment": 4}, {"embodiment": 5},
    {"embodiment": "conventional"}, {"embodiment": "mondex"},
    {"embodiment": 4, "authenticate": "public-key"},
    {"embodiment": 4, "authenticate": "by-update-key"},
    {"embodiment": 5, "pays-with": "oldest-common"},
)
OPTIONS = {
    "range": ("limit-exclusive", "lower-inclusive"),
    "expired": ("allow-equal-keys", "allow-payer"),
    "update-ack": ("no",),
    "crl-scope": ("payee",),
    "overdraft": ("allow",),
    "max-balance": (1100, 2**32 + 200),
    "uk-rule": ("per-field", "tk-only", "bidirectional"),
    "fig4-mac": ("direction-tag", "direction-and-cards"),
    "key-auth": ("issuer-signed",),
    "max-step": (1, 2),
    "nonce-bits": (8, 64),
    "update-cipher": ("malleable",),
    "uk-hint": ("cohort",),
    "reclaim": ("on-reach", "on-refuse"),
}
HAZARDS = ("payer-leaves", "payee-leaves", "terminal-fails")
FAULTS = {
    "torn": ("1%", "10%", "100%"),
    "torn-party": ("payer", "payee", "terminal"),
    "presence-check": ("yes",),
    "torn-write": ("id-first", "key-first"),
    "torn-pair": ("tk-first",),
    "recovery": ("retry-in-field", "torn-log"),
    "nonce-life": ("power-on",),
}
AMOUNTS = ("constant 1", "constant 7", "constant 90", "uniform 0 60", "exponential 20",
           "log-normal 30 1.2")
TERMINALS = ("unlimited", "unlimited", 1, 1, 3, 8)


class Draft:
    """groups: {group: {key: value}}; files: {name: text} beside the scenario. is_crowded: some
    terminals have more to do than they can, others nothing to wait for, so that cards get their
    keys in another order than they came."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.groups, self.files = {}, {}
        self.is_crowded = self.chance(0.1)
        self.duration = 10 * MINUTE if self.is_crowded else self.rng.choice(DURATIONS)
        self.meetings = 900 if self.is_crowded else self.rng.choice(MEETINGS)
        self.interval = max(1, self.duration // (150 if self.is_crowded else
                                                 self.rng.choice(SAMPLES)))
        self.write_run()
        self.write_scheme()
        self.write_hardware()
        if self.is_crowded:
            people.write_crowd(self)
        else:
            people.write_cohorts(self)
        self.write_terminals()
        people.write_mixing(self)
        self.write_amounts()
        self.write_faults()
        if not self.is_crowded:
            rogues.write(self)
        plan.write(self)
        self.write_sweep()

    def chance(self, probability):
        return self.rng.random() < probability

    def some(self, choices, probability):
        """Of {key: values} some keys, each with one of its values."""
        return {key: self.rng.choice(values) for key, values in choices.items()
                if self.chance(probability)}

    def per_day(self, times):
        """The rate of what happens so often in the run."""
        return f"{min(times * DAY / self.duration, 999999):.6g}/d"

    def moment(self):
        """Some time in the run; several actions may fall together, or on a sample."""
        return self.rng.choice((0, self.duration // 3, self.interval * self.rng.randint(0, 3),
                                self.rng.randrange(self.duration))) % self.duration

    def write_run(self):
        rng = self.rng
        self.groups["scenario"] = {
            "name": "strange", "duration": f"{self.duration}s",
            "sample-interval": f"{self.interval}s", "seed": rng.randint(0, 2**64 - 1),
            "replications": rng.choice((1, 1, 2, 3, 5)),
        }
        if self.chance(0.3):
            self.groups["scenario"]["population-seed"] = rng.randint(0, 9)

    def write_scheme(self):
        self.scheme = dict(self.rng.choice(SCHEMES))
        self.scheme.update(self.some(OPTIONS, 0 if self.is_crowded else 0.12))
        if self.scheme.get("update-cipher") == "malleable" and self.scheme.get("nonce-bits") == 8:
            del self.scheme["nonce-bits"]
        if "reclaim" in self.scheme:
            self.scheme["reclaim-delay"] = f"{self.rng.choice((0, self.duration // 20))}s"
        self.groups["scheme"] = self.scheme

    def write_hardware(self):
        """A chip that is slow enough for a queue, and a line."""
        slow = self.rng.choice((100, 300, 1000) if self.is_crowded else (1, 40, 400))
        self.groups["chip slow"] = {"like": "jcop4-p71", "mac": f"{slow}ms + 3us",
                                    "write": f"{self.rng.choice((3, 50))}ms"}
        self.groups["interface own"] = {"like": "14443-212", "card-gap": "900us"}

    def write_terminals(self):
        rng = self.rng
        for i in range(rng.choice((0, 1, 1, 2, 6))):
            self.groups[f"terminals t{i}"] = {
                "share": f"{rng.choice((5, 30, 100))}%",
                "count": rng.choice(TERMINALS),
                "kind": rng.choice(("handheld", "pos", "gate", "atm")),
                "interface": rng.choice(("14443-106", "14443-848", "7816-t0, 7816-t1", "own")),
                "crl-source": rng.choice(("factory",
                                          f"network {max(MINUTE, self.duration // 5)}s")),
                **self.some({"clock-skew": ("-2h", "3d"), "stale-clock-share": ("50%",)}, 0.2),
            }
        if self.is_crowded:
            for i, count in enumerate(("unlimited", 1)):
                self.groups.setdefault(f"terminals t{i}", {}).update(
                    {"share": "100%", "count": count})

    def write_amounts(self):
        self.groups["amount"] = {"law": self.rng.choice(AMOUNTS)}
        if not self.is_crowded and self.groups["mixing"]["model"] != "trace":
            self.groups["amount"].update(self.some(
                {"day-profile": ("0,1,5,1", "1,0"), "week-profile": ("1,1,0,1.5,1,0.2,1",)}, 0.1))

    def write_faults(self):
        if self.is_crowded or self.chance(0.5):
            return
        faults = self.some(FAULTS, 0.35)
        for name in HAZARDS:
            if self.chance(0.4):
                faults[name] = f"{self.rng.choice((0.02, 0.5))}/s"
        if self.scheme.get("nonce-bits") == 8 and faults.get("recovery") == "torn-log":
            del faults["recovery"]
        self.groups["faults"] = faults

    def write_sweep(self):
        if self.chance(0.12):
            self.groups["sweep"] = self.rng.choice((
                {"scenario.seed": "3, 4"}, {"scheme.update-ack": "yes, no"},
                {"cohort c0.cards": "5, 6, 30"}))
            if self.groups["mixing"]["model"] == "trace" or "cards" in str(self.groups["sweep"]):
                self.groups["sweep"] = {"scenario.seed": "3, 4"}
