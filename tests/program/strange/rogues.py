"""Attackers: terminals and cards of theirs, here and there."""

TERMINALS = ("mint", "burn", "replay", "replay-debit", "replay-update", "freeze",
             "force-public-key", "ignore-expiry", "ignore-crl", "malleate", "foreign-certificate")
CARDS = ("poison", "leaked-key", "clone", "revoked")
COPIED = ("transfer-key", "update-key", "transfer-key-limit", "update-key-limit", "preloaded",
          "expiry", "balance")


def write_cards(draft, name):
    """Of one cohort that is not the first; clones are copies of a card of the first."""
    keys, first = draft.groups[f"cohort {name}"], draft.groups["cohort c0"]
    keys["rogue"] = draft.rng.choice(CARDS)
    if keys["rogue"] == "clone":
        keys["clone-of"] = "c0"
        for key in COPIED:
            keys.pop(key, None)
        keys.update({key: first[key] for key in COPIED if key in first})


def write(draft):
    if draft.chance(0.6):
        return
    if draft.groups.get("faults", {}).get("recovery") == "torn-log":
        del draft.groups["faults"]["recovery"]
    for group, keys in draft.groups.items():
        if group.startswith("terminals ") and draft.chance(0.5):
            keys["rogue"] = draft.rng.choice(TERMINALS)
            keys["rogue-transfer-key"] = draft.rng.choice((3, 40))
    for name in draft.cohorts[1:]:
        if draft.chance(0.25):
            write_cards(draft, name)
