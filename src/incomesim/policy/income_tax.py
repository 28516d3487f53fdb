"""Income tax (个人所得税): a schedule of brackets in place of the one in force, or beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from incomesim.fields import SOURCES, Model, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Lever, Mechanisms, Reals, Sentence, Tax
from incomesim.policy.response import Response, step_response
from incomesim.policy.tax_schedule import LAW_2018, Bracket, Schedule, lay_over

Brackets = tuple[Bracket, ...]


class Amendment(Model):
    """What a reform changes in a later year; what is left out stays as it was."""

    year: int = Field(ge=1950, le=2150, description="from this year on; after the first year of the lever")
    deduction: Yuan | None = Field(None, description="yuan per taxpayer and year, as it is in that year")
    brackets: Brackets | None = Field(
        None, strict=False, min_length=1, max_length=20, description="in rising order, as they are in that year"
    )


@dataclass(frozen=True)
class _InForce:
    """A schedule, the year from which it holds, and those in which its deduction and its brackets were stated."""

    year: int
    schedule: Schedule
    deduction_of: int
    brackets_of: int

    def amend(self, change: Amendment) -> _InForce:
        """Return what holds from the amendment on."""
        kept = self.schedule
        return _InForce(
            change.year,
            Schedule(
                kept.deduction if change.deduction is None else change.deduction,
                kept.brackets if change.brackets is None else change.brackets,
            ),
            self.deduction_of if change.deduction is None else change.year,
            self.brackets_of if change.brackets is None else change.year,
        )


class IncomeTax(Lever):
    """Tax what each taxpayer earns above `deduction` by the `brackets`.

    Tax of a taxpayer = sum over brackets of (rate - rate of the bracket before) * max(base - deduction - above, 0).
    The base is wages and, by the shares given, operating income and income from property; it is divided evenly
    among the household's members of 15 to 64, at least one: who earns what is not known. Even shares are an assumption
    that makes the tax of a progressive schedule as low as it can be. Incomes are net of today's taxes already (NBS
    takes them from transfers, and so does this lever), so what changes incomes is the tax of this schedule less that
    of the law it replaces. Special deductions are not known. `amendments` change deduction or brackets in later years.
    Both move with `indexation` from the year in which they were stated; the law that is replaced stands still. Nobody
    earns or declares less because of the tax: an assumption. With a `response` wages change by the ratio of what
    is left of the next yuan, (1 - new rate) / (1 - old rate), before the tax is counted; operating income by the
    ratio at its share of the rates. The old rate is that of the law that is replaced, or 0.
    """

    default_family: ClassVar[Family] = "finance"
    capped: ClassVar[bool] = False

    lever: Literal["income_tax"]
    replaces: Literal["law_2018", "nothing"] = Field(
        "law_2018", description="law_2018: the schedule in force since 2019; nothing: it comes on top of it"
    )
    deduction: Yuan = Field(
        LAW_2018.deduction, description="yuan per taxpayer and year; the default is that of the law"
    )
    brackets: Brackets = Field(
        LAW_2018.brackets,
        strict=False,
        min_length=1,
        max_length=20,
        description="in rising order; the default is the law's",
    )
    amendments: tuple[Amendment, ...] = Field(
        (), strict=False, max_length=50, description="later changes: `year`, and `deduction`, `brackets` or both"
    )
    operating: Share = Field(0.0, description="share of operating income that belongs to the base")
    property: Share = Field(0.0, description="share of income from property that belongs to the base")
    response: Response | None = Field(
        None, description="how earnings answer to the change of the marginal rate; left out, they stay"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> IncomeTax:
        for brackets in (self.brackets, *(change.brackets or () for change in self.amendments)):
            starts = [bracket.above for bracket in brackets]
            if starts != sorted(set(starts)):
                raise ValueError("found brackets that do not begin one above the other")
        years = [change.year for change in self.amendments]
        if years != sorted(set(years)) or not set(years) <= set(self.years[1:]):
            raise ValueError(
                f"found amendments of {', '.join(map(str, years))}, expected each year once, rising, and within the "
                f"lever's years {self.years[0]}..{self.years[-1]} after the first"
            )
        for change in self.amendments:
            if change.deduction is None and change.brackets is None:
                raise ValueError(f"found the amendment of {change.year} without `deduction` or `brackets`")
        still = self.indexation == 0.0 and all(each.schedule == LAW_2018 for each in self._in_force())
        if self.replaces == "law_2018" and still:
            raise ValueError("found the schedule of the law that it replaces: nothing would change")
        return self

    def compile(self, ground: Ground) -> Mechanisms:
        """Return the tax of the schedule less that of the law it replaces, taken from transfers."""
        threshold, step, law = self._steps_by_year(ground)
        effort: Reals | float = 0.0
        beyond: Reals | float = 0.0
        if self.response is not None:
            at_work = ground.intensity(self.years, self.phase_in)[:, None] * step
            effort, beyond = step_response(self.response, (1.0, self.operating), law, at_work)
        tax = Tax(
            source=SOURCES.index("transfer"),
            part=(1.0, self.operating, self.property, 0.0),
            per=Per.ADULT,
            force=self.intensity(ground),
            threshold=threshold,
            step=step,
            effort=effort,
            beyond=beyond,
        )
        return Mechanisms(taxes=(tax,))

    def _in_force(self) -> tuple[_InForce, ...]:
        """The schedules, one after the other."""
        first = self.years[0]
        start = _InForce(first, Schedule(self.deduction, self.brackets), first, first)
        return tuple(accumulate(self.amendments, _InForce.amend, initial=start))

    def _steps_by_year(self, ground: Ground) -> Reals:
        """Thresholds, steps of the rate beyond the law's, and the law's, (3, T, brackets); fewer have steps of 0.

        Whom nothing changes for has a tax of 0 to the last bit: where nobody responds, steps that both have are left
        out.
        """
        level = dict(zip(ground.years, self.amounts(ground).tolist(), strict=True))
        law = LAW_2018.steps() if self.replaces == "law_2018" else np.empty((2, 0))
        stages = self._in_force()
        found = []
        for year in ground.years:
            now = next((stage for stage in reversed(stages) if stage.year <= year), stages[0])
            moved = now.schedule.steps(level[year] / level[now.deduction_of], level[year] / level[now.brackets_of])
            laid = lay_over(moved, law)
            found.append(laid if self.response is not None else laid[:, laid[1] != 0.0])
        most = max(steps.shape[1] for steps in found)
        return np.stack([np.pad(steps, ((0, 0), (0, most - steps.shape[1]))) for steps in found], axis=1)

    def delivery(self, households: float, received: float) -> float:
        """Return nothing: what it costs to collect is not known."""
        return 0.0

    def sentence(self) -> Sentence:
        """Return deduction and rates, and how they change."""
        english, chinese = (
            ("in place of the law of 2018", "替代2018年税法") if self.replaces == "law_2018" else ("on top", "另行加征")
        )
        first, *later = self._in_force()
        english_more = "".join(f"; from {stage.year} on {_in_english(stage.schedule)}" for stage in later)
        chinese_more = "".join(f"；{stage.year} 年起对 {_in_chinese(stage.schedule)}" for stage in later)
        return Sentence(
            f"Taxes earnings {_in_english(first.schedule)}, {english}{english_more}.",
            f"对每名纳税人 {_in_chinese(first.schedule)}，{chinese}{chinese_more}。",
        )


def _in_english(schedule: Schedule) -> str:
    lowest, highest = schedule.brackets[0].rate, schedule.brackets[-1].rate
    return f"above {schedule.deduction:,.0f} yuan a taxpayer at {lowest:.0%} to {highest:.0%}"


def _in_chinese(schedule: Schedule) -> str:
    lowest, highest = schedule.brackets[0].rate, schedule.brackets[-1].rate
    return f"{schedule.deduction:,.0f} 元以上部分按 {lowest:.0%} 至 {highest:.0%} 征税"
