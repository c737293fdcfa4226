"""exposure.csv against propagation.csv, and its times and sums against summary.csv."""

from collections import defaultdict

from .rounding import half, printed
from .scenario import MICROS_PER_SECOND
from .shares import cards_in_all

SECONDS_PER_DAY = 86400
THRESHOLDS = {"0.01": 10, "0.001": 1}  # per mille


def tracks(run):
    """{(key, generation): rows}, the leak itself first"""
    found = defaultdict(list)
    for row in run.rows["exposure"]:
        found[row["key"], int(row["generation"])].append(row)
    return found


def places(run, rows):
    """Numbers of the samples of all rows but the first: the last ones of the run."""
    return range(len(run.times) - len(rows) + 1, len(run.times))


def exposed_cards_are_those_of_the_generation(run):
    generations, all_cards = run.generations(), cards_in_all(run)
    what = "exposure.csv has the cards of propagation.csv"
    for (key, generation), rows in tracks(run).items():
        for k, row in zip(places(run, rows), rows[1:]):
            here = generations.get((key, generation), {}).get(k)
            expected = (printed(run.times[k] / MICROS_PER_SECOND), here["cards"] if here else "0",
                        printed(int(here["cards"]) / all_cards[k]) if here else "0")
            found = row["time_s"], row["cards"], row["share"]
            if found != expected:
                yield what, False, (key, generation, found, expected)
        yield what, True, ""


def leaks_come_before_their_samples(run):
    for (key, generation), rows in tracks(run).items():
        at, first = float(rows[0]["time_s"]), places(run, rows)[0]
        seconds = [time / MICROS_PER_SECOND for time in run.times]
        holds = seconds[first - 1] - half(at) <= at <= seconds[first] + half(at)
        yield "each sample after a leak has a row", holds, (key, generation, at, first)
        yield "exposure begins with nothing", rows[0]["card_days"] == "0", rows[0]


def card_days_are_the_area_below(run):
    """Between two samples the number changes by at most the key writes there, where nothing else
    changes keys; else it lies between none and all cards."""
    all_cards = cards_in_all(run)
    writes = [run.sums("till", f"updates_{path}") for path in ("symmetric", "public_key")]
    for (key, generation), rows in tracks(run).items():
        for k, before, row in zip(places(run, rows), rows, rows[1:]):
            days = (float(row["time_s"]) - float(before["time_s"])) / SECONDS_PER_DAY
            slack_days = (half(float(row["time_s"])) + half(float(before["time_s"])))
            slack_days /= SECONDS_PER_DAY
            area = float(row["card_days"]) - float(before["card_days"])
            slack = half(float(row["card_days"])) + half(float(before["card_days"]))
            cards = sorted((int(before["cards"]), int(row["cards"])))
            if run.scenario.only_meetings_change_keys and run.scenario.writes_new_keys:
                changes = sum(of_path[k] for of_path in writes)
                least, most = cards[1] - changes, cards[0] + changes
            else:
                least, most = 0, all_cards[k]
            slack += most * slack_days + 1e-13 * float(row["card_days"])
            holds = max(least, 0) * days - slack <= area <= most * days + slack
            yield "card_days is the area below the curve", holds, (
                key, generation, before, row, least, most)


def exposure_is_the_last_sum(run):
    for (key, generation), rows in tracks(run).items():
        found = run.metrics.get(("exposure", key, str(generation), ""))
        yield "exposure is the last sum of card-days", found == rows[-1]["card_days"], (
            key, generation, found, rows[-1])


def is_below(row, all_cards, permille):
    return int(row["cards"]) * 1000 < all_cards * permille


def times_below_are_those_of_the_curve(run):
    what = "time-to-exposure-below is when the curve of exposure.csv falls for good"
    all_cards = cards_in_all(run)
    for (key, generation), rows in tracks(run).items():
        begun = float(rows[0]["time_s"])
        at_leak = begun, rows[0], all_cards[places(run, rows)[0]]
        samples = [at_leak] + [(run.times[k] / MICROS_PER_SECOND, row, all_cards[k])
                   for k, row in zip(places(run, rows), rows[1:])]
        for share, permille in THRESHOLDS.items():
            value = run.metrics.get(("time-to-exposure-below", key, str(generation), share))
            name = f"{key} {generation}, {share}: {value} s: "
            if not value:
                yield what, not is_below(rows[-1], all_cards[-1], permille), name + "it ends below"
                continue
            fell, slack = begun + float(value), half(float(value)) + half(begun)
            above = [time for time, row, n in samples if not is_below(row, n, permille)]
            after = [time for time in above if time > fell + slack]
            yield what, not after, name + f"above in samples {after}"
            before = [time for time, row, n in samples if above and time > above[-1]]
            yield what, not before or before[0] > fell - slack, name + f"below in {before[:1]}"


def active_cards_are_a_part(run):
    if not run.has("active-cards"):
        return
    active = run.total("active-cards")
    yield "active cards are some of all", active <= cards_in_all(run)[-1], active
    for rows in tracks(run).values():
        last = rows[-1]
        expected = printed(int(last["cards_active"]) / active) if active else ""
        holds = last["share_active"] == expected and all(
            int(row["cards_active"]) <= int(row["cards"]) for row in rows)
        yield "share_active is of active-cards", holds, (last, active)


CHECKS = (exposed_cards_are_those_of_the_generation, leaks_come_before_their_samples,
          card_days_are_the_area_below, exposure_is_the_last_sum,
          times_below_are_those_of_the_curve, active_cards_are_a_part)
