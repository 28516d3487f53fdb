"""The contract of a lever, for tests of levers of your own.

from incomesim.testing import check_lever

check_lever(CareAllowance(name="care", years="2022..2024", monthly=200.0, reason="a test"))
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.policy import (
    Acceleration,
    BaselineIncomes,
    Floor,
    Gain,
    Grant,
    Ground,
    Lever,
    Mechanisms,
    Move,
    Tax,
    WageFloor,
)

__all__ = ["LIMITS", "check_lever"]

_ANY = np.inf

LIMITS: Mapping[type, Mapping[str, tuple[str, float, float]]] = {
    Move: {"rate": ("TC", 0.0, 1.0), "destination": ("C", 0.0, _ANY), "assimilation": ("", 1.0, _ANY)},
    Acceleration: {"source": ("", 0.0, 3.0), "factor": ("TC", 0.0, _ANY), "rate": ("*", 0.0, 1.0)},
    WageFloor: {
        "minimum": ("TC", 0.0, _ANY),
        "earners": ("", 0.0, 1.0),
        "part_time": ("", 0.0, 1.0),
        "rate": ("*", 0.0, 1.0),
    },
    Gain: {"rate": ("TC", 0.0, 1.0), "premium": ("", -_ANY, _ANY), "keep": ("", 0.0, 1.0)},
    Grant: {
        "source": ("", 0.0, 3.0),
        "per": ("", 0.0, 4.0),
        "amount": ("TC", 0.0, _ANY),
        "rate": ("*", 0.0, 1.0),
    },
    Tax: {
        "source": ("", 0.0, 3.0),
        "part": ("P", 0.0, 1.0),
        "per": ("", 0.0, 4.0),
        "force": ("TC", 0.0, 1.0),
        "threshold": ("TB", 0.0, _ANY),
        "step": ("TB", -1.0, 1.0),
        "effort": ("TBE?", -_ANY, _ANY),
        "beyond": ("TB?", -1.0, 1.0),
    },
    Floor: {
        "line": ("TC", 0.0, _ANY),
        "withdrawal": ("", 0.0, 1.0),
        "rate": ("*", 0.0, 1.0),
        "mistaken": ("T?", 0.0, _ANY),
        "effort": ("", -1.0, _ANY),
        "beyond": ("", 0.0, 1.0),
    },
}
"""Of each number: axes (years T, cells C, sources P, brackets B, earned sources E; *: spreads to T and C; ?: or one
number), least and largest value."""

_AT_WORK = {Move: "rate", WageFloor: "minimum", Gain: "rate", Tax: "force", Floor: "line"}
"""What must be 0 outside a lever's years and target; the factor of an acceleration must be 1, but may stay after."""


def check_lever(lever: Lever, *, groups: Sequence[str] = ()) -> None:
    """Raise AssertionError, saying what is broken, where a lever does not keep the contract of all levers.

    It compiles, for any years and cells and in any order, to finite numbers of the right shapes within their
    limits; does nothing before or, but for levels reached, after its years, and nothing outside its target; changes
    nothing that it is given; costs nothing where nobody is reached, and for two parts of the households as much as for
    both together; has a sentence in both languages; and can be written and read again. `groups` are names
    of groups that it moves households into.
    """
    written = lever.model_dump_json()
    grounds = [_lay_out(lever, groups, before, after) for before, after in ((2, 3), (0, 0))]
    first = [lever.compile(ground) for ground in grounds]
    for ground, mechanisms in zip(grounds, first, strict=True):
        assert isinstance(mechanisms, Mechanisms), f"compile returns {type(mechanisms).__name__}, not Mechanisms"
        assert mechanisms.entries(), "compile returns no mechanism"
        for entry in mechanisms.entries():
            _check_numbers(entry, ground)
            _check_reach(entry, lever, ground)
    for ground, mechanisms in list(zip(grounds, first, strict=True))[::-1]:
        assert _same(lever.compile(ground), mechanisms), "compile gives something else the second time"
    for ground, (before, after) in zip(grounds, ((2, 3), (0, 0)), strict=True):
        untouched = _lay_out(lever, groups, before, after)
        assert np.array_equal(ground.price_level, untouched.price_level), "compile changes the price level it is given"
    assert lever.model_dump_json() == written, "compile changes the lever"
    assert type(lever).model_validate_json(written) == lever, "written and read again it is another lever"
    _check_delivery(lever)
    sentence = lever.sentence()
    assert sentence.english.strip(), "the English sentence is empty"
    assert sentence.chinese.strip(), "the Chinese sentence is empty"


def _check_delivery(lever: Lever) -> None:
    assert lever.delivery(0.0, 0.0) == 0.0, "delivery costs something where nobody is reached"
    parts = ((10.0, 1000.0), (0.25, 0.0), (3.5, 7e4), (2e5, 1.5e9), (0.0, 40.0))
    costs = [lever.delivery(*part) for part in parts]
    for cost in costs:
        assert np.isfinite(cost), f"delivery is {cost}"
        assert cost >= 0.0, f"delivery is {cost}"
    for (one, cost), (other, more) in itertools.combinations(zip(parts, costs, strict=True), 2):
        together = lever.delivery(one[0] + other[0], one[1] + other[1])
        assert np.isclose(together, cost + more, rtol=1e-9, atol=0.0), (
            f"delivery does not add up: {cost} for (households, received) = {one} and {more} for {other}, "
            f"but {together} for both"
        )


def _lay_out(lever: Lever, groups: Sequence[str], before: int, after: int) -> Ground:
    """Years around those of the lever, and cells within and without its target."""
    target = lever.target
    years = range(lever.years[0] - before, lever.years[-1] + after + 1)
    ages = {target.ages[0], target.ages[1] + 1} if target.ages else set()
    return Ground(
        years=years,
        regions=(*target.regions, "elsewhere"),
        groups=tuple(dict.fromkeys([*target.groups, *groups, "somebody_else"])),
        band_starts=tuple(sorted(({35, 60} | ages) - {0, 121})),
        price_level=np.asarray(1.03 ** np.arange(len(years)), np.float64),
        baseline=BaselineIncomes(*(np.asarray(yuan * 1.05 ** np.arange(len(years))) for yuan in (30_000.0, 24_000.0))),
    )


def _check_numbers(entry: object, ground: Ground) -> None:
    kind = type(entry).__name__
    brackets = entry.step.shape[-1] if isinstance(entry, Tax) else 0
    sizes = {"T": len(ground.years), "C": ground.cells, "P": len(SOURCES), "B": brackets, "E": 2}
    for name, (axes, least, largest) in LIMITS[type(entry)].items():
        values = np.asarray(getattr(entry, name))
        _check_shape(f"{kind}.{name}", values, axes, sizes)
        assert np.isfinite(values).all(), f"{kind}.{name} is not finite"
        found = f"{kind}.{name} reaches from {values.min():g} to {values.max():g}"
        assert least <= values.min() <= values.max() <= largest, f"{found}, allowed is {least:g} to {largest:g}"
    if isinstance(entry, Move):
        regions, _, groups, _ = ground.shape
        assert entry.destination.max() < regions * len(RESIDENCES) * groups, "Move.destination is no place"


def _check_shape(what: str, values: NDArray[np.float64], axes: str, sizes: Mapping[str, int]) -> None:
    shape: tuple[int, ...] = (sizes["T"], sizes["C"])
    if axes == "*":
        fits = values.ndim <= 2 and all(
            n in (1, size) for n, size in zip(values.shape[::-1], shape[::-1], strict=False)
        )
    else:
        shape = tuple(sizes[axis] for axis in axes.removesuffix("?"))
        fits = values.shape == shape or (axes.endswith("?") and values.shape == ())
    assert fits, f"{what} has the shape {values.shape}, expected {shape}"


def _check_reach(entry: object, lever: Lever, ground: Ground) -> None:
    kind = type(entry)
    years = np.array(ground.years)
    early, late = years < lever.years[0], years > lever.years[-1]
    outside = ~ground.members(lever.target)
    at_work = _at_work(entry)
    assert not at_work[early].any(), f"{kind.__name__} is at work before {lever.years[0]}"
    assert kind is Acceleration or not at_work[late].any(), f"{kind.__name__} is at work after {lever.years[-1]}"
    assert not at_work[:, outside].any(), f"{kind.__name__} is at work outside the target"


def _at_work(entry: object) -> NDArray[np.bool_]:
    """Years and cells in which an entry does something, (T, C)."""
    if isinstance(entry, Acceleration):
        return np.asarray(entry.factor != 1.0)
    if isinstance(entry, Grant):
        shape = np.shape(entry.amount)
        return np.asarray((entry.amount != 0.0) & (np.broadcast_to(entry.rate, shape) > 0.0))
    return np.asarray(getattr(entry, _AT_WORK[type(entry)]) != 0.0)


def _same(one: Mechanisms, other: Mechanisms) -> bool:
    pairs = list(zip(one.entries(), other.entries(), strict=False))
    return len(one.entries()) == len(other.entries()) and all(
        type(a) is type(b) and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in LIMITS[type(a)])
        for a, b in pairs
    )
