"""Employment service (就业服务): finding work for those who need it."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.ground import Ground, Target
from incomesim.policy.lasting_gain import gain_once
from incomesim.policy.lever import Family, Lever, Mechanisms, Sentence


class EmploymentService(Lever):
    """Advise and place a share `coverage` of the target households a year, each successfully at most once.

    Those placed (a share `success` of those served) earn `premium` log points more on the market from the same year
    on; a share `fade` of the gain is lost every year after, as jobs end. Who is not placed costs as much. The
    model has no unemployed: the target says who is meant, by group and by a ceiling on income per head.
    """

    default_family: ClassVar[Family] = "lift"

    lever: Literal["employment_service"]
    target: Target = Field(description="whom it is for; must be said, by groups or a ceiling for instance")
    coverage: Share = Field(description="share of the target households that are served in a year")
    success: float = Field(gt=0.0, le=1.0, description="share of those served that find work through it")
    premium: float = Field(ge=0.0, le=1.0, description="gain in log points of market income of those placed")
    fade: Share = Field(description="share of the gain lost every year")
    cost: Yuan = Field(description="yuan per household served")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one lasting gain."""
        share = self.coverage * self.success
        gain = gain_once(self.intensity(ground), share, self.premium, self.fade)
        return Mechanisms(gains=(gain,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of all who were served, for the `households` that found work."""
        return self.cost * households / self.success

    def sentence(self) -> Sentence:
        """Return coverage, success, premium and fade."""
        return Sentence(
            f"Serves {self.coverage:.1%} of the target households a year; {self.success:.0%} of them find work and "
            f"earn {np.expm1(self.premium):.1%} more, fading by {self.fade:.0%} a year.",
            f"每年为目标家庭的 {self.coverage:.1%} 提供就业服务，{self.success:.0%} 实现就业，"
            f"市场收入提高 {np.expm1(self.premium):.1%}，每年衰减 {self.fade:.0%}。",
        )
