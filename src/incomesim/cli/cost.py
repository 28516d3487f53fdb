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
    return (
        f"{cost.households:,} households ({sample}), {cost.years} years, baseline and policy: "
        f"about {cost.seconds:.0f} s and {cost.memory_bytes / 2**30:.1f} GiB"
    )
