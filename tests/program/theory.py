"""What is known of uniform random pairs without simulating, and runs to compare it with."""

from concurrent.futures import ThreadPoolExecutor
from math import sqrt

from harness import read_rows, run, totals, write_scenario

SIGMAS = 4


def harmonic(n):
    return sum(1 / k for k in range(1, n + 1))


def meetings_to(n, m, k):
    """Expected meetings of @n cards until @k hold what @m held."""
    return (n - 1) / 2 * (
        harmonic(k - 1) - harmonic(m - 1) + harmonic(n - m) - harmonic(n - k)
    )


def variance_to(n, m, k):
    steps = [2 * i * (n - i) / (n * (n - 1)) for i in range(m, k)]
    return sum((1 - p) / p**2 for p in steps)


def mean_of(values):
    return sum(values) / len(values)


def sd_of(values):
    mean = mean_of(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


class Runs:
    """Scenarios that run two at a time; results are read by name."""

    def __init__(self, folder):
        self.folder = folder
        self.pool = ThreadPoolExecutor(2)
        self.started = {}

    def start(self, name, groups):
        path = write_scenario(self.folder / f"{name}.ini", groups)
        self.started[name] = self.pool.submit(run, path, self.folder / name)

    def rows(self, name, file):
        return read_rows(self.started[name].result() / file)

    def totals(self, name):
        return list(totals(self.rows(name, "summary.csv")).values())

    def values(self, name, metric, generation, share="", key="transfer"):
        """One number per replication; None where it was not reached."""
        return [
            float(row["value"]) if row["value"] else None
            for row in self.rows(name, "summary.csv")
            if (row["metric"], row["key"], row["generation"], row["share"])
            == (metric, key, str(generation), str(share))
        ]

    def outcomes(self, name, from_day=0):
        """{outcome: count} of the settlements from that day on, all replications together."""
        counts = {}
        for row in self.rows(name, "outcomes.csv"):
            if float(row["time_s"]) > 86400 * from_day:
                counts[row["outcome"]] = counts.get(row["outcome"], 0) + int(row["count"])
        counts.pop("card-busy", None)
        return counts


def groups(embodiment, cohorts, days, seed, replications, activity="1/d", interval="1d"):
    """cohorts: {name: keys}, each with the same activity."""
    common = {"activity": f"constant {activity}"}
    return {
        "scenario": {"duration": f"{days}d", "sample-interval": interval, "seed": seed,
                     "replications": replications},
        "scheme": {"embodiment": embodiment},
        **{f"cohort {name}": {**common, **keys} for name, keys in cohorts.items()},
    }


def cohort(cards, transfer_key, update_key=1, **more):
    return {"cards": cards, "transfer-key": transfer_key, "update-key": update_key, **more}
