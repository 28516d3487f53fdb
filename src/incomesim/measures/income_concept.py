"""Whose income counts, over how many heads, at which prices: chosen once for all measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.domain import one_of
from incomesim.measures.ranked import UndefinedMeasure
from incomesim.measures.reading import numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EquivalenceScale", "IncomeConcept", "Unit", "modified_oecd", "oecd", "per_head", "square_root", "undivided"]

Reals = NDArray[np.float64]
EquivalenceScale: TypeAlias = Callable[[Reals, Reals], Reals]
"""(adults, children) of households (n,) -> by how much their income is divided, above 0."""


class Unit(Enum):
    """What is counted: a household once, or each of its persons with the income of the household."""

    HOUSEHOLDS = "households"
    PERSONS = "persons"


def undivided(adults: Reals, children: Reals) -> Reals:
    """Return 1: income of the whole household."""
    return np.ones(len(adults))


def per_head(adults: Reals, children: Reals) -> Reals:
    """Return the number of persons: income per head."""
    return adults + children


def square_root(adults: Reals, children: Reals) -> Reals:
    """Return the square root of the number of persons (OECD since 2008, Luxembourg Income Study)."""
    return np.sqrt(adults + children)


def oecd(adults: Reals, children: Reals) -> Reals:
    """Return 1 for the first adult, 0.7 for each other and 0.5 for each child (OECD 1982, the "Oxford scale")."""
    return 1.0 + 0.7 * (adults - 1.0) + 0.5 * children


def modified_oecd(adults: Reals, children: Reals) -> Reals:
    """Return 1 for the first adult, 0.5 for each other, 0.3 for each child under 14 (Eurostat)."""
    return 1.0 + 0.5 * (adults - 1.0) + 0.3 * children


_OF_PERSONS = (undivided, per_head, square_root)  # need not know who is a child
_OF_ADULTS = (oecd, modified_oecd)  # begin with the first adult


@dataclass(frozen=True)
class IncomeConcept:
    """What is measured, from a frame with one row for each household.

    `income`, `weight` (households that a row stands for), `adults` and `children` name columns. Without `children`,
    `adults` are all persons, which scales that tell them apart refuse. `unit` and `scale` say what is counted and by
    what income is divided. `prices` names a column of price levels, 1 in `price_base`, by which incomes are
    divided; without it they are nominal.
    """

    income: str
    adults: str
    unit: Unit
    scale: EquivalenceScale
    weight: str | None = None
    children: str | None = None
    prices: str | None = None
    price_base: str | None = None

    def __post_init__(self) -> None:
        one_of(Unit, "unit", self.unit)
        if not callable(self.scale):
            raise TypeError(f"found scale {self.scale!r}, expected a function such as square_root or modified_oecd")
        if self.children is None and self.scale not in _OF_PERSONS:
            raise UndefinedMeasure(f"the scale {self.scale.__name__} tells children apart; name the column of children")
        if (self.prices is None) != (self.price_base is None):
            raise UndefinedMeasure(
                "constant prices need a column of levels and a base, as '2018'; found one of the two"
            )

    def __str__(self) -> str:
        size = self.scale.__name__.replace("_", " ")
        named = {"undivided": "household income", "per_head": "income per head"}
        divided = named.get(self.scale.__name__, f"income by the scale {size}")
        prices = "nominal" if self.price_base is None else f"at prices of {self.price_base}"
        return f"{divided}, {prices}, of {self.unit.value}"

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with columns `income` and `weight` for `table`, and in `attrs` what they are.

        Raises UndefinedMeasure for households of nobody, those of children alone where the scale begins with an adult,
        and prices or a scale that are not above 0.
        """

        def column(name: str | None, otherwise: float) -> Reals:
            return np.full(len(frame), otherwise) if name is None else numbers(repr(name), frame[name])

        adults, children, level = column(self.adults, 0.0), column(self.children, 0.0), column(self.prices, 1.0)
        alone = 1.0 if self.scale in _OF_ADULTS else 0.0
        size = self.scale(adults, children)
        heads = (("adults", adults, alone), ("children", children, 0.0), ("persons", adults + children, 1.0))
        for what, values, least in heads:
            if not (values >= least).all():
                raise UndefinedMeasure(
                    f"{np.count_nonzero(~(values >= least))} households have not at least {least:g} {what}"
                )
        for what, values in (("a scale", size), ("a price level", level)):
            if not ((values > 0.0) & np.isfinite(values)).all():
                raise UndefinedMeasure(f"{np.count_nonzero(~(values > 0.0))} rows have {what} that is not above 0")
        weight = column(self.weight, 1.0)
        if self.unit is Unit.PERSONS:
            weight = weight * (adults + children)
        result = frame.assign(income=column(self.income, 0.0) / (size * level), weight=weight)
        result.attrs["income_concept"] = str(self)
        return result
