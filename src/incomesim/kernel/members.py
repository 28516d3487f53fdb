"""How many persons of a kind a household has in a year: what amounts and taxes are counted by."""

from __future__ import annotations

from typing import NamedTuple

from incomesim.compiled.compile import inlined, stage
from incomesim.kernel.households import OLD
from incomesim.kernel.tables import Flags, Integers, Per, Reals

__all__ = ["Members", "count_members", "holds_child", "holds_elderly"]

_PERSON, _ELDERLY, _CHILD, _ADULT = int(Per.PERSON), int(Per.ELDERLY), int(Per.CHILD), int(Per.ADULT)


class Members(NamedTuple):
    """Households of a block, (n,): what they were in the first year, and what has become of their heads."""

    persons: Reals
    elderly: Integers
    children: Integers
    first_age: Integers
    age: Integers
    replaced: Flags  # whether a young head has taken over since


@stage
def count_members(per: int, members: Members, count: Reals, n: int) -> None:
    """Write how many each household counts for; 1 where it counts as a whole."""
    if per == _PERSON:
        for i in range(n):
            count[i] = members.persons[i]
    elif per == _ELDERLY:
        for i in range(n):
            count[i] = _count_elderly(members.elderly[i], members.first_age[i], members.age[i], members.replaced[i])
    elif per == _CHILD:
        for i in range(n):
            count[i] = members.children[i]
    elif per == _ADULT:
        for i in range(n):
            old = _count_elderly(members.elderly[i], members.first_age[i], members.age[i], members.replaced[i])
            count[i] = max(members.persons[i] - old - members.children[i], 1.0)
    else:
        for i in range(n):
            count[i] = 1.0


@inlined
def _count_elderly(elderly: int, first_age: int, age: int, replaced: bool) -> int:
    """The head joins the old; after a young head has taken over, nobody else is one of them."""
    old = 1 if age >= OLD else 0
    was_old = 1 if first_age >= OLD else 0
    return old if replaced else elderly + old - was_old


@inlined
def holds_elderly(members: Members, i: int) -> bool:
    """Tell whether a household has a person of 65 and over."""
    old = _count_elderly(members.elderly[i], members.first_age[i], members.age[i], members.replaced[i])
    return old > 0


@inlined
def holds_child(members: Members, i: int) -> bool:
    """Tell whether a household has a child below 15."""
    return members.children[i] > 0  # type: ignore[no-any-return]
