"""The summary as a book to look things up in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from incomesim.report.definitions import define, definitions_of, is_relative
from incomesim.report.quantities import Written, write_known, write_known_difference
from incomesim.result import Result

__all__ = ["SummaryLookup", "display_name", "look_up_summary"]

Key = tuple[str, str, int, str, str]


@dataclass(frozen=True)
class SummaryLookup:
    """Values of the summary with their bounds and errors by (measure, scenario, year, by, subgroup), and what there is.

    `limits` are those of 95 %.
    """

    values: Mapping[Key, float]
    bounds: Mapping[Key, float]
    errors: Mapping[Key, float]
    limits: Mapping[Key, tuple[float, float]]
    years: tuple[int, ...]
    measures: tuple[str, ...]
    subgroups: Mapping[str, tuple[str, ...]]
    extended: bool  # whether there are services in kind, and so the scenario `extended`

    @property
    def first(self) -> int:
        """The first year."""
        return self.years[0]

    @property
    def last(self) -> int:
        """The last year."""
        return self.years[-1]

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the poverty lines of the scenario."""
        return tuple(line for line in self._all_lines if not is_relative(line))

    @property
    def relative_lines(self) -> tuple[str, ...]:
        """The names of the lines that are shares of the median."""
        return tuple(line for line in self._all_lines if is_relative(line))

    @property
    def _all_lines(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("fgt0_") for name in self.measures if name.startswith("fgt0_"))

    def value(self, measure: str, scenario: str, year: int, by: str = "all", subgroup: str = "all") -> float:
        """Return one value, not a number where the summary has none."""
        return self.values.get((measure, scenario, year, by, subgroup), math.nan)

    def bound(self, measure: str, scenario: str, year: int, by: str = "all", subgroup: str = "all") -> float:
        """Return how far a value can be from that of the simulated incomes, not a number where there is none."""
        return self.bounds.get((measure, scenario, year, by, subgroup), math.nan)

    def is_signed(self, measure: str, scenario: str, year: int, by: str = "all", subgroup: str = "all") -> bool:
        """Return whether the sign of a difference is known: beyond its bound, and with limits on one side of 0."""
        where = (measure, scenario, year, by, subgroup)
        low, high = self.limits.get(where, (math.nan, math.nan))
        return abs(self.value(*where)) > self.bound(*where) and not low <= 0.0 <= high

    def written(self, measure: str, scenario: str, year: int, by: str = "all", subgroup: str = "all") -> Written:
        """Return a value with its bound and standard error as texts; those of the difference with their sign."""
        write = write_known_difference if scenario.endswith("difference") else write_known
        where = (measure, scenario, year, by, subgroup)
        return write(self.value(*where), self.bound(*where), define(measure, {}).unit, self.errors.get(where, math.nan))


def look_up_summary(result: Result) -> SummaryLookup:
    """Return the summary of a result, ready to be looked up."""
    table = result.summary
    keys = list(zip(
        table["measure"].tolist(), table["scenario"].tolist(), table["year"].tolist(),
        table["by"].tolist(), table["subgroup"].tolist(), strict=True,
    ))  # fmt: skip
    measures = table["measure"].unique().tolist()
    return SummaryLookup(
        values=dict(zip(keys, table["value"].tolist(), strict=True)),
        bounds=dict(zip(keys, table["bound"].tolist(), strict=True)),
        errors=dict(zip(keys, table["standard_error"].tolist(), strict=True)),
        limits=dict(zip(keys, zip(table["low"].tolist(), table["high"].tolist(), strict=True), strict=True)),
        years=tuple(sorted(int(year) for year in table["year"].unique())),
        measures=tuple(entry.measure for entry in definitions_of(measures, result.labels)),
        subgroups={
            str(by): tuple(rows["subgroup"].unique().tolist())
            for by, rows in table[["by", "subgroup"]].groupby("by", sort=False)
        },
        extended=bool((table["scenario"] == "extended").any()),
    )


def display_name(name: object) -> str:
    """Return a name of the scenario file as words: `needy_able` becomes `Needy able`."""
    words = "" if name is None or name is pd.NA else str(name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
