"""The scenario as run.ini has it: what checks must know to say what can and cannot happen."""

MICROS_PER_SECOND = 1_000_000
UNITS = {"us": 1, "ms": 1000, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6,
         "d": 86400 * 10**6, "w": 7 * 86400 * 10**6, "y": 365 * 86400 * 10**6}


def micros(text):
    """A duration in microseconds."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(number) * UNITS[text[len(number):] or "s"]


class Scenario:
    """groups: of run.ini"""

    def __init__(self, groups):
        self.groups = groups
        self.duration = micros(groups["scenario"]["duration"])
        self.interval = micros(groups["scenario"]["sample-interval"])
        self.scheme, self.faults = groups["scheme"], groups["faults"]
        self.cohorts = self.named("cohort ")
        self.terminals = self.named("terminals ")
        self.plan = self.named("plan ")
        self.actions = [keys["do"] for keys in self.plan.values()]
        self.is_trace = groups["mixing"]["model"] == "trace"

    def named(self, prefix):
        return {group.removeprefix(prefix): keys for group, keys in self.groups.items()
                if group.startswith(prefix)}

    def rogues(self, parties):
        """Kinds of attackers among the cohorts, or the terminals."""
        return {keys["rogue"] for keys in parties.values()} - {"none"}

    @property
    def has_rogues(self):
        return bool(self.rogues(self.cohorts) | self.rogues(self.terminals))

    @property
    def has_queues(self):
        return not self.is_trace and any(keys["count"] != "unlimited"
                                         for keys in self.terminals.values())

    @property
    def is_torn(self):
        """Whether a settlement may end early."""
        return any(self.faults[key] not in ("0", "0/d")
                   for key in ("torn", "payer-leaves", "payee-leaves", "terminal-fails"))

    @property
    def moves_update_keys(self):
        """Whether a key write may be one of an update key; axes may stand for the embodiment."""
        scheme = self.scheme
        return scheme.get("embodiment") == "5" or scheme.get("update-key") == "travels"

    @property
    def writes_new_keys(self):
        """A card gets newer keys by a key write, which counts as an update; others move on to one
        that they hold already."""
        scheme = self.scheme
        return scheme.get("embodiment") != "mondex" and scheme.get("pays-with") != "oldest-common"

    @property
    def only_meetings_change_keys(self):
        """Cards come and change by whole updates in meetings alone."""
        return (not set(self.actions) - {"leak", "revoke", "limits", "wake"} and
                self.scheme["reclaim"] == "never" and not self.has_rogues and
                not (self.is_torn and self.faults["torn-write"] != "atomic"))

    @property
    def amount(self):
        """What each payment moves, where that is one amount; else None"""
        law = self.groups["amount"]["law"].split()
        return int(law[1]) if law[0] == "constant" else None

    @property
    def forgives_debts(self):
        """A card that owes may be replaced, which is booked as minted."""
        replaces = {"swap", "campaign", "replace", "rotate"} & set(self.actions)
        return self.scheme["overdraft"] == "allow" and (
            bool(replaces) or self.scheme["reclaim"] != "never")

    @property
    def credits_once(self):
        """No honest terminal has a card count a command twice."""
        return not (self.is_torn and self.faults["nonce-life"] == "power-on" and
                    self.faults["recovery"] == "retry-in-field")
