"""What a run comes to: tidy tables, and the doors to figures, report and folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from incomesim.report.plots import Plots

__all__ = ["COLUMNS", "Result"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "summary": (
        "year", "scenario", "by", "subgroup", "measure", "value", "unit", "bound", "standard_error", "low", "high",
    ),
    "ledger": (
        "year", "lever", "kind", "family", "list", "lead", "sample", "funded_by",
        "households_reached", "persons_reached", "households_entitled", "households_in_error",
        "households_turned_away", "households_bounded", "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan",
        "gained_yuan", "collected_yuan", "net_cost_yuan", "to_non_poor_yuan", "cost_per_household_yuan", "leakage",
        "coverage_of_target", "inclusion_error_share", "bounded_share", "budget_yuan", "unspent_yuan",
    ),
    "ledger_by_region_and_group": (
        "year", "lever", "kind", "family", "list", "lead", "sample", "funded_by", "region", "group",
        "households_reached", "persons_reached", "households_entitled", "households_in_error",
        "households_turned_away", "households_bounded", "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan",
        "gained_yuan", "collected_yuan", "net_cost_yuan", "to_non_poor_yuan", "cost_per_household_yuan", "leakage",
        "coverage_of_target", "inclusion_error_share", "bounded_share",
    ),
    "ledger_totals": (
        "by", "value", "year", "levers", "household_cases", "person_cases", "entitled_cases", "error_cases",
        "turned_away_cases", "bounded_cases", "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan",
        "gained_yuan", "collected_yuan", "net_cost_yuan", "to_non_poor_yuan", "cost_per_case_yuan", "leakage",
        "inclusion_error_share",
    ),
    "balance": (
        "year", "payer", "paid_yuan", "collected_yuan", "balance_yuan", "package_cost_yuan", "finance_yuan",
        "financed_share", "balance_per_person_yuan", "balance_share_of_income",
    ),
    "cost_effectiveness": (
        "year", "scenario", "measure", "unit", "effect", "bound", "paid_yuan", "paid_to_date_yuan",
        "per_100_million_yuan", "per_100_million_yuan_to_date",
    ),
    "curves": ("year", "scenario", "by", "subgroup", "curve", "p", "value", "bound"),
    "transitions": ("kind", "scenario", "year_from", "year_to", "origin", "destination", "share", "bound"),
    "fit": ("item", "area", "unit", "role", "target", "reached", "difference", "relative_difference", "source"),
    "contradictions": ("what", "published", "implied", "relative_difference", "followed"),
    "calibration": (
        "name", "category", "unit", "target", "before", "after", "relative_before", "relative_after", "rows",
        "effective_sample_size", "smallest_ratio", "largest_ratio", "thin", "source",
    ),
    "path": (
        "year", "residence", "unit", "target", "simulated", "relative_difference", "status", "source",
    ),
    "ageing": ("year", "total", "item", "unit", "given", "before", "after", "factor", "status", "source"),
    "assumptions": ("where", "what", "value", "reason", "source"),
    "levers": (
        "name", "kind", "family", "sentence", "sentence_zh", "conditions", "conditions_zh", "years",
        "target", "list", "lead", "sample",
    ),
}  # fmt: skip
"""The columns of each table, in order."""


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The tables of one run, all of them long and tidy, for the scenarios baseline and policy.

    Where levers give services in kind there is a third, extended: policy with their value counted as income.
    `summary`: `scenario` is one of these, difference (policy minus baseline, same draws) or extended_difference;
    `by` is all, region, residence or group; shares are between 0 and 1, incomes in yuan per head and year. `bound` is
    about counting in bins, `standard_error` and the limits `low` and `high` of 95 % about which households were
    drawn and how their lives fell out: not about assumptions, parameters or published figures.
    `ledger`: one row for each lever and year, in yuan; what has no meaning where nobody was reached is
    missing. `ledger_by_region_and_group` are its parts; `ledger_totals` its sums over levers by payer, list, lead unit,
    sample and family, in which a household counts once for each lever that reaches it. Money adds up to the fen.
    `balance`: the budget of each payer by year. `cost_effectiveness`: the effect on the three gaps for each 100 million
    yuan paid for it: of cash on disposable income (policy), of all on extended income.
    `curves`: `lorenz` (share of income of the poorest share p of persons) and `growth_incidence` (relative difference
    of incomes at p: policy and extended against the baseline of the year; baseline against the first year).
    `transitions`: share of persons of fifth `origin` (1 the poorest) who are in fifth `destination`; kind
    policy compares the baseline with `scenario`, kind years two years of one.
    `fit` and `path`: published figures and what the population comes to; `contradictions` between published
    figures. `ageing`: totals of the population that are given by year, and persons by stratum (residence x age band of
    the head), in the baseline as counted and with the weights that meet the totals; `factor` is after over before.
    `calibration`: the totals that weights of a file were calibrated to, and what stands behind each (see
    `Calibrated`). `labels`: Chinese names of regions, groups, residences, poverty lines and families. `manifest`: how
    the run is made again; it can be written as JSON.
    """

    title: str
    summary: pd.DataFrame
    ledger: pd.DataFrame
    ledger_by_region_and_group: pd.DataFrame
    ledger_totals: pd.DataFrame
    balance: pd.DataFrame
    cost_effectiveness: pd.DataFrame
    curves: pd.DataFrame
    transitions: pd.DataFrame
    fit: pd.DataFrame
    contradictions: pd.DataFrame
    calibration: pd.DataFrame
    path: pd.DataFrame
    ageing: pd.DataFrame
    assumptions: pd.DataFrame
    levers: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    manifest: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that every table has its columns and that the summary has rows."""
        for name, columns in COLUMNS.items():
            found = tuple(getattr(self, name).columns)
            if found != columns:
                raise ValueError(f"{name}: found columns {list(found)}, expected {list(columns)}")
        if self.summary.empty:
            raise ValueError("summary: found no rows, expected at least one year of the baseline")

    @property
    def caption(self) -> str:
        """What stands below every figure."""
        return f"{self.households}, assumed effects; not an observation. incomesim: {self.title}"

    @property
    def households(self) -> str:
        """What the households are, as a caption says it: a synthetic population, or those of a file."""
        file = self.manifest.get("microdata")
        return f"Households of {file['name']}" if isinstance(file, Mapping) else "Synthetic population"

    @property
    def synthetic(self) -> bool:
        """Whether the households were built from published tables; else they come from a file."""
        return "microdata" not in self.manifest

    @property
    def plot(self) -> Plots:
        """The figures; each method returns matplotlib Axes."""
        from incomesim.report.plots import Plots

        return Plots(self)

    def save(self, folder: str | PathLike[str]) -> None:
        """Write tables, figures, report and manifest into `folder`, which is made where it is missing.

        Raises FolderBusy where another run writes to it or it may not be written to, and OutOfResources
        where the disk is full. An earlier result in the folder is replaced as a whole or not at all,
        except where the process is killed while files are put into place: then there is no manifest.json.
        """
        from incomesim.report.folder import write_folder

        write_folder(self, folder)

    def __repr__(self) -> str:
        years = self.summary["year"]
        return f"<Result {self.title!r}: {years.min()}-{years.max()}, {len(self.summary):,} summary rows>"

    def _repr_html_(self) -> str:
        from incomesim.report.notebook import key_figures_html

        return key_figures_html(self)
