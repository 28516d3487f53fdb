"""From published tables to cells: how many households, what sizes, which distribution of income.

Within town and within the country one latent scale is common to all cells. A household in cell c of
size n with rank x (standard normal, independent of n) stands on it at

    v = delta[c] + shift(n) + x,        shift(n) = -psi * (n - mean size)

and its log market income per head is T(v): a smooth increasing curve through one point for each
published income group (Fritsch & Carlson 1980), straight beyond the outermost two. The heights of the
points, psi and delta are found together so that the five published group means, the mean over persons
(which lies below the plain mean of the groups because poor households are larger) and the assumed
relative incomes of the cells are met. Transfers per head do not depend on x: they are lognormal about
a level that belongs to the cell, and are part of the fit.

Nothing here depends on the number of simulated households.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES
from incomesim.population.households import Cells
from incomesim.population.margins import fit_margins
from incomesim.published import PlaceFacts
from incomesim.scenario.model import Population as Wanted

__all__ = ["LARGEST_HOUSEHOLD", "Blueprint", "synthesise"]

Reals = NDArray[np.float64]

LARGEST_HOUSEHOLD = 6
FIRST_NODE, LAST_NODE, NODES = -6.0, 6.0, 193
_RANKS = np.linspace(-4.75, 4.75, 39)  # integration over x
_TRANSFER_NODES = 5  # Gauss-Hermite, over the spread of transfers
_BINS = 4000  # of log income, for group means without sorting
_ROUNDS = 100
_SLOPE = 0.65  # of T, about: turns a gap in log income into a step on the latent scale
_PRECISION = 0.03  # largest relative miss of a published mean that is left to the weights


@dataclass(frozen=True, eq=False)
class Blueprint:
    """Everything a household can be drawn from, by cell (C = regions * 2 * groups * bands).

    `households` (C,) expected number of real households; `size_shares` (C, LARGEST_HOUSEHOLD) shares
    of households with 1, 2, ... persons; `size_shift` (2, LARGEST_HOUSEHOLD) shift by residence and
    size; `residents` (regions, 2) persons; `source_totals` (2, 4) yuan a year; `group_means` (2, 5)
    yuan per head of the five income groups of households.
    """

    cells: Cells
    households: Reals
    residents: Reals
    size_shares: Reals
    size_shift: Reals
    source_totals: Reals
    group_means: Reals


@dataclass(frozen=True, eq=False)
class _Side:
    """Town or country: cells (n,), sizes (s,), and what is wanted of them."""

    households: Reals  # (n,)
    size_share: Reals  # (n, s)
    market: Reals  # (n,) wanted market income per head
    transfer: Reals  # (n,) transfer per head
    transfer_nodes: Reals  # factors on it
    transfer_weights: Reals
    group_means: Reals  # (5,) wanted, yuan per head


def synthesise(wanted: Wanted, facts: PlaceFacts) -> Blueprint:
    """Return the cells of a place that meet its published tables under the scenario's assumptions.

    Raises Unreachable where they contradict each other (for instance transfers above the income
    of a cell).
    """
    regions, groups, ages = tuple(wanted.regions), tuple(wanted.groups), wanted.ages
    shape = (len(regions), len(RESIDENCES), len(groups), len(ages.starts) + 1)
    residents = np.array(
        [
            [facts.residents[region.label].value * share for share in (region.urban_share, 1.0 - region.urban_share)]
            for region in wanted.regions.values()
        ]
    )
    for residence, living in zip(RESIDENCES, residents.sum(axis=0), strict=True):
        if living <= 0.0:
            raise Unreachable(f"by the urban shares of the regions there are no {residence} residents; some are needed")
    mean_size = _mean_sizes(residents.sum(axis=0), facts.household_size.value, wanted)
    households = np.empty(shape)
    size_chance = np.empty(shape)
    transfer_level = np.empty(shape)
    composition = np.empty((*shape, 3))
    quantiles = np.empty((*shape, NODES))
    size_shift = np.empty((len(RESIDENCES), LARGEST_HOUSEHOLD))
    source_totals = np.empty((len(RESIDENCES), 4))
    group_means = np.empty((len(RESIDENCES), 5))
    for r, residence in enumerate(RESIDENCES):
        band_share = np.array(getattr(ages, residence)) / sum(getattr(ages, residence))
        relative_size = np.array(ages.size) / (band_share @ np.array(ages.size))
        sizes = mean_size[r] * relative_size
        count = _households_by_region_and_group(wanted, residence, residents[:, r] / mean_size[r])
        households[:, r] = count[:, :, None] * band_share
        size_chance[:, r] = (sizes - 1.0) / (LARGEST_HOUSEHOLD - 1)
        if not 0.0 < size_chance[:, r].min() <= size_chance[:, r].max() < 1.0:
            raise Unreachable(
                f"{residence} households would have {sizes.min():.2f} to {sizes.max():.2f} persons on average by "
                f"age band; between 1 and {LARGEST_HOUSEHOLD} can be had"
            )
        persons = households[:, r] * sizes
        mean = facts.income[residence][facts.year].value
        shares = np.array([fact.value for fact in facts.sources[residence]])
        shares = shares / shares.sum()
        relative = _relative_incomes(wanted, residence)
        income = relative[:, :, None] * np.array(ages.income)
        income *= mean * persons.sum() / (persons * income).sum()
        transfer = relative[:, :, None] * np.array(ages.transfers)
        transfer *= shares[3] * mean * persons.sum() / (persons * transfer).sum()
        market = income - transfer
        if (market <= 0.05 * income).any():
            where = np.unravel_index(int(np.argmin(market / income)), market.shape)
            raise Unreachable(
                f"transfers leave no market income in {residence} {regions[where[0]]}, {groups[where[1]]}, age band "
                f"{where[2] + 1}: income per head {income[where]:,.0f}, transfers {transfer[where]:,.0f} yuan"
            )
        transfer_level[:, r] = transfer
        factors, node_weights = np.polynomial.hermite_e.hermegauss(_TRANSFER_NODES)
        spread = wanted.household.transfer_spread
        side = _Side(
            households=households[:, r].ravel(),
            size_share=_size_shares(size_chance[:, r].ravel()),
            market=market.ravel(),
            transfer=transfer.ravel(),
            transfer_nodes=np.exp(spread * factors - spread**2 / 2.0),
            transfer_weights=node_weights / node_weights.sum(),
            group_means=mean
            / facts.quintile_mean[residence].value
            * np.array([fact.value for fact in facts.quintiles[residence]]),
        )
        fit = _fit(side, mean, residence)
        size_shift[r] = fit.shift
        nodes = np.linspace(FIRST_NODE, LAST_NODE, NODES)
        quantiles[:, r] = _log_market(fit, nodes).reshape(*market.shape, NODES)
        source_totals[r] = shares * mean * residents[:, r].sum()
        group_means[r] = side.group_means
        composition[:, r] = _compositions(wanted, ages.wages, persons * market, shares[:3])
    cells = Cells(
        regions=regions,
        groups=groups,
        band_starts=tuple(ages.starts),
        first_node=FIRST_NODE,
        nodes_per_unit=(NODES - 1) / (LAST_NODE - FIRST_NODE),
        quantiles=quantiles.reshape(-1, NODES),
        composition=composition.reshape(-1, 3),
        transfer_level=transfer_level.ravel(),
    )
    return Blueprint(
        cells=cells,
        households=households.ravel(),
        residents=residents,
        size_shares=_size_shares(size_chance.ravel()),
        size_shift=size_shift,
        source_totals=source_totals,
        group_means=group_means,
    )


def _mean_sizes(persons: Reals, overall: float, wanted: Wanted) -> Reals:
    """Mean urban and rural household size that give the published overall size."""
    ratio = wanted.household.rural_to_urban_size
    households = persons.sum() / overall
    urban = (persons[0] + persons[1] / ratio) / households
    return np.array([urban, ratio * urban])


def _households_by_region_and_group(wanted: Wanted, residence: str, by_region: Reals) -> Reals:
    """Households by region and group: assumed shares and concentrations, with exact margins."""
    groups = wanted.groups.values()
    share = np.array([getattr(group.share, residence) for group in groups])
    seed = np.array(
        [
            [group.concentration.get(region, 1.0) * s for group, s in zip(groups, share, strict=True)]
            for region in wanted.regions
        ]
    )
    return fit_margins(seed * by_region[:, None], by_region, share / share.sum() * by_region.sum())


def _relative_incomes(wanted: Wanted, residence: str) -> Reals:
    """Income per head against otherwise equal households, by region and group; transfers follow it."""
    region = np.array([getattr(region.income, residence) for region in wanted.regions.values()])
    group = np.array([getattr(group.income, residence) for group in wanted.groups.values()])
    product: Reals = region[:, None] * group[None, :]
    return product


def _compositions(wanted: Wanted, wages: list[float], market: Reals, shares: Reals) -> Reals:
    """Shares of wage, operating and property income by region, group and age band, adding up to `shares`."""
    tilt = np.array([[g.sources.wage, g.sources.operating, g.sources.property] for g in wanted.groups.values()])
    seed = np.empty((*market.shape, 3))
    seed[...] = shares * tilt[None, :, None, :]
    seed[..., 0] *= np.array(wages)
    table = fit_margins(
        seed.reshape(-1, 3) * market.reshape(-1, 1) / seed.reshape(-1, 3).sum(axis=1, keepdims=True),
        market.ravel(),
        market.sum() * shares / shares.sum(),
    )
    flat = np.where(market.reshape(-1, 1) > 0, table, seed.reshape(-1, 3))
    fitted: Reals = (flat / flat.sum(axis=1, keepdims=True)).reshape(*market.shape, 3)
    return fitted


def _size_shares(chance: Reals) -> Reals:
    """Binomial shares of sizes 1 .. LARGEST_HOUSEHOLD, shape (n, sizes)."""
    trials = LARGEST_HOUSEHOLD - 1
    further = np.arange(LARGEST_HOUSEHOLD)
    ways = np.array([math.comb(trials, k) for k in further])
    shares: Reals = ways * chance[:, None] ** further * (1.0 - chance[:, None]) ** (trials - further)
    return shares


@dataclass(frozen=True, eq=False)
class _Fit:
    """Points of T (p,), places of the cells on the latent scale (n,), shift by size (s,)."""

    at: Reals
    height: Reals
    delta: Reals
    shift: Reals


def _fit(side: _Side, mean: float, residence: str) -> _Fit:
    """Meet the group means and the mean over persons (least squares), for each trial the cells' means."""
    from scipy.optimize import least_squares
    from scipy.special import ndtri

    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    by_size = side.households @ side.size_share
    from_mean = sizes - np.average(sizes, weights=by_size)
    delta = np.log(side.market / np.average(side.market, weights=side.households)) / _SLOPE
    at = ndtri((np.arange(5) + 0.5) / 5.0) * np.sqrt(1.0 + np.average(delta**2, weights=side.households))

    def with_places(unknown: Reals, start: Reals) -> _Fit:
        height = unknown[0] + np.concatenate([[0.0], np.cumsum(unknown[1:5])])
        return _place_cells(_Fit(at, height, start, -unknown[5] * from_mean), side)

    def gaps(unknown: Reals) -> Reals:
        nonlocal delta
        fit = with_places(unknown, delta)
        delta = fit.delta
        groups, reached = _group_means(_log_market(fit, _RANKS), fit.shift, side)
        missed: Reals = np.log(np.append(groups / side.group_means, reached / mean))
        return missed

    steps = _SLOPE * np.diff(at)
    found = least_squares(
        gaps,
        np.concatenate([[np.log(side.group_means[0])], steps, [0.3]]),
        bounds=(np.concatenate([[0.0], steps / 8.0, [-1.0]]), np.concatenate([[20.0], steps * 8.0, [2.0]])),
        diff_step=3e-3,
        x_scale=np.concatenate([[0.1], steps, [0.3]]),
        ftol=1e-3,
        max_nfev=15,
    )
    if np.abs(found.fun).max() > _PRECISION:
        raise Unreachable(
            f"no distribution of {residence} income meets the published group means and the assumed incomes of "
            f"cells together; the five groups are missed by {', '.join(f'{gap:+.1%}' for gap in found.fun[:5])}, "
            f"the mean by {found.fun[5]:+.1%}"
        )
    return with_places(found.x, delta)


def _place_cells(fit: _Fit, side: _Side) -> _Fit:
    """Move the cells along the latent scale until their mean incomes stand in the wanted proportions."""
    delta = fit.delta
    for _ in range(_ROUNDS):
        fit = _Fit(fit.at, fit.height, delta - np.average(delta, weights=side.households), fit.shift)
        gap = np.log(side.market / _market_means(_log_market(fit, _RANKS), fit.shift, side))
        gap -= np.average(gap, weights=side.households)
        if np.abs(gap).max() < 1e-7:
            break
        delta = fit.delta + gap / _SLOPE
    return fit


def _log_market(fit: _Fit, x: Reals) -> Reals:
    """Log T at delta + x, shape (cells, x); the household's own shift is in x."""
    from scipy.interpolate import PchipInterpolator

    slope = np.diff(fit.height) / np.diff(fit.at)
    below, above = fit.at[0] - 1.0, fit.at[-1] + 1.0
    at = np.array([below, *fit.at, above])
    height = np.array([fit.height[0] - slope[0], *fit.height, fit.height[-1] + slope[-1]])
    v = fit.delta[:, None] + x[None, :]
    value: Reals = PchipInterpolator(at, height)(np.clip(v, below, above))
    value += slope[0] * np.minimum(v - below, 0.0) + slope[-1] * np.maximum(v - above, 0.0)
    return value


def _by_size(shift: Reals) -> Reals:
    """Shares of the points of integration among households of each size, shape (sizes, x)."""
    density = np.exp(-0.5 * (_RANKS[None, :] - shift[:, None]) ** 2)
    shares: Reals = density / density.sum(axis=1, keepdims=True)
    return shares


def _market_means(log_market: Reals, shift: Reals, side: _Side) -> Reals:
    """Mean market income per head over the persons of each cell, shape (cells,)."""
    persons = side.size_share * np.arange(1, LARGEST_HOUSEHOLD + 1)
    by_size = np.exp(log_market) @ _by_size(shift).T  # (cells, sizes)
    means: Reals = (persons * by_size).sum(axis=1) / persons.sum(axis=1)
    return means


def _group_means(log_market: Reals, shift: Reals, side: _Side) -> tuple[Reals, float]:
    """Mean income of five equal groups of households, and the mean of all.

    Households are ranked by income per head; means are over persons.
    """
    shares = _by_size(shift)
    by_cell = side.households[:, None] * side.size_share
    households = (by_cell @ shares)[:, :, None] * side.transfer_weights
    persons = ((by_cell * np.arange(1, LARGEST_HOUSEHOLD + 1)) @ shares)[:, :, None] * side.transfer_weights
    income = np.exp(log_market)[:, :, None] + side.transfer[:, None, None] * side.transfer_nodes
    log_income = np.log(income)
    bottom, top = log_income.min(), log_income.max() + 1e-9
    bin_of = ((log_income - bottom) / (top - bottom) * _BINS).astype(np.int64).ravel()
    rank, heads, money = (
        np.concatenate([[0.0], np.cumsum(np.bincount(bin_of, amount.ravel(), _BINS))])
        for amount in (households, persons, persons * income)
    )
    cuts = np.linspace(0.0, 1.0, 6) * rank[-1]
    heads_in, money_in = (np.diff(np.interp(cuts, rank, sums)) for sums in (heads, money))
    return money_in / heads_in, float(money[-1] / heads[-1])
