"""Why the mean log deviation changed: inside groups, by their sizes, and by their incomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.entropy import mld
from incomesim.measures.ranked import Incomes, UndefinedMeasure
from incomesim.measures.subgroups import subgroups

__all__ = ["MldChange", "decompose_mld_change"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class MldChange:
    """The change is the sum of inside, sizes_inside, sizes_between, incomes and residual.

    `inside`: inequality in groups; `sizes_inside`: people moved to groups of more or less inequality;
    `sizes_between`: people moved to richer or poorer groups; `incomes`: groups' mean incomes grew unequally;
    `residual`: what Mookherjee & Shorrocks leave out in the last two, small where shares change little.
    """

    inside: float
    sizes_inside: float
    sizes_between: float
    incomes: float
    residual: float

    @property
    def change(self) -> float:
        """The mean log deviation after less that before."""
        return self.inside + self.sizes_inside + self.sizes_between + self.incomes + self.residual


def decompose_mld_change(before: Incomes, group_before: ArrayLike, after: Incomes, group_after: ArrayLike) -> MldChange:
    """Return the change of the mean log deviation by groups; weights come with `rank(income, weight)`.

    Groups are matched by label. Raises UndefinedMeasure where incomes are not all above 0 or a group has nobody on one
    side. Source: Mookherjee & Shorrocks (1982), Economic Journal 92(368).
    """
    old, new = subgroups(before, group_before), subgroups(after, group_after)
    if old.labels != new.labels:
        raise UndefinedMeasure(
            f"found groups {list(old.labels)} before and {list(new.labels)} after, expected the same"
        )
    inside, other = (np.array([mld(part) for part in people.parts]) for people in (old, new))
    people, relative = _middle(old.people, new.people), [side.money / side.people for side in (old, new)]
    logs = np.log(relative)
    moved, grown = new.people - old.people, np.log(new.means / old.means)
    parts = [
        np.dot(people, other - inside),
        np.dot(_middle(inside, other), moved),
        np.dot(_middle(*relative) - _middle(*logs), moved),
        np.dot(_middle(old.money, new.money) - people, grown),
    ]
    change = mld(new.whole) - mld(old.whole)
    inside_change, sizes_inside, sizes_between, incomes = map(float, parts)
    return MldChange(inside_change, sizes_inside, sizes_between, incomes, change - float(sum(parts)))


def _middle(one: Reals, other: Reals) -> Reals:
    return 0.5 * (one + other)
