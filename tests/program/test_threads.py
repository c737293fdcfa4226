#!/usr/bin/env python3
"""Runs on several threads under the thread sanitizer, whole ones and interrupted ones: no race.

GLib is not instrumented; ../tsan.supp says what that means.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from harness import (ROOT, SKIPPED, computed, ended, main, make, read_ini, results_of, run,
                     wait_until, write_scenario)
from test_robust import is_temporary
from test_run import files_in, has_written

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
    status, _, errors = ended(process)
    reports = [line for line in errors.splitlines() if line.startswith(("WARNING:", "SUMMARY:"))]
    return status, "\n".join(reports)


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


def is_listening(process):
    """Whether a process catches ^C: the program does before its files appear, till it is done."""
    try:
        text = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    caught = int(re.search(r"^SigCgt:\s*(\w+)$", text, re.M).group(1), 16)
    return caught >> (signal.SIGINT - 1) & 1 == 1


def interrupt(process, is_due, is_twice):
    """Once is_due(); if twice, again and again until the program has had enough: of two signals
    that come before it takes one in, it sees one."""
    wait_until(process, is_due)
    checked = is_listening(process)
    process.send_signal(signal.SIGINT)
    while is_twice and process.poll() is None and is_listening(process):
        process.send_signal(signal.SIGINT)
        before = computed(process)
        wait_until(process, lambda: computed(process) > before + 0.1)
    return checked, *finish(process)


def has_files(output):
    return output.is_dir() and any(map(is_temporary, files_in(output)))


def check_interrupted(checks, scenario, folder):
    """Before a replication is finished, when some are, and twice."""
    rng = random.Random(5)
    output = folder / "interrupted"
    endless = ("--set", "scenario.duration=100y", "--set", "scenario.fidelity=apdu")
    cases = {
        "early": endless,
        "late": ("--replications", 1_000_000, "--set", "scenario.fidelity=decision"),
        "twice": (*endless, "--set", "scenario.sample-interval=100y"),
    }
    for name, arguments in cases.items():
        statuses, kept = [], []
        for _ in range(INTERRUPTS // len(cases)):
            shutil.rmtree(output, ignore_errors=True)  # an impatient end may leave temporary files
            process = start(scenario, output, *arguments)
            least = rng.uniform(0, 0.5)
            wait_until(process, lambda: has_files(output))
            statuses.append(interrupt(
                process,
                lambda: computed(process) > least
                and (name != "late" or has_written(output, 1)), name == "twice"))
            if name != "twice" and (output / "run.ini").exists():
                kept.append(read_ini(output / "run.ini")["run"]["status"])
        # a third signal may come when the program has stopped listening, and ends it as any other
        allowed = {INTERRUPTED, -signal.SIGINT} if name == "twice" else {INTERRUPTED}
        checks.check(all(listens and status in allowed and not reports
                         for listens, status, reports in statuses)
                     and (True, INTERRUPTED, "") in statuses,
                     f"interrupted {name}: no race", *map(str, statuses))
        if name != "twice":
            checks.equal(set(kept), {"partial"}, f"interrupted {name}: results are kept")


def test(checks, folder):
    scenario = write_scenario(folder / "threads.ini", SCENARIO)
    check_whole(checks, scenario, folder)
    check_interrupted(checks, scenario, folder)


if __name__ == "__main__":
    if make("can-thread").returncode != 0:
        print("1..0 # SKIP test_threads.py: no program runs under -fsanitize=thread here")
        sys.exit(SKIPPED)
    built = make("threads")
    if built.returncode != 0:
        print(f"not ok 1 - the program builds with SAN=thread\n{built.stdout}\n1..1")
        sys.exit(1)
    main(test)
