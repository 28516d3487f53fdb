"""Minimum living guarantee (低保): tops income per head up to a line."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Floor, Lever, Mechanisms, Sentence


class IncomeFloor(Lever):
    """Pay each entitled person max(0, line - withdrawal * income per head).

    Of the entitled, a share `take_up` claims, always the same households. With `withdrawal` 1 the
    benefit fills the gap to the line; below 1 part of the income is disregarded. It is counted last,
    on all other income of the year.
    """

    default_family: ClassVar[Family] = "floor"

    lever: Literal["income_floor"]
    line: Yuan = Field(description="yuan per person and year, prices of the lever's first year")
    indexation: float = Field(0.0, ge=-0.5, le=1.0, description="growth of the line a year")
    take_up: Share = Field(1.0, description="share of the entitled who claim")
    withdrawal: float = Field(1.0, gt=0.0, le=1.0, description="benefit lost per yuan of income")
    administration: float = Field(0.0, ge=0.0, le=1.0, description="cost of running it per yuan paid out")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one floor; a phase-in raises the line from 0."""
        line = self.intensity(ground) * self.line * self.grown(self.indexation, ground)[:, None]
        return Mechanisms(floors=(Floor(line, self.withdrawal, self.take_up),))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of administration."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return the line and who claims."""
        return Sentence(
            f"Tops income per head up to {self.line:,.0f} yuan a year; {self.take_up:.0%} of the entitled claim.",
            f"将人均年收入补足至 {self.line:,.0f} 元；符合条件者中 {self.take_up:.0%} 申领。",
        )
