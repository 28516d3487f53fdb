"""Targeted transfer (专项救助): an amount for households below a ceiling on income."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Grant, Lever, Mechanisms, Sentence

_CHINESE = {"household": "户", "person": "人", "elderly": "名老人", "child": "名儿童"}
_ENGLISH = {"household": "household", "person": "person", "elderly": "person of 65 and over", "child": "child below 15"}


class TargetedTransfer(Lever):
    """Pay `amount` yuan a year for each household, person, old person or child of the target.

    Of the entitled households a share `take_up` is paid, always the same ones; of the others in its cells a share
    `inclusion_error`, by mistake. A phase-in raises the amount from 0.
    """

    default_family: ClassVar[Family] = "floor"

    lever: Literal["targeted_transfer"]
    amount: Yuan = Field(description="yuan for each of `per` and year, prices of the lever's first year")
    per: Literal["household", "person", "elderly", "child"] = Field(
        description="elderly: persons of 65 and over; child: persons below 15"
    )
    take_up: Share = Field(1.0, description="share of the entitled households that are paid")
    administration: float = Field(0.0, ge=0.0, le=1.0, description="cost of running it per yuan paid out")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one grant."""
        grant = Grant(
            source=SOURCES.index("transfer"),
            per=Per[self.per.upper()],
            amount=self.intensity(ground) * self.amount * self.amounts(ground)[:, None],
            rate=self.take_up,
            earned=False,
        )
        return Mechanisms(grants=(grant,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of administration."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return amount, take-up and error."""
        english = chinese = ""
        if self.inclusion_error > 0.0:
            english = f", and by mistake {self.inclusion_error:.0%} of the others"
            chinese = f"，其他家庭中 {self.inclusion_error:.0%} 误领"
        return Sentence(
            f"Pays {self.amount:,.0f} yuan a year for each {_ENGLISH[self.per]} to {self.take_up:.0%} of the entitled"
            f"{english}.",
            f"每{_CHINESE[self.per]}每年补助 {self.amount:,.0f} 元；应补对象中 {self.take_up:.0%} 领取{chinese}。",
        )
