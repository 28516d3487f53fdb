"""Mechanism 5: a tax on chosen sources, by brackets; below 0 it is a relief."""

from __future__ import annotations

from incomesim.kernel.accumulate import Weights, to_fen
from incomesim.kernel.compile import at, stage
from incomesim.kernel.earnings import Incomes, source_of
from incomesim.kernel.levers import Effects
from incomesim.kernel.members import Members, count_members
from incomesim.kernel.tables import Flags, Integers, Ledger, Reals, Taxes

__all__ = ["record_collected", "tax"]

_COLLECTED = int(Ledger.COLLECTED)


@stage
def tax(
    table: Taxes, x: int, t: int, cell: Integers, members: Members, incomes: Incomes, taxpayers: Reals, due: Reals,
    touched: Flags, effects: Effects, n: int,
) -> int:  # fmt: skip
    """Take the tax from a source; `taxpayers` and `due` (B,) are work space.

    A household's base is divided evenly among its taxpayers. Each pays the sum over brackets of the step in the rate
    times what lies above the threshold.
    """
    source, base, index = source_of(incomes, table.source[x]), effects.gained, effects.who
    part, force, threshold, step = table.part[x], table.force[x, t], table.threshold[x, t], table.step[x, t]
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    count_members(table.per[x], members, taxpayers, n)
    for i in range(n):
        base[i] = part[0] * wage[i] + part[1] * operating[i] + part[2] * owned[i] + part[3] * transfer[i]
    for i in range(n):
        base[i] /= taxpayers[i]
        due[i] = 0.0
    for r in range(threshold.shape[0]):
        for i in range(n):
            due[i] += step[r] * max(base[i] - threshold[r], 0.0)
    for i in range(n):
        due[i] *= taxpayers[i] * force[at(cell[i])]
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if due[i] != 0.0 else 0
    for j in range(number):
        i = at(index[j])
        source[i] -= due[i]
        touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = max(-due[i], 0.0)
        effects.collected[j] = max(due[i], 0.0)
    for j in range(number):
        effects.gained[j] = 0.0
    return number


@stage
def record_collected(weights: Weights, cell: Integers, effects: Effects, number: int, by_cell: Integers) -> None:
    """Write what a lever takes in a year into the ledger (C, ...)."""
    for j in range(number):
        i = at(effects.who[j])
        by_cell[at(cell[i]), _COLLECTED] += to_fen(weights.weight[i] * effects.collected[j])
