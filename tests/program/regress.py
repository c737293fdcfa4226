#!/usr/bin/env python3
"""Every shipped scenario against the reference of its results.

    regress.py                        reruns all; one line each, then N passed, N failed
    regress.py accept NAMES REASON    reruns these, replaces their references, notes why

NAMES: one name or several, "a b", or ALL; a name that is unknown refuses them all.
`make regress` and `make regress-accept SCENARIO=NAMES REASON="..."` call it. A reference is a
folder results/reference/NAME: the CSV files of a run, and its run.ini without [run], so that
accepting twice gives the same bytes. Beside them may lie `overrides`, a line GROUP.KEY=VALUE for
each key that makes the run small. Exit status: 0 done, 1 something differs, 2 refused: wrong usage,
or a run that can be no reference.
"""

import shutil
import sys
from pathlib import Path

from harness import BUILD, PROGRAM, ROOT, purseroll

MOST_BYTES = 64_000
EQUAL, DIFFERENT = 0, 3
ALL = "ALL"  # scenarios


class Refused(Exception):
    """What was asked for makes no sense; the message says why."""


class Regression:
    """Scenarios in one folder, their references in another, reruns in a third."""

    def __init__(self, scenarios, references, reruns):
        self.scenarios = Path(scenarios)
        self.references = Path(references)
        self.reruns = Path(reruns)

    def shipped(self):
        return {path.stem for path in self.scenarios.glob("*.ini")}

    def names(self):
        """Also of scenarios without a reference and of references without a scenario."""
        return sorted(self.shipped() | {path.name for path in self.references.glob("*/")
                                        if path.is_dir()})

    def overrides(self, name):
        path = self.references / name / "overrides"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [line for line in map(str.strip, lines) if line and not line.startswith("#")]

    def rerun(self, name):
        """Returns what went wrong, or nothing."""
        folder = self.reruns / name
        shutil.rmtree(folder, ignore_errors=True)
        sets = [word for override in self.overrides(name) for word in ("--set", override)]
        done = purseroll("run", self.scenarios / f"{name}.ini", "--output", folder,
                         "--progress", "none", *sets)
        return done.stderr or f"run: exit status {done.returncode}" if done.returncode else ""

    def compare(self, name):
        """Returns what differs, line by line, or nothing."""
        done = purseroll("compare", self.references / name, self.reruns / name)
        if done.returncode in (EQUAL, DIFFERENT):
            return done.stdout.splitlines() if done.returncode == DIFFERENT else []
        return done.stderr.splitlines() or [f"compare: exit status {done.returncode}"]

    def has_reference(self, name):
        return (self.references / name / "run.ini").exists()

    def check(self, name):
        """Returns what is wrong, line by line, or nothing."""
        if name not in self.shipped():
            return [f"a reference without a scenario: there is no {self.scenarios / name}.ini"]
        if not self.has_reference(name):
            return [f'no reference; make regress-accept SCENARIO={name} REASON="..."']
        return self.rerun(name).splitlines() or self.compare(name)

    def chosen(self, names, reason):
        """The scenarios that NAMES means, if they may be accepted for that reason."""
        if not reason.strip():
            raise Refused('expected a REASON="...", found none: it says why the results change')
        known = sorted(self.shipped())
        chosen = known if names.strip() == ALL else [
            Path(name).name.removesuffix(".ini") for name in names.split()]
        unknown = [name for name in chosen if name not in known] or ([] if chosen else [""])
        if unknown:
            raise Refused(f"expected SCENARIO={ALL} or some of {', '.join(known)}"
                          f"; found '{' '.join(unknown)}'")
        return chosen

    def accept(self, name, reason):
        """Returns what changed, in one line, or nothing if the reference stays as it is."""
        failure = self.rerun(name)
        if failure:
            raise Refused(failure.strip())
        change = self.compare(name)[:1] if self.has_reference(name) else ["new"]
        if change:
            self.replace(name)
            self.note(name, reason, change[0])
        return "".join(change)

    def replace(self, name):
        reference = self.references / name
        files = {path.name: path.read_bytes() for path in (self.reruns / name).glob("*.csv")}
        files["run.ini"] = without_run((self.reruns / name / "run.ini").read_bytes())
        size = sum(map(len, files.values()))
        if size > MOST_BYTES:
            raise Refused(f"{size} bytes are too many for a reference (at most {MOST_BYTES}); "
                          f"make the run smaller in {reference / 'overrides'}")
        reference.mkdir(parents=True, exist_ok=True)
        for path in reference.glob("*.csv"):
            path.unlink()
        for file, content in files.items():
            (reference / file).write_bytes(content)

    def note(self, name, reason, change):
        with open(self.references / "CHANGES.md", "a", encoding="utf-8") as file:
            file.write(f"- **{name}**: {' '.join(reason.split())} (`{change}`)\n")


def without_run(text):
    """run.ini less its group [run], which tells of date and version."""
    kept, in_run = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith(b"["):
            in_run = line.strip() == b"[run]"
        if not in_run:
            kept.append(line)
    return b"".join(kept).rstrip(b"\n") + b"\n"


def shipped():
    return Regression(ROOT / "scenarios", ROOT / "results/reference", BUILD / "regress")


def report_all(regression):
    failed = 0
    names = regression.names()
    for name in names:
        lines = regression.check(name)
        failed += bool(lines)
        print(f"FAILED {name}: {lines[0]}" if lines else f"passed {name}", flush=True)
        for line in lines[1:]:
            print(f"    {line}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed or not names else 0


def accept_one(regression, name, reason):
    """Returns whether the run of @name can be its reference."""
    try:
        change = regression.accept(name, reason)
    except Refused as refusal:
        print(f"regress-accept: {name}: {refusal}", file=sys.stderr)
        return False
    print(f"{name}: accepted: {change}" if change else f"{name}: equal to its reference",
          flush=True)
    return True


def accept(regression, names, reason):
    """A run that can be no reference leaves the others as they are."""
    try:
        chosen = regression.chosen(names, reason)
    except Refused as refusal:
        print(f"regress-accept: {refusal}", file=sys.stderr)
        return 2
    accepted = [accept_one(regression, name, reason) for name in chosen]
    return 0 if all(accepted) else 2


def main(arguments):
    if not PROGRAM.exists():
        print(f"there is no {PROGRAM}; please run make", file=sys.stderr)
        return 1
    if not arguments:
        return report_all(shipped())
    if len(arguments) == 3 and arguments[0] == "accept":
        return accept(shipped(), *arguments[1:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
