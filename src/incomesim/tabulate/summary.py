"""The summary: every measure by year, scenario and subgroup, and the paired difference.

Incomes are yuan per head, weights persons (practice of the National Bureau of Statistics). Relative
lines and the OECD middle refer to the median of everybody in the same year and scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.ageing import Aged, weigh
from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import WEIGHT_UNIT, Totals
from incomesim.lines import Lines, lines_by_year
from incomesim.plan import Plan
from incomesim.scenario import Scenario
from incomesim.tabulate.people import Dimension, Subgroup, dimensions, money_by_cell, people, persons_by_cell
from incomesim.tabulate.standard import GAPS, MEAN, RATIO_OF_MEDIANS, OfMedian, Wanted, standard_table

__all__ = ["Measured", "measure_all", "summarise"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Entry = tuple[str, str, str, float, str, float]  # by, subgroup, measure, value, unit, bound

DIFFERENCES = {"policy": "difference", "extended": "extended_difference"}
"""Each scenario with levers minus the baseline, by name."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What is measured in one year of one scenario, and the incomes by subgroup that it is measured on."""

    entries: list[Entry]
    people: dict[Subgroup, measures.Binned]


def measure_all(
    scenario: Scenario, plan: Plan, aged: Aged, threads: int, tell: Callable[[int, int], None]
) -> list[list[Measured]]:
    """Return what is measured by scenario and year; where two scenarios are the same, as until a lever starts, once."""
    lines = lines_by_year(scenario)
    years = range(len(plan.ground.years))
    histogram = aged.sums.histogram

    def one(s: int, t: int) -> Measured:
        return _measure(plan, aged, s, t, lines[t])

    with ThreadPoolExecutor(threads) as pool:
        jobs = [[pool.submit(one, 0, t) for t in years]]
        for s in range(1, len(histogram)):
            same = [np.array_equal(histogram[s, t], histogram[s - 1, t]) for t in years]
            jobs.append([jobs[-1][t] if same[t] else pool.submit(one, s, t) for t in years])
        distinct = {id(job): job for row in jobs for job in row}
        try:
            for done, job in enumerate(as_completed(distinct.values()), start=1):
                job.result()
                tell(done, len(distinct))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [[job.result() for job in row] for row in jobs]


def summarise(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, measure, value, unit, bound.

    `bound` is the largest distance the value can have from that of the simulated incomes themselves,
    which are counted in bins; 0 where it is exact. A measure that has no meaning for a subgroup (the
    ratio of town to country of people who all live in town) has no row there.
    """
    parts = [
        _frame(year, name, of_year.entries)
        for name, of_scenario in zip(plan.scenarios, measured, strict=True)
        for year, of_year in zip(plan.ground.years, of_scenario, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    baseline, *others = plan.scenarios
    return pd.concat([table, *(_difference(table, baseline, other) for other in others)], ignore_index=True)


def _measure(plan: Plan, aged: Aged, s: int, t: int, lines: Lines) -> Measured:
    parts = people(plan, aged, s, t)
    median, table = measures.bounded(measures.median, parts["all", "all"]), standard_table(lines)
    entries = [entry for where, part in parts.items() for entry in _measures_of(*where, part, table, median)]
    entries += _ratio_of_medians(parts)
    ways = dimensions(plan)
    persons, money = persons_by_cell(plan, aged)[s, t], money_by_cell(plan, aged)[s, t]
    for what, column in (("households", Totals.HOUSEHOLDS), ("persons", Totals.PERSONS)):
        entries += _count(ways, aged.sums.totals[s, t, :, column], plan.ground.stratum, aged.factor[t], what)
    entries += _means(ways, persons, money)
    entries += _gaps(ways, persons, money)
    return Measured(entries, parts)


def _measures_of(
    by: str, subgroup: str, income: measures.Binned, table: tuple[Wanted, ...], median: measures.Bounded
) -> Iterator[Entry]:
    """`median` is that of everybody."""
    for wanted in table:
        parameters = {
            key: median * value.share if isinstance(value, OfMedian) else value
            for key, value in wanted.parameters.items()
        }
        with suppress(measures.UndefinedMeasure):
            found = measures.bounded(wanted.measure, income, None, **parameters)
            yield by, subgroup, wanted.name, found.value, wanted.unit, found.bound


def _ratio_of_medians(parts: dict[Subgroup, measures.Binned]) -> Iterator[Entry]:
    urban, rural = (parts.get(("residence", name)) for name in RESIDENCES)
    if urban is not None and rural is not None:
        with suppress(measures.UndefinedMeasure):
            found = measures.bounded(measures.median, urban) / measures.bounded(measures.median, rural)
            name, unit = RATIO_OF_MEDIANS
            yield "all", "all", name, found.value, unit, found.bound


def _count(
    ways: tuple[Dimension, ...], by_cell: Integers, stratum: Integers, factor: Reals, what: str
) -> Iterator[Entry]:
    """Whole numbers are added first: scenarios with as many people in each stratum then have the same figure."""
    for way in (_everybody(by_cell), *ways):
        counts = np.zeros((len(factor), len(way.names)), np.int64)
        np.add.at(counts, (stratum, way.of_cell), by_cell)
        for name, value in zip(way.names, weigh(counts, factor, WEIGHT_UNIT), strict=True):
            yield way.by, name, what, float(value), what, 0.0


def _everybody(by_cell: Reals | Integers) -> Dimension:
    return Dimension("all", ("all",), np.zeros(len(by_cell), np.int64))


def _means(ways: tuple[Dimension, ...], persons: Reals, money: Reals) -> Iterator[Entry]:
    """Mean incomes from exact sums."""
    for way in (_everybody(persons), *ways):
        heads, sums = (np.bincount(way.of_cell, values, len(way.names)) for values in (persons, money))
        for code in np.flatnonzero(heads):
            yield way.by, way.names[code], MEAN.name, float(sums[code] / heads[code]), MEAN.unit, 0.0


def _gaps(ways: tuple[Dimension, ...], persons: Reals, money: Reals) -> Iterator[Entry]:
    """Gaps between town and country and between regions, from exact sums, also within subgroups.

    There are none where a mean is 0 or below: ratios and Theil's T have no meaning then.
    """
    for way in (_everybody(persons), *ways):
        for code, name in enumerate(way.names):
            here = way.of_cell == code
            for gap, across in product(GAPS, ways):
                if gap.by == across.by != way.by:
                    heads, means = _means_of(across, persons * here, money * here)
                    if len(means) > 1 and means.min() > 0.0:
                        yield way.by, name, gap.name, gap.measure(means, heads), gap.unit, 0.0


def _means_of(way: Dimension, persons: Reals, money: Reals) -> tuple[Reals, Reals]:
    """Persons and mean income per head of those subgroups that have anybody in them."""
    heads = np.bincount(way.of_cell, persons, len(way.names))
    sums = np.bincount(way.of_cell, money, len(way.names))
    there = heads > 0.0
    return heads[there].astype(np.float64), sums[there] / heads[there]


def _frame(year: int, scenario: str, entries: list[Entry]) -> pd.DataFrame:
    table = pd.DataFrame(entries, columns=["by", "subgroup", "measure", "value", "unit", "bound"])
    table.insert(0, "year", year)
    table.insert(1, "scenario", scenario)
    return table


def _difference(table: pd.DataFrame, baseline: str, policy: str) -> pd.DataFrame:
    """Policy minus baseline, the same households with the same draws."""
    keys = ["year", "by", "subgroup", "measure", "unit"]
    before, after = (table[table["scenario"] == name] for name in (baseline, policy))
    pair = before.merge(after, on=keys, suffixes=("_before", "_after"), validate="one_to_one")
    pair["value"] = pair["value_after"] - pair["value_before"]
    pair["bound"] = pair["bound_after"] + pair["bound_before"]
    pair["scenario"] = DIFFERENCES[policy]
    return pair[table.columns]
