#!/usr/bin/env python3
"""The table in model/chip.c holds exactly the rows that fit_chips.py prints.

The measured times are no part of the project: the environment variable
PURSEROLL_CHIP_TIMINGS names the CSV, and without it a copy beside the project
is looked for. Where there is none, the test is skipped (exit status 77).
"""

import difflib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIT = ROOT / "tests/model/fit_chips.py"
TABLE = ROOT / "model/chip.c"
SKIPPED = 77


def timings_path():
    named = os.environ.get("PURSEROLL_CHIP_TIMINGS")
    return Path(named) if named else ROOT / "../shared/data/chip-timings.csv"


def printed_rows(timings):
    run = subprocess.run(
        [sys.executable, FIT, timings], stdout=subprocess.PIPE, text=True, check=True
    )
    return run.stdout.splitlines()


def rows_in_table():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    table = lines[lines.index("const Chip chips[] = {") :]
    first = next(n for n, line in enumerate(table) if line.startswith("    { .name"))
    return table[first : table.index("    /* clang-format on */")]


def main():
    timings = timings_path()
    if not timings.exists():
        print(f"1..0 # SKIP test_fit_chips: no measured times at {timings}")
        return SKIPPED

    differences = list(
        difflib.unified_diff(
            printed_rows(timings), rows_in_table(), "fit_chips.py", "model/chip.c", lineterm=""
        )
    )
    if differences:
        print("not ok 1 - model/chip.c holds the rows of the fit\n1..1")
        print("\n".join(f"# {line}" for line in differences))
        return 1
    print("ok 1 - model/chip.c holds the rows of the fit\n1..1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
