"""value.csv against outcomes, the number of cards, what they hold at issue, and summary.csv."""

from .outcomes import PAID
from .shares import cards_in_all

COLUMNS = ("initial", "loaded", "unloaded", "paid", "destroyed", "minted", "stranded", "residual")
MOVED = (*PAID.values(), "torn-after-credit")


def book(run, column):
    """Its sums at the samples."""
    return [int(row[column]) for row in run.rows["value"]]


def running(run, *outcomes):
    """How many settlements ended so up to each sample."""
    counts, sums = run.counts(*outcomes), []
    for k in range(len(run.times)):
        sums.append((sums[-1] if sums else 0) + counts[k])
    return sums


def balances(run):
    """Of all cards together, as the books have it."""
    return [int(row["initial"]) + int(row["loaded"]) + int(row["minted"]) - int(row["unloaded"]) -
            int(row["destroyed"]) - int(row["stranded"]) for row in run.rows["value"]]


def bounds(keys):
    """The least and the most that a card of a cohort holds at issue; None: no bound is known"""
    law, *numbers = keys["balance"].split()
    if law == "constant":
        return int(numbers[0]), int(numbers[0])
    if law == "uniform":
        return int(numbers[0]), int(numbers[1])
    return 0, None


def books_have_a_row_for_each_sample(run):
    found = [run.place(row) for row in run.rows["value"]]
    yield "value.csv has a row for each sample", found == list(range(len(run.times))), found


def books_balance(run):
    yield "residual is 0", not any(book(run, "residual")), ""
    yield "nothing is unloaded", not any(book(run, "unloaded")), ""
    if run.scenario.scheme["overdraft"] == "refuse":
        yield "cards hold no less than nothing in all", min(balances(run)) >= 0, balances(run)
    most = run.scenario.scheme["max-balance"]
    if most != "none":
        holds = all(held <= int(most) * cards
                    for held, cards in zip(balances(run), cards_in_all(run)))
        yield "cards hold no more in all than each may", holds, balances(run)


def sums_only_grow(run):
    for column in ("loaded", "paid", "minted", "stranded", "destroyed"):
        falls = column == "destroyed" and run.scenario.faults["recovery"] == "torn-log"
        sums = book(run, column)
        yield f"{column} never falls", falls or (sums[0] >= 0 and sums == sorted(sums)), sums
    yield "initial stays", len(set(book(run, "initial"))) == 1, book(run, "initial")


def totals_are_the_last_sums(run):
    for metric, column in (("value-paid", "paid"), ("value-destroyed", "destroyed"),
                           ("books-residual", "residual")):
        found, expected = run.total(metric), book(run, column)[-1]
        yield f"{metric} is the last sum in value.csv", found == expected, (found, expected)


def cards_bring_what_their_cohorts_say(run):
    honest = [keys for keys in run.scenario.cohorts.values() if keys["rogue"] != "clone"]
    if run.point > 0:
        return
    cards = [int(keys["cards"]) for keys in honest]
    least = sum(n * bounds(keys)[0] for n, keys in zip(cards, honest))
    mosts = [bounds(keys)[1] for n, keys in zip(cards, honest) if n > 0]
    initial = book(run, "initial")[0]
    holds = initial >= least and (None in mosts or initial <= sum(
        n * bounds(keys)[1] for n, keys in zip(cards, honest) if n > 0))
    yield "initial is what the cohorts' laws give", holds, (initial, least, mosts)


def issued_cards_bring_what_their_cohorts_say(run):
    issued = {keys["cohort"] for keys in run.scenario.plan.values() if keys["do"] == "issue"}
    kinds = [run.scenario.cohorts[name] for name in issued]
    new = [cards - cards_in_all(run)[0] for cards in cards_in_all(run)]
    loaded = book(run, "loaded")
    if not issued:
        yield "nothing is loaded unless cards are issued", not any(loaded), loaded
    elif all(keys["rogue"] != "clone" for keys in kinds):
        least = min(bounds(keys)[0] for keys in kinds)
        mosts = [bounds(keys)[1] for keys in kinds]
        holds = all(n * least <= sum_ and (None in mosts or sum_ <= n * max(mosts))
                    for n, sum_ in zip(new, loaded))
        yield "loaded is what the issued cards bring", holds, (new, loaded)


def payments_move_the_amount(run):
    """Where there is one amount and no terminal is a rogue."""
    scenario = run.scenario
    if (scenario.amount is None or scenario.rogues(scenario.terminals) or
            not scenario.credits_once):
        return
    found = book(run, "paid")
    expected = [scenario.amount * n for n in running(run, *MOVED)]
    yield "value.csv has paid what outcomes.csv says", found == expected, (found, expected)
    if scenario.faults["recovery"] != "torn-log" and not scenario.rogues(scenario.cohorts):
        found = book(run, "destroyed")
        expected = [scenario.amount * n for n in running(run, "torn-after-debit")]
        yield "value.csv has destroyed what outcomes.csv says", found == expected, (found, expected)


def nobody_mints_without_an_attacker(run):
    scenario = run.scenario
    if not scenario.has_rogues and scenario.credits_once and not scenario.forgives_debts:
        yield "nothing is minted without an attacker", not any(book(run, "minted")), ""
    if not scenario.is_torn and not scenario.rogues(scenario.terminals):
        yield "nothing is destroyed where nobody leaves", not any(book(run, "destroyed")), ""


def nothing_is_stranded_unless_cards_end(run):
    scenario = run.scenario
    ends = (set(scenario.actions) & {"swap", "campaign", "replace", "rotate"} or
            scenario.scheme["reclaim"] != "never" or
            any(keys["expiry"] != "never" for keys in scenario.cohorts.values()))
    if not ends:
        yield "nothing is stranded unless cards are replaced or expire", (
            not any(book(run, "stranded"))), book(run, "stranded")


CHECKS = (books_have_a_row_for_each_sample, books_balance, sums_only_grow,
          totals_are_the_last_sums, cards_bring_what_their_cohorts_say,
          issued_cards_bring_what_their_cohorts_say, payments_move_the_amount,
          nobody_mints_without_an_attacker, nothing_is_stranded_unless_cards_end)
