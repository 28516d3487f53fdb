"""The terms of a lever that its sentence does not say: how it comes in, moves, ends and errs."""

from __future__ import annotations

from collections.abc import Iterator

from incomesim.policy.budget import Budget
from incomesim.policy.lever import Lever, Sentence
from incomesim.policy.response import Response

__all__ = ["describe_conditions"]

_FOLLOWED = {
    "prices": Sentence("with consumer prices", "随消费价格"),
    "mean_income": Sentence("with mean income per head of the baseline", "随基准情景人均收入均值"),
    "median_income": Sentence("with median income per head of the baseline", "随基准情景人均收入中位数"),
}


def describe_conditions(lever: Lever) -> Sentence:
    """Return phase-in, indexation, budget, inclusion error and response of a lever in words; empty without any."""
    parts = list(_conditions(lever))
    return Sentence(" ".join(part.english for part in parts), "".join(part.chinese for part in parts))


def _conditions(lever: Lever) -> Iterator[Sentence]:
    if lever.phase_in > 1:
        yield Sentence(f"In full from its year {lever.phase_in} on.", f"逐年扩大，第{lever.phase_in}年起全面实施。")
    if isinstance(lever.indexation, str):
        how = _FOLLOWED[lever.indexation]
        yield Sentence(f"Amounts move {how.english}.", f"标准{how.chinese}调整。")
    elif lever.indexation != 0.0:
        rate = f"{100.0 * lever.indexation:.4g}%"
        yield Sentence(f"Amounts grow by {rate} a year.", f"标准每年增长{rate}。")
    if lever.budget is not None:
        yield _cap(lever.budget)
    if lever.inclusion_error > 0.0:
        error = f"{100.0 * lever.inclusion_error:.3g}%"
        yield Sentence(f"{error} of those who are not entitled are served in error.", f"误纳率{error}。")
    response = getattr(lever, "response", None)
    if isinstance(response, Response):
        yield Sentence(
            f"Earnings respond with an elasticity of {response.elasticity:g}.", f"劳动收入弹性{response.elasticity:g}。"
        )


def _cap(budget: Budget) -> Sentence:
    yuan = f"{budget.yuan:,.0f}"
    if budget.order == "poorest_first":
        return Sentence(f"At most {yuan} yuan a year, the poorest first.", f"每年不超过{yuan}元，先贫后富。")
    if budget.order == "random":
        return Sentence(f"At most {yuan} yuan a year, by lot.", f"每年不超过{yuan}元，随机排序。")
    first = ", ".join(budget.order)
    return Sentence(
        f"At most {yuan} yuan a year, served in this order: {first}, all others.",
        f"每年不超过{yuan}元，依次为{first}。",
    )
