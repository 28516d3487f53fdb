"""The budget of the package for the report: who pays, what comes in, and what the gaps narrow for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from incomesim.report.definitions import define
from incomesim.report.plan_names import name_of
from incomesim.report.quantities import (
    write_known_difference,
    write_money,
    write_number,
    write_significant,
    write_value,
)
from incomesim.report.tables import Cell, Table
from incomesim.result import Result
from incomesim.tabulate.balance import ALL_PAYERS

__all__ = ["tabulate_balance", "tabulate_balance_by_payer", "tabulate_effects"]

_HEADERS = (
    "Paid 支出", "Collected 征收", "Balance 收支差额", "Cost of other levers 政策净支出",
    "Finance levers bring 筹资净额", "Financed 筹资覆盖率", "Balance per resident, yuan 人均",
    "Balance, of disposable income 占可支配收入",
)  # fmt: skip


def tabulate_balance(result: Result) -> Table:
    """Return the balance of all payers together, by year; years in which nothing is paid or collected are left out."""
    rows = tuple(
        (Cell(str(row["year"]), tone="head"), *_amounts(row))
        for row in _at_work(result)
        if row["payer"] == ALL_PAYERS
    )  # fmt: skip
    return Table("All payers together, money in million yuan", ("Year", *_HEADERS), frozenset(range(1, 9)), rows)


def tabulate_balance_by_payer(result: Result) -> Table:
    """Return the balance of each payer by year."""
    rows = tuple(
        (Cell(*name_of("funded_by", row["payer"], result.labels), tone="head"), Cell(str(row["year"])), *_amounts(row))
        for row in sorted(
            _at_work(result), key=lambda row: (row["payer"] == ALL_PAYERS, str(row["payer"]), row["year"])
        )
    )
    headers = ("Payer 资金来源", "Year", *_HEADERS)
    return Table("By payer and year, money in million yuan", headers, frozenset(range(2, 10)), rows)


def _at_work(result: Result) -> list[dict[Hashable, Any]]:
    table = result.balance
    return table[(table["paid_yuan"] != 0.0) | (table["collected_yuan"] != 0.0)].to_dict("records")


def _amounts(row: Mapping[Hashable, Any]) -> tuple[Cell, ...]:
    money = ("paid_yuan", "collected_yuan", "balance_yuan", "package_cost_yuan", "finance_yuan")
    return (
        *(Cell(write_money(row[column])) for column in money),
        Cell(write_value(row["financed_share"], "share")),
        Cell(write_number(row["balance_per_person_yuan"], 1)),
        Cell(write_value(row["balance_share_of_income"], "share")),
    )


def tabulate_effects(result: Result, years: tuple[int, ...]) -> Table:
    """Return what the package does to the three gaps for each 100 million yuan paid, in these years."""
    table = result.cost_effectiveness
    rows = tuple(_effect_row(result, row) for row in table[table["year"].isin(years)].to_dict("records"))
    headers = (
        "Gap", "Year", "Effect 政策效应", "Paid in the year 当年支出", "Effect per 100 million of it 每亿元",
        "Paid to date 累计支出", "Effect per 100 million of it 每亿元",
    )  # fmt: skip
    caption = "Effect of the whole package, less baseline, for each 100 million yuan paid for it; money in million yuan"
    return Table(caption, headers, frozenset(range(2, 7)), rows)


def _effect_row(result: Result, row: Mapping[Hashable, Any]) -> tuple[Cell, ...]:
    definition = define(str(row["measure"]), result.labels)
    english, chinese = ("", "") if row["scenario"] == "policy" else (", extended income", "（含实物服务）")
    effect = write_known_difference(row["effect"], row["bound"], definition.unit)
    return (
        Cell(f"{definition.english}{english}", f"{definition.chinese}{chinese}", tone="head"),
        Cell(str(row["year"])),
        Cell(effect.text, bound=effect.bound),
        Cell(write_money(row["paid_yuan"])),
        _portion(row, "per_100_million_yuan"),
        Cell(write_money(row["paid_to_date_yuan"])),
        _portion(row, "per_100_million_yuan_to_date"),
    )


def _portion(row: Mapping[Hashable, Any], column: str) -> Cell:
    """Return an effect for a portion of money, and its bound where that touches a digit shown."""
    doubt = abs(row["bound"] / row["effect"]) if row["effect"] else 0.0
    bound = f"±\u00a0{abs(row[column]) * doubt:.1g}" if doubt >= 5e-4 and row[column] == row[column] else ""
    return Cell(write_significant(row[column]), bound=bound)
