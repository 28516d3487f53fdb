"""A gap of means between two groups: by what they have, and by what they get for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import NamedColumns, named_columns
from incomesim.measures.domain import one_of
from incomesim.measures.ranked import UndefinedMeasure
from incomesim.measures.subgroups import Label, labelled

__all__ = ["Coefficients", "ThreeFold", "TwoFold", "oaxaca_blinder", "oaxaca_blinder_threefold"]

Reals = NDArray[np.float64]
CONSTANT = "constant"


class Coefficients(Enum):
    """The coefficients that would hold without discrimination."""

    REFERENCE = "those of the group of reference"
    COMPARED = "those of the compared group"
    POOLED = "those of both groups together, with a constant for each"


@dataclass(frozen=True, eq=False)
class TwoFold:
    """explained + unexplained = the mean of the reference less that of the compared group, in the outcome's unit.

    `explained_of` and `unexplained_of` (characteristics + 1,) are by characteristic; the last is the constant. The
    split of the unexplained part between the constant and a category depends on which category is left out.
    """

    characteristics: tuple[str, ...]
    explained_of: Reals
    unexplained_of: Reals

    @property
    def explained(self) -> float:
        """The gap there would be if both groups got the same for what they have."""
        return float(self.explained_of.sum())

    @property
    def unexplained(self) -> float:
        """The gap there would be if both groups had the same."""
        return float(self.unexplained_of.sum())


@dataclass(frozen=True, eq=False)
class ThreeFold:
    """endowments + coefficients + interaction = the gap, by characteristic (characteristics + 1,), then constant."""

    characteristics: tuple[str, ...]
    endowments_of: Reals
    coefficients_of: Reals
    interaction_of: Reals


def oaxaca_blinder(
    outcome: ArrayLike,
    characteristics: NamedColumns,
    group: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reference: Label,
    compared: Label,
    coefficients: Coefficients,
) -> TwoFold:
    """Return the gap of mean outcomes explained by mean characteristics, and the rest.

    Linear regressions by weighted least squares with a constant in either group; `characteristics` are columns (n,)
    by name, categories as columns of 0 and 1 with one left out. With b the coefficients that would hold: explained
    (mean r - mean c) b, unexplained mean r (b_r - b) + mean c (b - b_c). Raises UndefinedMeasure where a group has
    nobody or its characteristics are not independent. Sources: Oaxaca (1973), International Economic Review 14(3);
    Blinder (1973), Journal of Human Resources 8(4); pooled Jann (2008), Stata Journal 8(4).
    """
    one_of(Coefficients, "coefficients", coefficients)
    names, one, other = _two(outcome, characteristics, group, weight, reference, compared)
    match coefficients:
        case Coefficients.REFERENCE:
            fair = one.slopes
        case Coefficients.COMPARED:
            fair = other.slopes
        case Coefficients.POOLED:
            fair = _pooled(one, other)
    explained = (one.means - other.means) * fair
    unexplained = one.means * (one.slopes - fair) + other.means * (fair - other.slopes)
    return TwoFold(names, explained, unexplained)


def oaxaca_blinder_threefold(
    outcome: ArrayLike,
    characteristics: NamedColumns,
    group: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reference: Label,
    compared: Label,
) -> ThreeFold:
    """Return the gap of mean outcomes by endowments, coefficients and their interaction, seen from the compared group.

    Endowments: what it would gain with the characteristics of the other at its own coefficients; coefficients: with
    those of the other for its own characteristics; interaction: what both together add. Raises UndefinedMeasure as
    `oaxaca_blinder` does. Source: Winsborough & Dickinson (1971); Jann (2008), Stata Journal 8(4).
    """
    names, one, other = _two(outcome, characteristics, group, weight, reference, compared)
    means, slopes = one.means - other.means, one.slopes - other.slopes
    return ThreeFold(names, means * other.slopes, other.means * slopes, means * slopes)


@dataclass(frozen=True, eq=False)
class _Side:
    """One group: characteristics (n, k) with the constant last, outcomes (n,), square roots of weights (n,)."""

    matrix: Reals
    outcome: Reals
    root: Reals

    @property
    def means(self) -> Reals:
        return np.average(self.matrix, axis=0, weights=self.root**2)

    @property
    def slopes(self) -> Reals:
        return _least_squares(self.matrix, self.outcome, self.root)


def _two(
    outcome: ArrayLike,
    characteristics: NamedColumns,
    group: ArrayLike,
    weight: ArrayLike | None,
    reference: Label,
    compared: Label,
) -> tuple[tuple[str, ...], _Side, _Side]:
    if "outcome" in characteristics:
        raise UndefinedMeasure("a characteristic is named outcome; give it another name")
    labels, codes = labelled(group)
    sides = []
    for label in (reference, compared):
        if label not in labels:
            raise UndefinedMeasure(f"nobody is in group {label!r}; there are {', '.join(map(repr, labels))}")
        here = codes == labels.index(label)
        weights = here.astype(np.float64) if weight is None else np.where(here, np.asarray(weight, np.float64), 0.0)
        names, rows, kept = named_columns({**characteristics, "outcome": outcome}, weights)
        matrix = np.column_stack([*rows[:-1], np.ones(len(kept))])
        sides.append(_Side(matrix, rows[-1], np.sqrt(kept)))
    return (*names[:-1], CONSTANT), sides[0], sides[1]


def _pooled(one: _Side, other: _Side) -> Reals:
    """Coefficients of both groups together beside a constant of each; the one kept is that of the compared group."""
    matrix = np.vstack([one.matrix, other.matrix])
    first = np.append(np.ones(len(one.root)), np.zeros(len(other.root)))
    root = np.append(one.root, other.root)
    slopes = _least_squares(np.column_stack([matrix, first]), np.append(one.outcome, other.outcome), root)
    return np.asarray(slopes[:-1])


def _least_squares(matrix: Reals, outcome: Reals, root: Reals) -> Reals:
    slopes, _, rank, _ = np.linalg.lstsq(matrix * root[:, None], outcome * root, rcond=None)
    if rank < matrix.shape[1]:
        raise UndefinedMeasure(
            f"{matrix.shape[1]} characteristics with the constant have rank {rank}: one follows from the others"
        )
    return np.asarray(slopes)
