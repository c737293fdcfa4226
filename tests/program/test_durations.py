#!/usr/bin/env python3
"""Durations of settlements, recomputed from the tables that `purseroll chips` prints.

What is known here besides those tables: which fields an APDU carries and how long they are, how
ISO/IEC 7816-3, 7816-4 and 14443-4 frame it, and that line time is rounded once for an exchange
and chip time once for a step, half up. `explain` and latency.csv must agree with it to the
microsecond.
"""

import re

from harness import main, purseroll, read_rows, run, write_scenario

# Field lengths in bytes.
AID, FCI, ID, TERM, RANDOM, CHALLENGE, AMOUNT, DATE, KEY = 5, 9, 4, 2, 16, 16, 8, 8, 16
AEAD_NONCE, AEAD_TAG = 24, 16
STATUS, HEADER = 2, 4


def as_records(rows):
    names = rows[0][1:]
    return {row[0]: dict(zip(names, row[1:])) for row in rows[1:]}


class Prices:
    """The tables of `purseroll chips`."""

    def __init__(self, text):
        blocks = {
            re.split("[:;,]", block.strip("\n").splitlines()[0])[0]: block
            for block in text.split("\n\n")
        }
        self.chips = as_records(rows_of(blocks["Chips"]))
        self.suite_costs = {}
        public = rows_of(blocks["Public-key operations"])
        for chip, suite, *costs in public[1:]:
            self.suite_costs[chip, suite] = dict(zip(public[0][2:], costs))
        self.suites = as_records(rows_of(blocks["Suites"]))
        self.interfaces = as_records(rows_of(blocks["Interfaces"]))
        self.overheads = {row[0]: int(row[1]) for row in rows_of(blocks["Terminals"])[1:]}
        self.steps = [
            (cells[0], cells[1], cells[2], int(cells[3]), " ".join(cells[4:]))
            for cells in rows_of(blocks["Operations of the card's steps"])[1:]
        ]

    def add(self, groups):
        """Rows that a scenario adds to the tables, from what it says of them."""
        for header, keys in groups.items():
            kind, name = header.split()
            if kind == "chip":
                self.add_chip(name, keys)
            else:
                self.add_interface(name, keys)

    def add_chip(self, name, keys):
        row = dict(self.chips.get(keys.get("like"), {}))
        for operation in next(iter(self.chips.values())):
            if operation in keys:
                base, _, byte = keys[operation].partition(" + ")
                row[operation] = f"{picos(base) // 1000}+{picos(byte or '0s') // 1000}"
        self.chips[name] = row
        for suite in self.suites:
            costs = dict(self.suite_costs.get((keys.get("like"), suite), {}))
            for operation in next(iter(self.suite_costs.values())):
                if f"{suite}-{operation}" in keys:
                    costs[operation] = picos(keys[f"{suite}-{operation}"]) // 1000
            self.suite_costs[name, suite] = costs

    def add_interface(self, name, keys):
        row = dict(self.interfaces.get(keys.get("like"), {}))
        for key, column, unit in (("bit-time", "bit-ps", 1), ("card-gap", "card-gap-ns", 1000),
                                  ("reader-gap", "reader-gap-ns", 1000),
                                  ("activation", "activation-us", 1_000_000)):
            if key in keys:
                row[column] = picos(keys[key]) // unit
        for key, column in (("byte-bits", "bits/byte"), ("block-bytes", "block-max"),
                            ("block-overhead", "block-extra")):
            if key in keys:
                row[column] = int(keys[key])
        if "protocol" in keys:
            row["protocol"] = keys["protocol"].upper()
        self.interfaces[name] = row

    def operation(self, chip, name, length):
        base, byte = self.chips[chip][name].split("+")
        return int(base) + int(byte) * length

    def suite_operation(self, chip, suite, name, length):
        cost = int(self.suite_costs[chip, suite][name])
        hashed = self.operation(chip, "hash", length) if name in ("sign", "verify") else 0
        return cost + hashed


def picos(text):
    """Picoseconds of '2.1ms'."""
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    exponent = {"ps": 0, "ns": 3, "us": 6, "ms": 9, "s": 12}[unit]
    whole, _, part = number.partition(".")
    return int(whole + part) * 10 ** (exponent - len(part))


def rows_of(block):
    return [line.split() for line in block.strip("\n").splitlines()[1:]]


class Case:
    """One settlement of two cards whose chips, links and scheme are known."""

    def __init__(self, embodiment, path, chips=("jcop4-p71", "jcop4-p71"),
                 links=("14443-106", "14443-106"), suite="p256", kind="handheld",
                 newer_pays=False, own=None):
        self.embodiment = embodiment
        self.path = path
        self.chips = dict(zip(("older", "newer"), chips))
        self.links = dict(zip(("payer", "payee"), links))
        self.suite = suite
        self.kind = kind
        self.own = own or {}
        self.payer, self.payee = ("newer", "older") if newer_pays else ("older", "newer")

    def __str__(self):
        chips = self.chips["older"]
        if self.chips["newer"] != chips:
            chips = f"older {chips}, newer {self.chips['newer']}"
        links = self.links["payer"]
        if self.links["payee"] != links:
            links = f"payer {links}, payee {self.links['payee']}"
        suite = f", {self.suite}" if self.has_certificates() else ""
        payer = "" if self.path == "none" else f", {self.payer} pays"
        payer += ", with a log" if self.has_log() else ""
        where = f"{chips}; {links}; {self.kind}"
        return f"embodiment {self.embodiment}, {self.path}{suite}, {where}{payer}"

    def has_certificates(self):
        return self.embodiment in ("2", "3", "5")

    def has_log(self):
        return self.own.get("faults") == {"recovery": "torn-log"}

    def link_of(self, card):
        return self.links["payer" if card == self.payer else "payee"]


def clock_of(case, prices):
    """The settlement as a list of (phase, what, microseconds), in order."""
    suite = {name: int(value) for name, value in prices.suites[case.suite].items()}
    certificate = suite["certificate"]
    unsigned = certificate - suite["signature"]
    one_key = ID + (0 if case.embodiment == "4" else KEY)
    message = RANDOM + one_key
    if case.path == "public-key":
        payload = 2 * one_key if case.embodiment == "5" else one_key
        protected = suite["envelope-block"] or suite["envelope-head"] + payload
    else:
        protected = AEAD_NONCE + AEAD_TAG + message
    information = ID + TERM
    if case.has_certificates():
        information += certificate
    if case.embodiment in ("3", "5"):
        information += ID
    if case.embodiment == "mondex":
        information += 2 * ID  # of the keys held
    common = ID if case.embodiment == "mondex" else 0
    last = CHALLENGE if case.has_log() else 0

    # Bytes that each operation works on, by step, for this case.
    lengths = {
        "random": RANDOM, "cipher": message, "mac": AMOUNT + DATE + RANDOM,
        "mac-check": AMOUNT + DATE + RANDOM, "write": 0, "write-key": 0,
        "envelope-seal": 0, "envelope-open": 0,
    }
    signed = {"Sx102A": unsigned, "Sx102B": unsigned, "Sx103A": protected + RANDOM,
              "Sx103B": protected + RANDOM}

    def stored(when):
        if when == "if the update key is stored":
            return case.embodiment == "5"
        if when == "if the transfer key is stored":
            return case.embodiment != "4"
        if when == "if the ID alone is stored":
            return case.embodiment == "4"
        if when == "if the card switches keys (mondex)":
            return False  # keys are equal in these cases
        if when == "if keys are issuer-signed":
            return False  # they are not in these cases
        if when == "if cards keep a log (torn-log)":
            return case.has_log()
        if when == "if the card waits for a credit (torn-log)":
            return False  # nothing is torn
        return True  # always, or the step passes

    clock = []

    def step(phase, card, number):
        chip = case.chips[card]
        path = "every" if number.startswith("S2") else case.path
        ns = 0
        for step_number, step_path, operation, _, when in prices.steps:
            if (step_number, step_path) != (number, path) or not stored(when):
                continue
            if operation in prices.suite_costs[chip, case.suite]:
                ns += prices.suite_operation(chip, case.suite, operation, signed.get(number, 0))
            else:
                ns += prices.operation(chip, operation, lengths[operation])
        clock.append((phase, f"{number} {card}", (ns + 500) // 1000))

    def exchange(phase, card, what, command, response, steps=()):
        for number in steps:
            step(phase, card, number)
        ps = exchange_ps(prices.interfaces[case.link_of(card)], prices.overheads[case.kind],
                         command, response)
        clock.append((phase, what, (ps + 500_000) // 1_000_000))

    activation = sum(int(prices.interfaces[link]["activation-us"]) for link in case.links.values())
    clock.append(("select", "power", activation))
    for card in (case.payer, case.payee):
        exchange("select", card, "Sx001", AID, FCI)
    for card in (case.payer, case.payee):
        exchange("information", card, "Sx002", 0, information, ["Sx101"])
    if case.path == "symmetric":
        exchange("update", "older", "Sx004", 0, RANDOM, ["Sx102A"])
        exchange("update", "newer", "Sx005", RANDOM, protected, ["Sx102B"])
        exchange("update", "older", "Sx006", protected, 0, ["Sx103A", "Sx104A"])
    elif case.path == "public-key":
        signature = suite["signature"]
        exchange("update", "older", "Sx004", certificate, RANDOM, ["Sx102A"])
        exchange("update", "newer", "Sx005", certificate + RANDOM, protected + signature,
                 ["Sx102B", "Sx103B"])
        exchange("update", "older", "Sx006", protected + signature, 0,
                 ["Sx103A", "Sx104A", "Sx105A"])
    exchange("value", case.payer, "S2001", AMOUNT + DATE + common, RANDOM + last,
             ["S2101A", "S2102A"])
    exchange("value", case.payee, "S2002", AMOUNT + DATE + RANDOM + common + last,
             CHALLENGE + RANDOM + last, ["S2101B", "S2102B", "S2103B"])
    exchange("value", case.payer, "S2003", CHALLENGE + RANDOM + last, CHALLENGE,
             ["S2103A", "S2104A", "S2105A"])
    exchange("value", case.payee, "S2004", CHALLENGE, 0, ["S2104B", "S2105B"])
    return clock


def exchange_ps(interface, overhead_us, command, response):
    """Picoseconds of one exchange: @command bytes of data there, @response bytes back."""
    byte = int(interface["bits/byte"]) * int(interface["bit-ps"])
    gaps = {"reader": int(interface["reader-gap-ns"]) * 1000,
            "card": int(interface["card-gap-ns"]) * 1000}

    def time_of(turns):
        """turns: (who sends, bytes), in the order of the line; a gap before each."""
        return sum(gaps[who] + n * byte for who, n in turns)

    if interface["protocol"] == "T=0":
        commands = characters(command, response)
    else:
        commands = [blocks(int(interface["block-extra"]), int(interface["block-max"]),
                           command, response)]
    return sum(overhead_us * 1_000_000 + time_of(turns) for turns in commands)


def characters(command, response):
    """ISO/IEC 7816-3 T=0: header, procedure byte, data, status word; one direction of data a
    command. Longer data goes in commands of a chain (7816-4), a response after data is fetched
    by GET RESPONSE, and a wrong Le is answered by 6Cxx."""
    commands = []

    def send(data):
        commands.append([("reader", 5), ("card", 1), ("reader", data), ("card", STATUS)])

    def fetch(data):
        commands.append([("reader", 5), ("card", 1 + data + STATUS)])

    left = response
    for start in range(0, command, 255):
        send(min(255, command - start))
    if command == 0:
        if response < 256:
            commands.append([("reader", 5), ("card", STATUS)])  # P3 = 0 means 256: 6Cxx
        fetch(min(256, response))
        left -= min(256, response)
    while left > 0:
        fetch(min(256, left))
        left -= min(256, left)
    return commands


def blocks(extra, most, command, response):
    """ISO/IEC 14443-4 and 7816-3 T=1: blocks; each chained one is asked for by an empty one."""
    extended = command > 255 or response > 256
    field = 3 if extended else 1
    apdu = HEADER
    if command > 0:
        apdu += field + command
    if response > 0:
        apdu += 2 if extended and command > 0 else field
    turns = []
    for sender, receiver, n in (("reader", "card", apdu), ("card", "reader", response + STATUS)):
        while n > most:
            turns += [(sender, most + extra), (receiver, extra)]
            n -= most
        turns.append((sender, n + extra))
    return turns


def explain_arguments(case):
    sets = [f"cohort older.chip={case.chips['older']}", f"cohort newer.chip={case.chips['newer']}",
            f"terminals terminal.kind={case.kind}"]
    if case.embodiment == "4":
        sets.append("cohort older.preloaded=1,2")
    sets += [f"{group}.{key}={value}" for group, keys in case.own.items()
             for key, value in keys.items()]
    arguments = ["--embodiment", case.embodiment, "--path", case.path, "--suite", case.suite,
                 "--interface", ",".join(case.links.values()),
                 "--payer", case.payer, "--payee", case.payee]
    return arguments + [part for one in sets for part in ("--set", one)]


def micros(text):
    """Microseconds of '12.345'."""
    whole, _, part = text.partition(".")
    return int(whole) * 1000 + int(part.ljust(3, "0"))


def check_explain(checks, case, clock):
    done = purseroll("explain", *explain_arguments(case))
    printed = [micros(total) for total in re.findall(r"total +(\d+\.\d{3}) ms$", done.stdout, re.M)]
    totals, sum_ = [], 0
    for _, _, time in clock:
        sum_ += time
        totals.append(sum_)
    where = next((n for n, (a, b) in enumerate(zip(printed, totals)) if a != b), None)
    checks.check(
        printed == totals, f"explain: {case}: every running total up to {sum_} us",
        f"{len(printed)} totals printed, {len(totals)} expected",
        where is not None
        and f"{clock[where]}: expected {totals[where]}, found {printed[where]}",
        done.stderr,
    )
    last = re.search(r"ms = (\d+\.\d{3}) ms$", done.stdout, re.M)
    checks.equal(last and micros(last.group(1)), sum_, f"explain: {case}: the sum")


def two_cards(case, path):
    """A scenario in which the payer of @case pays again and again."""
    cohorts = {}
    for name, transfer_key, update_key in (("older", 1, 1), ("newer", 2, 1)):
        cohorts[f"cohort {name}"] = {
            "cards": 1,
            "transfer-key": 2 if case.path == "none" else transfer_key,
            "update-key": 2 if case.path == "public-key" and name == "newer" else update_key,
            "chip": case.chips[name],
            "activity": "constant 20/d" if name == case.payer else "constant 0/d",
        }
        if case.embodiment in ("4", "mondex"):
            cohorts[f"cohort {name}"]["preloaded"] = "1,2"
    return write_scenario(path, {
        "scenario": {"name": "pair", "duration": "2d", "sample-interval": "1d", "seed": 3},
        "scheme": {"embodiment": case.embodiment, "suite": case.suite},
        **cohorts,
        "terminals only": {"kind": case.kind, "interface": ",".join(case.links.values())},
        **case.own,
    })


def check_run(checks, case, clock, after, folder):
    """latency.csv of that scenario; @after: the same cards once their keys are equal."""
    output = run(two_cards(case, folder / "pair.ini"), folder / "pair")
    rows = {(row["path"], row["phase"]): row for row in read_rows(output / "latency.csv")}
    wanted = [(case.path, clock)] + ([("none", after)] if case.path != "none" else [])
    for path, times in wanted:
        for phase in ("select", "information", "update", "value", "total"):
            expected = sum(time for of, _, time in times if phase in (of, "total"))
            row = rows.get((path, phase), {})
            found = [micros(row.get(column, "0") or "0")
                     for column in ("mean_ms", "min_ms", "p50_ms", "p99_ms", "max_ms")]
            checks.check(
                row and found == [expected] * len(found),
                f"latency.csv: {case}: {path} {phase} {expected} us",
                f"found {row}",
            )
    if case.path != "none":
        checks.equal(rows.get((case.path, "total"), {}).get("count"), "1",
                     f"latency.csv: {case}: one update")
    checks.check(int(rows.get(("none", "total"), {}).get("count", 0)) > 10,
                 f"latency.csv: {case}: the other payments need none")


# Chips and interfaces of the scenario itself: written in full, and like shipped ones.
OWN = {
    "chip slate": {
        "random": "1.2ms + 11ns", "hash": "3ms + 17.5us", "cipher": "0s + 40.001us",
        "mac": "2.1ms + 3us", "mac-check": "2.35ms + 3.003us", "write": "1.111111ms",
        "write-key": "7ms", "p256-sign": "27ms", "p256-verify": "31.7ms",
        "p256-envelope-seal": "60ms", "p256-envelope-open": "30.000499ms",
    },
    "chip quick": {"like": "jcop3-p60", "mac": "1ms + 1us", "p256-sign": "9ms"},
    "interface hf": {"like": "14443-106", "bit-time": "0.59us", "reader-gap": "0.3ms"},
    "interface slow": {
        "protocol": "t=1", "bit-time": "104.17us", "byte-bits": "11", "block-bytes": "32",
        "block-overhead": "4", "card-gap": "2.291us", "reader-gap": "2.3ms", "activation": "40ms",
    },
    "interface characters": {"like": "7816-t1", "protocol": "t=0", "byte-bits": "12"},
}

def check_own_beside_shipped(checks, prices, folder):
    """A card pays two others, one of a shipped chip, one of the scenario's own: neither has the
    duration of the other."""
    payees = ("jcop4-p71", "slate")
    cohorts = {f"cohort {chip}": {"cards": 1, "transfer-key": 1, "update-key": 1, "chip": chip,
                                  "activity": "constant 0/d"} for chip in payees}
    cohorts["cohort payer"] = dict(cohorts["cohort jcop4-p71"], activity="constant 30/d")
    path = write_scenario(folder / "own.ini", {
        "scenario": {"duration": "2d"}, "scheme": {"embodiment": "1"}, **cohorts, **OWN})
    rows = {row["phase"]: row for row in read_rows(run(path, folder / "own") / "latency.csv")}
    for phase in ("value", "total"):
        times = [sum(time for of, _, time in clock_of(Case("1", "none", ("jcop4-p71", chip)),
                                                      prices) if phase in (of, "total"))
                 for chip in payees]
        row = rows[phase]
        checks.equal((micros(row["min_ms"]), micros(row["max_ms"])), (min(times), max(times)),
                     f"latency.csv: own chips beside a shipped one: {phase} of each")
        checks.check(min(times) < 1000 * float(row["mean_ms"]) < max(times),
                     f"latency.csv: own chips beside a shipped one: mean {phase} between")


LOG = {"faults": {"recovery": "torn-log"}}
CASES = [
    Case("5", "public-key", chips=("slate", "quick"), links=("hf", "slow"), own=OWN),
    Case("5", "symmetric", chips=("quick", "slate"), links=("characters", "7816-t1"), kind="atm",
         newer_pays=True, own=OWN),
    Case("4", "symmetric", chips=("slate", "jcop4-p71"), links=("14443-106", "hf"), own=OWN),
    Case("5", "none"),
    Case("5", "symmetric"),
    Case("5", "public-key"),
    Case("1", "symmetric"),
    Case("1", "symmetric", links=("7816-t0", "7816-t0"), kind="pos"),
    Case("4", "symmetric", kind="gate"),
    Case("3", "public-key", suite="rsa-2048", links=("7816-t1", "14443-848")),
    Case("2", "public-key", suite="rsa-1024", chips=("javacos-a22", "javacos-a22")),
    Case("5", "public-key", suite="rsa-2048", chips=("gemplus-gxp", "gemplus-gxp"),
         links=("7816-t0", "7816-t0")),
    Case("5", "symmetric", links=("7816-t0", "14443-212"), kind="pos"),
    Case("5", "public-key", chips=("jcop-2.4.1", "athena-idprotect"),
         links=("7816-t1", "14443-424"), kind="atm", newer_pays=True),
    Case("3", "symmetric", chips=("infineon-cjtop", "smartcafe-7"), newer_pays=True),
    Case("conventional", "none", chips=("smartcafe-6", "jcop3-p60")),
    Case("3", "symmetric", links=("14443-106", "7816-t0"), own=LOG),
    Case("mondex", "none", chips=("smartcafe-6", "jcop3-p60"), links=("7816-t0", "14443-106")),
]


def check_tables(checks, prices):
    """The printed bytes of operations are those of embodiment 5 and p256."""
    suite = prices.suites["p256"]
    unsigned = int(suite["certificate"]) - int(suite["signature"])
    signed = int(suite["envelope-head"]) + 2 * (ID + KEY) + RANDOM
    expected = {
        ("Sx102A", "random"): RANDOM, ("Sx102B", "cipher"): RANDOM + ID + KEY,
        ("Sx103A", "cipher"): RANDOM + ID + KEY, ("Sx102A", "verify"): unsigned,
        ("Sx102B", "verify"): unsigned, ("Sx103B", "sign"): signed, ("Sx103A", "verify"): signed,
        ("Sx104A", "verify"): 1 + ID + KEY, ("Sx105A", "verify"): 1 + ID + KEY,
        ("S2102A", "random"): RANDOM, ("S2103B", "random"): RANDOM,
        ("S2102B", "mac"): AMOUNT + DATE + RANDOM, ("S2105A", "mac"): AMOUNT + DATE + RANDOM,
        ("S2102A", "mac"): AMOUNT + DATE + RANDOM, ("S2103B", "mac"): AMOUNT + DATE + RANDOM,
        ("S2101B", "mac-check"): AMOUNT + DATE + RANDOM,
        ("S2103A", "mac-check"): AMOUNT + DATE + RANDOM,
        ("S2104B", "mac-check"): AMOUNT + DATE + RANDOM,
    }
    found = {(number, operation): n for number, _, operation, n, _ in prices.steps if n > 0}
    checks.equal(found, expected, "chips: bytes that each step's operation works on")
    checks.check(len(prices.chips) >= 9 and len(prices.interfaces) >= 6 and len(prices.steps) >= 20,
                 "chips: every table is there")


def test(checks, folder):
    done = purseroll("chips")
    checks.equal((done.returncode, done.stderr), (0, ""), "chips: exit 0, nothing on stderr")
    prices = Prices(done.stdout)
    check_tables(checks, prices)
    prices.add(OWN)
    check_own_beside_shipped(checks, prices, folder)
    for case in CASES:
        clock = clock_of(case, prices)
        equal = Case(case.embodiment, "none", suite=case.suite, kind=case.kind,
                     chips=tuple(case.chips.values()), links=tuple(case.links.values()),
                     newer_pays=case.payer == "newer", own=case.own)
        check_explain(checks, case, clock)
        check_run(checks, case, clock, clock_of(equal, prices), folder)


if __name__ == "__main__":
    main(test)
