"""What a scenario may say of totals that the weights of a file are to meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from incomesim.errors import nearest_name
from incomesim.fields import RESIDENCES, Model, Text, TotalsFile
from incomesim.policy.ground import Target

__all__ = ["UNITS", "Calibration", "SurveyTotal", "Where", "check_calibration", "check_total"]

Finding = tuple[tuple[str | int, ...], str]

UNITS = {
    "households": "households",
    **dict.fromkeys(("persons", "elderly", "children"), "persons"),
    **dict.fromkeys(("wage", "operating", "property", "transfer", "disposable"), "yuan"),
}
"""What there can be totals of, and in which unit: incomes in yuan a year, elderly from 65 on, children below 15."""

Quantity = Literal[
    "households", "persons", "elderly", "children", "wage", "operating", "property", "transfer", "disposable"
]


class Where(Target):
    """The households that a total is of; what is left out means all."""

    ages: list[int] = Field(default=[], description="lowest and highest age of the head", max_length=2)


class SurveyTotal(Model):
    """A known total, and who published it."""

    of: Quantity = Field(description="what is added up, over households: " + ", ".join(UNITS))
    where: Where = Field(Where(), description="which households it is of; all where left out")
    value: float = Field(ge=-1e16, le=1e16, description="households, persons, or yuan a year")
    source: Text = Field(description="publication it stands in, or why it is assumed")


class Calibration(Model):
    """Weights of the file are changed as little as can be so that they meet known totals."""

    method: Literal["raking", "linear", "logit"] = Field("raking", description="distance between old and new weights")
    bounds: list[float] | None = Field(
        None, description="least and largest ratio of new to old weights, with logit", min_length=2, max_length=2
    )
    totals: list[SurveyTotal] = Field(default=[], description="known totals", max_length=2000)
    table: TotalsFile | None = Field(
        None, description="CSV of known totals: region, residence, group, age, of, value, unit, source"
    )


def check_calibration(data: Any, regions: Sequence[str], groups: Sequence[str]) -> Iterator[Finding]:
    """Yield what no single value shows: the path from `calibration`, and what is wrong."""
    calibration = data if isinstance(data, dict) else {}
    bounds, method = calibration.get("bounds"), calibration.get("method", "raking")
    if bounds is None and method == "logit":
        yield (), "`bounds` is missing; logit needs the least and the largest ratio of new to old weights: [0.5, 2]"
    if bounds is not None and method in ("raking", "linear"):
        yield ("bounds",), f"found bounds with the method {method}, which has none; logit has"
    if isinstance(bounds, list) and _numbers(bounds) and not (len(bounds) == 2 and 0.0 <= bounds[0] < 1.0 < bounds[1]):
        yield ("bounds",), f"found {bounds}, expected a number from 0 to below 1 and one above 1"
    totals = calibration.get("totals", [])
    if not totals and calibration.get("table") is None:
        yield (), "found neither `totals` nor a `table` of them, expected one or both"
    for index, total in enumerate(totals if isinstance(totals, list) else []):
        where = total.get("where") if isinstance(total, dict) else None
        for path, message in check_total(where, regions, groups):
            yield ("totals", index, "where", *path), message


def check_total(where: Any, regions: Sequence[str], groups: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong between a `where` and the names of the scenario."""
    where = where if isinstance(where, dict) else {}
    for kind, allowed in (("regions", regions), ("groups", groups)):
        names = where.get(kind)
        for index, name in enumerate(names if isinstance(names, list) else []):
            if isinstance(name, str) and name not in allowed:
                yield (kind, index), _unknown(kind[:-1], name, allowed)
    residence = where.get("residence")
    if isinstance(residence, str) and residence not in RESIDENCES:
        yield ("residence",), _unknown("residence", residence, RESIDENCES)
    ages = where.get("ages")
    if _numbers(ages) and ages and not (len(ages) == 2 and ages[0] <= ages[1]):
        yield ("ages",), f"found {ages}, expected the lowest and the highest age of the head"


def _unknown(kind: str, name: str, allowed: Sequence[str]) -> str:
    return f'unknown {kind} "{name}", expected one of {", ".join(allowed)}{nearest_name(name, allowed)}'


def _numbers(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )
