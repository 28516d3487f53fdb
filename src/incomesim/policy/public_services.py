"""Public services in kind (公共服务): care, health and schools, counted in extended income only."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Grant, Lever, Mechanisms, Sentence

_CHINESE = {"household": "户", "person": "人", "elderly": "名老人", "child": "名儿童"}
_ENGLISH = {"household": "household", "person": "person", "elderly": "person of 65 and over", "child": "child below 15"}


class PublicServices(Lever):
    """Give services worth `value` yuan a year to each household, person, old person or child of the target.

    yuan of a household = value * indexation since the first year * (1, or persons, persons of 65 and over,
    children), in kind, for a share i * take_up of the target, always the same households; a phase-in serves
    more of them. The value is what the services cost to provide, as social transfers in kind are valued in the
    national accounts (System of National Accounts 2008) and in statistics of extended income (Canberra Group Handbook
    2011): what they are worth to a household may be less. Disposable income, and all that depends on it, does not see
    them. That everybody who uses them costs as much is an assumption.
    """

    default_family: ClassVar[Family] = "lift"

    lever: Literal["public_services"]
    value: Yuan = Field(
        description="yuan for each of `per` and year that they cost to provide, prices of the lever's first year"
    )
    per: Literal["household", "person", "elderly", "child"] = Field(
        description="elderly: persons of 65 and over; child: persons below 15"
    )
    take_up: Share = Field(1.0, description="share of the target households that use them; 1 is an assumption")
    administration: float = Field(
        0.0, ge=0.0, le=1.0, description="cost of planning and control per yuan of services, beyond their value"
    )

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one grant in kind."""
        service = Grant(
            source=SOURCES.index("transfer"),
            per=Per[self.per.upper()],
            amount=ground.members(self.target) * (self.value * self.amounts(ground))[:, None],
            rate=self.take_up * ground.intensity(self.years, self.phase_in)[:, None],
            earned=False,
        )
        return Mechanisms(services=(service,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of planning and control; `received` is the value of the services."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return value and take-up."""
        return Sentence(
            f"Gives services in kind worth {self.value:,.0f} yuan a year for each {_ENGLISH[self.per]}; "
            f"{self.take_up:.0%} of the target households use them.",
            f"每{_CHINESE[self.per]}每年提供价值 {self.value:,.0f} 元的公共服务；目标家庭中 {self.take_up:.0%} 使用。",
        )
