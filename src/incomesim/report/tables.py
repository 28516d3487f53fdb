"""The tables of the report, as texts ready for a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from incomesim.report.charts.groups import relative_gain
from incomesim.report.definitions import Definition, define, definitions_of
from incomesim.report.key_figures import key_figures
from incomesim.report.plan_names import name_of
from incomesim.report.quantities import (
    DASH,
    Written,
    write_bound,
    write_difference,
    write_number,
    write_value,
)
from incomesim.report.summary_lookup import SummaryLookup, display_name
from incomesim.result import Result

__all__ = [
    "Cell", "Table", "show_contradictions", "show_fit", "tabulate_assumptions", "tabulate_by_year",
    "tabulate_contradictions", "tabulate_definitions", "tabulate_fit", "tabulate_groups", "tabulate_key_figures",
    "tabulate_levers", "tabulate_path", "tabulate_transitions",
]  # fmt: skip

_HEADINGS = {"all": "Everybody", "residence": "Town and country", "region": "Regions", "group": "Groups"}
_DIRECTIONS = {"lower": "lower", "higher": "higher", "neither": DASH}
_UNITS = {"index": "", "ratio": "", "share": "", "yuan per head": "yuan", "persons": "", "households": ""}

_IN_KIND = {"extended": ", services in kind counted as income"}


@dataclass(frozen=True)
class Cell:
    """A text, its Chinese, a tone (better, worse, heading, head), a shade between 0 and 1, its bound and error."""

    text: str
    chinese: str = ""
    tone: str = ""
    shade: float = 0.0
    bound: str = ""
    error: str = ""


@dataclass(frozen=True)
class Table:
    """Headers and rows; columns whose header is in `numeric` stand on the right."""

    caption: str
    headers: tuple[str, ...]
    numeric: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def tabulate_key_figures(result: Result, lookup: SummaryLookup) -> Table:
    """Return the main measures: first year, last year with and without the package, difference."""
    rows = tuple(
        (
            _measure_cell(figure.definition.english, figure.definition.chinese, figure.definition.unit),
            _known(figure.first),
            _known(figure.baseline),
            _known(figure.policy),
            _known(figure.difference, figure.verdict),
            *([_known(figure.extended)] if lookup.extended else []),
        )
        for figure in key_figures(result, lookup)
    )
    headers = (
        "Everybody", f"Baseline {lookup.first}", f"Baseline {lookup.last}", f"Policy {lookup.last}", "Difference",
        *([f"With services in kind {lookup.last}"] if lookup.extended else []),
    )  # fmt: skip
    caption = "Key figures; pp are percentage points, s.e. standard errors (标准误)"
    return Table(caption, headers, _from(1, len(headers)), rows)


def tabulate_by_year(result: Result, lookup: SummaryLookup, measures: Iterable[str], caption: str) -> Table:
    """Return measures of everybody by year: baseline, policy and difference."""
    rows = []
    for measure in (name for name in measures if name in lookup.measures):
        definition = define(measure, result.labels)
        for scenario in ("baseline", "policy", "difference"):
            values = (lookup.written(measure, scenario, year) for year in lookup.years)
            name = _measure_cell(definition.english, definition.chinese, definition.unit)
            rows.append(
                (
                    name if scenario == "baseline" else Cell(""),
                    Cell(scenario),
                    *map(_known, values),
                )
            )
    headers = ("Measure", "Scenario", *map(str, lookup.years))
    return Table(caption, headers, _from(2, len(headers)), tuple(rows))


def tabulate_groups(result: Result, lookup: SummaryLookup) -> Table:
    """Return income, poverty and middle of every subgroup in the last year, with and without the package."""
    line = lookup.lines[0] if lookup.lines else ""
    below = f"Below {line}".replace("_", " ")
    rows: list[tuple[Cell, ...]] = []
    headers = (
        "Subgroup", "Residents", "Mean income, baseline", "policy", "change", f"{below}, baseline",
        "policy", "Middle (NBS), baseline", "policy",
    )  # fmt: skip
    for by, heading in _HEADINGS.items():
        names = lookup.subgroups.get(by, ())
        if names and by != "all":
            rows.append((Cell(heading, tone="heading"), *(Cell("") for _ in headers[1:])))
        rows += [_group_row(result, lookup, by, name, line) for name in names]
    return Table(f"Policy against baseline, {lookup.last}; incomes in yuan per head", headers, _from(1, 9), tuple(rows))


def _group_row(result: Result, lookup: SummaryLookup, by: str, name: str, line: str) -> tuple[Cell, ...]:
    def read(measure: str, scenario: str) -> Cell:
        known = measure in lookup.measures
        return _known(lookup.written(measure, scenario, lookup.last, by, name)) if known else Cell(DASH)

    gain = relative_gain(lookup, by, name)
    return (
        Cell("Everybody" if by == "all" else display_name(name), "" if by == "all" else result.labels.get(name, "")),
        read("persons", "policy"),
        read("mean", "baseline"),
        read("mean", "policy"),
        Cell(_signed_percent(gain)),
        read(f"fgt0_{line}", "baseline"),
        read(f"fgt0_{line}", "policy"),
        read("middle_nbs", "baseline"),
        read("middle_nbs", "policy"),
    )


def tabulate_levers(result: Result) -> Table:
    """Return every lever with what it does, for whom and when, and its place in the plan."""
    rows = tuple(
        (
            Cell(_text(lever["name"]), tone="head"),
            Cell(*name_of("family", lever["family"], result.labels)),
            Cell(
                " ".join(filter(None, (_text(lever[name], "") for name in ("sentence", "conditions")))),
                "".join(_text(lever[name], "") for name in ("sentence_zh", "conditions_zh")),
            ),
            Cell(_text(lever["years"]).replace("..", "–")),
            Cell(_text(lever["target"]).replace("_", " ")),
            Cell(*name_of("list", lever["list"], result.labels)),
            Cell(_text(lever["lead"])),
            Cell(_text(lever["sample"])),
        )
        for lever in result.levers.to_dict("records")
    )
    headers = ("Lever", "Family", "What it does", "Years", "For", "List 四张清单", "Lead 牵头单位", "Sample 市域样本")
    return Table("Levers", headers, frozenset(), rows)


def tabulate_transitions(result: Result) -> tuple[Table, ...]:
    """Return one matrix for each kind, scenario and pair of years."""
    keys = ["kind", "scenario", "year_from", "year_to"]
    matrices = result.transitions[keys].drop_duplicates().to_dict("records")
    return tuple(_matrix(result.transitions, *(matrix[key] for key in keys)) for matrix in matrices)


def _matrix(transitions: pd.DataFrame, kind: str, scenario: str, first: int, last: int) -> Table:
    this = (transitions["kind"] == kind) & (transitions["scenario"] == scenario)
    table = transitions[this & (transitions["year_from"] == first) & (transitions["year_to"] == last)]
    origins, destinations = sorted(table["origin"].unique()), sorted(table["destination"].unique())
    places = zip(table["origin"], table["destination"], strict=True)
    shares = dict(zip(places, zip(table["share"], table["bound"], strict=True), strict=True))
    unknown = (math.nan, math.nan)
    rows = tuple(
        (Cell(_fifth(origin), tone="head"), *(_share_cell(*shares.get((origin, to), unknown)) for to in destinations))
        for origin in origins
    )
    caption = (
        f"From the fifth without the package (rows) to the fifth with it (columns), {last}{_IN_KIND.get(scenario, '')}"
        if kind == "policy"
        else f"From the fifth in {first} (rows) to the fifth in {last} (columns), {scenario}"
    )
    return Table(caption, ("", *map(str, destinations)), _from(1, len(destinations) + 1), rows)


def _fifth(number: object) -> str:
    return {"1": "1 poorest", "5": "5 richest"}.get(str(number), str(number))


def _share_cell(share: float, bound: float) -> Cell:
    shade = round(share, 4) if share == share else 0.0
    return Cell(write_value(share, "share"), shade=shade, bound=write_bound(bound, "share"))


def tabulate_fit(result: Result) -> Table:
    """Return every published figure the population was built on, and what it comes to."""
    reached = "Synthetic" if result.synthetic else "File"
    caption = f"Published figures beside the first year: {result.households}"
    return show_fit(result.fit, result.labels, reached, caption)


def show_fit(fit: pd.DataFrame, labels: Mapping[str, str], reached: str, caption: str) -> Table:
    """Return a table of fit with the columns of a result's."""
    sources = _number_sources(fit)
    rows = tuple(
        (
            Cell(_text(row["item"])),
            Cell(display_name(row["area"]), labels.get(str(row["area"]), "")),
            Cell(_text(row["unit"])),
            Cell(_magnitude(_number(row["target"]))),
            Cell(_magnitude(_number(row["reached"]))),
            Cell(_signed_percent(_number(row["relative_difference"]))),
            Cell(_ROLES.get(str(row["role"]), _text(row["role"]))),
            Cell(_reference(row["source"], sources)),
        )
        for row in fit.to_dict("records")
    )
    headers = ("Item", "Area", "Unit", "Published", reached, "Difference", "Met by", "Source")
    return Table(caption, headers, _from(3, 6), rows, notes=tuple(sources))


_ROLES: Mapping[str, str] = {
    "weights": "weights, exactly",
    "proportion": "weights, in proportion to each other",
    "joint": "the joint table, to the draw",
    "shape": "shape, as far as it can",
    "compared": DASH,
}


def tabulate_contradictions(result: Result) -> Table:
    """Return the published figures that contradict each other."""
    return show_contradictions(result.contradictions)


def show_contradictions(found: pd.DataFrame) -> Table:
    """Return a table of contradictions with the columns of a result's."""
    rows = tuple(
        (
            Cell(_text(row["what"])),
            Cell(_magnitude(_number(row["published"]))),
            Cell(_magnitude(_number(row["implied"]))),
            Cell(_signed_percent(_number(row["relative_difference"]))),
            Cell(_text(row["followed"])),
        )
        for row in found.to_dict("records")
    )
    headers = ("What", "Published", "By the others", "Difference", "The households follow")
    return Table("Published figures that contradict each other", headers, _from(1, 4), rows)


def tabulate_calibration(result: Result) -> Table:
    """Return the totals that the weights of a file were calibrated to, and what stands behind each."""
    sources = _number_sources(result.calibration)
    rows = tuple(
        (
            Cell(_text(row["name"])),
            Cell(_text(row["category"])),
            Cell(_text(row["unit"])),
            Cell(_magnitude(_number(row["target"]))),
            Cell(_magnitude(_number(row["before"]))),
            Cell(f"{_number(row['effective_sample_size']):,.0f}" + (" (thin)" if row["thin"] else "")),
            Cell(f"{_number(row['smallest_ratio']):.3g} to {_number(row['largest_ratio']):.3g}"),
            Cell(_reference(row["source"], sources)),
        )
        for row in result.calibration.to_dict("records")
    )
    headers = ("Total", "Of", "Unit", "Known", "In the file", "Effective rows", "New / old weights", "Source")
    return Table("Totals that the weights meet", headers, _from(3, 7), rows, notes=tuple(sources))


def tabulate_path(result: Result) -> Table:
    """Return income per head as published or assumed, and as simulated."""
    table = result.path.sort_values(["residence", "year"], kind="stable")
    sources = _number_sources(table)
    rows = tuple(
        (
            Cell(display_name(row["residence"]), result.labels.get(str(row["residence"]), "")),
            Cell(str(row["year"])),
            Cell(_text(row["status"])),
            Cell(_magnitude(_number(row["target"]))),
            Cell(_magnitude(_number(row["simulated"]))),
            Cell(_signed_percent(_number(row["relative_difference"]))),
            Cell(_reference(row["source"], sources)),
        )
        for row in table.to_dict("records")
    )
    headers = ("Residence", "Year", "Status", "Published or assumed", "Simulated, baseline", "Difference", "Source")
    return Table("Income per head, yuan", headers, _from(3, 7), rows, notes=tuple(sources))


def _number_sources(table: pd.DataFrame) -> dict[str, int]:
    """Return the different sources of a table with numbers from 1, in the order they come."""
    texts = dict.fromkeys(text for text in map(_text, table["source"]) if text != DASH)
    return {text: number for number, text in enumerate(texts, start=1)}


def _reference(source: object, sources: Mapping[str, int]) -> str:
    number = sources.get(_text(source))
    return DASH if number is None else f"[{number}]"


def tabulate_assumptions(result: Result) -> Table:
    """Return all assumptions with their reasons."""
    rows = tuple(
        (
            Cell(_text(row["what"]), tone="head"),
            Cell(_text(row["where"]), tone="code"),
            Cell(_text(row["value"]), tone="small"),
            Cell(_text(row["reason"])),
            Cell(_text(row["source"]), tone="small"),
        )
        for row in result.assumptions.to_dict("records")
    )
    headers = ("What", "Where", "Value", "Why", "Source")
    return Table(f"All {len(rows)} assumptions", headers, frozenset(), rows)


def tabulate_definitions(result: Result, lookup: SummaryLookup) -> Table:
    """Return what every measure in the summary is."""
    rows = tuple(
        (
            Cell(entry.english, entry.chinese, tone="head"),
            Cell(entry.measure, tone="code"),
            Cell(entry.unit),
            Cell(entry.formula),
            Cell(_DIRECTIONS[entry.direction]),
            Cell(_accuracy(lookup, entry)),
            Cell(entry.source, tone="small"),
        )
        for entry in definitions_of(lookup.measures, result.labels)
    )
    headers = ("Measure", "In the tables", "Unit", "Definition", "Wanted", "Known", "Source")
    return Table("Measures", headers, frozenset(), rows)


def _accuracy(lookup: SummaryLookup, entry: Definition) -> str:
    """Return how well a measure of everybody is known: the largest bound of a level in any year."""
    bounds = [
        lookup.bound(entry.measure, scenario, year) for scenario in ("baseline", "policy") for year in lookup.years
    ]
    largest = max((bound for bound in bounds if bound == bound), default=math.nan)
    if largest == 0.0:
        return "exactly"
    return write_bound(largest, entry.unit) or (DASH if largest != largest else f"±\u00a0{largest:.0e}")


def _known(number: Written, tone: str = "") -> Cell:
    return Cell(number.text, tone=tone, bound=number.bound, error=number.error)


def _measure_cell(english: str, chinese: str, unit: str) -> Cell:
    suffix = _UNITS.get(unit, unit)
    return Cell(f"{english}, {suffix}" if suffix else english, chinese, tone="head")


def _from(first: int, end: int) -> frozenset[int]:
    return frozenset(range(first, end))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _text(value: object, missing: str = DASH) -> str:
    """Return a text, a dash where there is none; missing values may be None or not a number."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return missing
    return str(value).strip() or missing


def _magnitude(value: float) -> str:
    """Return a number to the digits its size asks for."""
    if not math.isfinite(value):
        return DASH
    return write_number(value, 0 if abs(value) >= 1000.0 else 4 if abs(value) < 10.0 else 2)


def _signed_percent(value: float) -> str:
    if not math.isfinite(value):
        return DASH
    return write_difference(value, "share").replace("pp", "%")
