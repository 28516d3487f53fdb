"""Contributions on wages (社会保险费), beyond those of today."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Lever, Mechanisms, Reals, Sentence, Tax
from incomesim.policy.response import Response, step_response


class Contribution(Lever):
    """Take `rate` of the wage that each member of 15 to 64 has between `floor` and `cap`.

    Contribution = rate * (max(wage - floor, 0) - max(wage - cap, 0)). A household's wages are divided evenly among
    its members of 15 to 64, at least one: an assumption. Incomes are net of today's contributions already, so this
    comes on top. It is taken from transfers, where NBS counts contributions. What it may bring later is not counted.
    With a `response` wages between floor and cap change by max(1 - i * rate, lowest) ** elasticity before it is taken.
    """

    default_family: ClassVar[Family] = "finance"
    capped: ClassVar[bool] = False

    lever: Literal["contribution"]
    rate: Share = Field(description="share of the wage between floor and cap")
    floor: Yuan = Field(0.0, description="yuan per worker and year, prices of the lever's first year")
    cap: Yuan = Field(description="yuan per worker and year, prices of the lever's first year; above the floor")
    response: Response | None = Field(
        None, description="how wages between floor and cap answer to the rate; left out, they stay"
    )

    @model_validator(mode="after")
    def _has_room(self) -> Contribution:
        if self.cap <= self.floor:
            raise ValueError(f"found the cap {self.cap:,.0f}, expected one above the floor, {self.floor:,.0f}")
        return self

    def compile(self, ground: Ground) -> Mechanisms:
        """Return a tax on wages."""
        threshold = self.amounts(ground)[:, None] * [self.floor, self.cap]
        step = np.tile([self.rate, -self.rate], (len(ground.years), 1))
        effort: Reals | float = 0.0
        beyond: Reals | float = 0.0
        if self.response is not None:
            at_work = ground.intensity(self.years, self.phase_in)[:, None] * step
            effort, beyond = step_response(self.response, (1.0, 0.0), np.zeros_like(step), at_work)
        tax = Tax(
            source=SOURCES.index("transfer"),
            part=(1.0, 0.0, 0.0, 0.0),
            per=Per.ADULT,
            force=self.intensity(ground),
            threshold=threshold,
            step=step,
            effort=effort,
            beyond=beyond,
        )
        return Mechanisms(taxes=(tax,))

    def delivery(self, households: float, received: float) -> float:
        """Return nothing: what it costs to collect is not known."""
        return 0.0

    def sentence(self) -> Sentence:
        """Return rate, floor and cap."""
        return Sentence(
            f"Takes {self.rate:.1%} of wages between {self.floor:,.0f} and {self.cap:,.0f} yuan per worker and year.",
            f"对每名劳动者年工资 {self.floor:,.0f} 至 {self.cap:,.0f} 元部分征缴 {self.rate:.1%}。",
        )
