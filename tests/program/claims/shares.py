"""propagation.csv by itself, with the number of cards, and with the key writes in till.csv."""

from .rounding import printed


def newer(generations, key, generation, k):
    """Cards that hold it or a newer one at sample @k."""
    return sum(int(rows[k]["cards"]) for (kind, other), rows in generations.items()
               if kind == key and other >= generation and k in rows)


def cards_in_all(run, key="transfer"):
    """In circulation, at each sample."""
    sums = [0] * len(run.times)
    for (kind, _), rows in run.generations().items():
        for k, row in rows.items():
            sums[k] += int(row["cards"]) if kind == key else 0
    return sums


def samples_stand_on_the_grid(run):
    for row in run.rows["propagation"]:
        if run.place(row) is None:
            yield "samples of propagation.csv stand on the grid", False, row
    yield "samples of propagation.csv stand on the grid", True, ""


def shares_are_those_of_the_cards(run):
    generations, all_cards = run.generations(), cards_in_all(run)
    for (key, generation), rows in generations.items():
        for k, row in rows.items():
            at_least = newer(generations, key, generation, k)
            found = row["share"], row["share_at_least"]
            expected = (printed(int(row["cards"]) / all_cards[k]), printed(at_least / all_cards[k]))
            if found != expected:
                yield "shares are those of the cards", False, f"{row}, not {expected}"
    yield "shares are those of the cards", True, ""


def each_card_holds_one_of_each(run):
    has_update_keys = any(row["key"] == "update" for row in run.rows["propagation"])
    if has_update_keys:
        found, expected = cards_in_all(run, "update"), cards_in_all(run)
        yield "as many cards hold update keys as transfer keys", found == expected, ""


def no_card_comes_or_goes_but_by_issue(run):
    cards = cards_in_all(run)
    if run.point == 0:
        first = sum(int(keys["cards"]) for keys in run.scenario.cohorts.values())
        yield "cards at time 0 are those of the cohorts", cards[0] == first, (cards[0], first)
    if "issue" in run.scenario.actions:
        holds = all(a <= b for a, b in zip(cards, cards[1:]))
    else:
        holds = len(set(cards)) == 1
    yield "cards come by issue alone", holds, cards


def rows_stay(run):
    """Once a generation has appeared, each sample has its row."""
    for (key, generation), rows in run.generations().items():
        holds = sorted(rows) == list(range(min(rows), len(run.times)))
        yield "a generation keeps its rows", holds, (key, generation)


def final_shares_are_those_of_the_last_sample(run):
    for (key, generation), rows in run.generations().items():
        found = run.metrics.get(("final-share", key, str(generation), ""))
        expected = rows[len(run.times) - 1]["share_at_least"]
        yield "final-share is the last share_at_least", found == expected, (
            key, generation, found, expected)


def no_more_changes_than_updates(run):
    """Of newest keys: each key write moves one card, and nothing else does."""
    if not (run.scenario.only_meetings_change_keys and run.scenario.writes_new_keys):
        return
    generations = run.generations()
    updates = [run.sums("till", f"updates_{path}") for path in ("symmetric", "public_key")]
    for key, generation in generations:
        cards = [newer(generations, key, generation, k) for k in range(len(run.times))]
        for k in range(1, len(cards)):
            writes = sum(of_path[k] for of_path in updates)
            if not 0 <= cards[k] - cards[k - 1] <= writes:
                yield "shares grow by key writes alone", False, (
                    key, generation, k, cards[k - 1], cards[k], writes)
    yield "shares grow by key writes alone", True, ""


def of_two_generations_each_write_counts(run):
    """Where only two transfer keys occur, and no update key travels, each write moves a card."""
    ids = sorted(generation for key, generation in run.generations() if key == "transfer")
    if (not run.scenario.only_meetings_change_keys or not run.scenario.writes_new_keys or
            len(ids) != 2 or run.scenario.moves_update_keys or
            run.scenario.scheme["range"] == "lower-inclusive"):
        return
    final = newer(run.generations(), "transfer", ids[1], len(run.times) - 1)
    begun = newer(run.generations(), "transfer", ids[1], 0)
    writes = run.total("updates-symmetric") + run.total("updates-public-key")
    yield "of two generations each key write counts", final - begun == writes, (
        begun, final, writes)


CHECKS = (samples_stand_on_the_grid, shares_are_those_of_the_cards, each_card_holds_one_of_each,
          no_card_comes_or_goes_but_by_issue, rows_stay, final_shares_are_those_of_the_last_sample,
          no_more_changes_than_updates, of_two_generations_each_write_counts)
