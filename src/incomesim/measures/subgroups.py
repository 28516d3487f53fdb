"""People in groups that have labels: provinces, town and country, kinds of households."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank_groups, ranked
from incomesim.measures.reading import same_rows

__all__ = ["Label", "Subgroups", "labelled", "subgroups"]

Reals = NDArray[np.float64]
Label: TypeAlias = Hashable


@dataclass(frozen=True, eq=False)
class Subgroups:
    """All people in order and the people of each group in order, for the labels of groups that have somebody."""

    whole: Ranked
    labels: tuple[Label, ...]
    parts: tuple[Ranked, ...]

    @property
    def people(self) -> Reals:
        """Shares of people (groups,); they add up to 1."""
        return np.array([part.total_weight for part in self.parts]) / self.whole.total_weight

    @property
    def means(self) -> Reals:
        """Mean incomes (groups,), in their unit."""
        return np.array([part.total_money / part.total_weight for part in self.parts])

    @property
    def money(self) -> Reals:
        """Shares of income (groups,); they add up to 1. Raises UndefinedMeasure where the mean is not above 0."""
        return self.people * self.means / self.whole.positive_mean


def subgroups(income: Incomes, group: ArrayLike, weight: ArrayLike | None = None) -> Subgroups:
    """Return people by group, in the order of categories where `group` (n,) is categorical, else of sorted labels.

    Groups in which nobody has a weight above 0 are left out. Raises UndefinedMeasure for people without a label
    and for labels that are not one for each income.
    """
    same_rows(income=income, group=group, weight=weight)
    people = ranked(income, weight)
    labels, codes = labelled(group)
    if codes.shape != (people.rows,):
        raise UndefinedMeasure(f"found {len(codes)} labels of groups for {people.rows} incomes")
    missing = int(np.count_nonzero(codes[people.order] < 0))
    if missing:
        raise UndefinedMeasure(f"{missing} people have no label of a group")
    found = [
        (label, part)
        for label, part in zip(labels, rank_groups(people, codes, number=len(labels)), strict=True)
        if part is not None
    ]
    return Subgroups(people, tuple(label for label, _ in found), tuple(part for _, part in found))


def labelled(group: ArrayLike) -> tuple[tuple[Label, ...], NDArray[np.int64]]:
    """Return the labels of groups and for each row the position of its label, -1 where it has none."""
    if np.ndim(group) != 1:
        raise UndefinedMeasure(f"labels of groups have {np.ndim(group)} dimensions, expected one")
    import pandas as pd  # loaded when groups are asked for: `import incomesim` is light

    own = isinstance(group, Sequence | np.ndarray | pd.Series | pd.Index | pd.api.extensions.ExtensionArray)
    values = pd.Categorical(group if own else np.asarray(group))  # type: ignore[arg-type]
    return tuple(values.categories.tolist()), np.asarray(values.codes, np.int64)
