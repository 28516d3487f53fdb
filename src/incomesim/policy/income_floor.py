"""Minimum living guarantee (低保): tops income per head up to a line."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

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
    line: Yuan = Field(description="yuan per person and year in the lever's first year")
    take_up: Share = Field(1.0, description="share of the entitled who claim")
    withdrawal: float = Field(1.0, gt=0.0, le=1.0, description="benefit lost per yuan of income")
    paid_in_error: Yuan = Field(
        0.0, description="yuan per person and year for those above the line whom inclusion_error lets in"
    )
    administration: float = Field(0.0, ge=0.0, le=1.0, description="cost of running it per yuan paid out")

    @model_validator(mode="after")
    def _says_what_is_paid_in_error(self) -> IncomeFloor:
        if self.paid_in_error > 0.0 and self.inclusion_error == 0.0:
            raise ValueError("found paid_in_error, but inclusion_error is 0: nobody would be paid it")
        if self.inclusion_error > 0.0 and self.paid_in_error == 0.0 and not self.target.selects:
            raise ValueError("found inclusion_error, but no paid_in_error: yuan per head for those above the line")
        return self

    @property
    def leaves_out(self) -> bool:
        """Whoever is above the line is not entitled."""
        return True

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one floor; a phase-in raises the line from 0."""
        line = self.intensity(ground) * self.line * self.amounts(ground)[:, None]
        mistaken = self.paid_in_error * self.amounts(ground)
        return Mechanisms(floors=(Floor(line, self.withdrawal, self.take_up, mistaken),))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of administration."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return the line and who claims."""
        return Sentence(
            f"Tops income per head up to {self.line:,.0f} yuan a year; {self.take_up:.0%} of the entitled claim.",
            f"将人均年收入补足至 {self.line:,.0f} 元；符合条件者中 {self.take_up:.0%} 申领。",
        )
