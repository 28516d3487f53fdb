"""The rule of weights of synthetic households: a function of what a household is, fitted to the published totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.households import Calibration, Recipe
from incomesim.kernel.raking import EXPONENTIAL, Distance
from incomesim.population.households import Households
from incomesim.population.income_groups import income_group
from incomesim.population.joint import axis_labels
from incomesim.population.known_total import KnownTotal
from incomesim.population.known_traits import traits_by_margin
from incomesim.population.synthesis import Blueprint
from incomesim.population.weights import fit_weights, list_traits
from incomesim.published import PlaceFacts
from incomesim.published.shares import shares_along
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["find_weights"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEW = 30  # households of an income group, below which a sample is called too small
_AXES = ("group", "age", "size")

_Margin = tuple[list[KnownTotal], Integers, Reals]  # totals, which of them each household counts in, for how much


@dataclass(frozen=True, eq=False)
class _Ranked:
    """The income group of each household within its residence, and the lowest income per head of the later ones."""

    group: Integers
    limit: Reals  # (2, groups - 1)


def find_weights(
    households: Households, recipe: Recipe, blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts
) -> Calibration:
    """Return the rule that meets residents, households, income by source, ages, income groups and published shares.

    Raises Unreachable, naming the totals, where no positive weights of these households meet them.
    """
    ranked = _rank(households, blueprint)
    traits = traits_by_margin(households, ranked.group, recipe)
    margins = {name: (totals, *traits[name]) for name, totals in _totals(blueprint, wanted, facts)}
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


def _totals(blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts) -> Iterator[tuple[str, list[KnownTotal]]]:
    """The totals by margin, in the order in which `traits_by_margin` numbers them."""
    regions, everybody = blueprint.cells.regions, blueprint.residents.sum()
    in_all = blueprint.households.reshape(len(regions), len(RESIDENCES), -1).sum((0, 2))
    yield (
        "resident",
        [
            KnownTotal(f"{residence} residents of {region}", "", "persons", blueprint.residents[code, r])
            for code, region in enumerate(regions)
            for r, residence in enumerate(RESIDENCES)
        ],
    )
    for k, source in enumerate(SOURCES):
        yield (
            source,
            [
                KnownTotal(f"{residence} {source} income", "", "yuan", blueprint.source_totals[r, k])
                for r, residence in enumerate(RESIDENCES)
            ],
        )
    yield from _totals_of_groups(blueprint, in_all)
    yield "households", [KnownTotal("households", "", "households", in_all.sum())]
    yield "elderly", [KnownTotal("residents of 65 and over", "", "persons", facts.aged_65.value * everybody)]
    yield "children", [KnownTotal("residents below 15", "", "persons", facts.aged_0_14.value * everybody)]
    if len(blueprint.region_totals):
        yield (
            "income",
            [
                KnownTotal(f"income of {region}", "", "yuan", amount)
                for region, amount in zip(regions, blueprint.region_totals, strict=True)
            ],
        )
    for axis in _AXES:
        names = axis_labels(wanted)[axis]
        shares = shares_along(facts, axis, names)
        if shares is not None:
            yield (
                f"key_{axis}",
                [
                    KnownTotal(f"{residence} households by {axis}", name, "households", shares[r][k] * in_all[r])
                    for r, residence in enumerate(RESIDENCES)
                    for k, name in enumerate(names)
                ],
            )


def _totals_of_groups(blueprint: Blueprint, in_all: Reals) -> Iterator[tuple[str, list[KnownTotal]]]:
    """Households, or persons, of each group, and the income by which it exceeds its published mean."""
    of_persons = blueprint.groups[0].of_persons
    unit = "persons" if of_persons else "households"
    counted = blueprint.residents.sum(axis=0) if of_persons else in_all
    sizes, means = [], []
    for r, residence in enumerate(RESIDENCES):
        for g, share in enumerate(np.diff(blueprint.groups[r].shares)):
            sizes.append(KnownTotal(f"{residence} {unit} of group {g + 1}", "", unit, counted[r] * share))
            means.append(KnownTotal(f"{residence} income of group {g + 1}", "", "means beyond the published one", 0.0))
    yield "group", sizes
    yield "group_income", means


def _fit(weight: Reals, margins: Mapping[str, _Margin], households: Households, ranked: _Ranked) -> dict[str, Reals]:
    """Multipliers by margin; of totals that are 0 and nobody counts in they are 0."""
    totals = [total for known, _, _ in margins.values() for total in known]
    starts = np.cumsum([0, *(len(known) for known, _, _ in margins.values())])
    columns = [(start + number, value) for start, (_, number, value) in zip(starts[:-1], margins.values(), strict=True)]
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
