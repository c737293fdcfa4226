#!/usr/bin/env python3
"""Fuzzes the scenario reader for SECONDS (10 without it) by `make fuzz`, under the address and
undefined sanitizers."""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "program"))

from harness import ROOT, SKIPPED, Checks  # noqa: E402

SECONDS = os.environ.get("SECONDS", "10")


def make(*arguments):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    return subprocess.run(["make", "-C", str(ROOT), "--no-print-directory", *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                          env=environment, check=False)


def main():
    if make("can-fuzz").returncode != 0:
        print("1..0 # SKIP test_fuzz.py: clang cannot link a fuzz target (clang, libclang-rt-dev)")
        return SKIPPED
    checks = Checks()
    done = make("fuzz", f"SECONDS={SECONDS}")
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stdout)
    checks.check(done.returncode == 0 and runs,
                 f"scenario: {runs.group(1) if runs else 'no'} runs without a crash, a leak or "
                 "another scenario when it is read again", *done.stdout.splitlines()[-20:])
    checks.check(runs and int(runs.group(1)) > 200, "scenario: more than 200 runs",
                 *done.stdout.splitlines()[-5:])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
