"""Known totals as a scenario has them, and the households of a file -> margins."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.population.margin import Margin
from incomesim.scenario.calibration import UNITS, SurveyTotal, Where

__all__ = ["SurveyRows", "make_margins"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_OLDEST = 120
_ELSEWHERE = "(elsewhere)"  # brackets: no region or group has such a name


class SurveyRows(Protocol):
    """Households, names as their places in the scenario, (N,); incomes in yuan by source, (4, N)."""

    @property
    def region(self) -> Integers: ...  # noqa: D102
    @property
    def residence(self) -> Integers: ...  # noqa: D102
    @property
    def group(self) -> Integers: ...  # noqa: D102
    @property
    def age(self) -> Integers: ...  # noqa: D102
    @property
    def persons(self) -> Reals: ...  # noqa: D102
    @property
    def elderly(self) -> Reals: ...  # noqa: D102
    @property
    def children(self) -> Reals: ...  # noqa: D102
    @property
    def income(self) -> Reals: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class _Sheet:
    """Totals of one quantity, divided by the same things, of which no household is in two."""

    of: str
    divided_by: tuple[str, ...]
    totals: dict[Hashable, float | None]
    sources: dict[str, str]
    code: Integers  # (P,) of each kind of household the number of its total, -1 for none


def make_margins(
    totals: Sequence[SurveyTotal], rows: SurveyRows, regions: Sequence[str], groups: Sequence[str]
) -> tuple[tuple[Margin, ...], dict[tuple[str, str], str]]:
    """Return the totals as margins of the rows, and the source of each by names of margin and category.

    Totals that overlap are in margins of their own.
    """
    kinds, kind = _kinds(rows, len(groups))
    sheets: list[_Sheet] = []
    for total in totals:
        inside = _members(total.where, kinds, regions, groups)
        label, divided_by = _label(total.where), _divided_by(total.where)
        for sheet in sheets:
            alike = (sheet.of, sheet.divided_by) == (total.of, divided_by) and label not in sheet.totals
            if alike and (sheet.code[inside] < 0).all():
                break
        else:
            sheet = _Sheet(total.of, divided_by, {}, {}, np.full(kinds.shape[1], -1))
            sheets.append(sheet)
        sheet.code[inside] = len(sheet.totals)
        sheet.totals[label], sheet.sources[label] = total.value, total.source
    margins = tuple(_margin(sheet, sheets[:number], rows, kind) for number, sheet in enumerate(sheets))
    return margins, {
        (margin.name, label): source
        for margin, sheet in zip(margins, sheets, strict=True)
        for label, source in sheet.sources.items()
    }


def _kinds(rows: SurveyRows, groups: int) -> tuple[Integers, Integers]:
    """Distinct combinations of region, residence, group and age (4, P), and which one each row is (N,)."""
    shape = (int(rows.region.max(initial=0)) + 1, len(RESIDENCES), groups, _OLDEST + 1)
    found, kind = np.unique(
        np.ravel_multi_index((rows.region, rows.residence, rows.group, rows.age), shape), return_inverse=True
    )
    return np.array(np.unravel_index(found, shape)), kind


def _members(where: Where, kinds: Integers, regions: Sequence[str], groups: Sequence[str]) -> Flags:
    """Which kinds of households a total is of (P,)."""
    region, residence, group, age = kinds
    inside = np.ones(kinds.shape[1], np.bool_)
    if where.regions:
        inside &= np.isin(region, [regions.index(name) for name in where.regions])
    if where.residence is not None:
        inside &= residence == RESIDENCES.index(where.residence)
    if where.groups:
        inside &= np.isin(group, [groups.index(name) for name in where.groups])
    if where.ages:
        inside &= (age >= where.ages[0]) & (age <= where.ages[1])
    return inside


def _divided_by(where: Where) -> tuple[str, ...]:
    named = {"region": where.regions, "residence": where.residence, "group": where.groups, "age": where.ages}
    return tuple(name for name, value in named.items() if value)


def _label(where: Where) -> str:
    ages = [f"{where.ages[0]}..{where.ages[1]}"] if where.ages else []
    residence = [where.residence] if where.residence else []
    return ", ".join(["+".join(part) for part in (where.regions, residence, where.groups, ages) if part])


def _margin(sheet: _Sheet, before: Sequence[_Sheet], rows: SurveyRows, kind: Integers) -> Margin:
    of = UNITS[sheet.of] if sheet.of in ("households", "persons") else sheet.of
    alike = sum((other.of, other.divided_by) == (sheet.of, sheet.divided_by) for other in before)
    name = " by ".join([of, *([" and ".join(sheet.divided_by)] if sheet.divided_by else [])])
    name += f" ({alike + 1})" if alike else ""
    if not sheet.divided_by:
        return Margin(name, {"all": sheet.totals[""]}, UNITS[sheet.of], of=_value(sheet.of, rows))
    names = np.array([*sheet.totals, _ELSEWHERE], object)  # of kinds in no total the last
    known = {**sheet.totals, _ELSEWHERE: None}
    return Margin(name, known, UNITS[sheet.of], by=names[sheet.code][kind], of=_value(sheet.of, rows))


def _value(of: str, rows: SurveyRows) -> Reals | None:
    """What a row counts for (N,), None for 1."""
    if of == "households":
        return None
    if of == "disposable":
        total: Reals = rows.income.sum(axis=0)
        return total
    value: Reals = rows.income[SOURCES.index(of)] if of in SOURCES else getattr(rows, of)
    return value
