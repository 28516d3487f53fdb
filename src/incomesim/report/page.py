"""The report: one HTML file that needs nothing else, runs nothing and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from incomesim.report import balance, ledger, tables
from incomesim.report.ageing import tabulate_factors, tabulate_totals
from incomesim.report.charts import Rendered
from incomesim.report.definitions import LEDGER_COLUMNS
from incomesim.report.findings import explain_errors, write_caveat, write_findings
from incomesim.report.fonts import MISSING_FONT, find_fonts
from incomesim.report.in_kind import tabulate_extended, tabulate_extended_groups
from incomesim.report.inline_svg import inline_svg
from incomesim.report.summary_lookup import SummaryLookup, look_up_summary
from incomesim.report.templating import find_template, read_style
from incomesim.result import Result

__all__ = ["write_page"]

_NOT_SHOWN = ("scenario", "machine", "timings", "seconds", "finished", "files")
_GAPS = (
    "gini", "theil", "mld", "hoover", "palma", "p90_p10", "s80_s20", "urban_rural_ratio", "urban_rural_ratio_median",
    "region_max_min", "region_variation", "region_theil_between",
)  # fmt: skip
_MIDDLE = ("median", "middle_nbs", "middle_zhejiang", "middle_oecd", "wolfson")


def write_page(result: Result, figures: Sequence[Rendered]) -> str:
    """Return the report as HTML; `figures` are those of `incomesim.report.charts.CHARTS`.

    The same result gives the same bytes: times and the machine stay in the manifest.
    """
    lookup = look_up_summary(result)
    return find_template("report.html").render(
        result=result,
        lookup=lookup,
        figures={figure.chart.name: figure for figure in figures},
        drawings={
            figure.chart.name: inline_svg(figure.svg, figure.chart.name, figure.picture.finding) for figure in figures
        },
        findings=write_findings(result, lookup),
        caveat=write_caveat(result),
        meaning_of_errors=explain_errors(result),
        tables=_tables(result, lookup),
        matrices=tables.tabulate_transitions(result),
        ledger_columns=LEDGER_COLUMNS,
        record=tuple(_flatten("", {key: value for key, value in result.manifest.items() if key not in _NOT_SHOWN})),
        command=str(result.manifest.get("command") or "python -m incomesim run SCENARIO.yaml"),
        font_note="" if find_fonts().chinese else MISSING_FONT,
        style=read_style(),
    )


def _tables(result: Result, lookup: SummaryLookup) -> dict[str, tables.Table]:
    lines = (*lookup.lines, *lookup.relative_lines)
    floor = [f"{depth}_{line}" for line in lines for depth in ("fgt0", "fgt1", "fgt2", "sst", "watts")]
    in_kind = {
        "extended": tabulate_extended(result, lookup),
        "extended_groups": tabulate_extended_groups(result, lookup),
    }
    return {
        **(in_kind if lookup.extended else {}),
        "key_figures": tables.tabulate_key_figures(result, lookup),
        "gaps": tables.tabulate_by_year(result, lookup, _GAPS, "Gaps and inequality by year"),
        "floor": tables.tabulate_by_year(result, lookup, floor, "Floor and low incomes by year"),
        "middle": tables.tabulate_by_year(result, lookup, _MIDDLE, "Middle incomes by year"),
        "groups": tables.tabulate_groups(result, lookup),
        "levers": tables.tabulate_levers(result),
        "ledger": ledger.tabulate_ledger(result),
        "ledger_by_year": ledger.tabulate_ledger_by_year(result),
        "targets": ledger.tabulate_targets(result),
        "ledger_totals": ledger.tabulate_totals(result),
        "places": ledger.tabulate_places(result, lookup),
        "balance": balance.tabulate_balance(result),
        "balance_by_payer": balance.tabulate_balance_by_payer(result),
        "effects": balance.tabulate_effects(result, (lookup.last,)),
        "effects_by_year": balance.tabulate_effects(result, lookup.years),
        "fit": tables.tabulate_fit(result),
        "calibration": tables.tabulate_calibration(result),
        "contradictions": tables.tabulate_contradictions(result),
        "path": tables.tabulate_path(result),
        "ageing": tabulate_totals(result),
        "factors": tabulate_factors(result),
        "assumptions": tables.tabulate_assumptions(result),
        "definitions": tables.tabulate_definitions(result, lookup),
    }


def _flatten(prefix: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the entries of a nested mapping as (path, text)."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flatten(f"{prefix}, {key}" if prefix else str(key).replace("_", " "), inner)
    elif isinstance(value, list | tuple):
        yield prefix, ", ".join(map(str, value))
    else:
        yield prefix, str(value)
