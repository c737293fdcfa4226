"""What the issuer does, and what leaks."""

from .people import CHIPS, card_keys

ACTIONS = ("issue", "swap", "revoke", "campaign", "replace", "rotate", "limits", "recall",
           "special", "wake", "inject", "leak", "leak", "leak")
AGAIN = ("issue", "swap", "revoke", "campaign", "rotate", "wake", "inject")


def new_card(draft):
    """All keys of a card that replaces another one, or those that it had."""
    if draft.chance(0.3):
        return {}
    keys = card_keys(draft)
    return {"transfer-key-limit": "none", "update-key-limit": "none",
            "preloaded": str(keys["transfer-key"]), **keys, "chip": draft.rng.choice(CHIPS)}


def number(draft, most):
    return {"cards": draft.rng.randint(0, max(1, most))}


def some_cohorts(draft):
    return {"from": ", ".join(draft.rng.sample(draft.cohorts, 2))} if draft.chance(0.2) else {}


def issue(draft):
    return {**number(draft, draft.n_cards // 4), "cohort": draft.rng.choice(draft.cohorts)}


def swap(draft):
    return {**number(draft, draft.n_cards // 3), **new_card(draft)}


def revoke(draft):
    return number(draft, draft.n_cards // 6)


def campaign(draft):
    return {"share": draft.rng.choice(("30%", "100%")), "rate": draft.per_day(draft.n_cards),
            **some_cohorts(draft), **new_card(draft)}


def replace(draft):
    return {"rate": draft.per_day(draft.rng.choice((0.3, 2))), **some_cohorts(draft),
            **new_card(draft)}


def rotate(draft):
    own = card_keys(draft)["transfer-key"]
    return {**number(draft, draft.n_cards // 8), "transfer-key": own, "preloaded": own,
            "transfer-key-limit": "none"}


def limits(draft):
    name = draft.rng.choice(draft.cohorts)
    keys = draft.groups[f"cohort {name}"]
    return {"cohort": name, **{
        f"{kind}-limit": draft.rng.choice([i for i in draft.ids if i >= keys[kind]])
        for kind in ("transfer-key", "update-key")}}


def recall(draft):
    return {"rate": draft.per_day(1), "transfer-key": draft.rng.choice(draft.ids),
            **some_cohorts(draft)}


def special(draft):
    keys = card_keys(draft)
    return {"rate": draft.per_day(draft.rng.choice((5, 200))), "terminals": "t0",
            "transfer-key": keys["transfer-key"], "update-key": keys["update-key"],
            "preloaded": keys["transfer-key"]}


def wake(draft):
    return draft.rng.choice(({"cards": 2}, {"share": "50%"}))


def inject(draft):
    key = draft.rng.choice(draft.ids)
    return {**number(draft, 3), "transfer-key": key, "preloaded": key, "update-key": draft.ids[0]}


def leak(draft):
    held = draft.groups[f"cohort {draft.rng.choice(draft.cohorts[:-1])}"]
    what = draft.rng.choice((*[f"transfer-key {held['transfer-key']}"] * 3,
                             f"update-key {held['update-key']}", "card-secret", "whole-card"))
    taps = {} if what.startswith("transfer") or draft.chance(0.4) else {"taps": draft.per_day(30)}
    return {"leak": what, **taps}


def begin(draft, what):
    """At a time, mostly; or again and again, or when a generation has got so far."""
    if what in AGAIN and draft.chance(0.4 if what != "rotate" else 0.7):
        return {"every": f"{max(1, draft.duration // draft.rng.randint(2, 6))}s", "times": 3}
    if what != "leak" and draft.chance(0.15):
        key = draft.groups["cohort c0"]["transfer-key"]
        return {"when": f"share-at-least(transfer, {key}) > {draft.rng.choice((30, 90))}%"}
    return {"at": f"{draft.moment()}s"}


def write(draft):
    for i in range(draft.rng.choice((0, 1, 1, 2, 3, 5))):
        what = draft.rng.choice(ACTIONS)
        if what == "special" and "terminals t0" not in draft.groups:
            continue
        draft.groups[f"plan p{i}"] = {"do": what, **begin(draft, what), **globals()[what](draft)}
