"""An industry cluster (产业集群): jobs in a county's new industry pay more."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Acceleration, Family, Known, Lever, Mechanisms, Sentence


class IndustryCluster(Lever):
    """Give a share `coverage` of the target households a job in the new industry once it is built.

    With intensity i (rising evenly over `phase_in` years) a share i * coverage of the target households has such a
    job, and their wage income is multiplied by 1 + premium. Who has a job keeps it while more are added, and all
    keep it after the lever's years: what is built stays. It raises wages that are there; a household without
    any gains nothing.
    """

    default_family: ClassVar[Family] = "expand"
    goes_by: ClassVar[Known] = "once"
    one_each: ClassVar[bool] = True

    lever: Literal["industry_cluster"]
    coverage: Share = Field(description="share of the target households with a job in it once it is built")
    premium: float = Field(ge=0.0, le=2.0, description="by what share wages of those households are higher")
    cost: Yuan = Field(description="yuan per household with a job in it and year of the lever")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one acceleration of the wages of those who have a job there."""
        built = np.maximum.accumulate(self.intensity(ground), axis=0)
        factor = np.where(built > 0.0, 1.0 + self.premium, 1.0)
        return Mechanisms(accelerations=(Acceleration(SOURCES.index("wage"), factor, built * self.coverage),))

    def delivery(self, households: float, received: float) -> float:
        """Return the yearly cost of the jobs there are."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return jobs, premium and time."""
        return Sentence(
            f"A new industry employs {self.coverage:.1%} of the target households within {self.phase_in} "
            f"{'year' if self.phase_in == 1 else 'years'} and raises their wages by {self.premium:.1%}.",
            f"新产业在 {self.phase_in} 年内吸纳目标家庭的 {self.coverage:.1%} 就业，"
            f"其工资性收入提高 {self.premium:.1%}。",
        )
