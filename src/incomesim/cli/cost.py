"""What a run will cost, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incomesim.estimate import Estimate

__all__ = ["cost_line"]


def cost_line(cost: Estimate) -> str:
    """Return households, years, seconds and memory in one line."""
    sample = "all" if cost.households == cost.real_households else f"for {cost.real_households or 0:,} real ones"
    sample = "of the file" if cost.from_file else sample
    scenarios = "baseline, policy and extended income" if cost.in_kind else "baseline and policy"
    return (
        f"{cost.households:,} households ({sample}), {cost.years} years, {scenarios}: "
        f"about {cost.seconds:.0f} s and {cost.memory_bytes / 2**30:.1f} GiB"
    )
