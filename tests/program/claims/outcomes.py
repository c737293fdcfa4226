"""Outcomes against the sums in summary.csv, and against revocation.csv."""

PAID = {"none": "paid", "symmetric": "paid-after-symmetric-update",
        "public-key": "paid-after-public-key-update"}


def names(run, prefix=""):
    return {row["outcome"] for row in run.rows["outcomes"] if row["outcome"].startswith(prefix)}


def number(run, *outcomes):
    return sum(run.counts(*outcomes).values())


def sums_are_those_of_outcomes(run):
    expected = {
        "paid": number(run, *PAID.values()),
        "refused": number(run, *names(run, "refused-")),
        "meetings": number(run, *names(run) - {"card-busy"}),
        "card-busy": number(run, "card-busy"),
    }
    for metric, count in expected.items():
        yield f"{metric} in summary.csv is the sum of outcomes.csv", run.total(metric) == count, (
            run.total(metric), count)


def intervals_end_on_the_grid(run):
    for name in ("outcomes", "till", "value", "attacks", "revocation"):
        holds = all(run.place(row) is not None for row in run.rows[name])
        yield f"rows of {name}.csv stand on the grid", holds, ""


def revoked_cards_are_a_part_of_all(run):
    rows = run.rows["revocation"]
    for metric, column in (("revoked-settlements", "settlements"),
                           ("revoked-accepted", "accepted")):
        if run.has(metric):
            found, expected = run.total(metric), sum(int(row[column]) for row in rows)
            yield f"{metric} is the sum of revocation.csv", found == expected, (found, expected)
    meetings = run.counts(*names(run) - {"card-busy"})
    refused, paid = run.counts("refused-revoked"), run.counts(*PAID.values())
    for row in rows:
        k = run.place(row)
        holds = (int(row["accepted"]) + int(row["refused_revoked"]) <= int(row["settlements"]) and
                 int(row["settlements"]) <= meetings[k] and int(row["accepted"]) <= paid[k] and
                 int(row["refused_revoked"]) == refused[k])
        yield "settlements of revoked cards are a part of all", holds, (
            row, meetings[k], paid[k], refused[k])
    shown = {run.place(row) for row in rows}
    for k, count in refused.items():
        yield "refused-revoked stands in revocation.csv", k in shown, (k, count)


CHECKS = (sums_are_those_of_outcomes, intervals_end_on_the_grid, revoked_cards_are_a_part_of_all)
