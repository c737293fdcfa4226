"""What the files of one run say of each other, worked out anew from the files alone.

A module a subject. Each has CHECKS, functions that take a Run or a Results (results.py) and yield
claims: (what, whether it holds, detail). Figures in the files have nine digits; each comparison
bounds what that costs and allows nothing beside it.
"""

from . import attacks, books, ensembles, estimates, exposures, outcomes, shares, times, tills

OF_RUNS = (shares, times, outcomes, tills, books, exposures, attacks)
OF_RESULTS = (ensembles, estimates)


def about(results):
    """Claims on the results of a scenario."""
    for module in OF_RUNS:
        for check in module.CHECKS:
            for run in results.runs:
                for what, holds, detail in check(run):
                    yield what, holds, f"point {run.point}, replication {run.number}: {detail}"
    for module in OF_RESULTS:
        for check in module.CHECKS:
            yield from check(results)
