#!/usr/bin/env python3
"""Fit what the operations of a chip cost to measurements of real cards.

    fit_chips.py [--checks] [CSV]

prints the rows of the table in model/protocol/chip.c, one block for each named
chip. With --checks, standard error shows how far each line passes from the
points it was fitted to, and what the cryptography of one whole update costs
over all cards of the CSV that have elliptic curves.

The CSV holds one measured card a row: times in milliseconds without the
transport of the command, an empty cell where nothing was measured. The number
at the end of a column's name is the length of the data in bytes. Without CSV it
is chip-timings.csv beside this file: the named chips out of the JCAlgTest
results, https://github.com/crocs-muni/jcalgtest_results at commit 76b01cf,
copyright and licence (MIT) in chip-timings.LICENSE; source_fixed is the file
there that a row was taken from.

A line is cost = base + slope x bytes, by least squares (through two points:
exactly the straight line). A slope below zero is noise and becomes zero, with
the mean as the base. A base below zero would give short data away for nothing:
it becomes zero, and the slope is fitted again through the origin.

random      line through rng_16B and rng_256B
hash        line through sha1_64B and sha1_256B: SHA-1, because that is the hash
            which the figures for signatures contain
cipher      line through aes128_cbc_enc at 16, 64, 128 and 256 bytes; decrypting
            was not measured and counts as encrypting
mac         line through aes128_cbcmac_sign at 16, 64 and 256 bytes
mac-check   the line of mac, raised by what verifying 256 bytes took longer than
            signing them
write       nvm_write_atomic_16B, or else aes128_setkey; the same for any length
write-key   aes128_setkey; the same for any length

The operations of a public-key suite are constants. Signatures were measured
with SHA-1 over 256 bytes inside, so sha1_256B is subtracted, and whoever uses
the table adds the hash of the real length.

p256        sign and verify from ecdsa256; opening an envelope is one
            ecdh256_svdp, sealing one is two (the ephemeral key pair costs about
            as much as an agreement)
rsa-1024,   sign from rsaN_crt_sign, open from rsaN_crt_private_raw, and either
rsa-2048    stands in for the other where it is missing: a signature is the hash
            and the same private exponentiation, and where both were measured
            they agree within 7 % (the largest gaps are where both are quick, and
            --checks shows them). Verify from rsaN_crt_verify, or else
            rsaN_public_raw; seal is rsaN_public_raw

Where a suite has a gap that nothing may fill, the chip lacks it. All arithmetic
is in exact fractions; only the printed numbers are rounded, to whole
nanoseconds (halves to even), so that the same CSV gives the same digits
everywhere.
"""

import argparse
import csv
import sys
from collections import namedtuple
from fractions import Fraction
from pathlib import Path
from statistics import median

MEASURED = Path(__file__).with_name("chip-timings.csv")

NS_PER_MS = 10**6

# Name in a scenario, identifier in the CSV; the order is that of the table.
NAMED_CHIPS = [
    ("jcop4-p71", "nxp_jcop4_j3r180_secid_p71"),
    ("jcop3-p60", "nxp_jcop3_j3h145g_p60"),
    ("jcop-2.4.1", "nxp_j3a081_jcop_v2_4_1"),
    ("smartcafe-7", "gd_smartcafe_7_0_215k_usb_token_s"),
    ("infineon-cjtop", "infineon_cjtop_80k_inf_slj_52gla080al_m8_4"),
    ("athena-idprotect", "athena_idprotect"),
    ("javacos-a22", "javacos_a22"),
    ("gemplus-gxp", "gemplus_gxp_r4_72k"),
    ("smartcafe-6", "gd_smartcafe_6_0_80k"),
]

# What the lines are fitted to: column without its length, lengths in bytes.
LINES = {
    "random": ("rng", (16, 256)),
    "hash": ("sha1", (64, 256)),
    "cipher": ("aes128_cbc_enc", (16, 64, 128, 256)),
    "mac": ("aes128_cbcmac_sign", (16, 64, 256)),
}

# Encrypting 256 bytes takes these families 62 to 180 ms, many times what 128
# bytes lead one to expect: an artefact of the measurement, left out.
CIPHER_ARTEFACT_FAMILIES = "jcop_v2.4."

OPERATIONS = ("random", "hash", "cipher", "mac", "mac-check", "write", "write-key")
SUITES = ("p256", "rsa-1024", "rsa-2048")
SUITE_OPERATIONS = ("sign", "verify", "envelope-seal", "envelope-open")

Line = namedtuple("Line", "base slope")  # nanoseconds, nanoseconds per byte


# ---- Reading ---------------------------------------------------------------


class Card:
    """One measured card."""

    def __init__(self, row):
        self.id = row["id"]
        self.name = row["card_name"].replace("_", " ")
        self.family = row["family"]
        self.tier = row["tier"]
        self._row = row

    def ns(self, column):
        """The measured time in nanoseconds, exactly; None if not measured."""
        text = self._row[column]
        return Fraction(text) * NS_PER_MS if text else None

    def without_hash(self, column):
        """The time of a signature less that of the 256 bytes hashed in it."""
        return minus(self.ns(column), self.ns("sha1_256B"))

    def points(self, operation):
        """(bytes, nanoseconds) wherever this operation was measured."""
        column, lengths = LINES[operation]
        if operation == "cipher" and self.family.startswith(CIPHER_ARTEFACT_FAMILIES):
            lengths = [length for length in lengths if length != 256]
        measured = [(length, self.ns(f"{column}_{length}B")) for length in lengths]
        return [(length, ns) for length, ns in measured if ns is not None]


def read_cards(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [Card(row) for row in csv.DictReader(file)]


def minus(whole, part):
    return None if whole is None or part is None else whole - part


def first_measured(*times):
    return next((time for time in times if time is not None), None)


# ---- Fitting ---------------------------------------------------------------


def fit_line(points):
    """Least squares, neither base nor slope below zero; None below two points."""
    if len(points) < 2:
        return None
    n = len(points)
    mean_x = Fraction(sum(x for x, _ in points), n)
    mean_y = sum(y for _, y in points) / n
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum(
        (x - mean_x) ** 2 for x, _ in points
    )
    if slope < 0:
        return Line(mean_y, Fraction(0))
    base = mean_y - slope * mean_x
    if base < 0:
        through_origin = sum(x * y for x, y in points) / sum(x * x for x, _ in points)
        return Line(Fraction(0), through_origin)
    return Line(base, slope)


def fit_mac_check(card, mac):
    """The MAC's line, raised by the price of comparing."""
    if mac is None:
        return None
    longer = minus(card.ns("aes128_cbcmac_verify_256B"), card.ns("aes128_cbcmac_sign_256B"))
    return Line(mac.base + max(longer or 0, 0), mac.slope)


def constant(time):
    return None if time is None else Line(time, Fraction(0))


def fit_operations(card):
    lines = {operation: fit_line(card.points(operation)) for operation in LINES}
    set_key = card.ns("aes128_setkey")
    lines["mac-check"] = fit_mac_check(card, lines["mac"])
    lines["write"] = constant(first_measured(card.ns("nvm_write_atomic_16B"), set_key))
    lines["write-key"] = constant(set_key)
    return lines


def fit_p256(card):
    agree = card.ns("ecdh256_svdp")
    return {
        "sign": card.without_hash("ecdsa256_sign_sha1_256B"),
        "verify": card.without_hash("ecdsa256_verify_sha1_256B"),
        "envelope-seal": None if agree is None else 2 * agree,
        "envelope-open": agree,
    }


def fit_rsa(card, bits):
    sign = card.without_hash(f"rsa{bits}_crt_sign_sha1_256B")
    verify = card.without_hash(f"rsa{bits}_crt_verify_sha1_256B")
    private = card.ns(f"rsa{bits}_crt_private_raw")
    public = card.ns(f"rsa{bits}_public_raw")
    return {
        "sign": first_measured(sign, private),
        "verify": first_measured(verify, public),
        "envelope-seal": public,
        "envelope-open": first_measured(private, sign),
    }


def fit_suites(card):
    """What each suite costs; None for a suite that the card lacks."""
    suites = {
        "p256": fit_p256(card),
        "rsa-1024": fit_rsa(card, 1024),
        "rsa-2048": fit_rsa(card, 2048),
    }
    return {name: None if None in costs.values() else costs for name, costs in suites.items()}


# ---- Printing the table ----------------------------------------------------


def c_name(prefix, name):
    return f"[{prefix}_{name.upper().replace('-', '_')}]"


def cost_in_c(operation, line, width):
    return (
        f"{c_name('CHIP', operation):{width}} = "
        f"{{ {round(line.base):8}, {round(line.slope):5} }}"
    )


def suite_in_c(suite, costs):
    if costs is None:
        inside = "CHIP_LACKS"
    else:
        times = [round(costs[operation]) for operation in SUITE_OPERATIONS]
        if min(times) <= 0:  # zero would read as lacking
            raise ValueError(f"{suite}: an operation that costs nothing: {times}")
        inside = ", ".join(f"{time:10}" for time in times)
    return f"{c_name('SUITE', suite):16} = {{ {inside} }}"


def row_in_c(name, card):
    lines = fit_operations(card)
    missing = [operation for operation in OPERATIONS if lines[operation] is None]
    if missing:
        raise ValueError(f"{card.id}: not measured: {', '.join(missing)}")

    def left(operation):
        return cost_in_c(operation, lines[operation], len("[CHIP_RANDOM]"))

    def right(operation):
        return cost_in_c(operation, lines[operation], len("[CHIP_MAC_CHECK]"))

    suites = [suite_in_c(suite, costs) for suite, costs in fit_suites(card).items()]
    return [
        f'    {{ .name = "{name}",',
        f"      .cost = {{ {left('random')}, {right('hash')},",
        f"                {left('cipher')},",
        f"                {left('mac')}, {right('mac-check')},",
        f"                {left('write')}, {right('write-key')} }},",
        f"      .suite_ns = {{ {suites[0]},",
        f"                    {suites[1]},",
        f"                    {suites[2]} }},",
        f'      .source = "{card.name} "',
        f'                "({card.id})" }},',
    ]


# ---- Checks ----------------------------------------------------------------

# Lengths of one update for the check below: the random number R, the sealed
# (R, ID, key) in whole AES blocks, what a certificate says besides the public
# key; and of each suite, the public key and the envelope.
RANDOM_BYTES = 16
SEALED_BYTES = 48
CERTIFICATE_TEXT_BYTES = 16
SUITE_BYTES = {"p256": (64, 100), "rsa-1024": (128, 128), "rsa-2048": (256, 256)}

TIER_WITH_CURVES = "A_sym+rsa+ec"


def at(line, length):
    return line.base + line.slope * length


def ms(time):
    return float(time / NS_PER_MS)


def symmetric_update(card):
    """R, one encryption, one decryption; then the same with the key stored."""
    lines = fit_operations(card)
    if None in (lines["random"], lines["cipher"], lines["write-key"]):
        return None
    plain = at(lines["random"], RANDOM_BYTES) + 2 * at(lines["cipher"], SEALED_BYTES)
    return plain, plain + lines["write-key"].base


def public_key_update(card, suite):
    """R, two certificates verified, one signature made and verified, one
    envelope sealed and opened, the key stored; and without storing it."""
    lines = fit_operations(card)
    costs = fit_suites(card)[suite]
    if costs is None or None in (lines["random"], lines["hash"], lines["write-key"]):
        return None
    key_bytes, envelope_bytes = SUITE_BYTES[suite]
    certificate = at(lines["hash"], key_bytes + CERTIFICATE_TEXT_BYTES)
    signed = at(lines["hash"], envelope_bytes + RANDOM_BYTES)
    plain = (
        at(lines["random"], RANDOM_BYTES)
        + 2 * (costs["verify"] + certificate)
        + costs["sign"] + costs["verify"] + 2 * signed
        + costs["envelope-seal"] + costs["envelope-open"]
    )
    return plain, plain + lines["write-key"].base


def print_residuals(name, card, out):
    print(name, file=out)
    lines = fit_operations(card)
    for operation in LINES:
        line = lines[operation]
        shown = "  ".join(
            f"{length} B {ms(time):.2f} {ms(at(line, length) - time):+.3f}"
            for length, time in card.points(operation)
        )
        slope_us = float(line.slope / 1000)
        print(f"  {operation:7} {ms(line.base):7.3f} ms + {slope_us:6.3f} us/B:  {shown}", file=out)
    for bits in (1024, 2048):
        sign = card.without_hash(f"rsa{bits}_crt_sign_sha1_256B")
        private = card.ns(f"rsa{bits}_crt_private_raw")
        if sign is not None and private is not None:
            print(
                f"  rsa-{bits}: signing without its hash {ms(sign):.2f} ms, private operation "
                f"{ms(private):.2f} ms ({ms(sign - private) / ms(private):+.1%})",
                file=out,
            )


def print_update(title, updates, out):
    updates = [update for update in updates if update is not None]
    if not updates:
        print(f"  {title:9} no card measured", file=out)
        return
    without, stored = (ms(median(times)) for times in zip(*updates))
    print(
        f"  {title:9} {without:6.1f} without storing the key, {stored:6.1f} with"
        f"  ({len(updates)} cards)",
        file=out,
    )


def print_checks(cards, out):
    by_id = {card.id: card for card in cards}
    print("Lines: bytes, measured ms, fitted minus measured", file=out)
    for name, card_id in NAMED_CHIPS:
        print_residuals(name, by_id[card_id], out)

    with_curves = [card for card in cards if card.tier == TIER_WITH_CURVES]
    print("Cryptography of one whole update, both cards alike, median ms", file=out)
    print_update("symmetric", map(symmetric_update, with_curves), out)
    for suite in SUITES:
        print_update(suite, (public_key_update(card, suite) for card in with_curves), out)


def main():
    parser = argparse.ArgumentParser(description="Fit the chip table to measured cards.")
    parser.add_argument("csv", metavar="CSV", nargs="?", default=MEASURED,
                        help="measured times, one card a row (default: those shipped)")
    parser.add_argument(
        "--checks", action="store_true", help="residuals and update costs on standard error"
    )
    arguments = parser.parse_args()

    cards = read_cards(arguments.csv)
    by_id = {card.id: card for card in cards}
    for name, card_id in NAMED_CHIPS:
        print("\n".join(row_in_c(name, by_id[card_id])))
    if arguments.checks:
        print_checks(cards, sys.stderr)


if __name__ == "__main__":
    main()
