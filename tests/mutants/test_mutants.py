#!/usr/bin/env python3
"""A few of the mutants, so that `make test` notices if test_settle goes blind. `make mutants` tries
all of them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "program"))

from harness import Checks  # noqa: E402
from run import Broken, few, try_all  # noqa: E402
from table import FEW, MUTANTS  # noqa: E402


def main():
    checks = Checks()
    chosen = few()
    checks.equal([mutant.rule for mutant in chosen], FEW, "the table has the few")
    names = [(mutant.room, mutant.rule) for mutant in MUTANTS]
    checks.equal(len(set(names)), len(names), "no mutant stands in the table twice")
    try:
        try_all(chosen, lambda mutant, caught, details:
                checks.check(caught, f"{mutant.room}: {mutant.rule}", details))
    except Broken as fault:
        checks.check(False, "mutants can be tried", fault)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
