"""How earnings answer to what a lever leaves of the next yuan, with the floor and with taxes."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined
from incomesim.kernel.earnings import Incomes
from incomesim.kernel.hand import Hand, Year
from incomesim.kernel.tables import Ledger

__all__ = ["change_earnings", "note_bounded"]

_BOUNDED = int(Ledger.BOUNDED)


@inlined
def change_earnings(incomes: Incomes, i: int, of_wage: float, of_operating: float) -> float:
    """Change wage and operating income by shares of them, losses left alone, and return the yuan earned more."""
    wage = of_wage * max(incomes.wage[i], 0.0)
    operating = of_operating * max(incomes.operating[i], 0.0)
    incomes.wage[i] += wage
    incomes.operating[i] += operating
    more: float = wage + operating
    return more


@inlined
def note_bounded(lever: int, i: int, year: Year, hand: Hand) -> None:
    """Count a household whose rate lies beyond the range in which the response is known."""
    year.ledger[lever, at(hand.ends[i]), _BOUNDED] += hand.weights.households[i]
