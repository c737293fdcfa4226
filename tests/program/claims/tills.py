"""Times at the tills: latency.csv, till.csv, terminals.csv, outcomes.csv and summary.csv."""

from .outcomes import PAID, number
from .rounding import half, meets
from .scenario import MICROS_PER_SECOND

PHASES = ("select", "information", "update", "value")
MS_PER_S = 1000
QUANTILES = (("p50_ms", 50), ("p90_ms", 90), ("p99_ms", 99))  # per cent
WAIT_SLACK = 1 / 512  # by which quantiles of waits may be rounded up, beside their digits


def latencies(run):
    """{(path, phase): row}"""
    return {(row["path"], row["phase"]): row for row in run.rows["latency"]}


def weighted(rows, count, mean):
    """The sum of counts times means, and what the means' digits leave open."""
    total = sum(int(row[count]) * float(row[mean]) for row in rows)
    return total, sum(int(row[count]) * half(float(row[mean])) for row in rows)


def completed_settlements_are_paid_ones(run):
    found = latencies(run)
    for path, outcome in PAID.items():
        count = number(run, outcome)
        counts = {int(found[path, phase]["count"]) for phase in (*PHASES, "total", "wait")
                  if (path, phase) in found} or {0}
        yield "latency.csv counts what outcomes.csv says was paid", counts == {count}, (
            path, counts, count)


def phases_add_up(run):
    found = latencies(run)
    for path, phase in found:
        if phase != "total":
            continue
        means = [float(found[path, part]["mean_ms"]) for part in PHASES]
        total = float(found[path, "total"]["mean_ms"])
        yield "phases add up to the total", meets(total, sum(means), sum(map(half, means))), (
            path, means, total)


def quantiles_are_in_order(run):
    for (path, phase), row in latencies(run).items():
        figures = [float(row[name]) for name in ("min_ms", "p50_ms", "p90_ms", "p99_ms", "max_ms")]
        mean, deviation = float(row["mean_ms"]), float(row["sd_ms"])
        slack = half(mean) + 1e-13 * mean
        holds = (figures == sorted(figures) and
                 figures[0] - slack <= mean <= figures[-1] + slack and
                 deviation <= (figures[-1] - figures[0]) / 2 * (1 + 1e-8) + 1e-9)
        yield "quantiles are in order, the mean and spread between them", holds, (path, phase, row)


def over(row, budget_ms):
    """The least and the most settlements of a row of totals that can have taken longer, from its
    quantiles by nearest rank."""
    count = int(row["count"])
    if float(row["min_ms"]) > budget_ms:
        return count, count
    if float(row["max_ms"]) <= budget_ms:
        return 0, 0
    least, most = 1, count - 1
    for name, per_cent in QUANTILES:
        rank = -(-count * per_cent // 100)
        if float(row[name]) > budget_ms:
            least = max(least, count - rank + 1)
        else:
            most = min(most, count - rank)
    return least, most


def shares_over_budgets_fit_the_quantiles(run):
    rows = [row for (_, phase), row in latencies(run).items() if phase == "total"]
    count = sum(int(row["count"]) for row in rows)
    for budget in (200, 500):
        share = float(run.metrics[f"share-over-{budget}ms", "", "", ""])
        bounds = [over(row, budget) for row in rows]
        least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds)
        slack = half(share) * count
        holds = least - slack <= share * count <= most + slack if count > 0 else share == 0
        yield "share-over-* fits the quantiles of latency.csv", holds, (budget, share, least, most)


def tills_add_up(run):
    rows = run.rows["till"]
    added = float(run.metrics["till-seconds-added", "", "", ""])
    seconds = [float(row["till_seconds_added"]) for row in rows]
    yield "till-seconds-added is the sum of till.csv", meets(
        added, sum(seconds), sum(map(half, seconds))), (added, sum(seconds))
    for path in ("symmetric", "public-key"):
        expected = sum(int(row[f"updates_{path.replace('-', '_')}"]) for row in rows)
        found = run.total(f"updates-{path}")
        yield f"updates-{path} is the sum of till.csv", found == expected, (found, expected)


def what_was_paid_is_a_part_of_the_tills(run):
    """Update phases of completed settlements; of all where none was refused or torn."""
    rows = [row for (_, phase), row in latencies(run).items() if phase == "update"]
    total, slack = weighted(rows, "count", "mean_ms")
    added = float(run.metrics["till-seconds-added", "", "", ""]) * MS_PER_S
    if run.total("meetings") == run.total("paid"):
        yield "till-seconds-added is what latency.csv says of updates", meets(
            added / MS_PER_S, total / MS_PER_S, slack / MS_PER_S), (added, total)
    room = slack + half(added / MS_PER_S) * MS_PER_S
    yield "till-seconds-added is at least what latency.csv says", total <= added + room, (
        added, total)


def updates_that_were_paid_were_written(run):
    for path in ("symmetric", "public-key"):
        writes = run.sums("till", f"updates_{path.replace('-', '_')}")
        for k, count in run.counts(PAID[path]).items():
            yield "settlements paid after an update wrote a key", count <= writes[k] or (
                run.scenario.has_rogues), (path, k, count, writes[k])


def terminals_see_every_meeting(run):
    rows = run.rows["terminals"]
    found = sum(int(row["settlements"]) for row in rows)
    yield "terminals.csv counts every meeting", found == run.total("meetings"), (
        found, run.total("meetings"))
    unserved = sum(int(row["unserved"]) for row in rows)
    yield "unserved is the sum of terminals.csv", unserved == run.total("unserved"), unserved
    for row in rows:
        if row["utilisation"] != "":
            yield "terminals are taken for no more than the time there is", (
                0 <= float(row["utilisation"]) <= 1), row
        if row["share_waited"] != "":
            share, settlements = float(row["share_waited"]), int(row["settlements"])
            off = abs(share * settlements - round(share * settlements))
            yield "share_waited is of whole settlements", (
                share <= 1 and off <= half(share) * settlements + 1e-9), row


def waits_are_those_of_the_terminals(run):
    """Of completed settlements in latency.csv, of all in terminals.csv."""
    paid = [row for (_, phase), row in latencies(run).items() if phase == "wait"]
    every = [row for row in run.rows["terminals"] if row["wait_mean_ms"] != ""]
    of_paid, slack = weighted(paid, "count", "mean_ms")
    of_all, room = weighted(every, "settlements", "wait_mean_ms")
    same = run.total("meetings") == run.total("paid")
    holds = abs(of_paid - of_all) <= slack + room + 1e-6 if same else (
        of_paid <= of_all + slack + room + 1e-6)
    yield "waits in latency.csv are those of terminals.csv", holds, (of_paid, of_all, same)
    longest = max((float(row["max_ms"]) for row in paid), default=0)
    at_all = max((float(row["wait_max_ms"]) for row in every), default=0)
    yield "the longest wait is one of terminals.csv", longest <= at_all, (longest, at_all)


def terminals_are_taken_by_settlements(run):
    """Where all was paid: utilisation is what the settlements took, less what of the last one at
    each terminal lies beyond the end of the run."""
    rows = run.rows["terminals"]
    if run.total("meetings") != run.total("paid") or any(row["utilisation"] == "" for row in rows):
        return
    totals = [row for (_, phase), row in latencies(run).items() if phase == "total"]
    took, slack = weighted(totals, "count", "mean_ms")
    longest = max((float(row["max_ms"]) for row in totals), default=0)
    servers = sum(int(row["count"]) for row in rows)
    end_ms = run.scenario.duration / MICROS_PER_SECOND * MS_PER_S
    found = sum(float(row["utilisation"]) * int(row["count"]) for row in rows) * end_ms
    slack += sum(half(float(row["utilisation"])) * int(row["count"]) for row in rows) * end_ms
    yield "utilisation is what the settlements took", (
        took - servers * longest - slack <= found <= took + slack + 1e-6), (found, took, longest)


CHECKS = (completed_settlements_are_paid_ones, phases_add_up, quantiles_are_in_order,
          shares_over_budgets_fit_the_quantiles, tills_add_up,
          what_was_paid_is_a_part_of_the_tills, updates_that_were_paid_were_written,
          terminals_see_every_meeting, waits_are_those_of_the_terminals,
          terminals_are_taken_by_settlements)
