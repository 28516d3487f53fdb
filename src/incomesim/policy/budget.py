"""What a lever may spend in a year, and who is served first."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from incomesim.fields import Model, Name

__all__ = ["Budget"]


class Budget(Model):
    """Cash and delivery of a lever in a year come to no more than `yuan`; who comes too late is turned away.

    `poorest_first`: by income per head of the year in which the target measures it, those below 8 yuan by lot.
    `random`: by lot, the same households first every year where a lever always serves the same ones. A list of
    regions or groups is served in its order, by lot within each; whoever is in none of them comes last.
    """

    yuan: float = Field(
        ge=0.0, le=1e14, description="yuan a year, prices of the lever's first year; follows its indexation"
    )
    order: Literal["poorest_first", "random"] | Annotated[list[Name], Field(min_length=1)] = Field(
        description="poorest_first, random, or regions or groups in the order in which they are served"
    )

    @field_validator("order")
    @classmethod
    def _names_each_once(cls, order: str | list[str]) -> str | list[str]:
        if isinstance(order, list) and (not order or len(set(order)) < len(order)):
            raise ValueError(f"found {order}, expected regions or groups, each once; by lot is `order: random`")
        return order
