"""Minimum living guarantee (低保): tops income per head up to a line."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from incomesim.fields import Model, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Floor, Lever, Mechanisms, Reals, Sentence
from incomesim.policy.response import Response


class ShareOfMedian(Model):
    """A relative line (相对贫困线)."""

    share_of_median: float = Field(
        gt=0.0, le=2.0, description="share of the median income per head of everybody in the baseline of the year"
    )


def _tell_line(value: Any) -> str:
    return "relative" if isinstance(value, dict | ShareOfMedian) else "yuan"


Line = Annotated[Annotated[Yuan, Tag("yuan")] | Annotated[ShareOfMedian, Tag("relative")], Discriminator(_tell_line)]


class IncomeFloor(Lever):
    """Pay each entitled person max(0, line - withdrawal * income per head).

    Of the entitled, a share `take_up` claims, always the same households. With `withdrawal` 1 the
    benefit fills the gap to the line; below 1 part of the income is disregarded. It is counted last,
    on all other income of the year. A line that is a share of the median moves with the median of the baseline from
    year to year, and not with what the policy itself does to it. With a `response` those below the line who claim
    earn others than before, times max(1 - withdrawal, lowest) ** elasticity, and the benefit is counted on that; who is
    above the line stays there.
    """

    default_family: ClassVar[Family] = "floor"

    lever: Literal["income_floor"]
    line: Line = Field(
        description="yuan per person and year in the lever's first year; or a relative line, {share_of_median: 0.4}"
    )
    take_up: Share = Field(1.0, description="share of the entitled who claim")
    withdrawal: float = Field(1.0, gt=0.0, le=1.0, description="benefit lost per yuan of income")
    paid_in_error: Yuan = Field(
        0.0, description="yuan per person and year for those above the line whom inclusion_error lets in"
    )
    administration: float = Field(0.0, ge=0.0, le=1.0, description="cost of running it per yuan paid out")
    response: Response | None = Field(
        None, description="how earnings of those who are paid answer to the withdrawal; left out, they stay"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> IncomeFloor:
        if self.paid_in_error > 0.0 and self.inclusion_error == 0.0:
            raise ValueError("found paid_in_error, but inclusion_error is 0: nobody would be paid it")
        if self.inclusion_error > 0.0 and self.paid_in_error == 0.0 and not self.target.selects:
            raise ValueError("found inclusion_error, but no paid_in_error: yuan per head for those above the line")
        if isinstance(self.line, ShareOfMedian) and self.indexation != 0.0:
            raise ValueError(
                "found `indexation` beside a line that is a share of the median, which moves with it; leave it out"
            )
        return self

    @property
    def leaves_out(self) -> bool:
        """Whoever is above the line is not entitled."""
        return True

    @property
    def needs_baseline(self) -> bool:
        """Whether line or amounts follow incomes of the baseline."""
        return isinstance(self.line, ShareOfMedian) or super().needs_baseline

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one floor; a phase-in raises the line from 0."""
        line = self.intensity(ground) * self._line_by_year(ground)[:, None]
        mistaken = self.paid_in_error * self.amounts(ground)
        effort, beyond = 0.0, False
        if self.response is not None:
            left = np.array(1.0 - self.withdrawal)
            effort, beyond = float(self.response.change(left)), bool(self.response.is_beyond(left))
        return Mechanisms(floors=(Floor(line, self.withdrawal, self.take_up, mistaken, effort, beyond),))

    def _line_by_year(self, ground: Ground) -> Reals:
        if isinstance(self.line, ShareOfMedian):
            return np.asarray(self.line.share_of_median * ground.known_baseline().median)
        return self.line * self.amounts(ground)

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of administration."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return the line and who claims."""
        english, chinese = (
            (
                f"{self.line.share_of_median:.0%} of the baseline's median",
                f"基准情景中位数的 {self.line.share_of_median:.0%}",
            )
            if isinstance(self.line, ShareOfMedian)
            else (f"{self.line:,.0f} yuan a year", f" {self.line:,.0f} 元")
        )
        return Sentence(
            f"Tops income per head up to {english}; {self.take_up:.0%} of the entitled claim.",
            f"将人均年收入补足至{chinese}；符合条件者中 {self.take_up:.0%} 申领。",
        )
