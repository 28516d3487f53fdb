"""How much of a change of poverty is growth, and how much redistribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from incomesim.measures.decompositions.shapley import shapley
from incomesim.measures.domain import one_of
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank, ranked

__all__ = ["GrowthAndRedistribution", "Reference", "datt_ravallion", "shapley_growth_redistribution"]


class Reference(Enum):
    """The period whose mean and distribution stay where the other one changes."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class GrowthAndRedistribution:
    """growth + redistribution + residual = the change; in the unit of the measure, below 0 where poverty falls."""

    growth: float
    redistribution: float
    residual: float

    @property
    def change(self) -> float:
        """The measure after less the measure before."""
        return self.growth + self.redistribution + self.residual


def datt_ravallion(
    measure: Callable[[Incomes], float], before: Incomes, after: Incomes, *, reference: Reference
) -> GrowthAndRedistribution:
    """Return the change of a poverty measure by growth of the mean, by change of the Lorenz curve, and the residual.

    `measure` takes incomes alone: `partial(fgt, line=1_000, order=1)`. `before` and `after` are incomes of any two
    groups of people; weights come with `rank(income, weight)`. Growth: incomes of the reference period with either
    mean; redistribution: the mean of the reference period with either Lorenz curve; with the last period for
    reference the residual changes its sign. Raises UndefinedMeasure where a mean is not above 0. Source: Datt &
    Ravallion (1992), Journal of Development Economics 38(2).
    """
    one_of(Reference, "reference", reference)
    poverty = _by_mean_and_lorenz(measure, before, after)
    stays = reference is Reference.LAST
    change = poverty((True, True)) - poverty((False, False))
    growth = poverty((True, stays)) - poverty((False, stays))
    redistribution = poverty((stays, True)) - poverty((stays, False))
    return GrowthAndRedistribution(growth, redistribution, change - growth - redistribution)


def shapley_growth_redistribution(
    measure: Callable[[Incomes], float], before: Incomes, after: Incomes
) -> GrowthAndRedistribution:
    """Return the change of a poverty measure by growth and by redistribution, without residual.

    Each is the mean of `datt_ravallion` with either period for reference. Raises UndefinedMeasure where a mean is not
    above 0. Sources: Kakwani (2000), Journal of Quantitative Economics 16(1); Shorrocks (2013), Journal of
    Economic Inequality 11(1).
    """
    growth, redistribution = shapley(_by_mean_and_lorenz(measure, before, after), 2)
    return GrowthAndRedistribution(float(growth), float(redistribution), 0.0)


def _by_mean_and_lorenz(
    measure: Callable[[Incomes], float], before: Incomes, after: Incomes
) -> Callable[[tuple[bool, ...]], float]:
    """Return the measure as a function of (mean is that after, Lorenz curve is that after)."""
    old, new = ranked(before), ranked(after)
    scale = _mean(new) / _mean(old)
    people: dict[tuple[bool, ...], Ranked] = {
        (False, False): old,
        (True, False): rank(old.income * scale, old.weight),
        (False, True): rank(new.income / scale, new.weight),
        (True, True): new,
    }
    return lambda state: measure(people[state])


def _mean(people: Ranked) -> float:
    try:
        return people.positive_mean
    except UndefinedMeasure as error:
        raise UndefinedMeasure(f"there is no growth from or to it: {error}") from error
