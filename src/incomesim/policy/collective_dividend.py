"""Dividends of the village collective (集体经济分红) for its members."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from incomesim.fields import RESIDENCES, SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground, Target
from incomesim.policy.lever import Family, Grant, Lever, Mechanisms, Sentence

_URBAN, _RURAL = RESIDENCES


class CollectiveDividend(Lever):
    """Let the collective pay `amount` yuan more a year to each person of the rural target households that are members.

    yuan = amount * indexation since the first year * persons, as income from property. The collective earns it:
    the ledger has it as gained, and `cost` is what public hands put into the collective. A share `coverage` of the
    households are members, always the same ones. A phase-in raises the amount from 0. Nothing is paid after its years.
    """

    default_family: ClassVar[Family] = "lift"

    lever: Literal["collective_dividend"]
    amount: Yuan = Field(description="yuan per person and year in the lever's first year")
    coverage: Share = Field(1.0, description="share of the rural target households that are members")
    cost: Yuan = Field(description="yuan of public money put into the collective, per household paid and year")

    @field_validator("target")
    @classmethod
    def _is_rural(cls, target: Target) -> Target:
        if target.residence == _URBAN:
            raise ValueError('found the residence "urban", but only rural households belong to a collective')
        return target

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one grant for each person."""
        in_country = ground.members(self.target.model_copy(update={"residence": _RURAL}))
        grant = Grant(
            source=SOURCES.index("property"),
            per=Per.PERSON,
            amount=self.intensity(ground) * in_country * self.amount * self.amounts(ground)[:, None],
            rate=self.coverage,
            earned=True,
        )
        return Mechanisms(grants=(grant,))

    def delivery(self, households: float, received: float) -> float:
        """Return what public hands put into the collective."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return amount and coverage."""
        return Sentence(
            f"Village collectives pay {self.amount:,.0f} yuan more per member and year; {self.coverage:.0%} of rural "
            "target households are members.",
            f"村集体每年每名成员增加分红 {self.amount:,.0f} 元；目标农村家庭中 {self.coverage:.0%} 为成员。",
        )
