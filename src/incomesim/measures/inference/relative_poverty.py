"""Influence functions of poverty below a line that is itself estimated, a share of the median."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inference.density import density, density_at
from incomesim.measures.inference.location import of_median as of_the_median
from incomesim.measures.inference.location import of_quantile
from incomesim.measures.inference.poverty import of_fgt
from incomesim.measures.location import median
from incomesim.measures.ranked import Ranked
from incomesim.measures.relative_poverty import arpt

__all__ = ["of_arpr", "of_arpt", "of_rmpg"]

Reals = NDArray[np.float64]


def of_arpt(people: Ranked, value: float, *, of_median: float) -> Reals:
    """The share of the median of that of the median."""
    return of_median * _of_median(people)


def of_arpr(people: Ranked, value: float, *, of_median: float) -> Reals:
    """That of the headcount with the line as it is, and those who cross it as it moves with the median."""
    line = arpt(people, of_median=of_median)
    fixed = of_fgt(people, value, line=line, order=0.0, or_equal=False)
    return fixed + density_at(people, line) * of_median * _of_median(people)


def of_rmpg(people: Ranked, value: float, *, of_median: float) -> Reals:
    """1 less the median of the poor over the line: half of the share of the poor lie below it, and that moves too."""
    line = arpt(people, of_median=of_median)
    of_line = of_median * _of_median(people)
    head = float(people.weight[: np.searchsorted(people.income, line)].sum()) / people.total_weight
    of_head = of_arpr(people, head, of_median=of_median)
    middle = (1.0 - value) * line
    of_middle = of_quantile(people, middle, p=0.5 * head) + 0.5 * of_head / density(people, middle, 0.5 * head)
    return (middle / line * of_line - of_middle) / line


def _of_median(people: Ranked) -> Reals:
    return of_the_median(people, median(people))
