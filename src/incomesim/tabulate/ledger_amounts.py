"""What a ledger adds up: amounts by lever, year, region and group, in units in which sums have no error."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.ageing import Aged, weigh
from incomesim.kernel.tables import WEIGHT_UNIT, Ledger
from incomesim.plan import Plan
from incomesim.policy import Lever
from incomesim.scenario import Scenario

__all__ = ["AMOUNTS", "DERIVED", "MONEY", "add_up", "count_amounts", "fen_of", "show_amounts"]

Reals = NDArray[np.float64]

AMOUNTS = (
    "households_reached", "persons_reached", "households_entitled", "households_in_error", "households_turned_away",
    "households_bounded",
    "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan", "gained_yuan", "collected_yuan", "net_cost_yuan",
    "to_non_poor_yuan",
)  # fmt: skip
"""The columns that add up, those of money last."""

DERIVED = ("cost_per_household_yuan", "leakage", "coverage_of_target", "inclusion_error_share", "bounded_share")
"""The columns that follow from those that add up."""

MONEY = slice(AMOUNTS.index("paid_yuan"), None)
_FEN = 100.0  # in a yuan
_OF_MONEY = (Ledger.RECEIVED, Ledger.GAINED, Ledger.COLLECTED, Ledger.TO_NON_POOR)
_OF_PEOPLE = (Ledger.HOUSEHOLDS, Ledger.PERSONS, Ledger.ENTITLED, Ledger.IN_ERROR, Ledger.TURNED_AWAY, Ledger.BOUNDED)
_UNITS = np.array([1.0 if entry in _OF_MONEY else WEIGHT_UNIT for entry in Ledger])
"""Of the entries of `kernel.tables.Ledger`: fen, or households and persons."""


def count_amounts(scenario: Scenario, plan: Plan, aged: Aged) -> Reals:
    """Return the amounts (L, T, P, len(AMOUNTS)) of levers, years and parts; part = region * groups + group.

    Money is in fen and whole: with ageing, or where a lever's delivery is not, each part is rounded to the nearest.
    So money adds up to the fen over any parts, and paid is received, in kind and delivery to the fen. Households and
    persons are whole multiples of `WEIGHT_UNIT` times the factors of ageing. Of a law (`Lever.capped` is False) nobody
    is entitled: it holds for whomever it touches.
    """
    counted = aged.sums.ledger[-1]  # all levers are at work in the last scenario
    regions, residences, groups, bands = plan.ground.shape
    by_trait = counted.reshape(*counted.shape[:2], regions, residences, groups, bands, len(Ledger))
    by_stratum = np.moveaxis(by_trait, (3, 5), (0, 1)).reshape(
        residences * bands, *counted.shape[:2], regions * groups, len(Ledger)
    )
    amounts = np.empty((*by_stratum.shape[1:-1], len(AMOUNTS)))
    in_kind = [bool(lever.compile(plan.ground).services) for lever in scenario.policy]
    levels = [lever.amounts(plan.ground).tolist() for lever in scenario.policy]
    for t, (year, factor) in enumerate(zip(plan.ground.years, aged.factor, strict=True)):
        weighed = weigh(by_stratum[:, :, t], factor, _UNITS)
        for number, lever in enumerate(scenario.policy):
            serves, level = year in lever.years, levels[number][t]
            amounts[number, t] = _complete(weighed[number], lever, serves, level, in_kind=in_kind[number])
    return amounts


def _complete(weighed: Reals, lever: Lever, serves: bool, level: float, *, in_kind: bool) -> Reals:
    """Return the amounts (P, len(AMOUNTS)) of what was counted (P, len(Ledger)), with the costs of delivery."""
    people = weighed[:, _OF_PEOPLE] * serves
    if not lever.capped:
        people[:, AMOUNTS.index("households_entitled")] = 0.0
    given, gained, collected, to_non_poor = np.rint(weighed[:, _OF_MONEY]).T
    delivery = np.zeros(len(given))
    for part in np.flatnonzero((people[:, 0] > 0.0) | (given > 0.0)).tolist():
        cost = level * lever.delivery(float(people[part, 0]), float(given[part] / _FEN) / level)
        delivery[part] = np.rint(cost * _FEN)
    paid, kind = given + delivery, given * in_kind
    return np.column_stack(
        [people, paid, given - kind, kind, delivery, gained, collected, paid - collected, to_non_poor]
    )


def add_up(parts: Reals) -> Reals:
    """Return the sums (..., K) of parts (..., P, K), each rounded once, so in any order of the parts the same."""
    *outer, _, columns = parts.shape
    sums = [math.fsum(column) for part in parts.reshape(-1, *parts.shape[-2:]) for column in part.T]
    return np.array(sums, np.float64).reshape(*outer, columns)


def show_amounts(amounts: Reals) -> pd.DataFrame:
    """Return the columns `AMOUNTS` and `DERIVED` of amounts (N, len(AMOUNTS)), money in yuan.

    What has no meaning is missing: a cost for each household where none was reached, leakage where nothing was
    received or gained, coverage of a target in which nobody was.
    """
    shown = amounts.copy()
    shown[:, MONEY] /= _FEN
    table = pd.DataFrame(shown, columns=list(AMOUNTS))
    brought = table["received_yuan"] + table["in_kind_yuan"] + table["gained_yuan"]
    reached = table["households_reached"]
    table["cost_per_household_yuan"] = (table["paid_yuan"] / reached.where(reached > 0.0)).astype("float64")
    table["leakage"] = (table["to_non_poor_yuan"] / brought.where(brought > 0.0)).astype("float64")
    entitled, in_error = table["households_entitled"], table["households_in_error"]
    table["coverage_of_target"] = ((reached - in_error) / entitled.where(entitled > 0.0)).astype("float64")
    table["inclusion_error_share"] = (in_error / reached.where(reached > 0.0)).astype("float64")
    table["bounded_share"] = (table["households_bounded"] / reached.where(reached > 0.0)).astype("float64")
    return table


def fen_of(table: pd.DataFrame) -> Reals:
    """Return the amounts (N, len(AMOUNTS)) of a table that `show_amounts` made, money in fen again."""
    amounts = table[list(AMOUNTS)].to_numpy(np.float64, copy=True)
    amounts[:, MONEY] = np.rint(amounts[:, MONEY] * _FEN)
    return amounts
