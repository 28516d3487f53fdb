"""Skill training (技能培训): a lasting gain in what a household earns."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lasting_gain import gain_once
from incomesim.policy.lever import Family, Lever, Mechanisms, Sentence


class Training(Lever):
    """Train a share of the target households each year, each household at most once.

    Those who complete it earn `premium` log points more on the market from the same year on; a share
    `fade` of the gain is lost every year after. Who drops out costs as much as who completes.
    """

    default_family: ClassVar[Family] = "lift"

    lever: Literal["training"]
    coverage: Share = Field(description="share of the target households that begin it in a year")
    completion: float = Field(1.0, gt=0.0, le=1.0, description="share of them that complete it")
    premium: float = Field(ge=0.0, le=1.0, description="gain in log points of market income")
    fade: Share = Field(0.0, description="share of the gain lost every year")
    cost: Yuan = Field(description="yuan per household that begins it")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one lasting gain."""
        share = self.coverage * self.completion
        gain = gain_once(self.intensity(ground), share, self.premium, self.fade)
        return Mechanisms(gains=(gain,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of all who began, for the `households` that completed."""
        return self.cost * households / self.completion

    def sentence(self) -> Sentence:
        """Return coverage, premium and fade."""
        return Sentence(
            f"Trains {self.coverage:.1%} of the target households a year; {self.completion:.0%} complete it and "
            f"earn {np.expm1(self.premium):.1%} more, fading by {self.fade:.0%} a year.",
            f"每年培训目标家庭的 {self.coverage:.1%}，完成率 {self.completion:.0%}，"
            f"市场收入提高 {np.expm1(self.premium):.1%}，每年衰减 {self.fade:.0%}。",
        )
