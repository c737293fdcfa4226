"""summary.csv's times and meetings to a share against the curves of propagation.csv.

A generation that first shows in sample k appeared at a time from sample k - 1 on and before k, so
its time to a share is known to that interval from the curve; if it has rows before, of a newer one,
it may have come and gone since these began. What happens at a time t shows in the first sample
after t.
"""

from .rounding import half
from .scenario import MICROS_PER_SECOND
from .shares import cards_in_all, newer

PERMILLES = {"0.1": 100, "0.5": 500, "0.9": 900, "0.99": 990, "0.999": 999, "1": 1000}
FIRST_HALF = 50  # doubling-time begins at half of the first share


class Curve:
    """One generation of one run. first: the sample in which a card first holds it; since: the one
    with its first row; appeared: from when to when that may have been, in seconds"""

    def __init__(self, run, key, generation, generations, all_cards):
        self.run, self.key, self.generation = run, key, generation
        self.times = [time / MICROS_PER_SECOND for time in run.times]
        self.all_cards = all_cards
        self.cards = [newer(generations, key, generation, k) for k in range(len(self.times))]
        rows = generations[key, generation]
        self.since = min(rows)
        self.first = min(k for k, row in rows.items() if row["cards"] != "0")
        self.appeared = (self.times[max(self.since - 1, 0)], self.times[self.first])

    def has(self, permille, k):
        return self.cards[k] * 1000 >= self.all_cards[k] * permille

    def shown(self, permille):
        """The first sample with that share, or None."""
        return next((k for k in range(self.first, len(self.times)) if self.has(permille, k)), None)

    def metric(self, name, share=""):
        value = self.run.metrics.get((name, self.key, str(self.generation), share))
        return float(value) if value else None

    def between(self, seconds):
        """When something may have been that was so long after the first appearance."""
        slack = half(seconds)
        return self.appeared[0] + seconds - slack, self.appeared[1] + seconds + slack

    def says(self, permille, earliest, latest):
        """What the samples have against the share being reached for the first time in that time:
        None, or a text."""
        shown = self.shown(permille)
        if shown is not None and shown > 0 and not earliest < self.times[shown]:
            return f"reached from {earliest} on, but sample {self.times[shown]} has it"
        if not self.run.scenario.only_meetings_change_keys:
            return None
        late = next((k for k in range(self.first, len(self.times))
                     if self.times[k] > latest and not self.has(permille, k)), None)
        return (None if late is None else
                f"reached by {latest}, but not in sample {self.times[late]}")


def curves(run):
    generations, all_cards = run.generations(), cards_in_all(run)
    return [Curve(run, *of, generations, all_cards) for of, rows in generations.items()
            if any(row["cards"] != "0" for row in rows.values())]


def times_are_those_of_the_curve(run):
    what = "time-to-share is when the curve of propagation.csv crosses"
    for curve in curves(run):
        for share, permille in PERMILLES.items():
            seconds = curve.metric("time-to-share", share)
            name = f"{curve.key} {curve.generation}, share {share}: {seconds} s: "
            if seconds is None:
                yield what, curve.shown(permille) is None, name + "but a sample has it"
                continue
            against = curve.says(permille, *curve.between(seconds))
            yield what, against is None, name + str(against)


def greater_shares_come_later(run):
    for curve in curves(run):
        for name in ("time-to-share", "meetings-to-share"):
            values = [curve.metric(name, share) for share in PERMILLES]
            reached = [value for value in values if value is not None]
            holds = (reached == sorted(reached) and reached == values[:len(reached)] and
                     all(value >= 0 for value in reached))
            yield f"{name} grows with the share", holds, (curve.key, curve.generation, values)


def doubling_times_are_those_of_the_curve(run):
    what = "doubling-time is what the curve takes from 5 to 10 %"
    for curve in curves(run):
        seconds, tenth = curve.metric("doubling-time"), curve.metric("time-to-share", "0.1")
        name = f"{curve.key} {curve.generation}: {seconds} s: "
        if seconds is None:
            began_low = not curve.has(FIRST_HALF, curve.first)
            holds = not (began_low and tenth is not None and
                         curve.run.scenario.only_meetings_change_keys)
            yield what, holds, name + "but it began with less, and came to 10 %"
        elif tenth is None or seconds < 0:
            yield what, False, name + f"10 % after {tenth}"
        else:
            low, high = curve.between(tenth)
            against = curve.says(FIRST_HALF, low - seconds - half(seconds),
                                 high - seconds + half(seconds))
            yield what, against is None, name + str(against)


def meetings_are_those_of_the_curve(run):
    """Without queues meetings come in order, so the samples bound how many there were."""
    if run.scenario.has_queues:
        return
    counted = {row["outcome"] for row in run.rows["outcomes"]} - {"card-busy"}
    by_sample = run.counts(*counted)
    sums = [sum(by_sample[i] for i in range(k + 1)) for k in range(len(run.times))]
    for curve in curves(run):
        for share, permille in PERMILLES.items():
            meetings, shown = curve.metric("meetings-to-share", share), curve.shown(permille)
            if meetings is None or shown is None:
                continue
            most = sums[shown] - (sums[curve.since - 1] if curve.since > 0 else 0)
            least = sums[max(shown - 1, 0)] - sums[curve.first]
            holds = meetings <= most and (meetings >= least or
                                          not run.scenario.only_meetings_change_keys)
            yield "meetings-to-share lies between those at two samples", holds, (
                curve.key, curve.generation, share, least, meetings, most)


CHECKS = (times_are_those_of_the_curve, greater_shares_come_later,
          doubling_times_are_those_of_the_curve, meetings_are_those_of_the_curve)
