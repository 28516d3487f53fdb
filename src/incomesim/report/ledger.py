"""The ledger for the report: by lever, by year, by region and group, and its totals by the plan's bookkeeping."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import pandas as pd

from incomesim.report.plan_names import WAYS, name_of
from incomesim.report.quantities import DASH, write_money, write_number, write_value
from incomesim.report.summary_lookup import SummaryLookup, display_name
from incomesim.report.tables import Cell, Table
from incomesim.result import Result

__all__ = ["tabulate_ledger", "tabulate_ledger_by_year", "tabulate_places", "tabulate_targets", "tabulate_totals"]

_COUNTS = ("households_reached", "persons_reached")
_TARGET_COUNTS = ("households_reached", "households_in_error", "households_turned_away")
_MONEY = (
    "received_yuan", "in_kind_yuan", "delivery_yuan", "paid_yuan", "gained_yuan", "collected_yuan",
)  # fmt: skip
_CASES = {"household_cases": "households_reached", "person_cases": "persons_reached"}
_MONEY_HEADERS = (
    "Cash 到户资金",
    "In kind 实物服务",
    "Delivery 实施成本",
    "Paid 支出合计",
    "Gained 增收",
    "Collected 征收",
)
_RATIOS = ("Yuan per case 户均成本", "Leakage 漏出率")
_HEADERS = ("Household cases 户次", "Person cases 人次", *_MONEY_HEADERS, *_RATIOS)
_TARGET_HEADERS = (
    "Year", "Lever", "Entitled 应享户数", "Reached 受益户数", "In error 误享户数", "Turned away 未享户数",
    "Coverage 目标覆盖率", "Inclusion error 误享率", "Beyond response 超出范围率", "Budget 预算", "Unspent 结余",
)  # fmt: skip
_ALL_YEARS = (
    "all years together, money in million yuan; a household counts once for each lever and year that reaches it"
)


def tabulate_ledger(result: Result) -> Table:
    """Return what each lever reaches, costs and brings in all years together."""
    rows = [
        _amounts_row(Cell(str(lever), tone="head"), of_lever)
        for lever, of_lever in result.ledger.groupby("lever", sort=False)
    ]
    if rows:
        rows.append(_amounts_row(Cell("All levers", "合计", tone="head total"), result.ledger))
    return Table(f"By lever, {_ALL_YEARS}", ("Lever", *_HEADERS), _numbers(1, 11), tuple(rows))


def tabulate_totals(result: Result) -> Table:
    """Return the totals of all years by family, list, payer, lead unit and sample."""
    table = result.ledger_totals.rename(columns=_CASES)
    headers = ("Of", "Levers 项数", *_HEADERS)
    rows: list[tuple[Cell, ...]] = []
    for by in WAYS if len(table) else ():
        rows.append((Cell(*WAYS[by], tone="heading"), *(Cell("") for _ in headers[1:])))
        for value, part in table[table["by"] == by].groupby("value", sort=False):
            name, *amounts = _amounts_row(Cell(*name_of(by, value, result.labels)), part)
            rows.append((name, Cell(str(part["levers"].iloc[0])), *amounts))
    if rows:
        name, *amounts = _amounts_row(Cell("All levers", "合计", tone="head total"), result.ledger)
        rows.append((name, Cell(str(result.ledger["lever"].nunique())), *amounts))
    return Table(f"Totals, {_ALL_YEARS}; each block adds up to all levers", headers, _numbers(1, 12), tuple(rows))


def tabulate_places(result: Result, lookup: SummaryLookup) -> Table:
    """Return the totals of all levers and years by region and by group, and what was paid for each resident."""
    table = result.ledger_by_region_and_group
    headers = ("Where", *_HEADERS, "Yuan per resident and year 人均支出")
    rows: list[tuple[Cell, ...]] = []
    paid = result.ledger.groupby("year")["paid_yuan"].sum()
    years = [int(year) for year in paid.index[paid > 0.0]]
    for by, english, chinese in (("region", "By region", "按区域"), ("group", "By group", "按群体")):
        if len(table):
            rows.append((Cell(english, chinese, tone="heading"), *(Cell("") for _ in headers[1:])))
        for name in lookup.subgroups.get(by, ()) if len(table) else ():
            part = table[table[by] == name]
            residents = math.fsum(lookup.value("persons", "policy", year, by, name) for year in years)
            each = float(part["paid_yuan"].sum()) / residents if residents > 0.0 else math.nan
            cell = Cell(display_name(name), result.labels.get(name, ""))
            rows.append((*_amounts_row(cell, part), Cell(write_number(each))))
    caption = f"By region and group, {_ALL_YEARS}; who moves stands where the lever has brought them"
    return Table(caption, headers, _numbers(1, 12), tuple(rows))


def _amounts_row(name: Cell, part: pd.DataFrame) -> tuple[Cell, ...]:
    """Return the sums of some rows of a ledger as `_HEADERS` has them."""
    total = {column: math.fsum(part[column]) for column in (*_COUNTS, *_MONEY, "to_non_poor_yuan")}
    return (name, *_cells(total, _leakage(total), total["paid_yuan"], total["households_reached"]))


def _leakage(total: Mapping[str, float]) -> float:
    brought = total["received_yuan"] + total["in_kind_yuan"] + total["gained_yuan"]
    return total["to_non_poor_yuan"] / brought if brought > 0.0 else math.nan


def _cells(row: Mapping[str, float], leakage: float, paid: float, households: float) -> tuple[Cell, ...]:
    """Return the cells of `_HEADERS`; where nothing is received or gained, no gain was recorded."""
    gained = row["gained_yuan"] if row["received_yuan"] or row["gained_yuan"] else math.nan
    each = paid / households if households > 0.0 else math.nan
    return (
        *(Cell(write_number(row[column])) for column in _COUNTS),
        *(Cell(write_money(gained if column == "gained_yuan" else row[column])) for column in _MONEY),
        Cell(write_number(each)),
        Cell(write_value(leakage, "share")),
    )


def tabulate_ledger_by_year(result: Result) -> Table:
    """Return the ledger as it is, years in which nobody was reached left out."""
    table = result.ledger
    served = table[(table["households_reached"] > 0) | (table["paid_yuan"] > 0)]
    rows = tuple(_year_row(result, row) for row in served.to_dict("records"))
    headers = ("Year", "Lever", "Payer", "Households 户数", "Persons 人数", *_MONEY_HEADERS, *_RATIOS)
    return Table("By lever and year, money in million yuan", headers, _numbers(3, 13), rows)


def tabulate_targets(result: Result) -> Table:
    """Return by lever and year whom the target takes in, who of them is reached, and what is left of the budget."""
    table = result.ledger
    served = table[(table["households_reached"] > 0) | (table["households_entitled"] > 0)]
    rows = tuple(
        (
            Cell(str(row["year"])),
            Cell(str(row["lever"]), tone="head"),
            Cell(write_number(_entitled(row))),
            *(Cell(write_number(float(row[column]))) for column in _TARGET_COUNTS),
            *(
                Cell(write_value(float(row[column]), "share"))
                for column in ("coverage_of_target", "inclusion_error_share", "bounded_share")
            ),
            *(Cell(write_money(float(row[column]))) for column in ("budget_yuan", "unspent_yuan")),
        )
        for row in served.to_dict("records")
    )
    return Table("Households, and money in million yuan", _TARGET_HEADERS, _numbers(2, 11), rows)


def _entitled(row: Mapping[Hashable, object]) -> float:
    """A law has no target: it holds for whomever it touches."""
    entitled, reached, in_error = (
        float(str(row[f"households_{what}"])) for what in ("entitled", "reached", "in_error")
    )
    return math.nan if entitled == 0.0 and reached > in_error else entitled


def _year_row(result: Result, row: Mapping[Hashable, object]) -> tuple[Cell, ...]:
    numbers = {column: float(str(row[column])) for column in (*_COUNTS, *_MONEY, "to_non_poor_yuan")}
    english, chinese = name_of("funded_by", row["funded_by"], result.labels)
    return (
        Cell(str(row["year"])),
        Cell(str(row["lever"]), tone="head"),
        Cell(english, "" if english == DASH else chinese),
        *_cells(numbers, _leakage(numbers), numbers["paid_yuan"], numbers["households_reached"]),
    )


def _numbers(first: int, end: int) -> frozenset[int]:
    return frozenset(range(first, end))
