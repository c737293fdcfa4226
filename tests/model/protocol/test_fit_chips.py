#!/usr/bin/env python3
"""The table in model/protocol/chip.c holds exactly the rows that fit_chips.py prints.

Chips of another source may stand in the table too; those that the fit names are compared.
"""

import difflib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FIT = Path(__file__).with_name("fit_chips.py")
TABLE = ROOT / "model/protocol/chip.c"
FIRST_LINE = "    { .name = "

sys.path.insert(0, str(ROOT / "tests/program"))

from harness import Checks  # noqa: E402


def rows_by_name(lines):
    """{first line: all lines} of each row."""
    rows, row = {}, None
    for line in lines:
        if line.startswith(FIRST_LINE):
            row = rows.setdefault(line, [])
        if row is not None:
            row.append(line)
    return rows


def printed_rows():
    done = subprocess.run([sys.executable, FIT], stdout=subprocess.PIPE, text=True, check=True)
    return rows_by_name(done.stdout.splitlines())


def rows_in_table():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    table = lines[lines.index("const Chip chips[] = {"):]
    return rows_by_name(table[:table.index("    /* clang-format on */")])


def main():
    checks = Checks()
    printed, table = printed_rows(), rows_in_table()
    checks.check(printed, "the fit prints rows")
    for first, row in printed.items():
        differences = difflib.unified_diff(row, table.get(first, []), "fit_chips.py",
                                           "model/protocol/chip.c", lineterm="")
        name = first.removeprefix(FIRST_LINE).strip('",')
        checks.check(row == table.get(first), f"{name}: the row of the table is that of the fit",
                     *differences)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
