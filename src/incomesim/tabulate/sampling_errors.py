"""Standard errors of a summary: of all levels, and of the paired differences between scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.lines import lines_by_year
from incomesim.measures.inference.scale import Range
from incomesim.plan import Plan
from incomesim.sampled import Sampled
from incomesim.scenario import Scenario
from incomesim.tabulate.linearise import Part, list_measures, view
from incomesim.tabulate.met_totals import answer_of_totals
from incomesim.tabulate.people import Dimension, dimensions
from incomesim.tabulate.standard import Wanted, standard_table
from incomesim.tabulate.summary import DIFFERENCES

__all__ = ["SamplingError", "find_errors", "standard_errors"]

Reals = NDArray[np.float64]


class SamplingError(NamedTuple):
    """The standard error of one figure of a summary, its degrees of freedom, and where the measure can lie.

    It is not a number where the measure has no meaning for the households of the sample.
    """

    year: int
    scenario: str
    by: str
    subgroup: str
    measure: str
    range: Range
    standard_error: float
    degrees_of_freedom: int


def find_errors(
    scenario: Scenario, plan: Plan, sampled: Sampled, threads: int, tell: Callable[[int, int], None]
) -> pd.DataFrame:
    """Return the standard errors, one row for each figure, with the columns of `SamplingError`."""
    lines, years = lines_by_year(scenario), plan.ground.years

    def of_year(t: int) -> list[SamplingError]:
        return list(_of_year(plan, sampled, t, standard_table(lines[t])))

    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(of_year, t) for t in range(len(years))]
        try:
            for done, job in enumerate(as_completed(jobs), start=1):
                job.result()
                tell(done, len(jobs))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return pd.DataFrame([row for job in jobs for row in job.result()], columns=list(SamplingError._fields))


def _of_year(plan: Plan, sampled: Sampled, t: int, table: tuple[Wanted, ...]) -> Iterator[SamplingError]:
    """Where a scenario is the same as the baseline, as until a lever starts, it is not measured again."""
    everybody = Dimension("all", ("all",), np.zeros(plan.ground.cells, np.int64))
    ways, year = (everybody, *dimensions(plan)), plan.ground.years[t]
    kept = (sampled.income[:, t], sampled.cell[:, t])
    same = [all(np.array_equal(part[s], part[0]) for part in kept) for s in range(len(plan.scenarios))]
    answer = answer_of_totals(plan, sampled, t)
    views = [view(plan, sampled, ways, s, t, answer) for s in range(len(plan.scenarios))]
    for way in ways:
        listed = list_measures(way.by, table)
        parts = [() if same[s] and s else each.divide(way.by) for s, each in enumerate(views)]
        for number, subgroup in enumerate(way.names):
            here = parts[0][number]
            baseline = views[0].linearise(here, way.by, table)
            for s, scenario in enumerate(plan.scenarios):
                own, there = baseline, here
                if not same[s]:
                    there = parts[s][number]
                    own = views[s].linearise(there, way.by, table)
                yield from _name((year, scenario, way.by, subgroup), listed, own, _freedom([there], sampled), sampled)
                if s > 0:
                    pair, freedom = own - baseline, _freedom([here, there], sampled)
                    yield from _name((year, DIFFERENCES[scenario], way.by, subgroup), listed, pair, freedom, sampled)


def _name(
    where: tuple[int, str, str, str], listed: tuple[tuple[str, Range], ...], sums: Reals, freedom: int, sampled: Sampled
) -> Iterator[SamplingError]:
    for (measure, possible), error in zip(listed, standard_errors(sums, sampled).tolist(), strict=True):
        yield SamplingError(*where, measure, possible, error, freedom)


def standard_errors(sums: Reals, sampled: Sampled) -> Reals:
    """Return the standard errors (measures,) from what each cluster does to figures, as `View.linearise` has it.

    Clusters count as drawn with replacement within strata; what a sample of a run shows of its clusters is scaled to
    all of them. Where weights were fitted on one in k of the run, each of these does k times as much to weights, and
    the others nothing: v + a of each becomes v + k a of one in k and v of the rest.
    """
    variance = _variance(sums[0], sampled)
    if len(sums) > 1:
        assert sampled.answering is not None
        variance += (sampled.answering.times - 1.0) * _variance(sums[1], sampled)
    return np.asarray(np.sqrt(sampled.part * variance))


def _variance(sums: Reals, sampled: Sampled) -> Reals:
    """The variance of totals (measures,) of sums by cluster (measures, clusters)."""
    total, squares = (np.add.reduceat(values, sampled.first, axis=1) for values in (sums, sums * sums))
    count = sampled.count.astype(np.float64)
    within = np.maximum(squares - total * total / count, 0.0)
    more = np.divide(count, count - 1.0, out=np.full_like(count, np.nan), where=count > 1.0)
    return np.asarray((within * more).sum(axis=1))


def _freedom(parts: Sequence[Part | None], sampled: Sampled) -> int:
    """The number of clusters less that of strata, of those clusters in which somebody is in one of these parts."""
    there = np.zeros(int(sampled.cluster[-1]) + 1, np.bool_)
    for part in parts:
        if part is not None:
            there[sampled.cluster[part.rows]] = True
    clusters = np.add.reduceat(there, sampled.first, dtype=np.int64)
    return int(clusters.sum() - np.count_nonzero(clusters))
