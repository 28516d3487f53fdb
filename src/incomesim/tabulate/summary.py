"""The summary: every measure by year, scenario and subgroup, and the paired difference.

Incomes are yuan per head, weights persons (practice of the National Bureau of Statistics). Relative
lines and the OECD middle refer to the median of everybody in the same year and scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass

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

__all__ = ["Measured", "measure_all", "summarise"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Entry = tuple[str, str, str, float, str, float]  # by, subgroup, measure, value, unit, bound

Amount = float | measures.Bounded
Wanted = tuple[str, str, Callable[..., float], dict[str, Amount]]  # name, unit, measure, parameters

DIFFERENCES = {"policy": "difference", "extended": "extended_difference"}
"""Each scenario with levers minus the baseline, by name."""

RELATIVE_LINES = (0.4, 0.5, 0.6)


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
    table = _standard_table(measures.bounded(measures.median, parts["all", "all"]), lines)
    entries = [entry for where, part in parts.items() for entry in _measures_of(*where, part, table)]
    entries += _ratio_of_medians(parts)
    ways = dimensions(plan)
    persons, money = persons_by_cell(plan, aged)[s, t], money_by_cell(plan, aged)[s, t]
    for what, column in (("households", Totals.HOUSEHOLDS), ("persons", Totals.PERSONS)):
        entries += _count(ways, aged.sums.totals[s, t, :, column], plan.ground.stratum, aged.factor[t], what)
    entries += _means(ways, persons, money)
    entries += _gaps(ways, persons, money)
    return Measured(entries, parts)


def _standard_table(median: measures.Bounded, lines: Lines) -> list[Wanted]:
    """What is measured of everybody and of every subgroup; `median` is that of everybody."""
    table = [
        _wanted("median", "yuan per head", measures.median),
        _wanted("gini", "index", measures.gini),
        _wanted("theil", "index", measures.theil),
        _wanted("mld", "index", measures.mld),
        _wanted("hoover", "index", measures.hoover),
        _wanted("wolfson", "index", measures.wolfson),
        _wanted("palma", "ratio", measures.palma),
        _wanted("p90_p10", "ratio", measures.quantile_ratio, upper=0.9, lower=0.1),
        _wanted("s80_s20", "ratio", measures.share_ratio, top=0.2, bottom=0.2),
    ]
    middles: dict[str, tuple[Amount, Amount]] = {
        "middle_nbs": lines.middle_nbs,
        "middle_zhejiang": lines.middle_zhejiang,
        "middle_oecd": (median * 0.75, median * 2.0),
    }
    for name, (lower, upper) in middles.items():
        table.append(_wanted(name, "share", measures.share_between, lower=lower, upper=upper))
    absolute = {name: measures.exactly(line) for name, line in lines.poverty.items()}
    relative = {f"median_{100.0 * share:.0f}": median * share for share in RELATIVE_LINES}
    for name, line in {**absolute, **relative}.items():
        for order in (0, 1, 2):
            unit = "share" if order == 0 else "index"
            table.append(_wanted(f"fgt{order}_{name}", unit, measures.fgt, line=line, order=order))
    for name, line in absolute.items():
        table += (
            _wanted(f"sst_{name}", "index", measures.sst, line=line),
            _wanted(f"watts_{name}", "index", measures.watts, line=line),
        )
    return table


def _wanted(name: str, unit: str, measure: Callable[..., float], **parameters: Amount) -> Wanted:
    return name, unit, measure, parameters


def _measures_of(by: str, subgroup: str, income: measures.Binned, table: list[Wanted]) -> Iterator[Entry]:
    for name, unit, measure, parameters in table:
        with suppress(measures.UndefinedMeasure):
            found = measures.bounded(measure, income, None, **parameters)
            yield by, subgroup, name, found.value, unit, found.bound


def _ratio_of_medians(parts: dict[Subgroup, measures.Binned]) -> Iterator[Entry]:
    urban, rural = (parts.get(("residence", name)) for name in RESIDENCES)
    if urban is not None and rural is not None:
        with suppress(measures.UndefinedMeasure):
            found = measures.bounded(measures.median, urban) / measures.bounded(measures.median, rural)
            yield "all", "all", "urban_rural_ratio_median", found.value, "ratio", found.bound


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
            yield way.by, way.names[code], "mean", float(sums[code] / heads[code]), "yuan per head", 0.0


def _gaps(ways: tuple[Dimension, ...], persons: Reals, money: Reals) -> Iterator[Entry]:
    """Gaps between town and country and between regions, from exact sums, also within subgroups.

    There are none where a mean is 0 or below: ratios and Theil's T have no meaning then.
    """
    region, residence, _ = ways
    for way in (_everybody(persons), *ways):
        for code, name in enumerate(way.names):
            here = way.of_cell == code
            if way.by != "residence":
                heads, means = _means_of(residence, persons * here, money * here)
                if len(means) == len(RESIDENCES) and means.min() > 0.0:
                    yield way.by, name, "urban_rural_ratio", float(means[0] / means[1]), "ratio", 0.0
            heads, means = _means_of(region, persons * here, money * here)
            if way.by != "region" and len(means) > 1 and means.min() > 0.0:
                yield way.by, name, "region_max_min", measures.max_min_ratio(means), "ratio", 0.0
                yield way.by, name, "region_variation", measures.weighted_variation(means, heads), "index", 0.0
                yield way.by, name, "region_theil_between", measures.theil_between(means, heads), "index", 0.0


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
