"""What each cluster of a sample adds to the error of each measure: sums of linearised variables (Deville 1999)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.measures.inference.rules import RULES
from incomesim.measures.inference.scale import Range
from incomesim.measures.kept import kept
from incomesim.plan import Plan
from incomesim.sampled import Sampled
from incomesim.tabulate.met_totals import Answer
from incomesim.tabulate.people import Dimension
from incomesim.tabulate.standard import GAPS, MEAN, RATIO_OF_MEDIANS, Gap, OfMedian, Wanted

__all__ = ["Part", "View", "list_measures", "view"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_COUNTS = ("persons", "households")

_WINDOW = 0.5
"""Half the window in which the slope of a measure at a line is taken, relative to the line, for one person."""


def list_measures(by: str, table: Sequence[Wanted]) -> tuple[tuple[str, Range], ...]:
    """Return the measures of a subgroup of the way `by` and where they can lie, in the order of `View.linearise`."""
    counts = ((name, Range.ABOVE_0) for name in _COUNTS)
    own = ((wanted.name, RULES[wanted.measure].range) for wanted in (MEAN, *table))
    gaps = ((gap.name, Range.ABOVE_0) for gap in GAPS if gap.by != by)
    medians = ((RATIO_OF_MEDIANS[0], Range.ABOVE_0),) if by == "all" else ()
    return *counts, *own, *gaps, *medians


@dataclass(frozen=True, eq=False)
class Part:
    """A subgroup: the households (k,) in it and their incomes in order."""

    rows: Integers
    people: measures.Ranked

    @kept
    def median(self) -> float:
        """The median of the subgroup."""
        return measures.median(self.people)


@dataclass(frozen=True, eq=False)
class View:
    """The households (n,) of a sample in one year and scenario: income per head, persons and households stood for.

    `codes` is the subgroup of each in each way; the first way is everybody.
    """

    income: Reals
    persons: Reals
    households: Reals
    ways: tuple[Dimension, ...]
    codes: tuple[Integers, ...]
    stratum: Integers
    cluster: Integers
    answer: Answer | None

    def linearise(self, part: Part | None, by: str, table: Sequence[Wanted]) -> Reals:
        """Return what each cluster does to the measures (parts, measures, clusters) of a subgroup of the way `by`.

        The first part is the sum of weight times influence, with the answer of weights; a second, where there is one,
        what it does through weights of the first year. A row is not a number where the measure has no meaning for the
        subgroup in the sample.
        """
        if part is None:
            rows = np.full((self._parts, len(list_measures(by, table)), int(self.cluster[-1]) + 1), np.nan)
            rows[:, : len(_COUNTS)] = 0.0
            return rows
        counts = [self.persons[part.rows], self.households[part.rows]]
        own = [self._of_measure(wanted, part) for wanted in (MEAN, *table)]
        gaps = [self._of_gap(gap, part) for gap in GAPS if gap.by != by]
        medians = [self._of_ratio_of_medians()] if by == "all" else []
        sums = self._add_up(np.array([*counts, *own, *gaps, *medians]), part.rows)
        for row, wanted in enumerate(table, start=len(counts) + 1):
            slope = self._slope_by_median(wanted, part)
            if slope != 0.0:
                sums[:, row] += slope * self._of_median
        return sums

    def divide(self, by: str) -> tuple[Part | None, ...]:
        """Return the subgroups of a way, None where nobody is."""
        way = self._place(by)
        return tuple(self._part(np.flatnonzero(self.codes[way] == code)) for code in range(len(self.ways[way].names)))

    @property
    def _parts(self) -> int:
        return 1 if self.answer is None else len(self.answer.steps)

    def _place(self, by: str) -> int:
        return next(number for number, way in enumerate(self.ways) if way.by == by)

    def _part(self, rows: Integers) -> Part | None:
        return Part(rows, measures.rank(self.income[rows], self.persons[rows])) if len(rows) else None

    @kept
    def _everybody(self) -> Part:
        """All of them, in whom there is somebody."""
        return Part(np.arange(len(self.income)), measures.rank(self.income, self.persons))

    @kept
    def _of_median(self) -> Reals:
        """What each cluster does to the median of everybody (parts, clusters)."""
        everybody = self._everybody
        return self._add_up(self._weighted(measures.median, {}, everybody)[None], everybody.rows)[:, 0]

    def _add_up(self, values: Reals, rows: Integers) -> Reals:
        """Add up values (measures, k) of some households by cluster, with the answer of weights to each cluster."""
        cluster = self.cluster[rows]
        starts = np.flatnonzero(np.append(True, np.diff(cluster) > 0))
        sums = np.zeros((self._parts, len(values), int(self.cluster[-1]) + 1))
        sums[0, :, cluster[starts]] = (
            values if len(starts) == len(rows) else np.add.reduceat(values, starts, axis=1)
        ).T
        if self.answer is not None:
            sums += self.answer.of(values, rows, self.stratum[rows])
        return sums

    def _weighted(self, measure: Callable[..., float], parameters: dict[str, float], part: Part) -> Reals:
        """Weight times influence (k,); not a number where the measure has no meaning."""
        try:
            return self.persons[part.rows] * measures.influence(measure, part.people, **parameters)
        except measures.UndefinedMeasure:
            return np.full(len(part.rows), np.nan)

    def _of_measure(self, wanted: Wanted, part: Part) -> Reals:
        return self._weighted(wanted.measure, self._parameters(wanted), part)

    def _parameters(self, wanted: Wanted) -> dict[str, float]:
        return {
            key: value.share * self._everybody.median if isinstance(value, OfMedian) else value
            for key, value in wanted.parameters.items()
        }

    def _slope_by_median(self, wanted: Wanted, part: Part) -> float:
        """How a measure moves with the median of everybody, through the lines that are shares of it.

        The difference over a window that is wider where people are few.
        """
        slope, parameters = 0.0, self._parameters(wanted)
        for key, value in wanted.parameters.items():
            if isinstance(value, OfMedian):
                line = parameters[key]
                step = line * _WINDOW * len(part.rows) ** -0.2
                low, high = (wanted.measure(part.people, **(parameters | {key: line + d})) for d in (-step, step))
                slope += value.share * (high - low) / (2.0 * step)
        return slope

    def _of_gap(self, gap: Gap, part: Part) -> Reals:
        code = self.codes[self._place(gap.by)][part.rows]
        income, persons = self.income[part.rows], self.persons[part.rows]
        heads, money = np.bincount(code, persons), np.bincount(code, persons * income)
        there = np.flatnonzero(heads)
        living, means = np.asarray(heads[there], np.float64), np.ones(len(heads))
        means[there] = money[there] / living
        if len(there) < 2 or means.min() <= 0.0:
            return np.full(len(code), np.nan)
        by_mean, by_person = np.zeros((2, len(means)))
        by_mean[there], by_person[there] = gap.slopes(means[there], living)
        by_mean[there] /= living
        return np.asarray(persons * (by_mean[code] * (income - means[code]) + by_person[code]))

    def _of_ratio_of_medians(self) -> Reals:
        """Weight times influence (n,) of the median in town over that in the country."""
        values, (urban, rural) = np.full(len(self.income), np.nan), self.divide("residence")
        if urban is not None and rural is not None and rural.median > 0.0:
            ratio = urban.median / rural.median
            for part, by_median in ((urban, 1.0 / rural.median), (rural, -ratio / rural.median)):
                values[part.rows] = by_median * self._weighted(measures.median, {}, part)
        return values


def view(plan: Plan, sampled: Sampled, ways: tuple[Dimension, ...], s: int, t: int, answer: Answer | None) -> View:
    """Return the households of a sample in one scenario and year, with the answer of weights of that year."""
    households, cell = sampled.weight * sampled.factor[s, t], sampled.cell[s, t]
    codes = tuple(way.of_cell[cell] for way in ways)
    return View(
        income=sampled.income[s, t],
        persons=households * sampled.persons,
        households=households,
        ways=ways,
        codes=codes,
        stratum=plan.ground.stratum[cell],
        cluster=sampled.cluster,
        answer=answer,
    )
