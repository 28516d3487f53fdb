"""What a run will cost, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incomesim.estimate import Estimate

__all__ = ["cost_line", "row_groups"]


def cost_line(cost: Estimate) -> str:
    """Return households, years, seconds and memory in one line."""
    sample = "all" if cost.households == cost.real_households else f"for {cost.real_households:,} real ones"
    sample = "of the file" if cost.from_file else sample
    return (
        f"{cost.households:,} households ({sample}), {cost.years} years, baseline and policy: "
        f"about {cost.seconds:.0f} s and {cost.memory_bytes / 2**30:.1f} GiB"
    )


def row_groups(microdata: Path | None) -> tuple[int, ...] | None:
    """Sizes of the row groups of a file of households, without looking at them."""
    if microdata is None:
        return None
    from incomesim.population import row_group_sizes

    return row_group_sizes(microdata)
