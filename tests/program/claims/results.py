"""A folder of results, split into the runs that it holds."""

from collections import defaultdict

from harness import read_ini, read_rows

from .rounding import printed
from .scenario import MICROS_PER_SECOND, Scenario

OF_A_RUN = ("propagation", "outcomes", "latency", "till", "value", "terminals", "exposure",
            "revocation", "attacks", "summary")


class Run:
    """One replication at one point: rows of each of its files, and the scenario."""

    def __init__(self, scenario, point, number):
        self.scenario, self.point, self.number = scenario, point, number
        self.rows = {name: [] for name in OF_A_RUN}
        ends = range(scenario.interval, scenario.duration, scenario.interval)
        self.times = [0, *ends, scenario.duration]
        self.places = {printed(time / MICROS_PER_SECOND): k for k, time in enumerate(self.times)}

    def close(self):
        """Once all rows are there."""
        self.metrics = {(row["metric"], row["key"], row["generation"], row["share"]): row["value"]
                        for row in self.rows["summary"]}

    def place(self, row):
        """Number of the sample at which a row stands; None: at none"""
        return self.places.get(row["time_s"])

    def total(self, metric):
        """A figure of the whole run that is an integer."""
        return int(self.metrics[metric, "", "", ""])

    def has(self, metric):
        return (metric, "", "", "") in self.metrics

    def counts(self, *outcomes):
        """{k: how many} of settlements that ended so, by the sample that shows them."""
        sums = defaultdict(int)
        for row in self.rows["outcomes"]:
            if row["outcome"] in outcomes:
                sums[self.place(row)] += int(row["count"])
        return sums

    def sums(self, name, column):
        """Likewise of any column of integers of a file with rows by interval."""
        found = defaultdict(int)
        for row in self.rows[name]:
            found[self.place(row)] += int(row[column])
        return found

    def generations(self):
        """{(key, generation): {k: row}} of propagation.csv"""
        found = defaultdict(dict)
        for row in self.rows["propagation"]:
            found[row["key"], int(row["generation"])][self.place(row)] = row
        return found


class Results:
    """All runs of a folder. estimate: what `check` printed of the scenario."""

    def __init__(self, folder, estimate):
        ini = read_ini(folder / "run.ini")
        self.ini, self.estimate = ini, estimate
        self.scenario = Scenario(ini)
        runs = {}
        for name in OF_A_RUN:
            path = folder / f"{name}.csv"
            for row in read_rows(path) if path.exists() else ():
                place = int(row["point"]), int(row["replication"])
                if place not in runs:
                    runs[place] = Run(self.scenario, *place)
                runs[place].rows[name].append(row)
        self.runs = [runs[place] for place in sorted(runs)]
        for run in self.runs:
            run.close()
        path = folder / "ensemble.csv"
        self.ensemble = read_rows(path) if path.exists() else []
