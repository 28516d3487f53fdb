"""What is taken for granted when households come from a file."""

from __future__ import annotations

from collections.abc import Iterator

from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.calibration_report import THIN
from incomesim.population.microdata import Holdings
from incomesim.scenario import Assumption, SurveyPopulation

__all__ = ["list_file_assumptions"]

_AS_THEY_STAND = "Households are taken as they stand in the file, with its weights: nothing was calibrated. "
_REWEIGHTED = "Households are taken as they stand in the file, with calibrated weights. "
_NO_DESIGN = "Nothing is known here of how they were drawn."
_DESIGN = "How they were drawn stands in `population.design`; a run makes no use of it."
_DONE = {
    "zero": "0 in {extent}",
    "drop": "rows left out: {extent}",
}


def list_file_assumptions(wanted: SurveyPopulation, holdings: Holdings) -> tuple[Assumption, ...]:
    """Return them, with the number of rows and households that each is about."""
    without_market, large_losses = (
        f"{rows:,} rows, {households * WEIGHT_UNIT / holdings.households:.2%} of households"
        for rows, households in (holdings.without_market.tolist(), holdings.large_losses.tolist())
    )
    cells = len(holdings.totals)
    return (
        Assumption(
            "method",
            "households of a file",
            f"{holdings.name}: {_of_rows(holdings)} rows for {holdings.households:,.0f} households",
            (_AS_THEY_STAND if holdings.reweighted is None else _REWEIGHTED)
            + (_NO_DESIGN if wanted.design is None else _DESIGN),
            "",
        ),
        *_about_weights(wanted, holdings),
        *_about_columns(wanted, holdings),
        Assumption(
            "method",
            "cells that nobody lives in",
            f"{holdings.empty_cells:,} of {cells:,}",
            "Whoever moves there or grows older takes a place in the incomes of the same residence, group and age band "
            "of all regions, else of the residence and group, else of the residence.",
            "",
        ),
        Assumption(
            "method",
            "households without market income",
            without_market,
            "Below 1 yuan per head of wage, operating and property income a household stands with 1 yuan; the "
            "difference is carried with its transfers, so that its disposable income is that of the file.",
            "",
        ),
        Assumption(
            "method",
            "large losses",
            large_losses,
            "A loss of more than half of what the other market sources bring is carried with the transfers; it does "
            "not grow with the household's place in the distribution.",
            "",
        ),
        Assumption(
            "method",
            "sources and transfers of a household",
            "its own shares and its own transfers relative to the cell",
            "A household keeps its shares of the market sources. As its head grows older, moves or is replaced by a "
            "young one, its transfers change with those received per head in its cell, held between half and twice "
            "those of all; so do the losses that are carried with them.",
            "",
        ),
    )


def _of_rows(holdings: Holdings) -> str:
    kept, there = holdings.rows, holdings.rows_in_file
    return f"{kept:,}" if kept == there else f"{kept:,} of {there:,}"


def _about_weights(wanted: SurveyPopulation, holdings: Holdings) -> Iterator[Assumption]:
    """What the weights were calibrated to, and what that did to them."""
    if holdings.reweighted is None or wanted.calibration is None:
        return
    report, table = holdings.reweighted.calibrated, holdings.reweighted.table
    facts = report.weights.set_index(["of", "statistic"])["value"]
    named = [f"{name} ({count})" for name, count in table["name"].value_counts(sort=False).items()]
    thin = [
        f"{name} {category}".strip() for name, category in table.loc[table["thin"], ["name", "category"]].to_numpy()
    ]
    yield Assumption(
        "population.calibration",
        "weights",
        f"{report.method} to {len(table)} totals: {'; '.join(named)}",
        f"Weights are changed as little as can be so that totals are met: by factors of {facts['ratio', 'min']:.3g} to "
        f"{facts['ratio', 'max']:.3g}; the effective sample size (Kish) goes from "
        f"{facts['before', 'effective_sample_size']:,.0f} to {facts['after', 'effective_sample_size']:,.0f}. "
        + (f"Totals with fewer than {THIN:.0f} effective rows: {', '.join(thin)}." if thin else ""),
        "; ".join(dict.fromkeys(table["source"])),
    )


def _about_columns(wanted: SurveyPopulation, holdings: Holdings) -> Iterator[Assumption]:
    """What the scenario says of columns, beyond where they are."""
    for name in type(wanted.columns).model_fields:
        constant = getattr(getattr(wanted.columns, name), "constant", None)
        if constant is not None:
            value = constant if isinstance(constant, str) else f"{constant:g}"
            reason = "The scenario states it; the file does not say."
            yield Assumption(f"population.columns.{name}", name, f"{value} for every household", reason, "")
    for treatment in holdings.treatments:
        extent = f"{treatment.rows:,} rows, {treatment.share:.2%} of the weight in the file"
        yield Assumption(
            f"population.columns.{treatment.column}",
            f"{treatment.column}, where nothing is known",
            _DONE[treatment.done].format(extent=extent),
            "The scenario says so: `missing` of the column.",
            "",
        )
