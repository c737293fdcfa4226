#!/usr/bin/env python3
"""Runs on several threads under the thread sanitizer, whole ones and interrupted ones: no race.

GLib is not instrumented; ../tsan.supp says what that means.
"""

import os
import random
import signal
import subprocess
import sys
import time

from harness import ROOT, SKIPPED, main, read_ini, results_of, run, write_scenario
from test_robust import is_temporary, wait_for
from test_run import files_in

PROGRAM = ROOT / "build/thread/purseroll"
RACE = 66
INTERRUPTED = 130
INTERRUPTS = 12

ENVIRONMENT = {
    **os.environ,
    "G_SLICE": "always-malloc",  # GLib's own pieces of memory pass from thread to thread unseen
    "TSAN_OPTIONS": f"suppressions={ROOT / 'tests/tsan.supp'} exitcode={RACE}",
}

SCENARIO = {
    "scenario": {"duration": "20d", "sample-interval": "1d", "seed": 3, "replications": 6},
    "scheme": {"embodiment": 5},
    "cohort old": {"cards": 60, "transfer-key": 1, "update-key": 1},
    "cohort new": {"cards": 20, "transfer-key": 2, "update-key": 2},
    "terminals shops": {"count": 3},
    "plan swap": {"do": "swap", "at": "3d", "cards": 10, "transfer-key": 3},
    "plan stolen": {"do": "revoke", "at": "5d", "cards": 10},
    "sweep": {"scheme.embodiment": "1, 3, 5"},
}


def start(scenario, output, *arguments):
    return subprocess.Popen(
        [str(PROGRAM), "run", str(scenario), "--output", str(output), "--jobs", "4",
         *map(str, arguments)],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8",
    )


def finish(process):
    """Exit status and what the sanitizer says."""
    _, errors = process.communicate(timeout=120)
    reports = [line for line in errors.splitlines() if line.startswith(("WARNING:", "SUMMARY:"))]
    return process.returncode, "\n".join(reports)


def check_whole(checks, scenario, folder):
    for level in ("apdu", "decision"):
        fidelity = ("--set", f"scenario.fidelity={level}")
        expected = results_of(run(scenario, folder / level, "--jobs", 1, *fidelity))
        output = folder / f"{level}-threads"
        checks.equal(finish(start(scenario, output, *fidelity)), (0, ""),
                     f"{level}, four jobs: no race")
        checks.check(results_of(output) == expected, f"{level}, four jobs: the same bytes as one")
    # so short that some are over before the main thread waits for any
    status = finish(start(scenario, folder / "many", "--replications", 150, "--progress", "plain",
                          "--set", "scenario.duration=6d", "--set", "scenario.fidelity=decision"))
    checks.equal(status, (0, ""), "450 brief replications and a line of progress: no race")


def interrupt(process, output, delays):
    """Once it has begun to write, after each of the delays."""
    wait_for(lambda: output.is_dir() and any(map(is_temporary, files_in(output))))
    for delay in delays:
        time.sleep(delay)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    return finish(process)


def check_interrupted(checks, scenario, folder):
    """Before a replication is finished, when one is, and twice."""
    rng = random.Random(5)
    output = folder / "interrupted"
    cases = (
        ("early", ("--set", "scenario.duration=20y", "--set", "scenario.fidelity=apdu"), 1),
        ("late", ("--replications", 2000, "--set", "scenario.fidelity=decision"), 1),
        ("twice", ("--set", "scenario.duration=20y", "--set", "scenario.fidelity=apdu"), 2),
    )
    for name, arguments, times in cases:
        statuses, kept = [], []
        for _ in range(INTERRUPTS // len(cases)):
            delays = [rng.uniform(0, 0.5), *(rng.uniform(0, 0.02) for _ in range(times - 1))]
            statuses.append(interrupt(start(scenario, output, *arguments), output, delays))
            if times == 1 and (output / "run.ini").exists():
                kept.append(read_ini(output / "run.ini")["run"]["status"])
        # a signal that comes before anyone listens ends the program as any other
        allowed = {(INTERRUPTED, ""), (-signal.SIGINT, "")}
        checks.check(set(statuses) <= allowed and (INTERRUPTED, "") in statuses,
                     f"interrupted {name}: no race", *map(str, statuses))
        if times == 1:
            checks.equal(set(kept), {"partial"}, f"interrupted {name}: results are kept")


def test(checks, folder):
    scenario = write_scenario(folder / "threads.ini", SCENARIO)
    check_whole(checks, scenario, folder)
    check_interrupted(checks, scenario, folder)


def make(goal):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("BUILD", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    return subprocess.run(["make", "-C", str(ROOT), "--no-print-directory", goal],
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", check=False)


if __name__ == "__main__":
    if make("can-thread").returncode != 0:
        print("1..0 # SKIP test_threads.py: no program runs under -fsanitize=thread here")
        sys.exit(SKIPPED)
    built = make("threads")
    if built.returncode != 0:
        print(f"not ok 1 - the program builds with SAN=thread\n{built.stdout}\n1..1")
        sys.exit(1)
    main(test)
