"""What is wrong with levers beside the rest of a scenario: names, years, age bands, moves that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from incomesim.fields import RESIDENCES
from incomesim.scenario.plain_data import (
    Finding,
    Where,
    are_numbers,
    check_once,
    entries_of,
    mapping_of,
    period_of,
    unknown,
)

__all__ = ["check_levers"]


def check_levers(
    data: Mapping[str, Any], regions: Sequence[str], groups: Sequence[str], starts: Any, years: range | None
) -> Iterator[Finding]:
    """Yield what is wrong with the list `policy` of plain data; `starts` are the ages at which bands begin."""
    levers = entries_of(data, "policy")
    yield from check_once(("policy",), "name", [lever.get("name") for lever in levers])
    for index, lever in enumerate(levers):
        where: Where = ("policy", index)
        period = period_of(lever.get("years"))
        if period is not None and years is not None and not set(period) <= set(years):
            yield (
                (*where, "years"),
                (f"found {period[0]}..{period[-1]}, expected years within those of the run, {years[0]}..{years[-1]}"),
            )
        target = mapping_of(lever, "target")
        yield from _check_known((*where, "target", "regions"), "region", target.get("regions"), regions)
        yield from _check_known((*where, "target", "groups"), "group", target.get("groups"), groups)
        residence = target.get("residence")
        if isinstance(residence, str) and residence not in RESIDENCES:
            yield (*where, "target", "residence"), unknown("residence", residence, RESIDENCES)
        elif lever.get("lever") == "urbanisation" and residence == RESIDENCES[0]:
            yield (*where, "target", "residence"), 'found "urban", but only rural households can move to town'
        yield from _check_bands((*where, "target", "ages"), target.get("ages"), starts)
        yield from _check_measured(where, target.get("measured"), period, years)
        order = mapping_of(lever, "budget").get("order")
        if isinstance(order, list):
            yield from _check_known((*where, "budget", "order"), "region or group", order, [*regions, *groups])
        to = lever.get("to")
        if isinstance(to, str) and to not in groups:
            yield (*where, "to"), unknown("group", to, groups)
        elif isinstance(to, str) and target.get("groups") == [to]:
            yield (*where, "to"), f'found "{to}", the only group of the target: nobody would change'


def _check_measured(where: Where, measured: Any, period: range | None, years: range | None) -> Iterator[Finding]:
    """Income can only be measured in years of the run that are over when the lever is at work."""
    if years is None or period is None:
        return
    if measured == "last_year" and period[0] == years[0]:
        yield (
            (*where, "target", "measured"),
            f"found last_year, but the lever begins in {years[0]}, before which the run knows no income",
        )
    if isinstance(measured, int) and measured not in years:
        found = f"found {measured}, expected a year of the run, {years[0]}..{years[-1]}"
        yield (*where, "target", "measured"), found


def _check_bands(where: Where, interval: Any, starts: Any) -> Iterator[Finding]:
    if not are_numbers(interval) or not are_numbers(starts) or not interval:
        return
    lower, upper = [0, *starts], [*(start - 1 for start in starts), 120]
    if len(interval) != 2 or interval[0] not in lower or interval[1] not in upper or interval[0] > interval[1]:
        yield (
            where,
            (
                f"found {interval}, expected lowest and highest age of whole bands: the lowest one of {lower}, "
                f"the highest one of {upper}"
            ),
        )


def _check_known(where: Where, kind: str, names: Any, allowed: Iterable[str]) -> Iterator[Finding]:
    for index, name in enumerate(names if isinstance(names, list) else []):
        if isinstance(name, str) and name not in allowed:
            yield (*where, index), unknown(kind, name, allowed)
