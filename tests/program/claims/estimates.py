"""What `check` said that there would be, against what the run did."""

import math
import re

from .scenario import UNITS

FACTOR = 3
DEVIATIONS = 5  # of what chance may add to the factor
# Coefficients of variation of a card's rate, squared; laws with more have no bound.
SPREAD = {"constant": 0.0, "gamma": 4.0}


def meetings_expected(text):
    found = re.search(r"# (\d+) cards, about (\S+) meetings", text)
    return int(found.group(1)), float(found.group(2))


def rate_per_day(text):
    number, unit = text.split("/")
    return float(number) * UNITS["d"] / UNITS[unit]


def variance(scenario, replications):
    """Of the number of meetings, as rates are drawn for cards of some laws; None: not known"""
    total = 0.0
    days = scenario.duration / UNITS["d"]
    for keys in scenario.cohorts.values():
        law, *numbers = keys["activity"].split()
        if law not in SPREAD:
            return None
        per_card = rate_per_day(numbers[-1]) * days
        total += int(keys["cards"]) * SPREAD[law] * per_card ** 2
    return total * replications


def meetings_are_about_as_many(results):
    if len({run.point for run in results.runs}) > 1:
        return
    _, expected = meetings_expected(results.estimate)
    more = 0 if results.scenario.is_trace else variance(results.scenario, len(results.runs))
    if more is None:
        return
    found = sum(run.total(metric) for run in results.runs
                for metric in ("meetings", "card-busy", "unserved"))
    room = DEVIATIONS * math.sqrt(expected + more)
    holds = (expected - room) / FACTOR <= found <= FACTOR * (expected + room)
    yield "check expects as many meetings as there are", holds, (expected, found, room)


def cards_are_as_many(results):
    cards, _ = meetings_expected(results.estimate)
    found = int(results.ini["run"]["cards"])
    if len({run.point for run in results.runs}) == 1:
        yield "check expects at least the cards that there are", found <= cards, (cards, found)


CHECKS = (meetings_are_about_as_many, cards_are_as_many)
