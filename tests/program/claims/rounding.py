"""Numbers as they stand in the files: %.9g, and what that leaves open."""

import math

DIGITS = 9


def printed(value):
    return f"{value:.{DIGITS}g}"


def half(value):
    """By how much a number that is printed so may be off: half a unit of its last digit."""
    if value == 0:
        return 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)


def meets(found, expected, slack):
    """Whether a printed number may be @expected, itself known to @slack. The last bits of sums of
    doubles are far below a digit."""
    return abs(found - expected) <= half(found) + slack + 1e-13 * abs(expected)
