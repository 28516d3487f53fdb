"""What a reader needs in order to judge the numbers: fit, path of incomes, assumptions, levers, labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from incomesim.ageing import Aged
from incomesim.fields import RESIDENCES
from incomesim.paths import income_path
from incomesim.plan import Plan
from incomesim.policy import Measured, Target, describe_conditions
from incomesim.population import TOTALS, Contradiction, FitRow, Reweighted
from incomesim.published import PlaceFacts
from incomesim.scenario import Assumption, Scenario, list_assumptions
from incomesim.tabulate.people import dimensions, money_by_cell, persons_by_cell

__all__ = [
    "describe_levers",
    "label_names",
    "list_assumed",
    "show_calibration",
    "show_contradictions",
    "show_fit",
    "show_path",
]


def show_fit(rows: tuple[FitRow, ...]) -> pd.DataFrame:
    """Return the table of target, reached and difference; without rows where nothing is published."""
    table = pd.DataFrame(rows, columns=[field.name for field in fields(FitRow)])
    table.insert(6, "difference", table["reached"] - table["target"])
    table.insert(7, "relative_difference", table["reached"] / table["target"] - 1.0)
    return table


def show_contradictions(found: tuple[Contradiction, ...]) -> pd.DataFrame:
    """Return published figures that contradict each other, and which of them the households follow."""
    return pd.DataFrame(found, columns=[field.name for field in fields(Contradiction)])


def show_calibration(reweighted: Reweighted | None) -> pd.DataFrame:
    """Return the totals that weights of a file were calibrated to; without rows where they were not."""
    return pd.DataFrame(columns=list(TOTALS)) if reweighted is None else reweighted.table


def show_path(scenario: Scenario, plan: Plan, aged: Aged, facts: PlaceFacts | None) -> pd.DataFrame:
    """Return income per head of the baseline beside what is published or assumed for the year.

    They differ after the first year, because households that move to town arrive with the place in the
    distribution they had, and because old heads are replaced by young ones.
    """
    persons, money = persons_by_cell(plan, aged)[0], money_by_cell(plan, aged)[0]
    here = [dimensions(plan)[1].of_cell == number for number in range(len(RESIDENCES))]
    living, earned = (np.array([table[:, cells].sum(axis=1) for cells in here]) for table in (persons, money))
    per_head = np.divide(earned, living, out=np.zeros_like(earned), where=living > 0)
    rows = []
    for point in income_path(scenario, facts, per_head[:, 0]):
        at = RESIDENCES.index(point.residence), point.year - plan.ground.years[0]
        if living[at] == 0:
            continue  # everybody has moved to town
        simulated = float(per_head[at])
        rows.append(
            (point.year, point.residence, "yuan per head", point.value, simulated, simulated / point.value - 1.0,
             point.status, point.source)
        )  # fmt: skip
    columns = ["year", "residence", "unit", "target", "simulated", "relative_difference", "status", "source"]
    return pd.DataFrame(rows, columns=columns)


def list_assumed(scenario: Scenario, observed: tuple[Assumption, ...]) -> pd.DataFrame:
    """Return every assumption with its reason; `observed` are those about households of a file."""
    return pd.DataFrame(list_assumptions(scenario, observed))


def describe_levers(scenario: Scenario) -> pd.DataFrame:
    """Return each lever in words, with the plan's own bookkeeping."""
    rows = [
        (lever.name, lever.lever, lever.serves, lever.sentence().english, lever.sentence().chinese,
         describe_conditions(lever).english, describe_conditions(lever).chinese,
         f"{lever.years[0]}..{lever.years[-1]}", _target(lever.target),
         lever.list, lever.lead, lever.sample)
        for lever in scenario.policy
    ]  # fmt: skip
    columns = [
        "name",
        "kind",
        "family",
        "sentence",
        "sentence_zh",
        "conditions",
        "conditions_zh",
        "years",
        "target",
        "list",
        "lead",
        "sample",
    ]
    return pd.DataFrame(rows, columns=columns).astype("str")


_WITH = {"elderly": "with persons of 65 and over", "children": "with children below 15"}
_WHEN: Mapping[Measured, str] = {"this_year": "", "last_year": " in the year before"}


def _target(target: Target) -> str:
    parts = [*target.regions, *target.groups]
    if target.residence is not None:
        parts.append(target.residence)
    if target.ages:
        parts.append(f"heads aged {target.ages[0]} to {target.ages[1]}")
    parts += [_WITH[members] for members in target.with_members]
    if target.ceiling is not None:
        parts.append(
            f"at most {target.ceiling:,.0f} yuan per head{_WHEN.get(target.measured, f' in {target.measured}')}"
        )
    return ", ".join(parts) or "everybody"


def label_names(scenario: Scenario) -> dict[str, str]:
    """Return the Chinese term of every name in the tables."""
    population = scenario.population
    return {
        "urban": "城镇",
        "rural": "农村",
        "floor": "消底",
        "lift": "提低",
        "expand": "扩中",
        "finance": "筹资",
        "seek_support": "向上争取",
        "reform": "改革事项",
        "major_project": "重大项目",
        "key_task": "重点任务",
        "county": "县（区）级",
        "city": "市级",
        "upper_level": "上级",
        "enterprise": "企业",
        "not stated": "未注明",
        **{name: region.label for name, region in population.regions.items()},
        **{name: group.label for name, group in population.groups.items()},
        **{line.name: line.label for line in scenario.poverty_lines},
    }
