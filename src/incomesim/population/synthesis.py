"""From published tables to cells: how many households, what sizes, which distribution of income.

Nothing here depends on the number of simulated households.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES
from incomesim.population.households import Cells
from incomesim.population.joint import Joint, join_households, place_residents
from incomesim.population.margins import fit_margins
from incomesim.population.shapes import Groups, Shape, Side, fit_shapes, log_market
from incomesim.published import Distribution, PlaceFacts
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["Blueprint", "gini_of_everybody", "synthesise"]

Reals = NDArray[np.float64]

FIRST_NODE, LAST_NODE, NODES = -6.0, 6.0, 193
_TRANSFER_NODES = 5  # Gauss-Hermite, over the spread of transfers
_LEAST_MARKET_SHARE = 0.05  # of the income of a cell


@dataclass(frozen=True, eq=False)
class Blueprint:
    """Everything a household can be drawn from, by cell (C = regions * 2 * groups * bands).

    `households` (C, sizes) expected number of real households; `size_shift` (2, sizes) shift by residence and
    size; `residents` (regions, 2) persons; `source_totals` (2, 4) and `region_totals` (regions, or 0 where they are
    not published) yuan a year; `groups` (2) those of town and country by income.
    """

    cells: Cells
    households: Reals
    residents: Reals
    size_shift: Reals
    source_totals: Reals
    region_totals: Reals
    groups: tuple[Groups, Groups]


def synthesise(wanted: Wanted, facts: PlaceFacts) -> Blueprint:
    """Return the cells of a place that meet its published tables under the scenario's assumptions.

    Raises Unreachable where they contradict each other (for instance transfers above the income
    of a cell).
    """
    joint = join_households(wanted, facts, place_residents(wanted, facts))
    persons = joint.households @ np.arange(1, joint.households.shape[-1] + 1)  # (regions, 2, groups, bands)
    means = np.array([facts.income[residence][facts.year].value for residence in RESIDENCES])
    shares = np.array([[fact.value for fact in facts.sources[residence]] for residence in RESIDENCES])
    shares /= shares.sum(axis=1, keepdims=True)
    relative = _relative_incomes(wanted, facts, persons, means)
    income = _scale(relative[..., None] * np.array(wanted.ages.income), persons, means)
    transfer = _scale(relative[..., None] * np.array(wanted.ages.transfers), persons, shares[:, 3] * means)
    market = income - transfer
    _check_market(wanted, market, income, transfer)
    groups = tuple(
        _groups(facts.distribution[residence], mean) for residence, mean in zip(RESIDENCES, means, strict=True)
    )
    sides = [_side(r, joint, market, transfer, means[r], groups[r], wanted, facts) for r in range(len(RESIDENCES))]
    shapes = fit_shapes(sides, gini_of_everybody(facts))
    quantiles = np.stack([_quantiles(shape, market.shape) for shape in shapes], axis=1)
    composition = np.stack(
        [_compositions(wanted, (persons * market)[:, r], shares[r, :3]) for r in range(len(RESIDENCES))], axis=1
    )
    cells = Cells(
        regions=tuple(wanted.regions),
        groups=tuple(wanted.groups),
        band_starts=tuple(wanted.ages.starts),
        first_node=FIRST_NODE,
        nodes_per_unit=(NODES - 1) / (LAST_NODE - FIRST_NODE),
        quantiles=quantiles.reshape(-1, NODES),
        composition=composition.reshape(-1, 3),
        transfer_level=transfer.ravel(),
    )
    return Blueprint(
        cells=cells,
        households=joint.households.reshape(-1, joint.households.shape[-1]),
        residents=joint.residents,
        size_shift=np.array([shape.shift for shape in shapes]),
        source_totals=shares * (means * joint.residents.sum(axis=0))[:, None],
        region_totals=_region_totals(wanted, facts, joint.residents, means),
        groups=(groups[0], groups[1]),
    )


def gini_of_everybody(facts: PlaceFacts) -> float | None:
    """Return the published Gini coefficient of the whole place; where there is one, those of its sides are not met."""
    everybody = facts.distribution.get("")
    return everybody.gini.value if everybody is not None and everybody.gini is not None else None


def _scale(relative: Reals, persons: Reals, means: Reals) -> Reals:
    """Incomes in the given proportions with the given mean over persons of town and country."""
    axes = (0, 2, 3)
    factor = means * persons.sum(axis=axes) / (persons * relative).sum(axis=axes)
    scaled: Reals = relative * factor[:, None, None]
    return scaled


def _relative_incomes(wanted: Wanted, facts: PlaceFacts, persons: Reals, means: Reals) -> Reals:
    """Income per head by region, residence and group against otherwise equal households; transfers follow it.

    Where incomes of regions are published, regions stand in their proportions: the money of regions and of town and
    country are met together.
    """
    region = np.array([[getattr(each.income, side) for side in RESIDENCES] for each in wanted.regions.values()])
    group = np.array([[getattr(each.income, side) for each in wanted.groups.values()] for side in RESIDENCES])
    relative: Reals = region[:, :, None] * group
    bands = np.array(wanted.ages.income)
    seed = _scale(relative[..., None] * bands, persons, means)
    money = (persons * seed).sum(axis=(2, 3))
    fitted = _money_of_regions(wanted, facts, persons.sum(axis=(2, 3)), money)
    if fitted is None:
        return relative
    factor: Reals = np.divide(fitted, money, out=np.ones_like(money), where=money > 0.0)
    return relative * factor[:, :, None]


def _money_of_regions(wanted: Wanted, facts: PlaceFacts, persons: Reals, money: Reals) -> Reals | None:
    """Income by region and residence in the published proportions, with the sums of `money` in town and country.

    By region and residence where that is published of all, else by region; None where neither is.
    """
    labels = [region.label for region in wanted.regions.values()]
    both = [[facts.income_by_region.get((label, side)) for side in RESIDENCES] for label in labels]
    there = [
        (fact, here) for row, heads in zip(both, persons, strict=True) for fact, here in zip(row, heads, strict=True)
    ]
    if all(fact is not None or not here for fact, here in there):
        table = persons * np.array([[fact.value if fact else 0.0 for fact in row] for row in both])
        scaled: Reals = table * (money.sum(axis=0) / table.sum(axis=0))
        return scaled
    known = [facts.income_by_region.get((label, "")) for label in labels]
    if not all(known):
        return None
    rows = persons.sum(axis=1) * np.array([fact.value for fact in known if fact])
    return fit_margins(money, rows * (money.sum() / rows.sum()), money.sum(axis=0))


def _region_totals(wanted: Wanted, facts: PlaceFacts, residents: Reals, means: Reals) -> Reals:
    """Income of each region, yuan a year, as published and adding up to that of town and country; else empty."""
    fitted = _money_of_regions(wanted, facts, residents, residents * means)
    return np.empty(0) if fitted is None else fitted.sum(axis=1)


def _check_market(wanted: Wanted, market: Reals, income: Reals, transfer: Reals) -> None:
    if (market > _LEAST_MARKET_SHARE * income).all():
        return
    region, side, group, band = np.unravel_index(int(np.argmin(market / income)), market.shape)
    where = (region, side, group, band)
    raise Unreachable(
        f"transfers leave no market income in {RESIDENCES[side]} {list(wanted.regions)[region]}, "
        f"{list(wanted.groups)[group]}, age band {band + 1}: income per head {income[where]:,.0f}, transfers "
        f"{transfer[where]:,.0f} yuan"
    )


def _groups(published: Distribution, mean: float) -> Groups:
    """Groups with the published means, relative to the mean of the place that they are of."""
    if published.lorenz:
        shares = np.array([0.0, *published.lorenz, 1.0])
        below = np.array([0.0, *(fact.value for fact in published.lorenz.values()), 1.0])
        return Groups(shares, mean * np.diff(below) / np.diff(shares), of_persons=True)
    means = mean / published.mean.value * np.array([fact.value for fact in published.groups])
    return Groups(np.linspace(0.0, 1.0, len(means) + 1), means, of_persons=False)


def _side(
    r: int, joint: Joint, market: Reals, transfer: Reals, mean: float, groups: Groups, wanted: Wanted, facts: PlaceFacts
) -> Side:
    factors, node_weights = np.polynomial.hermite_e.hermegauss(_TRANSFER_NODES)
    spread = wanted.household.transfer_spread
    published = facts.distribution[RESIDENCES[r]]
    return Side(
        name=RESIDENCES[r],
        households=joint.households[:, r].reshape(-1, joint.households.shape[-1]),
        market=market[:, r].ravel(),
        transfer=transfer[:, r].ravel(),
        transfer_nodes=np.exp(spread * factors - spread**2 / 2.0),
        transfer_weights=node_weights / node_weights.sum(),
        mean=mean,
        groups=groups,
        gini=published.gini.value if published.gini is not None and published.place == facts.label else None,
    )


def _quantiles(shape: Shape, cells: tuple[int, ...]) -> Reals:
    """Log market income per head at the nodes, shape (regions, groups, bands, NODES)."""
    regions, _, groups, bands = cells
    return log_market(shape, np.linspace(FIRST_NODE, LAST_NODE, NODES)).reshape(regions, groups, bands, NODES)


def _compositions(wanted: Wanted, market: Reals, shares: Reals) -> Reals:
    """Shares of wage, operating and property income by region, group and age band, adding up to `shares`."""
    tilt = np.array([[g.sources.wage, g.sources.operating, g.sources.property] for g in wanted.groups.values()])
    seed = np.empty((*market.shape, 3))
    seed[...] = shares * tilt[None, :, None, :]
    seed[..., 0] *= np.array(wanted.ages.wages)
    table = fit_margins(
        seed.reshape(-1, 3) * market.reshape(-1, 1) / seed.reshape(-1, 3).sum(axis=1, keepdims=True),
        market.ravel(),
        market.sum() * shares / shares.sum(),
    )
    flat = np.where(market.reshape(-1, 1) > 0, table, seed.reshape(-1, 3))
    fitted: Reals = (flat / flat.sum(axis=1, keepdims=True)).reshape(*market.shape, 3)
    return fitted
