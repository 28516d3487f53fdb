"""The population by year for the report: given totals, and what households of each stratum stand for."""

from __future__ import annotations

from incomesim.report.quantities import DASH, write_number
from incomesim.report.tables import Cell, Table
from incomesim.result import Result

__all__ = ["tabulate_factors", "tabulate_totals"]

_CHINESE = {
    "residents": "常住人口",
    "urban_share": "城镇化率",
    "aged_65": "65岁及以上人口占比",
    "aged_0_14": "0-14岁人口占比",
}
_STRATUM = "stratum"


def tabulate_totals(result: Result) -> Table:
    """Return every given total by year, and the baseline as it was counted and with the weights that meet it."""
    table = result.ageing[result.ageing["total"] != _STRATUM]
    sources = {text: number for number, text in enumerate(dict.fromkeys(filter(None, table["source"])), start=1)}
    rows = tuple(
        (
            Cell(str(row["item"]), _CHINESE.get(str(row["total"]), ""), tone="head"),
            Cell(str(row["year"])),
            Cell(str(row["status"])),
            *(Cell(_write(float(row[name]), str(row["unit"]))) for name in ("given", "before", "after")),
            Cell(f"[{sources[row['source']]}]" if row["source"] else DASH),
        )
        for row in table.to_dict("records")
    )
    headers = ("Total", "Year", "Status", "Given", "As counted", "With weights", "Source")
    caption = "Baseline; residents are followed in proportion to the first year"
    return Table(caption, headers, frozenset(range(3, 7)), rows, notes=tuple(sources))


def tabulate_factors(result: Result) -> Table:
    """Return the factor of each stratum by year."""
    strata = result.ageing[result.ageing["total"] == _STRATUM]
    years = tuple(strata["year"].unique())
    rows = tuple(
        (Cell(str(name), tone="head"), *(Cell(write_number(float(factor), 4)) for factor in of_stratum["factor"]))
        for name, of_stratum in strata.groupby("item", sort=False)
    )
    headers = ("Stratum", *map(str, years))
    caption = "Against the first year; the same in both scenarios"
    return Table(caption, headers, frozenset(range(1, len(headers))), rows)


def _write(value: float, unit: str) -> str:
    return write_number(value) if unit == "persons" else f"{write_number(100.0 * value, 2)}\u00a0%"
