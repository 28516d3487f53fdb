"""Standard errors against the spread of figures over samples of households, levels and paired differences."""

import dataclasses

import numpy as np
import pytest

from incomesim import load_scenario, sampled
from incomesim.baseline import plan_run
from incomesim.budgets import compute_within_budgets
from incomesim.engine import compute
from incomesim.lines import lines_by_year
from incomesim.sampled import keep_sample
from incomesim.simulation import find_origin
from incomesim.tabulate.linearise import list_measures, view
from incomesim.tabulate.people import Dimension, dimensions
from incomesim.tabulate.sampling_errors import standard_errors
from incomesim.tabulate.standard import standard_table
from tests.conftest import SCENARIO, SMALL, without_services
from tests.unit.test_sampling_errors import LAST, work_out

HOUSEHOLDS, DRAWN, SAMPLES = 60_000, 2_000, 300


@pytest.fixture(scope="module")
def world():
    """A run of which all households are kept."""
    scenario = without_services(load_scenario(SCENARIO, [f"population.households={HOUSEHOLDS}", *SMALL[1:]]))
    origin = find_origin(scenario)
    plan = plan_run(scenario, origin.population, origin.facts, threads=2, progress=lambda *_: None)
    plan, aged = compute_within_budgets(plan, scenario.policy, lambda p, _: compute(p.source, p.tables, threads=2))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sampled, "ERRORS", HOUSEHOLDS)
        patched.setattr(sampled, "_PARTS", HOUSEHOLDS)
        return scenario, plan, keep_sample(scenario, plan, aged)


def draw(kept, random):
    """Households drawn within strata, each standing for all that it was drawn from."""
    rows, weight, count = [], np.empty(len(kept.weight)), []
    for first, number in zip(kept.first, kept.count, strict=True):
        wanted = max(round(number * DRAWN / HOUSEHOLDS), 2)
        rows.append(first + np.sort(random.choice(number, min(wanted, number), replace=False)))
        count.append(len(rows[-1]))
        weight[rows[-1]] = kept.weight[rows[-1]] * number / len(rows[-1])
    chosen = np.concatenate(rows)
    return dataclasses.replace(
        kept,
        weight=weight[chosen],
        persons=kept.persons[chosen],
        income=kept.income[..., chosen],
        cell=kept.cell[..., chosen],
        factor=kept.factor[..., chosen],
        cluster=np.arange(len(chosen)),
        first=np.cumsum([0, *count[:-1]]),
        count=np.array(count),
        answering=None,  # their weights are those they have among all
    )


def test_errors_are_the_spread_over_samples(world):
    scenario, plan, kept = world
    assert len(kept.weight) == HOUSEHOLDS
    ways = (Dimension("all", ("all",), np.zeros(plan.ground.cells, np.int64)), *dimensions(plan))
    table = standard_table(lines_by_year(scenario)[LAST])
    names = [name for name, _ in list_measures("all", table)]
    random, values, errors = np.random.default_rng(1), [], []
    for _ in range(SAMPLES):
        drawn = draw(kept, random)
        views = [view(plan, drawn, ways, s, LAST, None) for s in (0, 1)]
        before, after = (each.linearise(each.divide("all")[0], "all", table) for each in views)
        errors.append([standard_errors(sums, drawn) ** 2 for sums in (before, after, after - before)])
        found = [
            work_out(each.income, each.persons, each.codes[1], np.ones(len(each.income), bool), scenario)
            for each in views
        ]
        for each, seen in zip(found, views, strict=True):
            town, country = (
                [f(seen.income[seen.codes[2] == side], seen.persons[seen.codes[2] == side]) for f in (mean, median)]
                for side in (0, 1)
            )
            each["urban_rural_ratio"], each["urban_rural_ratio_median"] = np.array(town) / country
        before, after = (np.array([each.get(name, np.nan) for name in names]) for each in found)
        values.append([before, after, after - before])
    ratio = np.sqrt(np.mean(errors, axis=0)) / np.std(values, axis=0, ddof=1)
    for kind, row in zip(("baseline", "policy", "difference"), ratio, strict=True):
        for name, each in zip(names, row, strict=True):
            print(f"{kind:<12} {name:<28} {each:.2f}")
    known = np.isfinite(ratio) & (np.array(names) != "persons")
    assert known.sum() > 80
    assert np.abs(ratio[known] - 1.0).max() < 0.25  # six times what chance does to a spread over 300 samples
    assert np.abs(np.median(ratio[known]) - 1.0) < 0.05


def mean(income, weight):
    return np.average(income, weights=weight)


def median(income, weight):
    order = np.argsort(income)
    return income[order][np.searchsorted(np.cumsum(weight[order]), 0.5 * weight.sum())]
