"""Published facts on mobility beside what the processes of a scenario imply."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

import pandas as pd

from incomesim.mobility.transitions import correlation_at, exit_probability, implied_correlation, stay_probability
from incomesim.published import MobilityFact, read_mobility_facts
from incomesim.scenario.model import Mobility

__all__ = ["ASSUMED_POOR", "compare_with_published", "list_contradictions"]

ASSUMED_POOR = 0.10
"""Share of rural people who are poor where none is given. An assumption: the study of exits does not say it; the
official rural share was 10.2 % in 2012 and fell through the years of the study (NBS, at the standard of 2010)."""


def compare_with_published(mobility: Mobility, *, poor: float = ASSUMED_POOR) -> pd.DataFrame:
    """Return each published fact, what the scenario's process implies, and the correlation that each asks for.

    One row for each fact: published, implied, difference (implied minus published), years, correlation (of the
    process, so many years apart), correlation_implied (that the fact asks for by itself) with correlation_low and
    correlation_high (within the rounding of the print); missing where no process has it. `poor` is the share of rural
    people below the line of the exit rate, that of the scenario where it is known. Fifths and the poor are taken by
    rank within the residence; moves, renewal and what differs between cells are left out on both sides.
    """
    rows = [_row(fact, mobility, poor) for fact in read_mobility_facts()]
    return pd.DataFrame(rows)


def _row(fact: MobilityFact, mobility: Mobility, poor: float) -> dict[str, object]:
    probability = _probability(fact, poor)
    correlation = correlation_at(getattr(mobility, fact.residence), fact.years)
    implied = probability(correlation)
    low, high = _range(fact, poor)
    return {
        "fact": fact.name,
        "residence": fact.residence,
        "period": fact.period,
        "years": fact.years,
        "published": fact.value,
        "implied": implied,
        "difference": implied - fact.value,
        "correlation": correlation,
        "correlation_implied": implied_correlation(probability, fact.value),
        "correlation_low": low,
        "correlation_high": high,
        "data": fact.data,
        "source": fact.source,
    }


def _probability(fact: MobilityFact, poor: float) -> Callable[[float], float]:
    if fact.fifth is None:
        return partial(exit_probability, poor=poor)
    return partial(stay_probability, group=fact.fifth)


def _range(fact: MobilityFact, poor: float) -> tuple[float | None, float | None]:
    """Correlations that the fact may ask for, as it is rounded; from 0 where a smaller rate needs a negative one."""
    probability, half = _probability(fact, poor), 0.5 * 10.0**-fact.digits
    ends = [implied_correlation(probability, fact.value + side * half) for side in (-1.0, 1.0)]
    low, high = sorted(0.0 if end is None else end for end in ends)
    return (None, None) if ends == [None, None] else (low, high)


def list_contradictions(poor: float = ASSUMED_POOR) -> tuple[str, ...]:
    """Return a sentence for each set of published facts that no process can meet together, as they are rounded.

    A process has one correlation for each number of years. Facts of the same residence, period and number of years are
    held against each other. Sampling errors are not published and not allowed for.
    """
    facts = sorted(read_mobility_facts(), key=lambda fact: (fact.residence, fact.period, fact.years))
    found: list[str] = []
    for _, same in groupby(facts, key=lambda fact: (fact.residence, fact.period, fact.years)):
        found += _contradictions(list(same), poor)
    return tuple(found)


def _contradictions(facts: Sequence[MobilityFact], poor: float) -> Iterator[str]:
    ranges = [_range(fact, poor) for fact in facts]
    for fact, (low, _) in zip(facts, ranges, strict=True):
        if low is None:
            yield f"{fact.residence} {fact.period}: no correlation from 0 to 1 gives {fact.value} ({fact.name})"
    lows = [low for low, _ in ranges if low is not None]
    highs = [high for _, high in ranges if high is not None]
    if lows and max(lows) > min(highs):
        asked = "; ".join(
            f"{fact.name} {fact.value}: {low:.2f} to {high:.2f}"
            for fact, (low, high) in zip(facts, ranges, strict=True)
            if low is not None
        )
        where = f"{facts[0].residence} {facts[0].period}"
        yield f"{where}: no process meets these together; correlations asked for: {asked}"
