#!/usr/bin/env python3
"""Strange scenarios at both levels, and their files against one another: `make crossing`.

crossing.py SEED COUNT takes the scenarios of so many seeds from SEED on. Of each: both levels of
fidelity write the same CSV bytes, and what the files of one run say of each other holds (claims/).
A scenario that fails is printed with its seed, which draws it again.
"""

import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import claims
import strange
from claims.results import Results
from harness import HANGS_AFTER_S, purseroll, results_of, write_scenario

ATTEMPTS = 20
SHOWN = 8  # claims that fail, of one scenario
LEVELS = (("apdu", 1), ("decision", 2))  # with so many jobs
WORKERS = 2


class Crossing:
    """One seed: the scenario, its results, what does not hold and how often each claim was
    made."""

    def __init__(self, seed, folder):
        self.seed, self.folder, self.results = seed, folder, None
        self.complaints, self.made = [], Counter()
        folder.mkdir()
        self.draw()
        if not self.complaints:
            self.run()

    def draw(self):
        """The first attempt at the seed that is a valid scenario."""
        for attempt in range(ATTEMPTS):
            draft = strange.draft(self.seed, attempt)
            for name, text in draft.files.items():
                (self.folder / name).write_text(text, encoding="utf-8")
            self.scenario = write_scenario(self.folder / "strange.ini", draft.groups)
            checked = purseroll("check", self.scenario)
            if checked.returncode == 0:
                self.estimate = checked.stdout
                return
            if checked.returncode != 2:
                break
        self.complaints.append(f"check: exit {checked.returncode}: {checked.stderr}")

    def run(self):
        written = []
        for level, jobs in LEVELS:
            output = self.folder / level
            done = purseroll("run", self.scenario, "--output", output, "--jobs", jobs,
                             "--set", f"scenario.fidelity={level}")
            if done.returncode != 0:
                self.complaints.append(f"{level}: exit {done.returncode}: {done.stderr}")
                return
            written.append(results_of(output))
        self.compare(*written)
        self.results = Results(output, self.estimate)
        self.claim()

    def compare(self, wire, decision):
        what = "both levels write the same bytes"
        self.made[what] += 1
        for name in sorted(set(wire) | set(decision)):
            if wire.get(name) != decision.get(name):
                self.complaints.append(f"{what}: {name} differs")

    def claim(self):
        for what, holds, detail in claims.about(self.results):
            self.made[what] += 1
            if not holds:
                self.complaints.append(f"{what}: {detail}")

    def text(self):
        """What does not hold, and how to see it again."""
        more = len(self.complaints) - SHOWN
        return "\n".join([
            *(line[:600] for line in self.complaints[:SHOWN]),
            *([f"and {more} more"] if more > 0 else []),
            f"again: make crossing SEED={self.seed} COUNT=1",
            *(f"{path.name}:\n{path.read_text(encoding='utf-8')}"
              for path in sorted(self.folder.iterdir()) if path.is_file()),
        ])


def crossings(seed, count, folder):
    """Takes one after the other; each is yielded as it is done, in order."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(lambda i: Crossing(seed + i, folder / str(seed + i)), range(count),
                            timeout=HANGS_AFTER_S)


def main():
    seed, count = map(int, sys.argv[1:3])
    failed, made = [], Counter()
    with tempfile.TemporaryDirectory(prefix="purseroll-crossing-") as folder:
        for crossing in crossings(seed, count, Path(folder)):
            made += crossing.made
            if crossing.complaints:
                failed.append(crossing.seed)
                print(f"seed {crossing.seed}:\n{crossing.text()}", flush=True)
    for what, times in sorted(made.items()):
        print(f"{times:9d}  {what}")
    print(f"{count - len(failed)} scenarios agree, {len(failed)} do not"
          f"{': seeds ' if failed else ''}{', '.join(map(str, failed))}")
    sys.exit(1 if failed or count == 0 else 0)


if __name__ == "__main__":
    main()
