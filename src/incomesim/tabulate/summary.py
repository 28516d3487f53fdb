"""The summary: every measure by year, scenario and subgroup, and the paired difference.

Incomes are yuan per head, weights persons (practice of the National Bureau of Statistics). Relative
lines and the OECD middle refer to the median of everybody in the same year and scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Output, Totals
from incomesim.paths import price_index
from incomesim.plan import SCENARIOS, Plan
from incomesim.scenario import Scenario
from incomesim.tabulate.people import Dimension, dimensions, people

__all__ = ["Measured", "Subgroup", "measure_all", "summarise"]

Reals = NDArray[np.float64]
Subgroup = tuple[str, str]  # by, name
Entry = tuple[str, str, str, float, str]  # by, subgroup, measure, value, unit

THREE_PERSONS = 3.0
"""The official definitions of a middle income are for a household of three."""

RELATIVE_LINES = (0.4, 0.5, 0.6)


@dataclass(frozen=True)
class Lines:
    """Lines of one year in its own prices, yuan per head."""

    poverty: dict[str, float]
    middle_nbs: tuple[float, float]
    middle_zhejiang: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Measured:
    """What is measured in one year of one scenario.

    `lorenz` (101,) and `hundredths` (100,), the means of equal groups, by subgroup; `fifth` (N,) is the
    fifth of all people that a household belongs to.
    """

    entries: list[Entry]
    lorenz: dict[Subgroup, Reals]
    hundredths: dict[Subgroup, Reals]
    fifth: NDArray[np.int64]


def measure_all(
    scenario: Scenario, plan: Plan, output: Output, threads: int, tell: Callable[[int, int], None]
) -> list[list[Measured]]:
    """Return what is measured by scenario and year. Incomes are sorted once for all of it."""
    lines = _lines(scenario)
    years = range(len(plan.ground.years))

    def one(s: int, t: int) -> Measured:
        return _measure(plan, output, s, t, lines[t])

    with ThreadPoolExecutor(threads) as pool:
        # until a lever starts, both scenarios are the same
        jobs = [[pool.submit(one, 0, t) for t in years]]
        jobs.append(
            [
                jobs[0][t] if np.array_equal(output.income[0, t], output.income[1, t]) else pool.submit(one, 1, t)
                for t in years
            ]
        )
        distinct = {id(job): job for row in jobs for job in row}
        for done, _ in enumerate(as_completed(distinct.values()), start=1):
            tell(done, len(distinct))
    return [[job.result() for job in row] for row in jobs]


def summarise(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, measure, value, unit.

    A measure that has no meaning for a subgroup (the ratio of town to country of people who all live in
    town) has no row there.
    """
    parts = [
        _frame(year, name, of_year.entries)
        for name, of_scenario in zip(SCENARIOS, measured, strict=True)
        for year, of_year in zip(plan.ground.years, of_scenario, strict=True)
    ]
    return _with_difference(pd.concat(parts, ignore_index=True))


def _lines(scenario: Scenario) -> list[Lines]:
    prices_2018, prices_2020 = price_index(scenario, 2018), price_index(scenario, 2020)
    poverty = {line.name: line.value * price_index(scenario, line.year) for line in scenario.poverty_lines}
    return [
        Lines(
            {name: float(values[t]) for name, values in poverty.items()},
            (100_000 / THREE_PERSONS * prices_2018[t], 500_000 / THREE_PERSONS * prices_2018[t]),
            (200_000 / THREE_PERSONS * prices_2020[t], 600_000 / THREE_PERSONS * prices_2020[t]),
        )
        for t in range(len(scenario.years))
    ]


def _measure(plan: Plan, output: Output, s: int, t: int, lines: Lines) -> Measured:
    """Everybody is sorted once, subgroups are picked from that; sums come from the kernel."""
    everybody = people(plan, output, s, t)
    whole = measures.rank(everybody.income, everybody.weight)
    parts: dict[Subgroup, measures.Ranked] = {("all", "all"): whole}
    ways = dimensions(plan)
    for way in ways:
        groups = measures.rank_groups(whole, way.of_cell[everybody.cell], len(way.names))
        parts |= {(way.by, name): part for name, part in zip(way.names, groups, strict=True) if part is not None}
    median = measures.median(whole)
    entries = [entry for where, part in parts.items() for entry in _measures_of(*where, part, median, lines)]
    urban, rural = (parts.get(("residence", name)) for name in RESIDENCES)
    if urban is not None and rural is not None:
        ratio = measures.median(urban) / measures.median(rural)
        entries.append(("all", "all", "urban_rural_ratio_median", ratio, "ratio"))
    scale = plan.residents[t]
    households = output.totals[s, t, :, Totals.HOUSEHOLDS] * (WEIGHT_UNIT * scale)
    persons = output.totals[s, t, :, Totals.PERSONS] * (WEIGHT_UNIT * scale)
    entries += _count(ways, households, "households")
    entries += _count(ways, persons, "persons")
    entries += _gaps(ways, persons, output.totals[s, t, :, Totals.WAGE :].sum(axis=-1) * (MONEY_UNIT * scale))
    return Measured(
        entries,
        {where: measures.lorenz(part)[1] for where, part in parts.items()},
        {where: measures.group_means(part) for where, part in parts.items()},
        measures.quantile_groups(whole),
    )


def _measures_of(by: str, subgroup: str, income: measures.Ranked, median: float, lines: Lines) -> Iterator[Entry]:
    """The standard table of one subgroup."""
    table: list[tuple[str, str, Callable[[], float]]] = [
        ("mean", "yuan per head", lambda: measures.mean(income)),
        ("median", "yuan per head", lambda: measures.median(income)),
        ("gini", "index", lambda: measures.gini(income)),
        ("theil", "index", lambda: measures.theil(income)),
        ("mean_log_deviation", "index", lambda: measures.mean_log_deviation(income)),
        ("p90_p10", "ratio", lambda: measures.quantile_ratio(income, 0.9, 0.1)),
        ("s80_s20", "ratio", lambda: measures.share_ratio(income, 0.2, 0.2)),
        ("middle_nbs", "share", lambda: measures.share_between(income, *lines.middle_nbs)),
        ("middle_zhejiang", "share", lambda: measures.share_between(income, *lines.middle_zhejiang)),
        ("middle_oecd", "share", lambda: measures.share_between(income, 0.75 * median, 2.0 * median)),
    ]
    relative = {f"median_{share:.0%}".rstrip("%"): share * median for share in RELATIVE_LINES}
    for name, line in {**lines.poverty, **relative}.items():
        for order in (0, 1, 2):
            table.append((f"fgt{order}_{name}", "share" if order == 0 else "index", _fgt(income, line, order)))
    for measure, unit, compute in table:
        try:
            yield by, subgroup, measure, compute(), unit
        except measures.UndefinedMeasure:
            continue


def _fgt(income: measures.Ranked, line: float, order: int) -> Callable[[], float]:
    return lambda: measures.fgt(income, line, order)


def _count(ways: tuple[Dimension, ...], by_cell: Reals, what: str) -> Iterator[Entry]:
    yield "all", "all", what, float(by_cell.sum()), what
    for way in ways:
        for name, value in zip(way.names, np.bincount(way.of_cell, by_cell, len(way.names)), strict=True):
            yield way.by, name, what, float(value), what


def _gaps(ways: tuple[Dimension, ...], persons: Reals, money: Reals) -> Iterator[Entry]:
    """Gaps between town and country and between regions, from exact sums, also within subgroups."""
    region, residence, _ = ways
    everybody = Dimension("all", ("all",), np.zeros(len(persons), np.int64))
    for way in (everybody, *ways):
        for code, name in enumerate(way.names):
            here = way.of_cell == code
            if way.by != "residence":
                heads, means = _means(residence, persons * here, money * here)
                if len(means) == len(RESIDENCES):
                    yield way.by, name, "urban_rural_ratio", float(means[0] / means[1]), "ratio"
            heads, means = _means(region, persons * here, money * here)
            if way.by != "region" and len(means) > 1:
                yield way.by, name, "region_max_min", measures.max_min_ratio(means), "ratio"
                yield way.by, name, "region_variation", measures.weighted_variation(means, heads), "index"
                yield way.by, name, "region_theil_between", measures.theil_between(means, heads), "index"


def _means(way: Dimension, persons: Reals, money: Reals) -> tuple[Reals, Reals]:
    """Persons and mean income per head of those subgroups that have anybody in them."""
    heads = np.bincount(way.of_cell, persons, len(way.names))
    sums = np.bincount(way.of_cell, money, len(way.names))
    there = heads > 0.0
    return heads[there].astype(np.float64), sums[there] / heads[there]


def _frame(year: int, scenario: str, entries: list[Entry]) -> pd.DataFrame:
    table = pd.DataFrame(entries, columns=["by", "subgroup", "measure", "value", "unit"])
    table.insert(0, "year", year)
    table.insert(1, "scenario", scenario)
    return table


def _with_difference(table: pd.DataFrame) -> pd.DataFrame:
    """Append policy minus baseline, the same households with the same draws."""
    keys = ["year", "by", "subgroup", "measure", "unit"]
    baseline, policy = (table[table["scenario"] == name] for name in SCENARIOS)
    pair = baseline.merge(policy, on=keys, suffixes=("_baseline", "_policy"), validate="one_to_one")
    pair["value"] = pair["value_policy"] - pair["value_baseline"]
    pair["scenario"] = "difference"
    return pd.concat([table, pair[table.columns]], ignore_index=True)
