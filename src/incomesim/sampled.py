"""A sample of the households of a run, run once more with their incomes kept: what standard errors are found from.

Amounts, lines and limits of budgets are numbers in the plan by then, so each of them lives the very life it has in the
run. Errors tell how far a figure would be off, had other households been drawn, with the draws of their lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.ageing import Aged
from incomesim.engine import trace
from incomesim.kernel.tables import Rows
from incomesim.plan import Plan
from incomesim.population import Answering, RowSource, Synthetic, answer_of_weights, read_survey
from incomesim.sample_size import ERRORS
from incomesim.scenario import Scenario, SurveyPopulation

__all__ = ["Sampled", "choose_parts", "join_rows", "keep_sample"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_PARTS, _LARGEST = 8, 4_096
_COARSEST = 3


@dataclass(frozen=True, eq=False)
class Sampled:
    """Households with their incomes and how they were drawn, in the order of their strata and clusters.

    `weight` (n,) are the households that each stands for, all of them together those of the run; `persons` (n,);
    `income` (S, T, n) yuan per head, `cell` (S, T, n), `factor` (S, T, n) of ageing. `cluster` (n,) numbers what was
    drawn, from 0; `first` (H,) is the first cluster of each stratum, `count` (H,) its clusters, at least 2 (but
    where there is only one in all). `part` is the share of the run's clusters that are here. `answering` is how weights
    that meet published totals answer to the households; None where weights are taken as given.
    """

    weight: Reals
    persons: Reals
    income: Reals
    cell: NDArray[np.int32]
    factor: Reals
    cluster: Integers
    first: Integers
    count: Integers
    part: float
    answering: Answering | None


def keep_sample(scenario: Scenario, plan: Plan, aged: Aged) -> Sampled:
    """Return households of a run, at most ERRORS of them where they were drawn one by one, with their incomes.

    Those of a synthetic population were drawn within the place (region, residence, group) in which they start, those
    of a file by its design, without one as a simple sample. Of a file with clusters all households are taken.
    """
    source, answering = plan.source, None
    if isinstance(scenario.population, SurveyPopulation):
        rows, stratum, cluster = _take_from_file(scenario.population, scenario, source)
    else:
        assert isinstance(source, Synthetic)
        limits, step = choose_parts(source, ERRORS)
        rows = join_rows([source.rows(*each) for each in limits], step)
        stratum, cluster = rows.place, np.arange(len(rows.place))
        answering = answer_of_weights(source, limits, step)
    order, cluster, first, count = _arrange(stratum, cluster)
    rows = Rows._make(column.take(order, axis=-1) if column.size else column for column in rows)
    part = len(order) / source.number
    plain = plan.tables._replace(
        fineness=_COARSEST, stratum_fineness=_COARSEST, lines=np.empty((len(plan.ground.years), 0))
    )
    _, traced = trace(rows, plain)
    year = np.arange(len(plan.ground.years))[:, None]
    return Sampled(
        weight=rows.weight / part,
        persons=rows.persons,
        income=traced.income,
        cell=traced.cell,
        factor=aged.factor[year, plan.ground.stratum[traced.cell]],
        cluster=cluster,
        first=first,
        count=count,
        part=part,
        answering=None if answering is None else answering.take(order),
    )


def choose_parts(source: RowSource, wanted: int) -> tuple[Sequence[tuple[int, int]], int]:
    """Return ranges that are spread over the whole, and of which every second, third, ... is so many households."""
    ranges = source.ranges(_LARGEST)
    chosen = [ranges[number * len(ranges) // _PARTS] for number in range(_PARTS)] if len(ranges) > _PARTS else ranges
    return chosen, -(-sum(stop - start for start, stop in chosen) // wanted)


def join_rows(parts: Sequence[Rows], step: int) -> Rows:
    """Return every second, third, ... household of each part."""
    every = [Rows._make(column[..., ::step] for column in part) for part in parts]
    return Rows._make(np.concatenate(columns, axis=-1) for columns in zip(*every, strict=True))


def _take_from_file(wanted: SurveyPopulation, scenario: Scenario, source: RowSource) -> tuple[Rows, Integers, Integers]:
    """Households of a file, with the numbers of their strata and clusters."""
    step = 1 if wanted.design is not None and wanted.design.cluster is not None else -(-source.number // ERRORS)
    rows = join_rows([source.rows(*limits) for limits in source.ranges(_LARGEST)], step)
    stratum, cluster = np.zeros(len(rows.weight), np.int64), np.arange(len(rows.weight))
    if wanted.design is not None:
        survey = read_survey(scenario)
        assert survey.design is not None
        known = survey.households["household_id"].to_numpy(np.uint64)
        order = np.argsort(known)
        row = order[np.searchsorted(known, rows.household_id, sorter=order)]
        stratum = stratum if survey.design.strata is None else survey.design.strata[row]
        cluster = cluster if survey.design.cluster is None else survey.design.cluster[row]
    return rows, stratum, cluster


def _arrange(stratum: Integers, cluster: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """The order of rows by stratum and cluster, clusters numbered so, and the first and the number of each stratum.

    A stratum with a single cluster says nothing of how clusters differ: it is put together with the one before it.
    """
    order = np.lexsort((cluster, stratum))
    stratum, cluster = stratum[order], cluster[order]
    begins = np.append(True, (np.diff(stratum) != 0) | (np.diff(cluster) != 0))
    number = np.cumsum(begins) - 1
    of_cluster = stratum[begins]
    first = np.flatnonzero(np.append(True, np.diff(of_cluster) != 0))
    count = np.diff(np.append(first, len(of_cluster)))
    alone = count == 1
    alone[:1] = False
    first = first[~alone]
    if len(first) > 1 and first[1] == 1:  # the first stratum of all is a single one
        first = np.delete(first, 1)
    return order, number, first, np.diff(np.append(first, len(of_cluster)))
