#!/usr/bin/env python3
"""What `check` prints, and run.ini, is the scenario: it runs to the same bytes, above all where a
sweep moves a key on which defaults hang.

Random scenarios of few cards. `test_sweep_printed.py SEED COUNT` tries others than `make test`.
"""

import random
import sys

from harness import main, purseroll, read_ini, results_of, write_scenario

SEED, COUNT = 2026, 60
# The axes that a sweep may take, by what hangs on them. Each gives the values of the axis and what
# else the scenario must say for all of them to be valid.
AXES = {
    "seed": {"scenario.seed": "1, 2"},
    "embodiment": {"scheme.embodiment": "1, 5, conventional"},
    "preloads": {"scheme.embodiment": "4, 5, mondex"},
    "axis": {"scheme.pays-with": "newest, own"},
    "deliver": {"scheme.deliver": "key, id"},
    "authenticate": {"scheme.authenticate": "common-key, public-key, by-update-key"},
    "chip": {"chip mine.like": "jcop4-p71, infineon-cjtop"},
    "interface": {"interface line.like": "14443-106, 7816-t1, 7816-t0"},
    "protocol": {"interface blocks.protocol": "t=1, t=cl"},
    "transfer-key": {"cohort a.transfer-key": "1, 2"},
    "current": {"cohort a.current": "lowest, highest"},
    "own-key": {"cohort a.preloaded": "1, 2"},
    "share": {"terminals t0.count": "1, unlimited"},
    "model": {"mixing.model": "uniform, merchants, activity"},
    "communities": {"mixing.model": "uniform, communities"},
    "duration": {"scenario.duration": "6h, 12h"},
    "made": {"cohort late.cards": "3, 4"},
    "activity": {"cohort a.activity": "constant 3/d, gamma 2 3/d"},
    "at": {"plan fresh.at": "1h, 3h"},
    "uk": {"plan fresh.update-key": "1, 2"},
    "both": {"scheme.embodiment": "1, 3, conventional", "scheme.pays-with": "newest, own"},
}
PAIRS = 0.5  # scenarios with two axes


class Draft:
    """A population that is valid at every point of its axes."""

    def __init__(self, rng, number):
        self.rng = rng
        names = [sorted(AXES)[number % len(AXES)]]
        if rng.random() < PAIRS:
            names += rng.sample(sorted(set(AXES) - set(names)), 1)
        self.groups = {
            "scenario": {"duration": "8h", "sample-interval": "2h", "seed": rng.randrange(9)},
            "scheme": {},
            "cohort a": {"cards": 12, "activity": "constant 4/d", "update-key": 1,
                         "balance": "uniform 0 20"},
            "cohort b": {"cards": 10, "transfer-key": 2, "update-key": rng.choice((1, 2)),
                         "activity": "constant 4/d", "balance": "constant 9"},
        }
        self.maybe("scenario", {"population-seed": 7, "title": "of its own"})
        self.write_scheme(names)
        self.write_keys(names)
        self.write_hardware(names)
        self.write_terminals(names)
        self.write_mixing(names)
        self.write_plan(names)
        self.groups["sweep"] = {key: values for name in names
                                for key, values in AXES[name].items()}
        self.name = " and ".join(names)

    def maybe(self, group, keys, chance=0.4):
        for key, value in keys.items():
            if self.rng.random() < chance:
                self.groups[group][key] = value

    def write_scheme(self, names):
        rng = self.rng
        if {"embodiment", "preloads"} & {*names}:
            self.maybe("scheme", {"pays-with": "newest"}, 0.3)
        elif "axis" in names or "authenticate" in names:
            self.maybe("scheme", {"embodiment": rng.choice((1, 2, 3, 5)), "deliver": "key",
                                  "update-key": rng.choice(("stays", "travels"))})
        elif "current" in names or "own-key" in names:
            self.groups["scheme"]["embodiment"] = 4
        else:
            self.maybe("scheme", {"embodiment": self.rng.choice((1, 2, 3, 5))}, 0.7)
        self.maybe("scheme", {"reclaim": "on-reach", "suite": "p256", "range": "inclusive"})

    def write_keys(self, names):
        rng = self.rng
        preloads = {"preloads", "current", "own-key", "deliver"} & {*names}
        if preloads and rng.random() < 0.7:
            self.groups["cohort a"]["preloaded"] = "1, 2"
            self.groups["cohort b"]["preloaded"] = "2, 3"
        if "transfer-key" not in names and (not preloads or "deliver" in names or
                                            "preloads" in names or rng.random() < 0.3):
            self.groups["cohort a"]["transfer-key"] = 1

    def write_hardware(self, names):
        if "chip" in names:
            self.groups["chip mine"] = {}
            self.maybe("chip mine", {"mac": "2ms + 3us", "source": "a guess"})
        if "interface" in names:
            self.groups["interface line"] = {}
            self.maybe("interface line", {"bit-time": "9us", "activation": "7ms"})
        if "protocol" in names:
            self.groups["interface blocks"] = {"like": "14443-106"}
        if "chip" in names:
            self.groups["cohort a"]["chip"] = "mine"

    def write_terminals(self, names):
        interface = "line" if "interface" in names else "blocks" if "protocol" in names else None
        n = self.rng.choice((1, 3, 7))
        if {"share", "model"} & {*names} or interface is not None or self.rng.random() < 0.5:
            for i in range(n):
                self.groups[f"terminals t{i}"] = {"count": 2} if i == 1 else {}
                if interface is not None:
                    self.groups[f"terminals t{i}"]["interface"] = interface

    def write_mixing(self, names):
        if "model" in names:
            self.groups["mixing"] = {}
            self.maybe("mixing", {"zipf": 0.5, "person-to-person": "10%"})
            self.groups["cohort b"]["role"] = "merchant"
            self.groups["terminals t0"]["count"] = 1
        elif "communities" in names:
            self.groups["mixing"] = {"cross": "20%"}
            self.groups["cohort a"]["region"] = "north"
            self.groups["cohort b"]["region"] = "south"
            if "made" in names:
                self.groups["cohort late"] = {"region": "south"}

    def write_plan(self, names):
        if {"at", "uk"} & {*names} or self.rng.random() < 0.3:
            self.groups["plan fresh"] = {"do": "swap", "cards": 2, "transfer-key": 3,
                                         "preloaded": "3", "update-key": 1, "at": "2h"}
        if "made" in names:
            self.groups.setdefault("cohort late", {}).update(
                {"transfer-key": 1, "update-key": 1, "activity": "constant 4/d"})


def run(path, output):
    done = purseroll("run", path, "--output", output, "--set", "scenario.name=printed",
                     "--progress", "none")
    return done, results_of(output)


def without_run(path):
    """The text of a run.ini without what the run was."""
    groups = read_ini(path)
    groups.pop("run")
    return groups


def check_printed(checks, path, printed, name):
    """Whether the scenario, what check makes of it and its run.ini run alike."""
    folder = path.parent
    again = folder / f"{path.stem}-again.ini"
    again.write_text(printed, encoding="utf-8")
    first, expected = run(path, folder / f"{path.stem}-first")
    second, found = run(again, folder / f"{path.stem}-second")
    third, of_run_ini = first, expected
    if first.returncode == 0:
        ini = write_scenario(folder / f"{path.stem}-ini.ini",
                             without_run(folder / f"{path.stem}-first" / "run.ini"))
        third, of_run_ini = run(ini, folder / f"{path.stem}-third")
    differing = [file for file in expected if {found.get(file), of_run_ini.get(file)} !=
                 {expected[file]}]
    checks.check(first.returncode == second.returncode == third.returncode == 0 and
                 not differing and expected, f"{name}: what is printed runs to the same bytes",
                 first.stderr, second.stderr, third.stderr, f"differing: {differing}",
                 path.read_text(encoding="utf-8"), printed)


def test(checks, folder):
    seed, count = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (SEED, COUNT)
    rng = random.Random(seed)
    tried, refused = 0, []
    axes = set()  # that were tried
    while tried < count and len(refused) < count:
        draft = Draft(rng, tried + len(refused))
        path = write_scenario(folder / f"s{tried + len(refused)}.ini", draft.groups)
        done = purseroll("check", path)
        if done.returncode != 0:
            refused.append(f"{draft.name}: {done.stderr}")
            continue
        tried += 1
        axes.update(draft.name.split(" and "))
        check_printed(checks, path, done.stdout, draft.name)
    checks.check(len(refused) < count / 2, f"most drafts are valid, {len(refused)} are not",
                 *refused)
    checks.equal(sorted(set(AXES) - axes), [], "every axis is tried")


if __name__ == "__main__":
    main(test)
