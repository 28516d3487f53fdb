"""Basic pension of residents (城乡居民基础养老金): more for every old person."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Grant, Lever, Mechanisms, Sentence

_MONTHS = 12.0


class SocialPension(Lever):
    """Pay `monthly` yuan a month to each person of 65 and over, beyond the pensions of today.

    yuan a year = 12 * monthly * indexation since the first year * persons of 65 and over. Persons of 60 to 64
    are entitled too, but not known of households, and left out. A phase-in raises the amount from 0.
    `target.ages` are those of the head of the household, not of the person who is paid.
    """

    default_family: ClassVar[Family] = "floor"

    lever: Literal["social_pension"]
    monthly: Yuan = Field(description="yuan per person of 65 and over and month, prices of the lever's first year")
    take_up: Share = Field(1.0, description="share of households with old persons that are paid")
    administration: float = Field(0.0, ge=0.0, le=1.0, description="cost of running it per yuan paid out")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one grant for each old person."""
        grant = Grant(
            source=SOURCES.index("transfer"),
            per=Per.ELDERLY,
            amount=self.intensity(ground) * (_MONTHS * self.monthly) * self.amounts(ground)[:, None],
            rate=self.take_up,
            earned=False,
        )
        return Mechanisms(grants=(grant,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of administration."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return amount and take-up."""
        return Sentence(
            f"Pays {self.monthly:,.0f} yuan more a month to each person of 65 and over; {self.take_up:.0%} are paid.",
            f"65 岁及以上人口每人每月增发养老金 {self.monthly:,.0f} 元；领取率 {self.take_up:.0%}。",
        )
