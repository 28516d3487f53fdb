"""Income tax (个人所得税): a schedule of brackets in place of the one in force, or beside it."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from incomesim.fields import SOURCES, Model, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Lever, Mechanisms, Sentence, Tax


class Bracket(Model):
    """A bracket of a schedule."""

    above: Yuan = Field(description="yuan of taxable income a year at which it begins")
    rate: Share = Field(description="tax on the next yuan")


LAW_DEDUCTION = 60_000.0
LAW_BRACKETS = tuple(
    Bracket(above=above, rate=rate)
    for above, rate in (
        (0.0, 0.03), (36_000.0, 0.10), (144_000.0, 0.20), (300_000.0, 0.25), (420_000.0, 0.30), (660_000.0, 0.35),
        (960_000.0, 0.45),
    )
)  # fmt: skip
"""Comprehensive income, since 2019: Individual Income Tax Law as amended in 2018, articles 3 and 6, first table."""


class IncomeTax(Lever):
    """Tax what each taxpayer earns above `deduction` by the `brackets`.

    Tax of a taxpayer = sum over brackets of (rate - rate of the bracket before) * max(base - deduction - above, 0).
    The base is wages and, by the shares given, operating income and income from property; it is divided evenly
    among the household's members of 15 to 64, at least one: who earns what is not known. Even shares are an assumption
    that makes the tax of a progressive schedule as low as it can be. Incomes are net of today's taxes already (NBS
    takes them from transfers, and so does this lever), so what changes incomes is the tax of this schedule less that
    of the law it replaces. Special deductions are not known. Nobody earns or declares less because of the tax: an
    assumption.
    """

    default_family: ClassVar[Family] = "finance"
    capped: ClassVar[bool] = False

    lever: Literal["income_tax"]
    replaces: Literal["law_2018", "nothing"] = Field(
        "law_2018", description="law_2018: the schedule in force since 2019; nothing: it comes on top of it"
    )
    deduction: Yuan = Field(LAW_DEDUCTION, description="yuan per taxpayer and year; the default is that of the law")
    brackets: tuple[Bracket, ...] = Field(
        LAW_BRACKETS, strict=False, min_length=1, max_length=20, description="in rising order; the default is the law's"
    )
    operating: Share = Field(0.0, description="share of operating income that belongs to the base")
    property: Share = Field(0.0, description="share of income from property that belongs to the base")

    @model_validator(mode="after")
    def _changes_something(self) -> IncomeTax:
        starts = [bracket.above for bracket in self.brackets]
        if starts != sorted(set(starts)):
            raise ValueError("found brackets that do not begin one above the other")
        if self.replaces == "law_2018" and (self.deduction, self.brackets) == (LAW_DEDUCTION, LAW_BRACKETS):
            raise ValueError("found the schedule of the law that it replaces: nothing would change")
        return self

    def compile(self, ground: Ground) -> Mechanisms:
        """Return the tax of the schedule less that of the law it replaces, taken from transfers."""
        steps = _steps(self.deduction, self.brackets)
        if self.replaces == "law_2018":
            steps = _subtract(steps, _steps(LAW_DEDUCTION, LAW_BRACKETS))
        threshold, step = (np.tile(values, (len(ground.years), 1)) for values in steps)
        tax = Tax(
            source=SOURCES.index("transfer"),
            part=(1.0, self.operating, self.property, 0.0),
            per=Per.ADULT,
            force=self.intensity(ground),
            threshold=threshold,
            step=step,
        )
        return Mechanisms(taxes=(tax,))

    def delivery(self, households: float, received: float) -> float:
        """Return nothing: what it costs to collect is not known."""
        return 0.0

    def sentence(self) -> Sentence:
        """Return deduction and rates."""
        lowest, highest = self.brackets[0].rate, self.brackets[-1].rate
        english, chinese = (
            ("in place of the law of 2018", "替代2018年税法") if self.replaces == "law_2018" else ("on top", "另行加征")
        )
        return Sentence(
            f"Taxes earnings above {self.deduction:,.0f} yuan a taxpayer at {lowest:.0%} to {highest:.0%}, {english}.",
            f"对每名纳税人 {self.deduction:,.0f} 元以上部分按 {lowest:.0%} 至 {highest:.0%} 征税，{chinese}。",
        )


def _steps(deduction: float, brackets: tuple[Bracket, ...]) -> NDArray[np.float64]:
    """Thresholds and steps of the rate, (2, brackets)."""
    rates = [0.0, *(bracket.rate for bracket in brackets)]
    return np.array([[deduction + bracket.above for bracket in brackets], np.diff(rates)])


def _subtract(steps: NDArray[np.float64], less: NDArray[np.float64]) -> NDArray[np.float64]:
    """The difference, without what is the same in both: whom nothing changes for has a tax of 0, to the last bit."""
    threshold, place = np.unique(np.concatenate([steps[0], less[0]]), return_inverse=True)
    step = np.zeros(len(threshold))
    np.add.at(step, place, np.concatenate([steps[1], -less[1]]))
    return np.array([threshold, step])[:, step != 0.0]
