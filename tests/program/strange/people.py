"""The cards: what they hold, how often they pay and whom."""

CHIPS = ("jcop4-p71", "jcop3-p60", "smartcafe-7", "slow", "slow")
ID_POOLS = ((1, 2), (1, 2), (1, 2, 3), (3, 7, 2**32 - 2))
BALANCES = ("constant 1000", "constant 0", "uniform 0 50", "exponential 300", "log-normal 60 1.48",
            f"constant {2**32 - 1}", f"uniform {2**32 - 300} {2**32 + 300}")
MODEST = ("constant 1000", "uniform 0 50", "exponential 300")  # where a purse is soon full
ACTIVITIES = ("constant {}", "constant {}", "constant {}", "gamma 0.25 {}", "log-normal 1.2 {}",
              "pareto 1.5 {}", "empirical rates.csv")
MODELS = ("uniform", "uniform", "activity", "merchants", "merchants", "communities", "trace")
DAY = 86400


def card_keys(draft):
    """Keys and limits that fit together."""
    rng = draft.rng
    preloaded = sorted(rng.sample(draft.ids, rng.randint(1, len(draft.ids))))
    keys = {"transfer-key": rng.choice(preloaded), "update-key": rng.choice(draft.ids[:2])}
    for name in ("transfer-key", "update-key"):
        if draft.chance(0.25):
            keys[f"{name}-limit"] = rng.choice([i for i in draft.ids if i >= keys[name]])
    if draft.chance(0.6):
        keys["preloaded"] = ",".join(map(str, preloaded))
    return keys


def expiry(draft):
    days = draft.duration // DAY
    return draft.rng.choice(("never", "never", "never", f"fixed {days // 2 + 1}d",
                             f"uniform 0d {days + 2}d"))


def cohort(draft, cards, rate):
    rng = draft.rng
    return {
        "cards": cards, "chip": rng.choice(CHIPS), "expiry": expiry(draft),
        "activity": rng.choice(ACTIVITIES).format(rate),
        "balance": rng.choice(MODEST if "max-balance" in draft.scheme else BALANCES),
        **card_keys(draft), **draft.some({"dormant": ("20%", "60%")}, 0.15),
    }


def write_cohorts(draft):
    """The first one always pays; `late` waits for cards that the plan issues."""
    rng = draft.rng
    draft.ids = rng.choice(ID_POOLS)
    sizes = [rng.choice((2, 3, 8, 20, 60)) for _ in range(rng.choice((1, 2, 2, 3, 5)))]
    sizes[0] = max(sizes[0], 3)
    draft.n_cards = sum(sizes)
    rate = draft.per_day(draft.meetings / draft.n_cards)
    draft.files["rates.csv"] = f"{rate},1\n{draft.per_day(draft.meetings / 3 / draft.n_cards)},2\n"
    for i, size in enumerate(sizes):
        draft.groups[f"cohort c{i}"] = cohort(draft, size, rate)
    draft.groups["cohort late"] = cohort(draft, 0, rate)
    draft.groups["cohort c0"].pop("dormant", None)
    draft.cohorts = [f"c{i}" for i in range(len(sizes))] + ["late"]
    for name in draft.cohorts:
        if "reclaim" in draft.scheme and draft.chance(0.5):
            draft.groups[f"cohort {name}"]["successor"] = rng.choice(draft.cohorts)


def write_crowd(draft):
    """Many cards, all of them slow, which take what a few others bring."""
    draft.ids = (1, 2)
    few = draft.rng.choice((2, 4, 30))
    draft.n_cards = 300
    rate = draft.per_day(draft.meetings / draft.n_cards)
    for name, cards, key in (("c0", few, 2), ("c1", draft.n_cards - few, 1), ("late", 0, 2)):
        draft.groups[f"cohort {name}"] = {
            "cards": cards, "chip": "slow", "activity": f"constant {rate}", "transfer-key": key,
            "update-key": draft.rng.choice((1, key)), "preloaded": "1,2"}
    draft.cohorts = ["c0", "c1", "late"]


def write_trace(draft):
    """Rows in order, some of them at one time, some from a card to itself."""
    rng, n = draft.rng, draft.n_cards
    times = sorted(rng.randrange(draft.duration * 10) / 10 for _ in range(draft.meetings))
    rows = [f"{time},{rng.randrange(n)},{rng.randrange(n)}" for time in times]
    rows[0] = f"{times[0]},{n - 1},0"
    draft.files["trace.csv"] = "time,payer,payee\n" + "\n".join(rows) + "\n"
    draft.groups["mixing"] = {"model": "trace", "trace-file": "trace.csv", "trace-ids": "number"}


def write_merchants(draft):
    shops = [name for name in draft.cohorts if name not in ("c0", "late") and draft.chance(0.6)]
    tills = [keys for group, keys in draft.groups.items() if group.startswith("terminals ")]
    if not shops or not tills:
        return
    for name in shops:
        draft.groups[f"cohort {name}"]["role"] = "merchant"
    if all(keys["count"] == "unlimited" for keys in tills):
        tills[0]["count"] = draft.rng.choice((1, 3))
    draft.groups["mixing"] = {"model": "merchants", "zipf": draft.rng.choice((0, 1, 1.3)),
                              "person-to-person": draft.rng.choice((0, 0.3))}


def write_communities(draft):
    for name in draft.cohorts:
        draft.groups[f"cohort {name}"]["region"] = draft.rng.choice(("north", "south"))
    draft.groups["mixing"] = {"model": "communities", "cross": draft.rng.choice(("0%", "10%"))}


def write_mixing(draft):
    model = "uniform" if draft.is_crowded else draft.rng.choice(MODELS)
    draft.groups["mixing"] = {"model": "uniform" if model != "activity" else model}
    if model == "trace":
        write_trace(draft)
    elif model == "merchants":
        write_merchants(draft)
    elif model == "communities":
        write_communities(draft)
    if model != "trace" and draft.chance(0.3):
        draft.groups["scenario"]["active-within"] = f"{max(1, draft.duration // 4)}s"
