#!/usr/bin/env python3
"""`purseroll explain` shows one settlement as the specification has it, from the bytes that pass.

Steps, their order and the fields of each APDU are written down here from the specification
(Figs. 3, 4, 7, 10, 11, 14, 17, 18); the bytes are parsed by a reader of ISO/IEC 7816-4 of our own.
"""

import re

from harness import main, purseroll, write_scenario

STEP = re.compile(r"S\d{4}[AB]?\b")
TIMED = re.compile(r"^(.*?) +(line|chip) +(\d+)\.(\d{3}) ms +total +(\d+)\.(\d{3}) ms$")
HEX_ROW = re.compile(r"^ {8}([<> ]) ([0-9A-F]+)(?:   (\d+) bytes)?$")
FIELD = re.compile(r"^ {11,}(\d+)  ([^:]+): ([0-9A-F]+)(\.\.\.)?( = .*)?$")
SUM = re.compile(
    r"^([a-z-]+): (\d+) exchanges, (\d+) bytes, "
    r"line ([\d.]+) ms \+ chip ([\d.]+) ms = ([\d.]+) ms$"
)

GET_RESPONSE = 0xC0
CHAINED = 0x10

VALUE_STEPS = (
    "S2001 S2101A S2102A S2002 S2101B S2102B S2103B S2003 S2103A S2104A S2105A S2004 S2104B S2105B"
).split()
UPDATE_STEPS = {
    "none": "",
    "symmetric": "t004 c102A t005 c102B t006 c103A c104A",
    "public-key": "t004 c102A t005 c102B c103B t006 c103A c104A c105A",
}

# Fields of command and response, by the last word of their name: a reference numeral, mostly.
VALUE_FIELDS = [
    (["221", "222"], ["223"]),
    (["221", "222", "223"], ["224", "225"]),
    (["224", "225"], ["226"]),
    (["226"], []),
]
UPDATE_FIELDS = {
    "none": [],
    "symmetric": [([], ["R"]), (["R"], ["E"]), (["E"], [])],
    "public-key": [(["102"], ["R"]), (["102", "R"], ["E", "signature"]), (["E", "signature"], [])],
}


def micros(whole, part):
    return int(whole) * 1000 + int(part)


def as_micros(text):
    return micros(*text.split("."))


class Apdu:
    """A command APDU of ISO/IEC 7816-4, short or extended; raises ValueError if it is none."""

    def __init__(self, raw):
        if len(raw) < 4:
            raise ValueError("shorter than a header")
        self.cla, self.ins, self.p1, self.p2 = raw[:4]
        self.data, self.expected = b"", 0
        body = raw[4:]
        if not body:
            return
        if len(body) == 1:
            self.expected = body[0] or 256
        elif body[0] == 0 and len(body) >= 3:
            length = int.from_bytes(body[1:3], "big")
            if len(body) == 3:
                self.expected = length or 65536
            else:
                self.take(body[3:], length, 2)
        else:
            self.take(body[1:], body[0], 1)

    def take(self, rest, length, le_bytes):
        if length == 0 or len(rest) not in (length, length + le_bytes):
            raise ValueError(f"Lc {length}, {len(rest)} bytes follow")
        self.data = rest[:length]
        if len(rest) > length:
            self.expected = int.from_bytes(rest[length:], "big") or 256**le_bytes


class Exchange:
    """One exchange as printed: bytes each way, fields each way."""

    def __init__(self, card):
        self.card = card
        self.bytes = {">": [], "<": []}
        self.stated = {">": [], "<": []}
        self.fields = {">": [], "<": []}
        self.way = None

    def add_hex(self, way, hexes, stated):
        if way != " ":
            self.way = way
            self.bytes[way].append("")
        self.bytes[self.way][-1] += hexes
        if stated is not None:
            self.stated[self.way].append(int(stated))

    def raw(self, way):
        return [bytes.fromhex(text) for text in self.bytes[way]]

    def data(self, way):
        if way == ">":
            return b"".join(Apdu(raw).data for raw in self.raw(">"))
        return b"".join(raw[:-2] for raw in self.raw("<"))

    def status(self):
        return self.raw("<")[-1][-2:].hex()


class Explained:
    """What explain printed, taken apart."""

    def __init__(self, text):
        self.lines = text.splitlines()
        self.steps = []
        self.exchanges = []
        self.times = []  # (line or chip, microseconds, running total)
        self.cards = {"before": [], "after": []}
        self.sum = None
        for line in self.lines:
            self.read(line)

    def read(self, line):
        row, field, timed = HEX_ROW.match(line), FIELD.match(line), TIMED.match(line)
        if STEP.match(line):
            self.steps.append(STEP.match(line).group())
        if line.startswith("        to "):
            self.exchanges.append(Exchange(line.split()[1]))
        elif row:
            self.exchanges[-1].add_hex(*row.groups())
        elif line == "        < (no answer)":
            self.exchanges[-1].add_hex("<", "", 0)
        elif field:
            length, name, shown, cut, _ = field.groups()
            self.exchanges[-1].fields[self.exchanges[-1].way].append(
                (int(length), name.split()[-1], bytes.fromhex(shown), bool(cut))
            )
        elif timed:
            _, what, a, b, c, d = timed.groups()
            self.times.append((what, micros(a, b), micros(c, d)))
        elif SUM.match(line):
            self.sum = SUM.match(line)
        elif line.startswith(("before", "after")):
            when, name, _, words = re.match(r"(\w+) +(\S+) (\(\w+\)) +(.*)$", line).groups()
            numbers = dict(re.findall(r"(transfer key|update key|balance) (-?\d+)", words))
            self.cards[when].append((name, {key: int(n) for key, n in numbers.items()}))


class Case:
    """@arguments of explain, and what must come of them."""

    def __init__(self, name, arguments, path, series, newer_pays=False, certificates=False,
                 update_key_ids=False):
        self.name = name
        self.arguments = arguments
        self.path = path
        self.terminal_series, self.card_series = series if len(series) == 2 else series * 2
        self.newer_pays = newer_pays
        information = (["102"] if certificates else []) + (["104"] if update_key_ids else [])
        self.information = information + ["106", "111"]

    def steps(self):
        first, second = "BA" if self.newer_pays and self.path != "none" else "AB"
        words = f"t001 t002 c101{first} c101{second} t003 {UPDATE_STEPS[self.path]}".split()
        series = {"t": self.terminal_series, "c": self.card_series}
        return [f"S{series[word[0]]}{word[1:]}" for word in words] + VALUE_STEPS

    def fields(self):
        return (
            [(["(AID)"], ["information"])] * 2
            + [([], self.information)] * 2
            + UPDATE_FIELDS[self.path]
            + VALUE_FIELDS
        )

    def outcome(self):
        return "paid" if self.path == "none" else f"paid-after-{self.path}-update"


def embodiment(number, path, series, *more, **facts):
    return Case(
        f"embodiment {number}, {path}" + "".join(f" {word}" for word in more),
        ["--embodiment", number, "--path", path, *more], path, series, **facts,
    )


T0 = ("--interface", "7816-t0")
CAMPUS = "scenarios/campus-rollover.ini"
BOTH = {"certificates": True, "update_key_ids": True}
CASES = [
    embodiment("5", "public-key", "8", **BOTH),
    embodiment("5", "public-key", "8", "--payer", "newer", newer_pays=True, **BOTH),
    embodiment("5", "public-key", "8", "--suite", "rsa-2048", **BOTH),
    embodiment("5", "public-key", "8", "--suite", "rsa-2048", *T0, **BOTH),
    embodiment("5", "symmetric", "7", **BOTH),
    embodiment("5", "none", "7", **BOTH),
    embodiment("1", "symmetric", "1"),
    embodiment("1", "symmetric", "1", *T0, "--payer", "newer", newer_pays=True),
    embodiment("1", "none", "1"),
    embodiment("2", "public-key", "3", certificates=True),
    embodiment("2", "none", "3", certificates=True),
    embodiment("3", "symmetric", "4", **BOTH),
    embodiment("3", "public-key", "5", **BOTH),
    embodiment("4", "symmetric", "6"),
    embodiment("4", "public-key", "63", "--set", "scheme.authenticate=public-key",
               certificates=True),
    embodiment("conventional", "none", "1"),
    Case("a scenario, keys equal", [CAMPUS, "--payer", "staff", "--payee", "students-2023"],
         "none", "7", **BOTH),
    Case("a scenario, newer pays",
         [CAMPUS, "--payer", "staff", "--payee", "canteen-guests", "--terminals", "vending"],
         "public-key", "8", newer_pays=True, **BOTH),
]


def check_bytes(checks, name, explained):
    """Every command parses, lengths are those stated, fields fill the data from end to end."""
    wrong = []
    for n, exchange in enumerate(explained.exchanges):
        for way in "><":
            if [len(raw) for raw in exchange.raw(way)] != exchange.stated[way]:
                wrong.append(f"exchange {n + 1} {way}: stated {exchange.stated[way]} bytes")
        if len(exchange.raw(">")) != len(exchange.raw("<")):
            wrong.append(f"exchange {n + 1}: as many commands as responses")
        for raw in exchange.raw(">"):
            try:
                Apdu(raw)
            except ValueError as error:
                wrong.append(f"exchange {n + 1}: {raw.hex()}: {error}")
    checks.check(explained.exchanges and not wrong,
                 f"{name}: the bytes are APDUs as long as stated", *wrong)
    for n, exchange in enumerate(explained.exchanges):
        for way in "><":
            data, at = exchange.data(way), 0
            for length, word, shown, cut in exchange.fields[way]:
                if data[at : at + len(shown)] != shown or cut != (len(shown) < length):
                    wrong.append(f"exchange {n + 1} {way} {word}: {shown.hex()} not at {at}")
                at += length
            if at != len(data):
                wrong.append(f"exchange {n + 1} {way}: fields of {at}, data of {len(data)} bytes")
    checks.check(not wrong, f"{name}: fields fill the data of each APDU", *wrong)


def check_times(checks, name, explained):
    sums = {"line": 0, "chip": 0}
    wrong = []
    for what, time, total in explained.times:
        sums[what] += time
        if total != sum(sums.values()):
            wrong.append(f"total {total} after {sum(sums.values())}")
    checks.check(explained.times and not wrong, f"{name}: running totals add up", *wrong)
    checks.equal(
        explained.sum and [as_micros(text) for text in explained.sum.groups()[3:]],
        [sums["line"], sums["chip"], sum(sums.values())],
        f"{name}: line + chip = the last total",
    )
    n_bytes = sum(len(raw) for one in explained.exchanges for way in "><" for raw in one.raw(way))
    checks.equal(explained.sum and int(explained.sum.group(3)), n_bytes, f"{name}: bytes in all")


def check_steps(checks, name, explained, expected):
    checks.equal(explained.steps, expected, f"{name}: steps in the specification's order")
    strays = [line for line in explained.lines if STEP.search(line) and not STEP.match(line)]
    strays += [line for line in explained.lines if len(STEP.findall(line)) > 1]
    checks.equal(strays, [], f"{name}: no step number but at the beginning of its own line")


def check_values(checks, case, explained):
    """What one APDU brings, the next one carries on."""
    carried, wrong = {}, []
    for exchange in explained.exchanges:
        for way in "><":
            data, at = exchange.data(way), 0
            for length, word, _, _ in exchange.fields[way]:
                value, at = data[at : at + length], at + length
                key = (word, exchange.card) if word in ("104", "106", "111") else word
                if word == "102":
                    key = (word, value[:12])
                if carried.setdefault(key, value) != value:
                    wrong.append(f"{key} was {carried[key].hex()}, is {value.hex()}")
    checks.check(not wrong, f"{case.name}: R, E, certificates and 221 to 226 are handed on", *wrong)
    checks.equal(
        sorted(word for word in carried if word in ("223", "224", "225", "226")),
        ["223", "224", "225", "226"], f"{case.name}: randoms and challenges of the value transfer",
    )
    checks.check(len({carried.get(word) for word in ("223", "224", "225", "226")}) == 4,
                 f"{case.name}: 223 to 226 are four values")


def check_cards(checks, case, explained):
    before, after = explained.cards["before"], explained.cards["after"]
    payer, payee = (a[1]["balance"] - b[1]["balance"] for a, b in zip(after, before))
    checks.check(payer < 0 and payee == -payer, f"{case.name}: what one pays the other gets",
                 f"{payer} and {payee}")
    newest = max(card["transfer key"] for _, card in before)
    checks.equal([card["transfer key"] for _, card in after], [newest, newest],
                 f"{case.name}: both hold the newer transfer key in the end")
    if case.arguments[:2] == ["--embodiment", "5"] and case.path == "public-key":
        checks.equal([card["update key"] for _, card in after], [2, 2],
                     f"{case.name}: the update key travels along")
    elif "update key" in before[0][1] and case.path == "symmetric":
        checks.equal([card["update key"] for _, card in after], [1, 1],
                     f"{case.name}: the update key stays")


def check_case(checks, case):
    done = purseroll("explain", *case.arguments)
    checks.equal((done.returncode, done.stderr), (0, ""), f"{case.name}: exit 0")
    explained = Explained(done.stdout)
    check_steps(checks, case.name, explained, case.steps())
    check_bytes(checks, case.name, explained)
    check_times(checks, case.name, explained)
    n = 8 if case.path == "none" else 11
    checks.equal(
        (explained.sum and explained.sum.group(1, 2), len(explained.exchanges)),
        ((case.outcome(), str(n)), n), f"{case.name}: {case.outcome()} after {n} exchanges",
    )
    checks.equal(
        [tuple([word for _, word, _, _ in one.fields[way]] for way in "><")
         for one in explained.exchanges],
        case.fields(), f"{case.name}: each APDU carries the fields that it should",
    )
    checks.equal({one.status() for one in explained.exchanges}, {"9000"},
                 f"{case.name}: every exchange ends with 9000")
    check_values(checks, case, explained)
    check_cards(checks, case, explained)
    if T0[1] in case.arguments:
        check_characters(checks, case, explained)
    else:
        checks.check(all(len(one.raw(">")) == 1 for one in explained.exchanges),
                     f"{case.name}: one command an exchange")


def check_characters(checks, case, explained):
    """T=0: short lengths, data one way a command, chaining, GET RESPONSE, 6Cxx."""
    wrong, seen = [], set()
    for exchange in explained.exchanges:
        pairs = list(zip(exchange.raw(">"), exchange.raw("<")))
        for (raw, answer), (next_raw, _) in zip(pairs, pairs[1:] + [(None, None)]):
            apdu, following = Apdu(raw), next_raw and Apdu(next_raw)
            sw1, sw2 = answer[-2:]
            if apdu.data and (apdu.expected or len(answer) > 2 or len(raw) != 5 + len(apdu.data)):
                wrong.append(f"{raw.hex()}: data both ways")
            if sw1 == 0x61:
                seen.add("61xx")
                asked = following and following.ins == GET_RESPONSE and following.expected
                if asked != (sw2 or 256):
                    wrong.append(f"61{sw2:02x}: then {next_raw and next_raw.hex()}")
            elif sw1 == 0x6C:
                seen.add("6Cxx")
                if len(answer) != 2 or next_raw != raw[:4] + bytes([sw2]):
                    wrong.append(f"6c{sw2:02x}: then {next_raw and next_raw.hex()}")
            elif following:
                seen.add("chain")
                if (
                    not apdu.cla & CHAINED or len(apdu.data) != 255 or answer != b"\x90\x00"
                    or raw[1:4] != next_raw[1:4]
                ):
                    wrong.append(f"{raw.hex()}: goes on with {next_raw.hex()}")
            elif apdu.cla & CHAINED:
                wrong.append(f"{raw.hex()}: chain without end")
    expected = {"61xx", "chain"} if "rsa-2048" in case.arguments else {"61xx", "6Cxx"}
    checks.check(not wrong, f"{case.name}: T=0 commands", *wrong)
    checks.equal(seen, expected, f"{case.name}: T=0 shows {', '.join(sorted(expected))}")


def check_crossed(checks):
    done = purseroll("explain", "--crossed")
    explained = Explained(done.stdout)
    steps = Case("", [], "public-key", "8").steps()
    expected = steps[: steps.index("S8105A") + 1]
    checks.equal((done.returncode, done.stderr), (0, ""), "crossed: exit 0")
    check_steps(checks, "crossed", explained, expected)
    check_bytes(checks, "crossed", explained)
    check_times(checks, "crossed", explained)
    checks.equal(explained.sum and explained.sum.group(1, 2), ("refused-update-key-order", "7"),
                 "crossed: refused-update-key-order after 7 exchanges")
    checks.equal([one.status() for one in explained.exchanges], ["9000"] * 6 + ["6607"],
                 "crossed: the last exchange ends with 6607")
    refused = [line for line in explained.lines if "REFUSED" in line]
    checks.check(len(refused) == 2 and refused[0].startswith("S8105A") and "6607" in refused[1],
                 "crossed: S8105A and 6607 are marked as refused", *refused)
    checks.equal(explained.cards["after"], explained.cards["before"], "crossed: nothing changed")


def check_both_ways(checks):
    """With uk-rule = bidirectional the older card gives its newer update key back."""
    done = purseroll("explain", "--crossed", "--set", "scheme.uk-rule=bidirectional")
    explained = Explained(done.stdout)
    check_bytes(checks, "both ways", explained)
    check_times(checks, "both ways", explained)
    checks.equal([line for line in explained.lines if line.startswith("Key update")],
                 ["Key update", "Key update, the other way"], "both ways: two headings")
    checks.check("REFUSED" not in done.stdout and
                 [line.split(":")[0].split()[0] for line in explained.lines if "IN PART" in line]
                 == ["S8105A", "IN", "S8105A", "IN"],
                 "both ways: a card that stores one key of two does so in part", done.stdout)
    second = done.stdout[done.stdout.index("the other way"):]
    wrong = [line for line in second.splitlines() if "newer card" in line or "older card" in line]
    checks.check(not wrong and "S8102A  newer (payee)" in second and
                 "S8102B  older (payer)" in second,
                 "both ways: the newer card takes, and is not called the older one", *wrong)
    checks.equal([(card["transfer"], card["update"]) for card in both_cards(explained)],
                 [("2", "2"), ("2", "2")], "both ways: both hold both newer keys")


def both_cards(explained):
    return [re.search(r"transfer key (?P<transfer>\d+), update key (?P<update>\d+)", line)
            for line in explained.lines if line.startswith("after ")]


def check_refusals(checks):
    """Different IDs in a scheme without update; a limit; a purse that holds too little."""
    done = purseroll("explain", "--embodiment", "conventional")
    explained = Explained(done.stdout)
    checks.equal(explained.steps, "S1001 S1002 S1101A S1101B S1003".split(),
                 "conventional, different IDs: stops at S1003")
    checks.equal(explained.sum and explained.sum.group(1, 2), ("refused-different-ids", "4"),
                 "conventional, different IDs: refused-different-ids after 4 exchanges")
    done = purseroll("explain", "--embodiment", "1", "--set", "cohort older.transfer-key-limit=1")
    explained = Explained(done.stdout)
    checks.equal((explained.steps[-1:], explained.exchanges[-1].status()), (["S1104A"], "6606"),
                 "embodiment 1, new key above the limit: refused at S1104A with 6606")
    done = purseroll("explain", "--embodiment", "1", "--set", "cohort older.balance=constant 5")
    explained = Explained(done.stdout)
    checks.equal((explained.steps[-2:], explained.exchanges[-1].status()),
                 (["S2001", "S2101A"], "9401"),
                 "embodiment 1, too little money: refused at S2101A with 9401")
    checks.equal([card["transfer key"] for _, card in explained.cards["after"]], [2, 2],
                 "embodiment 1, too little money: the update stands")


def check_mondex(checks):
    """Two cards that share one key: the payer moves on to it, and pays."""
    done = purseroll("explain", "--embodiment", "mondex", "--set", "cohort newer.preloaded=2,3")
    explained = Explained(done.stdout)
    case = Case("", [], "none", "1")
    expected = [(c, r) for c, r in case.fields()]
    expected[2] = expected[3] = ([], ["106", "held", "111"])
    expected[4] = (expected[4][0] + ["with"], expected[4][1])
    expected[5] = (expected[5][0] + ["with"], expected[5][1])
    checks.equal((done.returncode, done.stderr), (0, ""), "mondex: exit 0")
    check_steps(checks, "mondex", explained, case.steps())
    check_bytes(checks, "mondex", explained)
    check_times(checks, "mondex", explained)
    checks.equal(
        [tuple([word for _, word, _, _ in one.fields[way]] for way in "><")
         for one in explained.exchanges],
        expected, "mondex: fields of each exchange")
    checks.equal([line for line in explained.lines if line.startswith("S1003")],
                 ["S1003   terminal: the oldest transfer key that both hold is 2"],
                 "mondex: S1003 names the key")
    checks.equal(explained.sum and explained.sum.group(1, 2), ("paid", "8"),
                 "mondex: paid after 8 exchanges")
    checks.equal([[card["transfer key"] for _, card in explained.cards[when]]
                  for when in ("before", "after")], [[1, 2], [2, 2]],
                 "mondex: the payer has moved on to 2")
    writes = [time for line, time in
              ((line, TIMED.match(line)) for line in explained.lines)
              if time and ("S2104A" in line or "S2105B" in line)]
    debit, credit = (micros(*time.groups()[2:4]) for time in writes)
    checks.equal(debit, 2 * credit, "mondex: the card that moves on writes twice")
    done = purseroll("explain", "--embodiment", "mondex", "--set", "cohort newer.preloaded=2,3",
                     "--set", "cohort older.preloaded=own")
    explained = Explained(done.stdout)
    checks.equal(explained.steps, "S1001 S1002 S1101A S1101B S1003".split(),
                 "mondex, no common key: stops at S1003")
    checks.equal(explained.sum and explained.sum.group(1, 2), ("refused-different-ids", "4"),
                 "mondex, no common key: refused-different-ids after 4 exchanges")


def check_misuse(checks):
    for number, path in (("1", "public-key"), ("2", "symmetric"), ("4", "public-key"),
                         ("conventional", "symmetric"), ("conventional", "public-key"),
                         ("mondex", "symmetric")):
        done = purseroll("explain", "--embodiment", number, "--path", path)
        checks.check(
            done.returncode == 2 and done.stdout == "" and path in done.stderr,
            f"embodiment {number} has no path {path}: exit 2 and a message",
            done.returncode, done.stdout, done.stderr,
        )
    for arguments, word in (
        (["--path", "sideways"], "sideways"),
        (["--embodiment", "conventional", "--path", "symmetric"], "symmetric"),
        (["--payer", "oldr"], "(did you mean 'older'?)"),
        (["scenarios/counterfeits.ini", "--crossed"], "--crossed"),
        (["--embodiment", "6"], "'6'"),
        (["--payer", "nobody"], "nobody"),
        (["--payee", "nobody"], "nobody"),
        (["--terminals", "nowhere"], "nowhere"),
        (["--interface", "carrier-pigeon"], "carrier-pigeon"),
        (["--chip", "abacus"], "abacus"),
        (["--suite", "rot-13"], "rot-13"),
        (["--embodiment", "5", "--path", "public-key", "--chip", "javacos-a22"], "p256"),
        (["one.ini", "two.ini"], "2"),
    ):
        done = purseroll("explain", *arguments)
        checks.check(
            done.returncode == 2 and done.stdout == "" and word in done.stderr,
            f"explain {' '.join(arguments)}: exit 2, and the message names {word}",
            done.returncode, done.stdout, done.stderr,
        )
        if arguments[-1].endswith(".ini"):
            continue
        option = arguments[-1] if arguments[-1] == "--crossed" else arguments[-2]
        checks.check(
            done.stderr.startswith(f"purseroll: explain: {option}: expected ")
            and ", found " in done.stderr and done.stderr.count("\n") == 1,
            f"explain {' '.join(arguments)}: a line: option, expected, found",
            done.stderr,
        )


def check_own_hardware(checks, folder):
    """--chip and --interface name what a scenario defines, in place of what its cards have."""
    path = write_scenario(folder / "own.ini", {
        "scheme": {"embodiment": 5},
        "cohort a": {"cards": 1, "transfer-key": 1, "update-key": 1},
        "cohort b": {"cards": 1, "transfer-key": 2, "update-key": 1, "chip": "jcop3-p60"},
        "terminals t": {"interface": "7816-t0"},
        "chip slate": {"like": "javacos-a22"},
        "chip quill": {"like": "jcop4-p71", "write": "1s"},
        "interface string": {"like": "14443-106", "bit-time": "1ms"},
    })
    plain = purseroll("explain", path)
    own = purseroll("explain", path, "--chip", "quill", "--interface", "string,7816-t1")
    checks.equal((plain.returncode, own.returncode, own.stderr), (0, 0, ""),
                 "explain SCENARIO --chip, --interface: exit 0")
    ends = [line.rpartition("; ")[2] for line in own.stdout.splitlines()
            if line.startswith("before")]
    checks.equal(ends, ["quill, string", "quill, 7816-t1"],
                 "explain SCENARIO --chip, --interface: both cards have them")
    checks.equal(len(re.findall(r"commit the .* chip +1000\.000 ms", own.stdout)), 2,
                 "explain SCENARIO --chip: its costs count")
    checks.check("1000.000 ms" not in plain.stdout, "explain SCENARIO: no chip but the cards' own")
    for arguments, words in (
        (["--chip", "slate"], ["--chip", "p256", "slate"]),
        (["--chip", "quil"], ["--chip", "'quil'", "did you mean 'quill'?"]),
        (["--interface", "string,strin"], ["--interface", "'strin'", "did you mean 'string'?"]),
    ):
        done = purseroll("explain", path, *arguments)
        checks.check(
            done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
            and all(word in done.stderr for word in words),
            f"explain SCENARIO {' '.join(arguments)}: exit 2 and a message",
            done.returncode, done.stdout, done.stderr,
        )


def check_minting(checks):
    """A rogue terminal reflects a random number: the payee is credited, nobody pays."""
    name = "mint-by-reflection"
    arguments = ["scenarios/mint-by-reflection.ini", "--terminals", "rogue"]
    done = purseroll("explain", *arguments)
    checks.equal((done.returncode, done.stderr), (0, ""), f"{name}: exit 0")
    explained = Explained(done.stdout)
    check_bytes(checks, name, explained)
    check_times(checks, name, explained)
    checks.check("rogue: mint" in explained.lines[0], f"{name}: the terminal is called rogue")
    checks.equal([step for step in explained.steps if step[1] == "2"],
                 ("S2002 S2101B S2102B S2103B " * 2 + "S2004 S2104B S2105B").split(),
                 f"{name}: both cards act as payees")
    asked, reflected, paid = explained.exchanges[-3:]
    checks.equal(reflected.data(">")[16:32], asked.data("<")[16:32],
                 f"{name}: the payee's 225 is the other card's 223")
    checks.equal(paid.data(">"), reflected.data("<")[:16],
                 f"{name}: that card's 224 is the payee's 226")
    checks.check("= the reception random number 225 of cards (payee)" in done.stdout
                 and "= the transmission challenge 224 of cards (payer)" in done.stdout,
                 f"{name}: both are pointed out")
    check_gain(checks, name, explained, 1)
    done = purseroll("explain", *arguments, "--set", "sweep.scheme.fig4-mac=direction-tag")
    explained = Explained(done.stdout)
    checks.check(any(line.startswith("S2104B") and "REFUSED" in line for line in explained.lines),
                 f"{name}: with a tag the payee refuses 226")
    check_gain(checks, f"{name}, direction-tag", explained, 0)


def check_gain(checks, name, explained, gain):
    """The payer pays nothing, the payee gets @gain, the books say so."""
    before, after = explained.cards["before"], explained.cards["after"]
    payer, payee = before[0][0], before[1][0]
    checks.equal([b[1]["balance"] - a[1]["balance"] for a, b in zip(before, after)], [0, gain],
                 f"{name}: what is on the cards")
    words = f"minted {gain}" if gain else "nothing minted, nothing destroyed"
    checks.equal(explained.lines[-1],
                 f"books   {payee} (payee) credited {gain}, {payer} (payer) debited 0: {words}",
                 f"{name}: what the books say")


def check_counterfeits(checks):
    """Devices pay from nothing; clones show the certificate of the card that they are copies of."""
    scenario = "scenarios/counterfeits.ini"
    done = purseroll("explain", scenario, "--payer", "devices", "--payee", "cards")
    explained = Explained(done.stdout)
    checks.equal(explained.sum and explained.sum.group(1), "paid", "devices: paid")
    checks.equal(explained.cards["before"][0][1]["balance"], 0, "devices: they have nothing")
    checks.check("rogue: leaked-key" in explained.lines[1], "devices: they are called rogue")
    check_gain(checks, "devices", explained, 1)
    serials = {}
    for payer in ("copied", "clones", "devices"):
        explained = Explained(purseroll("explain", scenario, "--payer", payer, "--payee",
                                        "cards").stdout)
        serials[payer], payee = (one.data("<")[:8] for one in explained.exchanges[2:4])
        checks.equal(int.from_bytes(payee, "big") >> 16, 1,
                     f"{payer}: the payee is card 1 of the run")
    checks.equal(serials["clones"], serials["copied"], "clones show the copied card's certificate")
    checks.equal(int.from_bytes(serials["devices"], "big") >> 16, 2010,
                 "devices: the first is card 2010 of the run")


TEAR = re.compile(r"^tear    (.+) (leaves its reader|fails) after [\d.]+ ms, ((before|during) .+)$")


def check_torn_steps(checks, name, explained, moment, last):
    """@moment: when somebody left, in words; @last: the step that was over by then"""
    steps = [step for step in explained.steps if step[-1] in "AB"]
    during = re.match(r"during (S\w+) of", moment)
    if during:
        at = len(steps) - steps[::-1].index(during.group(1)) - 1
        checks.equal(last, (["none"] + steps)[at], f"{name}: the step before was the last one")
    start = max(n for n, line in enumerate(explained.lines) if line.startswith("        to "))
    shown = [line for line in explained.lines[start:] if STEP.match(line)]
    if "        < (no answer)" not in explained.lines[start:] or "during the response" in moment:
        return
    cut = [line.split()[0] for line in shown if line.endswith(": CUT OFF")]
    checks.check(shown == [] or (during and cut == [during.group(1)]),
                 f"{name}: a card that has gone takes no steps", *shown)


def check_tears(checks):
    """Who left, after which step, and what stands on both cards afterwards."""
    outcomes, cuts = set(), 0
    for seed in range(1, 24):
        name = f"torn, seed {seed}"
        done = purseroll("explain", "--set", "faults.torn=100%", "--set", f"scenario.seed={seed}",
                         "--set", "cohort older.transfer-key=2")
        explained = Explained(done.stdout)
        check_bytes(checks, name, explained)
        tears = [TEAR.match(line) for line in explained.lines if line.startswith("tear")]
        checks.check(len(tears) == 1 and tears[0], f"{name}: one line says who left",
                     *explained.lines[-6:])
        checks.check("REFUSED" not in done.stdout, f"{name}: silence is no refusal")
        after = [line for line in explained.lines if "last step completed before: " in line]
        step = after[0].split(": ")[1].split()[0] if after else ""
        checks.check(len(after) == 1 and (step == "none" or step in explained.steps),
                     f"{name}: a step that is shown was the last one", *after)
        if tears and tears[0]:
            check_torn_steps(checks, name, explained, tears[0].group(3), step)
        outcome = explained.lines[-4].split(":")[0]
        outcomes.add(outcome)
        cuts += sum(line.endswith(": CUT OFF") for line in explained.lines)
        moved = [b[1]["balance"] - a[1]["balance"]
                 for a, b in zip(explained.cards["before"], explained.cards["after"])]
        expected = {"torn-before-debit": ([0, 0], "nothing minted, nothing destroyed"),
                    "torn-after-debit": ([-250, 0], "destroyed 250"),
                    "torn-after-credit": ([-250, 250], "nothing minted, nothing destroyed"),
                    "paid": ([-250, 250], "nothing minted, nothing destroyed")}
        checks.equal((moved, explained.lines[-1].rpartition(": ")[2]), expected.get(outcome),
                     f"{name}: {outcome} is what stands on the cards and in the books")
        committed = any(line.startswith("S2104A") and " chip " in line for line in explained.lines)
        checks.equal(committed, outcome != "torn-before-debit",
                     f"{name}: the debit is shown if it was made")
    checks.check({"torn-before-debit", "torn-after-debit"} <= outcomes and cuts > 0,
                 "torn: seeds that show it all", outcomes, cuts)


def check_moments(checks, folder):
    """--at: what the plan has done and which terms have ended by then."""
    path = write_scenario(folder / "at.ini", {
        "scenario": {"name": "at", "duration": "30d"},
        "scheme": {"embodiment": 5},
        "cohort old": {"cards": 2, "transfer-key": 1, "update-key": 1, "expiry": "fixed 20d"},
        "cohort lost": {"cards": 1, "transfer-key": 1, "update-key": 1},
        "cohort late": {"cards": 0, "transfer-key": 3, "update-key": 1},
        "terminals shop": {},
        "terminals deaf": {"crl-source": "factory"},
        "terminals stale": {"stale-clock-share": "100%"},
        "plan list": {"at": "10d", "do": "revoke", "from": "lost", "cards": 1},
        "plan new": {"at": "12d", "do": "swap", "from": "old", "cards": 2, "transfer-key": 2,
                     "expiry": "fixed 20d"},
    })
    for arguments, outcome, keys, words in (
        ([], "paid", [1, 1], []),
        (["--at", "9d"], "paid", [1, 1], ["at 9d"]),
        (["--at", "11d"], "refused-revoked", [1, 1], ["revoked by list 1", "list 1 of 1"]),
        (["--at", "11d", "--terminals", "deaf"], "paid", [1, 1],
         ["revoked by list 1", "list 0 of 1"]),
        (["--at", "12d", "--terminals", "deaf"], "paid-after-symmetric-update", [2, 1], []),
        (["--payee", "late", "--at", "5d"], "paid-after-symmetric-update", [1, 3], []),
        (["--payee", "late", "--at", "20d", "--set", "plan new.at=29d"], "refused-expired", [1, 3],
         ["expired on day 20"]),
        (["--payee", "late", "--at", "20d", "--set", "plan new.at=29d", "--terminals", "stale"],
         "paid-after-symmetric-update", [1, 3], ["clock at 0"]),
        (["--payee", "late", "--at", "20d"], "paid-after-symmetric-update", [2, 3], []),
    ):
        name = f"explain SCENARIO {' '.join(arguments)}"
        done = purseroll("explain", path, "--payer", "old",
                         *([] if "--payee" in arguments else ["--payee", "lost"]), *arguments)
        explained = Explained(done.stdout)
        checks.equal((done.returncode, explained.sum and explained.sum.group(1)), (0, outcome),
                     f"{name}: {outcome}")
        checks.equal([card["transfer key"] for _, card in explained.cards["before"]], keys,
                     f"{name}: keys before")
        reason = {"refused-revoked": ["a card is on the revocation list"],
                  "refused-expired": ["a card has expired"]}.get(outcome, [])
        checks.equal([line for line in explained.lines if "REFUSED" in line],
                     [f"S7003   terminal: {words}: REFUSED" for words in reason],
                     f"{name}: why the terminal goes no further")
        head = "\n".join(explained.lines[:3])
        checks.check(all(word in head for word in words), f"{name}: says {words}", head)
    for value, words in (("soon", ["--at", "'soon'"]), ("30d", ["--at", "before", "30d"])):
        done = purseroll("explain", path, "--at", value)
        checks.check(
            done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
            and all(word in done.stderr for word in ["expected", "found", *words]),
            f"explain --at {value}: exit 2 and a message", done.returncode, done.stderr,
        )


def check_repeatable(checks):
    one, two, other = (
        purseroll("explain", "--embodiment", "5", "--set", f"scenario.seed={seed}").stdout
        for seed in (1, 1, 2)
    )
    checks.check(one == two, "the same seed gives the same bytes")
    checks.check(one != other, "another seed gives other bytes")


def test(checks, folder):
    for case in CASES:
        check_case(checks, case)
    check_crossed(checks)
    check_both_ways(checks)
    check_refusals(checks)
    check_mondex(checks)
    check_misuse(checks)
    check_own_hardware(checks, folder)
    check_minting(checks)
    check_counterfeits(checks)
    check_tears(checks)
    check_moments(checks, folder)
    check_repeatable(checks)


if __name__ == "__main__":
    main(test)
