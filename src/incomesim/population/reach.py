"""Which totals weights of a kind can reach, and which stand in each other's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.kernel.raking import EXPONENTIAL, LINEAR, LOGIT, Distance, Traits
from incomesim.population.known_total import KnownTotal, enumerate_briefly, percent
from incomesim.population.nearest_totals import find_nearest

__all__ = ["Attempt", "explain_failure", "refuse_beyond_range"]

Reals = NDArray[np.float64]

_MISSED = 1e-7  # relative
_AT_LIMIT = 1e-6  # of the old weight


@dataclass(frozen=True, eq=False)
class Attempt:
    """Where a search for weights ended: multipliers (K,) and new weights (N,) that do not meet the totals."""

    weight: Reals
    traits: Traits
    distance: Distance
    multiplier: Reals
    tilted: Reals


def refuse_beyond_range(weight: Reals, traits: Traits, totals: Sequence[KnownTotal], distance: Distance) -> None:
    """Raise Unreachable where a total is beyond what weights of this kind reach, whatever the other totals are."""
    if distance.kind == LINEAR:
        return
    lower, upper = _limits(distance)
    amount = np.repeat(weight, np.diff(traits.start)) * traits.value
    gains = np.bincount(traits.trait, np.maximum(amount, 0.0), len(totals))
    losses = np.bincount(traits.trait, np.maximum(-amount, 0.0), len(totals))
    reasons = []
    for total, gain, loss in zip(totals, gains, losses, strict=True):
        lowest = (lower * gain if gain else 0.0) - (upper * loss if loss else 0.0)
        highest = (upper * gain if gain else 0.0) - (lower * loss if loss else 0.0)
        if not lowest < total.value < highest:
            sides = (("more than", lowest), ("less than", highest))
            give = " and ".join(f"{side} {total.show(limit)}" for side, limit in sides if np.isfinite(limit))
            reasons.append(f"{total}: found {total.show(total.value)}, but {_kind(distance)} give {give}")
    if reasons:
        raise Unreachable(*reasons)


def explain_failure(attempt: Attempt, totals: Sequence[KnownTotal]) -> Exception:
    """Return Unreachable, with the totals that cannot be met and those they stand against, after a failed search.

    Where the totals can be met after all the search is at fault: then it is an ArithmeticError.
    """
    if attempt.distance.kind == LINEAR:
        return ArithmeticError("the search for weights failed, though independent totals can always be met")
    wanted = np.array([total.value for total in totals])
    nearest = find_nearest(attempt.weight, attempt.traits, wanted, _limits(attempt.distance), attempt.multiplier)
    missed = [k for k in np.argsort(-np.abs(nearest.difference)) if abs(nearest.difference[k]) > _MISSED]
    kind = _kind(attempt.distance)
    if not missed:
        return _explain_limits(attempt)
    nearest_found = enumerate_briefly(_say_miss(totals[k], float(nearest.total[k])) for k in missed)
    others = [k for k in np.argsort(-np.abs(nearest.price)) if k not in missed and abs(nearest.price[k]) > _MISSED]
    against = f"; against it stand {enumerate_briefly(str(totals[k]) for k in others)}" if others else ""
    if not nearest.proven:
        return Unreachable(f"no {kind} that reach all totals were found; at the nearest, {nearest_found}{against}")
    return Unreachable(f"no {kind} reach all totals; with all others met, at the nearest {nearest_found}{against}")


def _say_miss(total: KnownTotal, reached: float) -> str:
    off = abs(reached - total.value)
    apart = percent(off / abs(total.value)) if total.value else total.show(off)
    side = "below" if reached < total.value else "above"
    return f"{total} comes to {total.show(reached)}, {apart} {side} {total.show(total.value)}"


def _explain_limits(attempt: Attempt) -> Exception:
    lower, upper = _limits(attempt.distance)
    ratio = attempt.tilted / attempt.weight
    at_limit = int(np.count_nonzero((ratio - lower < _AT_LIMIT) | (upper - ratio < _AT_LIMIT)))
    if not at_limit:
        return ArithmeticError("the search for weights failed, though there are weights that meet the totals")
    where = "0" if attempt.distance.kind == EXPONENTIAL else "one of the bounds"
    return Unreachable(
        f"the totals can be met only where some weights are exactly at {where}; {at_limit:,} of "
        f"{len(ratio):,} rows were there when the search ended; leave these rows out, or loosen the totals they are in"
    )


def _limits(distance: Distance) -> tuple[float, float]:
    """Least and largest ratio of new to old weights."""
    if distance.kind == LOGIT:
        return distance.lower, distance.upper
    return (0.0 if distance.kind == EXPONENTIAL else -np.inf), np.inf


def _kind(distance: Distance) -> str:
    if distance.kind == LOGIT:
        return f"weights between {distance.lower:g} and {distance.upper:g} times the old ones"
    return "weights above 0" if distance.kind == EXPONENTIAL else "weights"
