"""ensemble.csv worked out anew from summary.csv."""

import math
from collections import defaultdict

from .rounding import half, meets

CONFIDENCE = 0.95
QUANTILES = (("p05", 0.05), ("p50", 0.5), ("p95", 0.95))
ABSENT_IS_0 = ("final-share", "exposure", "time-to-exposure-below")
MEASURES = ("s", "share", "card-days")  # others are counted
NAME = ("metric", "key", "generation", "share", "unit")


def t_within(t, degrees):
    """P(-t < T < t) of Student's distribution: Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    theta = math.atan(t / math.sqrt(degrees))
    term, total = 1.0, 0.0
    if degrees % 2 == 0:
        for i in range(0, degrees - 1, 2):
            total += term
            term *= (i + 1) / (i + 2) * math.cos(theta) ** 2
        return math.sin(theta) * total
    term = math.cos(theta)
    for i in range(1, degrees - 1, 2):
        total += term
        term *= (i + 1) / (i + 2) * math.cos(theta) ** 2
    return 2 / math.pi * (theta + math.sin(theta) * total)


def t_quantile(degrees):
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_within(middle, degrees) < CONFIDENCE else (low, middle)
    return low


def series(results):
    """{(point, metric, key, ...): the values as text, by replication}; of one without a row 0 where
    that says that nobody held the key, or that it did not leak."""
    found = defaultdict(dict)
    for run in results.runs:
        for row in run.rows["summary"]:
            found[run.point, *(row[name] for name in NAME)][run.number] = row["value"]
    for place, values in found.items():
        if place[1] in ABSENT_IS_0:
            for run in results.runs:
                if run.point == place[0]:
                    values.setdefault(run.number, "0")
    return found


def error(text, unit):
    """What the digits of a value leave open; those of a number of something say all."""
    return half(float(text)) if unit in MEASURES else 0.0


def quantile(values, n, share):
    """Linear between order statistics, of @n values of which the others are infinite; None: it is
    infinite too"""
    place = (n - 1) * share
    low, weight = math.floor(place), place - math.floor(place)
    needed = low + (1 if weight > 1e-12 else 0)
    if needed >= len(values):
        return None
    return values[low] + (weight * (values[low + 1] - values[low]) if needed > low else 0)


def agrees(text, expected, slack):
    if text == "" or expected is None:
        return text == "" and expected is None
    return meets(float(text), expected, slack)


def expected_of(values, n, slack):
    """{column: (figure, what is open)}; None where it is empty"""
    ordered = sorted(values)
    figures = {name: (quantile(ordered, n, share), slack) for name, share in QUANTILES}
    if len(values) < n:
        return figures | dict.fromkeys(("mean", "sd", "ci95_low", "ci95_high"), (None, 0))
    mean = sum(values) / n
    figures["mean"] = mean, slack
    if n > 1:
        sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
        room = slack * math.sqrt(n / (n - 1)) + 1e-13 * max(map(abs, values))
        t = t_quantile(n - 1) / math.sqrt(n)
        figures["sd"] = sd, room
        figures["ci95_low"] = mean - t * sd, slack + t * room + 1e-9 * sd
        figures["ci95_high"] = mean + t * sd, slack + t * room + 1e-9 * sd
    return figures


def figures_are_those_of_the_summaries(results):
    rows = {(int(row["point"]), *(row[name] for name in NAME)): row for row in results.ensemble}
    n = len({run.number for run in results.runs})
    found = series(results)
    if n == 1:
        yield "one replication has no ensemble.csv", not rows, ""
        return
    yield "ensemble.csv has each metric of summary.csv", set(rows) == set(found), (
        set(rows) ^ set(found))
    for place in set(rows) & set(found):
        row = rows[place]
        texts = [text for text in found[place].values() if text != ""]
        values = [float(text) for text in texts]
        counts = int(row["n"]), int(row["n_reached"])
        yield "ensemble.csv counts replications", counts == (n, len(values)), (place, counts)
        expected = expected_of(values, n, max(
            (error(text, place[-1]) for text in texts), default=0))
        for column, (figure, slack) in expected.items():
            yield f"{column} in ensemble.csv is that of summary.csv", agrees(
                row[column], figure, slack), (place, column, row[column], figure, texts)


CHECKS = (figures_are_those_of_the_summaries,)
