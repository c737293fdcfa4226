#!/usr/bin/env python3
"""What has no effect is said: every key, and every value of a choice, either changes what a run
writes or is named by `check` and `run` alike as being without effect.

Keys and their types come from `check --keys`, so that a new key is tried as soon as it is there.
"""

import random
import re
import shutil
from pathlib import Path

import harness
from harness import purseroll, write_scenario

LINE = "# without effect: "

# ---- The keys, and other values for them ------------------------------------------------------


def read_manual():
    """{group: {key: (values, default)}} of `check --keys`."""
    groups = {}
    for line in purseroll("check", "--keys").stdout.splitlines():
        if line.startswith("### "):
            keys = groups.setdefault(line.strip("# []").removesuffix(" NAME"), {})
        elif line.startswith("| `"):
            name, values, default = [cell.strip() for cell in line.split(" | ")[:3]]
            keys[name.strip("|` ")] = (values, default.strip("`"))
    return groups


# Other values of a type, by how the manual begins to describe it. Words behind `, or` are added.
OF_TYPE = {
    "a date ": ["2026-01-03"],
    "a duration such as 90s or -2h": ["-3d", "5d"],
    "a duration ": ["1h", "3d"],
    "a whole number ": ["77"],
    "a time, or two": ["4ms + 5us"],
    "a time ": ["3ms"],
    "a share ": ["0", "35%", "100%"],
    "a rate such as 0.001/s": ["200/h"],
    "a rate ": ["2/d"],
    "a number ": ["2", "3", "64"],
    "a name ": ["north"],
    "never, ": ["never", "fixed 3d", "fixed 4000d"],
    "`constant N`": ["constant 7", "uniform 3 80"],
    "`constant R`": ["constant 2/d", "pareto 2 2/d"],
    "factory, ": ["factory", "network 5d"],
    "names of cohorts": ["new", "old,new,crossed,mixed,later"],
    "the name of a cohort": ["new", "later"],
    "the name of a group of terminals": ["gate"],
    "1 to 16 different IDs": ["1,2,3,4"],
    "lowest, highest": ["highest"],
    "7 weights": ["1,1,1,1,1,1,9", "2,2,2,2,2,2,2"],
    "1 to 1440 weights": ["1,4", "3,3,3"],
    "`share-at-least": ["share-at-least(transfer, 2) > 30%"],
    "`transfer-key ID`": ["transfer-key 2", "update-key 1", "card-secret", "whole-card"],
}

# Keys whose values the type does not tell.
OF_KEY = {
    ("scenario", "name"): ["other"],
    ("scenario", "replications"): ["2"],
    ("interface", "block-overhead"): ["9"],
    ("mixing", "matrix"): ["even.csv"],
    ("mixing", "trace-file"): ["other.csv"],
    ("mixing", "trace-columns"): ["time,payee,payer"],
    ("mixing", "trace-delimiter"): ["semicolon"],
}

# What the embodiments say of the axes; where a key says the same, it says nothing new.
AXES = ("deliver", "authenticate", "update-key", "pays-with")
EMBODIMENTS = {
    "1": ("key", "common-key", "stays", "newest"),
    "2": ("key", "public-key", "stays", "newest"),
    "3": ("key", "by-update-key", "stays", "newest"),
    "4": ("id", "common-key", "stays", "newest"),
    "5": ("key", "by-update-key", "travels", "newest"),
    "conventional": (None, None, None, "own"),
    "mondex": (None, None, None, "oldest-common"),
}

# For people, or what computes: results do not hang on them.
OF_NO_RESULT = {("scenario", "title"), ("scenario", "fidelity"), ("chip", "source"),
                ("interface", "source")}


def other_values(group, key, described):
    if (group, key) in OF_KEY:
        return OF_KEY[group, key]
    if described.startswith("one of "):
        names = re.split("; | or ", described.removeprefix("one of "))[0]
        return [name.strip() for name in names.split(",") if name.strip()]
    for beginning, values in OF_TYPE.items():
        if described.startswith(beginning):
            word = re.search(r", or ([a-z]+)$", described)
            return values + ([word[1]] if word else [])
    return []


# ---- Scenarios in which they could matter ------------------------------------------------------


def crowd(embodiment, **changes):
    """Keys, limits, money and terms that come to their ends, faults, and all that a plan can do."""
    groups = {
        "scenario": {"name": "effects", "duration": "8d", "sample-interval": "4d", "seed": 3,
                     "fidelity": "decision"},
        "scheme": {"embodiment": embodiment, "max-balance": 450},
        "chip mine": {"like": "jcop4-p71", "mac": "2ms + 3us", "write-key": "900ms"},
        "interface mine": {"like": "14443-106", "card-gap": "100us"},
        "cohort old": {
            "cards": 40, "transfer-key": 1, "update-key": 1, "transfer-key-limit": 2,
            "update-key-limit": 2, "preloaded": "1,2,3", "chip": "mine",
            "expiry": "uniform 4d 30d", "activity": "gamma 1 3/d", "dormant": "20%",
            "balance": "uniform 50 400", "region": "south",
        },
        "cohort new": {"cards": 30, "transfer-key": 2, "update-key": 2, "preloaded": "2,3",
                       "balance": "constant 300", "region": "north"},
        "cohort crossed": {"cards": 20, "transfer-key": 3, "update-key": 1, "preloaded": "3,4",
                           "balance": "constant 300", "region": "south", "role": "merchant"},
        "cohort mixed": {"cards": 10, "transfer-key": 2, "update-key": 1, "preloaded": "2",
                         "balance": "constant 300", "region": "north"},
        "cohort later": {"cards": 0, "transfer-key": 4, "update-key": 3, "preloaded": "4,5",
                         "balance": "constant 300", "region": "north"},
        "terminals shop": {"share": "60%", "count": 2, "kind": "pos", "interface": "mine",
                           "crl-source": "network 1d"},
        "terminals gate": {"share": "40%", "count": 3},
        "plan revoke": {"do": "revoke", "at": "2d", "cards": 5},
        "amount": {"law": "uniform 1 60", "day-profile": "1,2,3", "week-profile": "1,2,3,4,3,2,1"},
        "faults": {"payer-leaves": "30/h", "payee-leaves": "30/h", "terminal-fails": "20/h",
                   "torn": "40%"},
    }
    for group, keys in changes.items():
        groups.setdefault(group, {}).update(keys)
    return groups


def calm(embodiment, **changes):
    """One transfer key, no terms, no faults, nobody revoked, a chip that no card has: nothing of
    all that can matter."""
    groups = {
        "scenario": {"name": "calm", "duration": "6d", "sample-interval": "3d", "seed": 3,
                     "fidelity": "decision"},
        "scheme": {"embodiment": embodiment},
        "chip mine": {"like": "jcop4-p71"},
        "interface mine": {"like": "14443-106"},
        "cohort new": {"cards": 30, "transfer-key": 1, "update-key": 1, "activity": "constant 2/d"},
        "cohort later": {"cards": 0, "transfer-key": 1, "update-key": 1},
        "terminals shop": {},
        "mixing": {"model": "uniform"},
        "amount": {},
        "faults": {},
    }
    for group, keys in changes.items():
        groups.setdefault(group, {}).update(keys)
    return groups


ACTIONS = {
    "issue": {"every": "3d", "times": 2, "cards": 3, "cohort": "later"},
    "swap": {"at": "1h", "cards": 8, "from": "new,crossed", "transfer-key": 3,
             "transfer-key-limit": 3},
    "revoke": {"at": "1d", "cards": 8},
    "campaign": {"at": "1h", "cards": 10, "rate": "5/d", "from": "new,crossed",
                 "transfer-key": 3, "transfer-key-limit": 3},
    "replace": {"at": "1h", "rate": "0.1/d", "from": "old,new", "transfer-key": 2},
    "rotate": {"every": "3d", "cards": 6, "transfer-key": 4, "transfer-key-limit": 4},
    "limits": {"at": "1h", "cohort": "mixed", "transfer-key-limit": 2},
    "recall": {"at": "1h", "rate": "0.2/d", "transfer-key": 3},
    "special": {"at": "1h", "rate": "1/d", "terminals": "shop", "transfer-key": 3,
                "update-key": 2},
    "wake": {"at": "3d", "cards": 3},
    "inject": {"at": "1h", "cards": 12, "transfer-key": 3, "update-key": 1},
    "leak": {"at": "1h", "leak": "whole-card", "taps": "3/d"},
}


# ---- What a run says and writes ---------------------------------------------------------------


def said_in(text):
    """{"[group] key"} of the lines that say so."""
    said = set()
    for line in text.splitlines():
        if line.startswith(LINE):
            groups, key = re.match(r"(.*\])(.*?): ", line.removeprefix(LINE)).groups()
            said |= {group + key for group in re.findall(r"\[.*?\]", groups)}
    return said


def meaning_of(folder):
    """The rows of a run but those that say that nothing came of something: of a generation that no
    card ever held, of attackers who attempted nothing, of lists that name nobody, and figures that
    are 0."""
    tables = {path.name: harness.read_rows(path) for path in Path(folder).glob("*.csv")}
    held = {(row["key"], row["generation"]) for row in tables["propagation.csv"]
            if row["cards"] != "0"}
    idle = {"attacks.csv": "attempts", "revocation.csv": "revoked_cards", "summary.csv": "value",
            "terminals.csv": "settlements"}
    for name, rows in tables.items():
        tables[name] = [tuple(row.values()) for row in rows if row.get(idle.get(name)) != "0"
                        and (not row.get("generation") or "key" not in row
                             or (row["key"], row["generation"]) in held)]
    return {name: rows for name, rows in tables.items() if rows}


class Trial:
    """One scenario, and changes of it."""

    def __init__(self, scratch, name, groups):
        self.scratch = scratch
        self.name = name
        self.groups = groups
        self.known = {}
        self.status, self.said, self.meaning = self.run(groups)

    def run(self, groups):
        key = repr(groups)
        if key not in self.known:
            scenario = write_scenario(self.scratch / "effects.ini", groups)
            out = self.scratch / "out"
            done = purseroll("run", scenario, "-o", out, "--progress", "none")
            self.known[key] = (done.returncode, said_in(done.stdout),
                               meaning_of(out) if done.returncode == 0 else done.stderr)
            shutil.rmtree(out, ignore_errors=True)
        return self.known[key]

    def changed(self, group, key, value):
        """The groups with another value of the key, without it, or without the group."""
        groups = {name: dict(keys) for name, keys in self.groups.items()}
        if value is not None:
            groups[group][key] = value
        elif key is None or key == "do":
            del groups[group]
        else:
            groups[group].pop(key, None)
        return groups

    def is_said_wrongly(self, place):
        """Whether what the scenario itself says for nothing changes something."""
        group, key = re.fullmatch(r"\[(.*)\] ?(.*)", place).groups()
        status, _, without = self.run(self.changed(group, key or None, None))
        return status == 0 and without != self.meaning

    def try_value(self, group, key, value):
        """`refused`, `same`, `changes` or `said`; or what is wrong: `silent`, `said wrongly`."""
        status, said, meaning = self.run(self.changed(group, key, value))
        if status != 0:
            return "refused"
        places = {f"[{group}] {key}", f"[{group}]"}
        if meaning != self.meaning and not places & said:
            return "changes"
        without_what = None if f"[{group}]" in said else key
        status, _, without = self.run(self.changed(group, without_what, None))
        if places & said:
            return "said" if status != 0 or without == meaning else "said wrongly"
        if places & self.said:
            return "same"
        return "silent" if status != 0 or without == meaning else "same"


# ---- Every key and value ------------------------------------------------------------------------


def keys_of(trial, group, manual):
    """The keys that a group may have: not every action of a plan has all."""
    keys = manual[group.split()[0]]
    if not group.startswith("plan "):
        return keys
    all_keys = dict.fromkeys(keys, "?") | trial.groups[group]
    _, _, complaints = trial.run({**trial.groups, group: all_keys})
    foreign = re.findall(r"\] ([a-z-]+): expected this key with", complaints)
    return {key: row for key, row in keys.items() if key not in foreign}


def cases_of(manual, trial, wanted):
    """(group, key, value) of each other value of each key that wanted(group, key) names."""
    for header, keys in trial.groups.items():
        group = header.split()[0]
        for key, (described, default) in keys_of(trial, header, manual).items():
            if (group, key) in OF_NO_RESULT or not wanted(header, key):
                continue
            if group == "scheme" and key in AXES:
                default = EMBODIMENTS[keys["embodiment"]][AXES.index(key)]
            for value in other_values(group, key, described):
                if value != str(keys.get(key, default)):
                    yield header, key, value


# The members that are varied, one of each kind.
VARIED = ("cohort old", "cohort new", "terminals shop", "chip mine", "interface mine")


def of_one_member(header, _):
    return " " not in header or header in VARIED


def of_the_crowd(header, key):
    return of_one_member(header, key) and header != "cohort new"


def of_scheme(header, key):
    return header == "scheme" or (header in ("terminals shop", "cohort old") and key == "rogue")


def of_mixing(header, key):
    return header == "mixing" or \
        (header == "cohort old" and key in ("activity", "dormant", "role", "region")) or \
        (header == "terminals shop" and key in ("share", "count"))


def of_trace(header, key):
    return of_mixing(header, key) or header == "amount" or key == "seed" or \
        (header == "terminals shop" and key == "clock-skew")


TERMS = ("transfer-key", "update-key", "transfer-key-limit", "update-key-limit", "preloaded",
         "chip", "expiry")


def of_action(header, key):
    return header == "plan it" and key not in (*TERMS, "do")


def of_action_and_terms(header, key):
    return header == "plan it" and key != "do"


def quiet(embodiment, **changes):
    """A crowd in which nobody leaves a settlement."""
    groups = crowd(embodiment, **changes)
    groups["faults"] = {}
    return groups


MODELS = {
    "activity": {"model": "activity"},
    "merchants": {"model": "merchants", "zipf": 1, "person-to-person": "10%"},
    "communities": {"model": "communities", "cross": "20%"},
    "matrix": {"model": "communities", "matrix": "matrix.csv"},
    "trace": {"model": "trace", "trace-file": "trace.csv"},
}


def write_files(folder):
    (folder / "matrix.csv").write_text(",south,north\nsouth,9,1\nnorth,1,1\n", encoding="utf-8")
    (folder / "even.csv").write_text(",south,north\nsouth,1,1\nnorth,1,1\n", encoding="utf-8")
    for seed, name in enumerate(("trace.csv", "other.csv")):
        chance = random.Random(seed)
        pairs = [chance.sample(range(90), 2) for _ in range(110)]
        rows = [f"{9000 * (i + 1)},{payer},{payee}" for i, (payer, payee) in enumerate(pairs)]
        (folder / name).write_text("\n".join(["time,payer,payee", *rows, ""]), encoding="utf-8")


def trials():
    """(name, groups, which keys are varied)"""
    yield "crowd", crowd("5"), of_the_crowd
    yield "calm", calm("5"), of_one_member
    for embodiment in ("1", "4", "conventional", "mondex"):
        yield f"quiet {embodiment}", quiet(embodiment), of_scheme
    for model, keys in MODELS.items():
        yield model, quiet("1" if model == "trace" else "2", mixing=keys), \
            of_trace if model == "trace" else of_mixing
    for action, keys in ACTIONS.items():
        more = {"do": "issue", "at": "2d", "cards": 6,
                "cohort": "mixed" if action == "limits" else "later"}
        yield action, quiet("5", **{"plan more": more, "plan it": {"do": action, **keys}}), \
            of_action_and_terms if action in ("swap", "limits") else of_action


# What nobody can know before the run, by trial.
CHANCE = {
    ("calm", "scheme", "overdraft", "allow"),     # whether money runs out
    ("calm", "amount", "day-profile", "1,4"),     # whether hours show between two samples
}

def check_trial(checks, trial, manual, wanted, met):
    """Tries every case. met: {(group, key, value): what has become of it}, over all trials"""
    bad = []
    n = 0
    for group, key, value in cases_of(manual, trial, wanted):
        outcome = trial.try_value(group, key, value)
        met.setdefault((group.split()[0], key, value), set()).add(outcome)
        n += 1
        if outcome.startswith("s") and outcome not in ("same", "said") and \
                (trial.name, group, key, value) not in CHANCE:
            bad.append(f"[{group}] {key} = {value}: {outcome}")
    checks.equal(trial.status, 0, f"{trial.name}: the scenario runs")
    checks.check(n > 0 and not bad, f"{trial.name}: each of {n} other values changes the run, or "
                 "is said to have no effect", *bad)


def check_actions(checks, trial):
    """Each action changes the run, or is said not to."""
    bad = []
    done = 0
    for action, keys in ACTIONS.items():
        group = f"plan {action}"
        status, said, meaning = trial.run({**trial.groups, group: {"do": action, **keys}})
        done += status == 0
        if status == 0 and (meaning == trial.meaning) != (f"[{group}]" in said):
            bad.append(f"{action}: {'said wrongly' if f'[{group}]' in said else 'silent'}")
    checks.check(done >= 5 and not bad, f"{trial.name}: each of {done} actions changes the run, or "
                 "is said to have no effect", *bad)


def check_words(checks, scratch, trial):
    """`check` and `run` print the same lines, and they are right."""
    scenario = write_scenario(scratch / "effects.ini", trial.groups)
    texts = [purseroll("check", scenario).stdout,
             purseroll("run", scenario, "-o", scratch / "out", "--progress", "none").stdout]
    lines = [[line for line in text.splitlines() if line.startswith(LINE)] for text in texts]
    checks.check(lines[0] == lines[1] and said_in(texts[1]) == set(trial.said) and lines[0],
                 f"{trial.name}: check and run say the same", *texts)
    checks.equal([place for place in sorted(trial.said) if trial.is_said_wrongly(place)], [],
                 f"{trial.name}: without what they name the run is the same")


def check_coverage(checks, manual, met):
    """Every key has other values, by its type or in a table, and is tried."""
    keys = {(group, key) for group, rows in manual.items() for key in rows}
    tried = {(group, key) for group, key, _ in met}
    checks.equal(sorted(keys - tried - OF_NO_RESULT - {("plan", "do")}), [],
                 "every key is tried with another value, or known to change no result")


def check_sweep(checks, scratch):
    """Of a sweep is said what has no effect at any point; a default says nothing anyway."""
    groups = calm("conventional", sweep={"terminals shop.rogue": "none, freeze"})
    both = write_scenario(scratch / "both.ini", groups)
    checks.equal("[terminals shop] rogue" in said_in(purseroll("check", both).stdout), True,
                 "a sweep over values of which none has an effect is said")
    done = purseroll("check", both, "--set", "sweep.scheme.embodiment=conventional, 3",
                     "--set", "cohort new.cards=20", "--set", "cohort later.cards=20",
                     "--set", "cohort later.transfer-key=2")
    checks.equal((done.returncode, "[terminals shop] rogue" in said_in(done.stdout)), (0, False),
                 "what has an effect at one point is not")


def check_embodiment(checks, scratch):
    """An embodiment without effect is one that does what the default does here, not any."""
    scenario = write_scenario(scratch / "three.ini", calm("3"))
    checks.equal([line for line in purseroll("check", scenario).stdout.splitlines()
                  if line.startswith(f"{LINE}[scheme] embodiment")],
                 [f"{LINE}[scheme] embodiment: here 3 does what 5 does, as no card could take "
                  "another update key"], "whose effect an embodiment lacks is said")


def test(checks, scratch):
    manual = read_manual()
    met = {}
    write_files(scratch)
    for name, groups, wanted in trials():
        trial = Trial(scratch, name, groups)
        check_trial(checks, trial, manual, wanted, met)
        if name in ("quiet 1", "quiet conventional"):
            check_actions(checks, trial)
        if name in ("crowd", "calm", "trace"):
            check_words(checks, scratch, trial)
    check_coverage(checks, manual, met)
    check_sweep(checks, scratch)
    check_embodiment(checks, scratch)


if __name__ == "__main__":
    harness.main(test)
