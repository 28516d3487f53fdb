"""The rule of weights of synthetic households: a function of what a household is, fitted to the published totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.households import Calibration
from incomesim.kernel.raking import EXPONENTIAL, Distance
from incomesim.population.households import Households
from incomesim.population.income_groups import income_group
from incomesim.population.joint import axis_labels
from incomesim.population.known_total import KnownTotal
from incomesim.population.synthesis import Blueprint
from incomesim.population.weights import fit_weights, list_traits
from incomesim.published import PlaceFacts
from incomesim.published.shares import LARGEST_HOUSEHOLD, shares_along
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["find_weights"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEW = 30  # households of an income group, below which a sample is called too small
_AXES = ("group", "age", "size")


@dataclass(frozen=True, eq=False)
class _Margin:
    """Totals, numbered; each household counts `value` (N,) in the total `number` (N,)."""

    totals: list[KnownTotal]
    number: Integers
    value: Reals


@dataclass(frozen=True, eq=False)
class _Ranked:
    """The income group of each household within its residence, and the lowest income per head of the later ones."""

    group: Integers
    limit: Reals  # (2, groups - 1)


def find_weights(households: Households, blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts) -> Calibration:
    """Return the rule that meets residents, households, income by source, ages, income groups and published shares.

    Raises Unreachable, naming the totals, where no positive weights of these households meet them.
    """
    ranked = _rank(households, blueprint)
    margins = dict(_margins(households, ranked, blueprint, wanted, facts))
    base = float(blueprint.households.sum() / len(households))
    found = _fit(np.full(len(households), base), margins, households, ranked)
    sides, groups = len(RESIDENCES), len(blueprint.groups[0].means)
    sizes, bands = blueprint.households.shape[-1], len(blueprint.cells.band_starts) + 1
    named = len(blueprint.cells.groups)
    return Calibration(
        base=base * float(np.exp(found["households"][0])),
        resident=found["resident"].reshape(-1, sides),
        source=np.ascontiguousarray(np.stack([found[source] for source in SOURCES], axis=1)),
        income=found.get("income", np.zeros(len(blueprint.cells.regions))),
        group=found["group"].reshape(sides, groups),
        group_income=found["group_income"].reshape(sides, groups),
        group_mean=np.array([each.means for each in blueprint.groups]),
        group_limit=ranked.limit,
        of_persons=blueprint.groups[0].of_persons,
        key_group=found.get("key_group", np.zeros(sides * named)).reshape(sides, named),
        band=found.get("key_age", np.zeros(sides * bands)).reshape(sides, bands),
        size=found.get("key_size", np.zeros(sides * sizes)).reshape(sides, sizes),
        elderly=float(found["elderly"][0]),
        children=float(found["children"][0]),
    )


def _rank(households: Households, blueprint: Blueprint) -> _Ranked:
    number = len(blueprint.groups[0].means)
    group = np.empty(len(households), np.int64)
    limit = np.empty((len(RESIDENCES), number - 1))
    per_head = households.disposable() / households.persons
    for r, groups in enumerate(blueprint.groups):
        here = households.residence == r
        own = income_group(households, here, groups.shares, groups.of_persons)
        group[here] = own[here]
        limit[r] = [_between_groups(per_head, own, g) for g in range(1, number)]
    return _Ranked(group, limit)


def _between_groups(income_per_head: Reals, group: Integers, g: int) -> float:
    """Half way from the highest income below group g to the lowest in it: nobody stands on the limit."""
    below, above = income_per_head[(group >= 0) & (group < g)], income_per_head[group >= g]
    if not len(below) or not len(above):
        return float("inf" if len(below) else "-inf")
    return float(0.5 * (below.max() + above.min()))


def _margins(
    households: Households, ranked: _Ranked, blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts
) -> Iterator[tuple[str, _Margin]]:
    regions, side = blueprint.cells.regions, households.residence
    persons, ones = households.persons.astype(np.float64), np.ones(len(households))
    everyone, everybody = np.zeros(len(households), np.int64), blueprint.residents.sum()
    in_all = blueprint.households.reshape(len(regions), len(RESIDENCES), -1).sum((0, 2))
    totals = [
        KnownTotal(f"{residence} residents of {region}", "", "persons", blueprint.residents[code, r])
        for code, region in enumerate(regions)
        for r, residence in enumerate(RESIDENCES)
    ]
    yield "resident", _Margin(totals, households.region * len(RESIDENCES) + side, persons)
    for k, source in enumerate(SOURCES):
        totals = [
            KnownTotal(f"{residence} {source} income", "", "yuan", blueprint.source_totals[r, k])
            for r, residence in enumerate(RESIDENCES)
        ]
        yield source, _Margin(totals, side, getattr(households, source))
    yield from _income_groups(households, ranked, blueprint, in_all)
    for name, count, total in (
        ("households", ones, KnownTotal("households", "", "households", in_all.sum())),
        (
            "elderly",
            households.elderly,
            KnownTotal("residents of 65 and over", "", "persons", facts.aged_65.value * everybody),
        ),
        (
            "children",
            households.children,
            KnownTotal("residents below 15", "", "persons", facts.aged_0_14.value * everybody),
        ),
    ):
        yield name, _Margin([total], everyone, count.astype(np.float64))
    if len(blueprint.region_totals):
        totals = [
            KnownTotal(f"income of {region}", "", "yuan", amount)
            for region, amount in zip(regions, blueprint.region_totals, strict=True)
        ]
        yield "income", _Margin(totals, households.region, households.disposable())
    band = np.searchsorted(wanted.ages.starts, households.age, side="right")
    size = np.minimum(households.persons, LARGEST_HOUSEHOLD) - 1
    for axis, code in zip(_AXES, (households.group, band, size), strict=True):
        names = axis_labels(wanted)[axis]
        shares = shares_along(facts, axis, names)
        if shares is not None:
            totals = [
                KnownTotal(f"{residence} households by {axis}", name, "households", shares[r][k] * in_all[r])
                for r, residence in enumerate(RESIDENCES)
                for k, name in enumerate(names)
            ]
            yield f"key_{axis}", _Margin(totals, side * len(names) + code, ones)


def _income_groups(
    households: Households, ranked: _Ranked, blueprint: Blueprint, in_all: Reals
) -> Iterator[tuple[str, _Margin]]:
    """Households, or persons, of each group, and the income by which it exceeds its published mean."""
    number, of_persons = len(blueprint.groups[0].means), blueprint.groups[0].of_persons
    unit = "persons" if of_persons else "households"
    counted = blueprint.residents.sum(axis=0) if of_persons else in_all
    sizes, means = [], []
    for r, residence in enumerate(RESIDENCES):
        for g, share in enumerate(np.diff(blueprint.groups[r].shares)):
            sizes.append(KnownTotal(f"{residence} {unit} of group {g + 1}", "", unit, counted[r] * share))
            means.append(KnownTotal(f"{residence} income of group {g + 1}", "", "means beyond the published one", 0.0))
    code = households.residence * number + ranked.group
    wanted = np.concatenate([groups.means for groups in blueprint.groups])[code]
    persons = households.persons.astype(np.float64)
    yield "group", _Margin(sizes, code, persons if of_persons else np.ones(len(households)))
    yield "group_income", _Margin(means, code, households.disposable() / wanted - persons)


def _fit(weight: Reals, margins: Mapping[str, _Margin], households: Households, ranked: _Ranked) -> dict[str, Reals]:
    """Multipliers by margin; of totals that are 0 and nobody counts in they are 0."""
    totals = [total for margin in margins.values() for total in margin.totals]
    starts = np.cumsum([0, *(len(margin.totals) for margin in margins.values())])
    columns = [
        (start + margin.number, margin.value) for start, margin in zip(starts[:-1], margins.values(), strict=True)
    ]
    counted = np.array([total.value != 0.0 for total in totals])
    for number, value in columns:
        counted[number[value != 0.0]] = True
    renumbered = np.where(counted, np.cumsum(counted) - 1, -1)
    traits = list_traits([(renumbered[number], value) for number, value in columns], len(weight))
    known = [total for total, somebody in zip(totals, counted, strict=True) if somebody]
    try:
        fitted = fit_weights(weight, traits, known, Distance(EXPONENTIAL, 0.0, np.inf)).multiplier
    except Unreachable as reason:
        few = f"{len(weight):,} households are too few to meet the published tables: "
        raise Unreachable(f"{few if _thin(households, ranked) else ''}{reason.reasons}") from None
    multiplier = np.zeros(len(totals))
    multiplier[counted] = fitted
    return dict(zip(margins, np.split(multiplier, starts[1:-1]), strict=True))


def _thin(households: Households, ranked: _Ranked) -> bool:
    """Tell whether an income group of town or country has only a few households."""
    number = ranked.limit.shape[1] + 1
    code = households.residence * number + ranked.group
    return bool(np.bincount(code, minlength=len(RESIDENCES) * number).min() < _FEW)
