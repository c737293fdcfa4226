"""attacks.csv by itself and against value.csv."""

from collections import defaultdict

from .books import book
from .shares import cards_in_all

MINTERS = ("mint", "replay", "leaked-key")
GAINERS = (*MINTERS, "burn", "replay-debit", "clone")


def attackers(run):
    """{name: rows}"""
    found = defaultdict(list)
    for row in run.rows["attacks"]:
        found[row["attacker"]].append(row)
    return found


def attackers_have_a_row_for_each_sample(run):
    for name, rows in attackers(run).items():
        found = [run.place(row) for row in rows]
        yield "attacks.csv has a row for each sample", found == list(range(len(run.times))), name


def attacks_only_grow(run):
    for name, rows in attackers(run).items():
        for column in ("attempts", "successes", "gained"):
            sums = [int(row[column]) for row in rows]
            yield f"{column} of an attack never fall", sums == sorted(sums), (name, sums)
        for row in rows:
            if int(row["successes"]) > int(row["attempts"]):
                yield "no more successes than attempts", False, row
            if row["attack"] not in GAINERS and row["gained"] != "0":
                yield "only some attacks gain money", False, row
        yield "no more successes than attempts", True, ""


def attackers_hold_some_of_the_cards(run):
    all_cards = cards_in_all(run)
    sums = defaultdict(int)
    for rows in attackers(run).values():
        for row in rows:
            sums[run.place(row)] += int(row["cards"])
    for k, cards in sums.items():
        yield "attackers' cards are some of all", cards <= all_cards[k], (k, cards, all_cards[k])


def attacks_take_place_in_settlements(run):
    """Of cards in any, of terminals in their own; of revoked cards on either side."""
    scenario, every = run.scenario, run.total("meetings")
    own = {row["terminals"]: int(row["settlements"]) for row in run.rows["terminals"]}
    for name, rows in attackers(run).items():
        attack = rows[0]["attack"]
        most = (own[name] if attack in scenario.rogues(scenario.terminals) else
                2 * every if attack == "revoked" else
                every if attack in ("leaked-key", "clone") else None)
        if most is not None:
            attempts = int(rows[-1]["attempts"])
            yield "attempts are settlements", attempts <= most, (name, attempts, most)


def gains(run, attacks):
    """At each sample, of attackers of these kinds together."""
    sums = [0] * len(run.times)
    for rows in attackers(run).values():
        for row in rows:
            sums[run.place(row)] += int(row["gained"]) if row["attack"] in attacks else 0
    return sums


def what_was_minted_was_gained(run):
    """Once, whoever met whom. What clones bring with them is booked when they enter, as here at
    time 0."""
    scenario = run.scenario
    has_clones = "clone" in scenario.rogues(scenario.cohorts)
    if (not run.rows["attacks"] or not scenario.credits_once or scenario.forgives_debts or
            (has_clones and "issue" in scenario.actions)):
        return
    minted = book(run, "minted")
    found, expected = [sum_ - minted[0] for sum_ in minted], gains(run, MINTERS)
    yield "attackers gained what value.csv has minted", found == expected, (found, expected)
    if not scenario.is_torn:
        found, expected = book(run, "destroyed"), gains(run, ("burn", "replay-debit"))
        yield "attackers burnt what value.csv has destroyed", found == expected, (found, expected)


def each_success_gains_the_amount(run):
    """But for what a card with a leaked key pays, which is no money."""
    if run.scenario.amount is None or "leaked-key" in run.scenario.rogues(run.scenario.cohorts):
        return
    for name, rows in attackers(run).items():
        if rows[0]["attack"] in ("mint", "burn"):
            holds = all(int(row["gained"]) == run.scenario.amount * int(row["successes"])
                        for row in rows)
            yield "minting and burning gain the amount each time", holds, (name, rows[-1])


CHECKS = (attackers_have_a_row_for_each_sample, attacks_only_grow,
          attackers_hold_some_of_the_cards, attacks_take_place_in_settlements,
          what_was_minted_was_gained, each_success_gains_the_amount)
