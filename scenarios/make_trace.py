#!/usr/bin/env python3
"""Makes trace.csv: who pays whom in the canteen of an office, for six weeks.

    python3 scenarios/make_trace.py >scenarios/trace.csv

Nothing in it was measured. 240 people work there and eat at noon on working days, most of them with their own
team; one of a table pays for all at the till, the others pay back what they owe. At the coffee
corner whoever comes pays for those who stand there already, whatever their team. Times are
seconds from the first Monday, 00:00; amounts are cents. The generator is Python's own, whose
random() gives the same numbers for a seed in every version, so that the file can be made again,
byte by byte.
"""

import random

SEED = 20260105
PEOPLE = 240
TEAM = 12
TILLS = ("till 1", "till 2")
WEEKS = 6
DAY = 86400
EATS = 0.18
DRINKS = 0.05
OWN_TEAM = 0.8
MENUS = (420, 580, 690)
COFFEE = 110


def pick(rng, things):
    return things[int(rng.random() * len(things))]


def name(number):
    return f"staff {number + 1:03}"


def lunch(rng, day):
    """One pays for the table and gets back what the others owe, the same afternoon."""
    tables = {}
    for person in range(PEOPLE):
        if rng.random() < EATS:
            team = person // TEAM if rng.random() < OWN_TEAM else int(rng.random() * PEOPLE) // TEAM
            tables.setdefault(team, []).append((person, pick(rng, MENUS)))
    for table in tables.values():
        at = day + 41400 + int(rng.random() * 5400)
        host = pick(rng, table)[0]
        yield at, name(host), pick(rng, TILLS), sum(price for _, price in table)
        for person, price in table:
            if person != host:
                yield at + int(rng.random() * 10800), name(person), name(host), price


def coffee(rng, day):
    before = None
    for person in range(PEOPLE):
        if rng.random() >= DRINKS:
            continue
        person = int(rng.random() * PEOPLE)
        at = day + 32400 + int(rng.random() * 480) * 60
        yield at, name(person), name(before if before is not None else person), COFFEE
        before = person


def main():
    rng = random.Random(SEED)
    rows = []
    for day in range(7 * WEEKS):
        if day % 7 < 5:
            rows += lunch(rng, day * DAY)
            rows += coffee(rng, day * DAY)
    rows.sort(key=lambda row: row[0])
    print("time,payer,payee,amount")
    for row in rows:
        print(",".join(map(str, row)))


main()
