"""Published facts on how households change places in the distribution, each with its study and source."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Literal

__all__ = ["MobilityFact", "read_mobility_facts"]

_STAY, _EXIT = "quintile stay prob.", "poverty exit share after 1 year"
_STAY_YEARS = 11
_FIFTHS = ("bottom", "2nd", "3rd", "4th", "top")


@dataclass(frozen=True)
class MobilityFact:
    """A published share of households.

    `kind` is "stay": those of fifth `fifth` (1 the poorest) who are in it again after `years`; or "exit": those of
    the poor who are not poor after `years`. It is printed to `digits` decimal places.
    """

    kind: Literal["stay", "exit"]
    fifth: int | None
    years: int
    residence: str
    period: str
    value: float
    digits: int
    data: str
    source: str

    @property
    def name(self) -> str:
        """What the fact says, in a few words."""
        if self.fifth is None:
            return f"leave poverty, {self.years} year"
        return f"stay {_FIFTHS[self.fifth - 1]}, {self.years} years"


@functools.cache
def read_mobility_facts() -> tuple[MobilityFact, ...]:
    """Return the stay rates of fifths over 11 years, and the exit from poverty after one.

    Exits after longer spells and returns are published too; they are no shares of two years alone and are left out.
    """
    text = resources.files("incomesim.published").joinpath("dynamics_and_policy_effects.csv").read_text("utf-8")
    return tuple(_fact(row) for row in csv.DictReader(text.splitlines()) if row["quantity"].startswith((_STAY, _EXIT)))


def _fact(row: dict[str, str]) -> MobilityFact:
    fifth = row["quantity"].removeprefix(_STAY).strip(" ,").partition(",")[0]
    stays = row["quantity"].startswith(_STAY)
    return MobilityFact(
        kind="stay" if stays else "exit",
        fifth=_FIFTHS.index(fifth) + 1 if stays else None,
        years=_STAY_YEARS if stays else 1,
        residence=row["population"].partition(" ")[0],
        period=row["period"],
        value=float(row["value"]),
        digits=len(row["value"].partition(".")[2]),
        data=row["data/paper"],
        source=row["source"],
    )
