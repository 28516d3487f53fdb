"""Totals of the population that are given for years after the first: published, or in the scenario's `ageing`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from incomesim.published import Fact, PlaceFacts

__all__ = ["TOTALS", "check_ageing", "published_totals"]

TOTALS: Mapping[str, str] = {
    "residents": "residents",
    "urban_share": "urban residents",
    "aged_65": "residents of 65 and over",
    "aged_0_14": "residents below 15",
}
"""What can be given for a year, and what it counts; all but the first are shares of residents."""

Finding = tuple[tuple[str | int, ...], str]


def published_totals(facts: PlaceFacts | None, *, of_file: bool) -> Mapping[str, Mapping[int, Fact]]:
    """Return what is published of each total by year, nothing where no place is named.

    For households of a file the urban share counts only where that of the first year is published too: theirs may be
    another one, and would jump.

    Residents count only in proportion to a figure of the first year or an earlier one, since the population may be a
    part of the place. Age shares count only where the one of the first year is among them: growth from an older one
    would be too fast.
    """
    nothing: Mapping[int, Fact] = {}
    if facts is None:
        return dict.fromkeys(TOTALS, nothing)
    residents = facts.total_residents if any(year <= facts.year for year in facts.total_residents) else nothing
    old, young = (series if facts.year in series else nothing for series in facts.age_shares)
    urban = nothing if of_file and facts.year not in facts.urban_share else facts.urban_share
    return {"residents": residents, "urban_share": urban, "aged_65": old, "aged_0_14": young}


def check_ageing(
    entries: Sequence[Mapping[str, Any]], rate: Any, facts: PlaceFacts | None, years: range | None, *, of_file: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the totals of a scenario, as plain data, and with the rate of moves to town.

    `facts` and `years` are None where they are not known.
    """
    published = published_totals(facts, of_file=of_file)
    for index, entry in enumerate(entries):
        year = entry.get("year")
        yield from _check_entry(("ageing", index), entry)
        if not isinstance(year, int) or years is None:
            continue
        if year not in years[1:]:
            span = f"{years[1]}..{years[-1]}" if len(years) > 1 else "none in a run of one year"
            yield ("ageing", index, "year"), f"found {year}, expected a year after the first one of the run: {span}"
        for total in TOTALS:
            if entry.get(total) is not None and year in published[total]:
                yield ("ageing", index, total), f"found {TOTALS[total]} for {year}, which are published; leave it out"
    given = {*published["urban_share"], *_years_of(entries, "urban_share")}
    if years is not None and rate is None and not any(year >= years[-1] for year in given):
        until = f"up to {max(given)} only" if given else "for no year"
        yield (
            ("urbanisation", "rate"),
            f"is missing; the urban share is given {until}, so the moves to town of other years must be stated",
        )


def _check_entry(where: tuple[str | int, ...], entry: Mapping[str, Any]) -> Iterator[Finding]:
    if all(entry.get(total) is None for total in TOTALS):
        yield where, f"found no total, expected at least one of {', '.join(TOTALS)}"
    old, young = entry.get("aged_65"), entry.get("aged_0_14")
    if isinstance(old, float) and isinstance(young, float) and old + young >= 1.0:
        yield where, f"found aged_65 + aged_0_14 = {old + young:g}, expected less than 1: somebody is in between"


def _years_of(entries: Sequence[Mapping[str, Any]], total: str) -> set[int]:
    return {entry["year"] for entry in entries if entry.get(total) is not None and isinstance(entry.get("year"), int)}
