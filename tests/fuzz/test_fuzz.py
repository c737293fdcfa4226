#!/usr/bin/env python3
"""Fuzzes the scenario reader with RUNS inputs (2,000 without it) by `make fuzz`, under the address
and undefined sanitizers."""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "program"))

from harness import BUILD, ROOT, SKIPPED, Checks, make  # noqa: E402

RUNS = int(os.environ.get("RUNS", "2000"))  # counted, so that a busy machine does as many


def main():
    if make("can-fuzz").returncode != 0:
        print("1..0 # SKIP test_fuzz.py: clang cannot link a fuzz target (clang, libclang-rt-dev)")
        return SKIPPED
    checks = Checks()
    done = make("fuzz", f"BUILD={BUILD.relative_to(ROOT)}", f"RUNS={RUNS}")
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stdout)
    checks.check(done.returncode == 0 and runs,
                 f"scenario: {runs.group(1) if runs else 'no'} runs without a crash, a leak or "
                 "another scenario when it is read again", *done.stdout.splitlines()[-20:])
    checks.check(runs and int(runs.group(1)) >= RUNS, f"scenario: {RUNS} runs",
                 *done.stdout.splitlines()[-5:])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
