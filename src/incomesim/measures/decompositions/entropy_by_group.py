"""Inequality within and between groups, adding up to the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.entropy import ge
from incomesim.measures.location import lorenz_at
from incomesim.measures.ranked import Incomes, Ranked
from incomesim.measures.subgroups import Label, subgroups

__all__ = ["Decomposition", "decompose_ge", "largest_between"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Decomposition:
    """within + between = the whole.

    By group (groups,): `labels`, shares of `people` and `money`, `means`, and the groups' parts `within_of` and
    `between_of`, the latter below 0 for groups on one side of the mean.
    """

    labels: tuple[Label, ...]
    people: Reals
    money: Reals
    means: Reals
    within_of: Reals
    between_of: Reals

    @property
    def within(self) -> float:
        """The parts of inequality inside groups; for alpha 0, what there would be if all had the same mean."""
        return float(self.within_of.sum())

    @property
    def between(self) -> float:
        """Inequality there would be if everybody had the mean of the group, never below 0."""
        return max(float(self.between_of.sum()), 0.0)

    @property
    def total(self) -> float:
        """Inequality of all."""
        return self.within + self.between


def decompose_ge(income: Incomes, group: ArrayLike, weight: ArrayLike | None = None, *, alpha: float) -> Decomposition:
    """Return generalised entropy within and between groups: Theil's T for alpha 1, the mean log deviation for 0.

    `group` (n,) holds labels of any kind; a group of one has no inequality inside. Groups weigh by shares of
    people ** (1 - alpha) times shares of income ** alpha. Raises UndefinedMeasure where `ge` has no meaning for all
    incomes, and for alpha below 0 or 0 with a group that has nothing. Sources: Bourguignon (1979), Econometrica 47(4);
    Shorrocks (1980), Econometrica 48(3).
    """
    groups = subgroups(income, group, weight)
    ge(groups.whole, alpha=alpha)  # says what is wrong with incomes before the groups do
    people, money = groups.people, groups.money
    weights = people ** (1.0 - alpha) * money**alpha
    inside = np.array([0.0 if _has_nothing(part) else ge(part, alpha=alpha) for part in groups.parts])
    return Decomposition(
        groups.labels, people, money, groups.means, weights * inside, people * _entropy(money / people, alpha)
    )


def largest_between(income: Incomes, group: ArrayLike, weight: ArrayLike | None = None, *, alpha: float) -> float:
    """Return the largest generalised entropy between groups of these sizes that these incomes allow.

    The poorest people make up the group of lowest mean, and so on: a benchmark for `decompose_ge(...).between`, which
    is small where groups are few or uneven whatever incomes are. Raises UndefinedMeasure as `decompose_ge` does.
    Source: Elbers, Lanjouw, Mistiaen & Ozler (2008), Journal of Economic Inequality 6(3), keeping the order of groups.
    """
    groups = subgroups(income, group, weight)
    ge(groups.whole, alpha=alpha)
    people = groups.people[np.argsort(groups.means, kind="stable")]
    sums = [lorenz_at(groups.whole, p) for p in np.append(0.0, np.cumsum(people))]
    relative = np.diff(sums) / (people * groups.whole.total_money)
    return max(float(np.dot(people, _entropy(relative, alpha))), 0.0)


def _has_nothing(part: Ranked) -> bool:
    return bool(part.income[-1] == 0.0)


def _entropy(relative: Reals, alpha: float) -> Reals:
    """Return what somebody with this income, relative to the mean, adds to generalised entropy."""
    if alpha == 0.0:
        return np.asarray(-np.log(relative))
    if alpha == 1.0:
        logs = np.log(relative, out=np.zeros_like(relative), where=relative > 0.0)
        return np.asarray(relative * logs)
    return np.asarray((relative**alpha - 1.0) / (alpha * (alpha - 1.0)))
