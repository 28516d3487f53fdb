"""What is taken for granted when households come from a file."""

from __future__ import annotations

from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.microdata import Holdings
from incomesim.scenario import Assumption

__all__ = ["list_file_assumptions"]


def list_file_assumptions(holdings: Holdings) -> tuple[Assumption, ...]:
    """Return them, with the number of rows and households that each is about."""
    without_market, large_losses = (
        _extent(int(rows), households * WEIGHT_UNIT, holdings)
        for rows, households in (holdings.without_market, holdings.large_losses)
    )
    return (
        Assumption(
            "method",
            "households of a file",
            f"{holdings.file.path.name}: {holdings.rows:,} rows for {holdings.households:,.0f} households",
            "Households are taken as they stand in the file, with its weights: nothing was calibrated, and nothing is "
            "known here of how they were drawn.",
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


def _extent(rows: int, households: float, holdings: Holdings) -> str:
    return f"{rows:,} rows, {households / holdings.households:.2%} of households"
