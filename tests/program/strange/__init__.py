"""Strange scenarios, drawn from a seed: everything that a scenario may say, mixed.

draft(seed) is the only thing that others call.
"""

from .draft import Draft


def draft(seed, attempt=0):
    """A scenario; not each is valid, so there may be further attempts at one seed."""
    return Draft(f"strange {seed} {attempt}")
