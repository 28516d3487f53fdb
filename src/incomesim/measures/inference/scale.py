"""On which scale a measure is given its interval: one where it cannot leave its range."""

from __future__ import annotations

from enum import Enum

__all__ = ["Range", "Scale", "scale_of"]


class Scale(Enum):
    """Where an interval is symmetric: in the number itself, its log (above 0), its log odds (between 0 and 1).

    Where nobody in the sample is counted, or everybody, there is no error to go by, but the number of clusters.
    """

    PLAIN = "plain"
    LOG = "log"
    LOGIT = "logit"
    NONE_SEEN = "none seen"


class Range(Enum):
    """Where a measure can lie."""

    ANYWHERE = "anywhere"
    ABOVE_0 = "above 0 for incomes that are not negative"
    BETWEEN_0_AND_1 = "between 0 and 1 for incomes that are not negative"
    SHARE_OF_PEOPLE = "between 0 and 1, a share of people, or no more than that: of what they lack"


def scale_of(possible: Range, value: float, lowest: float) -> Scale:
    """Return the scale for a measure where the lowest income is known: plain where there are no ends."""
    if possible is Range.SHARE_OF_PEOPLE and 0.0 <= value <= 1.0:
        return Scale.LOGIT if 0.0 < value < 1.0 else Scale.NONE_SEEN
    if lowest < 0.0:
        return Scale.PLAIN
    if possible is Range.BETWEEN_0_AND_1 and 0.0 < value < 1.0:
        return Scale.LOGIT
    return Scale.LOG if possible is Range.ABOVE_0 and value > 0.0 else Scale.PLAIN
