"""From published tables to cells: how many households, what sizes, which distribution of income.

Within town and within the country one latent scale is common to all cells. A household in cell c of
size n with rank x (standard normal, independent of n) stands on it at

    v = delta[c] + shift(n) + x,        shift(n) = -psi * (n - mean size)

Its market income per head is T(F(v)), with F the distribution of v over households and T the quantile
function of the residence, in terms of z, the normal deviate of F(v):

    log T = level + sigma * z + E(z) / alpha - E(-z) / beta,     E(z) = -log(1 - Phi(z))

a lognormal body with Pareto tails above (alpha) and below (beta): the comonotonic form of the double
Pareto-lognormal of Reed & Jorgensen (2004, Communications in Statistics 33(8)). sigma, alpha, beta and
psi are fitted to the five published group means relative to the published mean over persons, delta to
the assumed relative incomes of cells, level to the published mean. Transfers per head do not depend on
x: they are lognormal about a level that belongs to the age band, and are part of the fit.

Nothing here depends on the number of simulated households.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.policy import RESIDENCES
from incomesim.population.facts import PlaceFacts
from incomesim.population.households import Cells
from incomesim.population.margins import fit_margins
from incomesim.scenario.model import Population as Wanted

__all__ = ["LARGEST_HOUSEHOLD", "Blueprint", "synthesise"]

Reals = NDArray[np.float64]

LARGEST_HOUSEHOLD = 6
FIRST_NODE, LAST_NODE, NODES = -6.0, 6.0, 193
_SCALE = np.linspace(-9.0, 9.0, 241)  # grid of v
_RANKS = np.linspace(-4.75, 4.75, 39)  # integration over x
_TRANSFER_NODES = 5  # Gauss-Hermite, over the spread of transfers
_BINS = 4000  # of log income, for group means without sorting
_SHAPE_START = np.array([0.70, 0.10, 0.10, 0.40])  # sigma, 1/alpha, 1/beta, psi
_SHAPE_LOWEST = np.array([0.05, 0.0, 0.0, 0.0])
_SHAPE_HIGHEST = np.array([3.0, 0.6, 3.0, 3.0])


@dataclass(frozen=True, eq=False)
class Blueprint:
    """Everything a household can be drawn from, by cell (C = regions * 2 * groups * bands).

    `households` (C,) expected number of real households; `size_chance` (C,) the chance of each of
    five further members; `size_shift` (2, LARGEST_HOUSEHOLD) shift by residence and size; `shape`
    (2, 4) the fitted sigma, 1/alpha, 1/beta, psi; `residents` (regions, 2) persons.
    """

    cells: Cells
    households: Reals
    residents: Reals
    size_chance: Reals
    size_shift: Reals
    transfer_spread: float
    shape: Reals


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

    Raises ArithmeticError where they contradict each other (for instance transfers above the income
    of a cell).
    """
    regions, groups, ages = tuple(wanted.regions), tuple(wanted.groups), wanted.ages
    shape = (len(regions), len(RESIDENCES), len(groups), len(ages.starts) + 1)
    residents = np.array(
        [
            [
                facts.residents[region.label].value * share
                for share in (region.urban_share, 1.0 - region.urban_share)
            ]
            for region in wanted.regions.values()
        ]
    )
    mean_size = _mean_sizes(residents.sum(axis=0), facts.household_size.value, wanted)
    households = np.empty(shape)
    size_chance = np.empty(shape)
    transfer_level = np.empty(shape)
    composition = np.empty((*shape, 3))
    quantiles = np.empty((*shape, NODES))
    size_shift = np.empty((len(RESIDENCES), LARGEST_HOUSEHOLD))
    fitted = np.empty((len(RESIDENCES), 4))
    for r, residence in enumerate(RESIDENCES):
        band_share = np.array(getattr(ages, residence)) / sum(getattr(ages, residence))
        relative_size = np.array(ages.size) / (band_share @ np.array(ages.size))
        sizes = mean_size[r] * relative_size
        count = _households_by_region_and_group(wanted, residence, residents[:, r] / mean_size[r])
        households[:, r] = count[:, :, None] * band_share
        size_chance[:, r] = (sizes - 1.0) / (LARGEST_HOUSEHOLD - 1)
        if not 0.0 < size_chance[:, r].min() <= size_chance[:, r].max() < 1.0:
            raise ArithmeticError(
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
        transfer *= (shares[3] * mean * persons.sum() / (persons * transfer).sum())
        market = income - transfer
        if (market <= 0.05 * income).any():
            where = np.unravel_index(int(np.argmin(market / income)), market.shape)
            raise ArithmeticError(
                f"transfers leave no market income in {residence} {regions[where[0]]}, {groups[where[1]]}, age band "
                f"{where[2] + 1}: income per head {income[where]:,.0f}, transfers {transfer[where]:,.0f} yuan"
            )
        transfer_level[:, r] = transfer
        nodes, node_weights = np.polynomial.hermite_e.hermegauss(_TRANSFER_NODES)
        spread = wanted.household.transfer_spread
        side = _Side(
            households=households[:, r].ravel(),
            size_share=_size_shares(size_chance[:, r].ravel()),
            market=market.ravel(),
            transfer=transfer.ravel(),
            transfer_nodes=np.exp(spread * nodes - spread**2 / 2.0),
            transfer_weights=node_weights / node_weights.sum(),
            group_means=mean
            / facts.quintile_mean[residence].value
            * np.array([fact.value for fact in facts.quintiles[residence]]),
        )
        fitted[r], delta, level, size_shift[r] = _fit(side)
        table = _log_market(np.linspace(FIRST_NODE, LAST_NODE, NODES), fitted[r], delta, size_shift[r], side)
        quantiles[:, r] = (level + table).reshape(*market.shape, NODES)
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
        size_chance=size_chance.ravel(),
        size_shift=size_shift,
        transfer_spread=wanted.household.transfer_spread,
        shape=fitted,
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
    from scipy.stats import binom

    further = np.arange(LARGEST_HOUSEHOLD)
    shares: Reals = binom.pmf(further[None, :], LARGEST_HOUSEHOLD - 1, chance[:, None])
    return shares


def _fit(side: _Side) -> tuple[Reals, Reals, float, Reals]:
    """Fit shape, places on the latent scale, level and shift by size: Gauss-Newton on group means."""
    from scipy.optimize import least_squares

    delta = np.log(side.market / np.average(side.market, weights=side.households)) / 0.6

    def miss(shape: Reals) -> Reals:
        nonlocal delta
        gaps, delta = _group_miss(shape, delta, side, rounds=6)
        return gaps

    shape = least_squares(
        miss, _SHAPE_START, bounds=(_SHAPE_LOWEST, _SHAPE_HIGHEST), diff_step=1e-3, xtol=1e-5, ftol=1e-6
    ).x
    _, delta = _group_miss(shape, delta, side, rounds=60)
    shift = _shift(shape, side)
    level = _level(_log_market(_RANKS, shape, delta, shift, side), shift, side)
    return shape, delta, level, shift


def _shift(shape: Reals, side: _Side) -> Reals:
    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    mean = np.average(side.size_share @ sizes, weights=side.households)
    shift: Reals = -shape[3] * (sizes - mean)
    return shift


def _log_market(x: Reals, shape: Reals, delta: Reals, shift: Reals, side: _Side) -> Reals:
    """log T at v = delta + x without the level, shape (cells, x); the household's own shift is in x."""
    from scipy.special import log_ndtr, ndtr, ndtri

    weight = side.households[:, None] * side.size_share
    weight = weight / weight.sum()
    centre = (delta[:, None] + shift[None, :]).ravel()
    below = _SCALE <= weight.ravel() @ centre  # take the small tail on either side
    tail = weight.ravel() @ ndtr(np.where(below, 1.0, -1.0) * (_SCALE[None, :] - centre[:, None]))
    z = np.where(below, 1.0, -1.0) * ndtri(np.maximum(tail, 1e-300))
    sigma, upper, lower, _ = shape
    log_income = sigma * z - upper * log_ndtr(-z) + lower * log_ndtr(z)
    inside = np.abs(z) < 7.0
    v, y = _SCALE[inside], log_income[inside]
    at = delta[:, None] + x[None, :]
    value = np.interp(at, v, y)
    value += np.minimum(at - v[0], 0.0) * (y[1] - y[0]) / (v[1] - v[0])
    value += np.maximum(at - v[-1], 0.0) * (y[-1] - y[-2]) / (v[-1] - v[-2])
    return value


def _market_means(log_market: Reals, shift: Reals, side: _Side) -> Reals:
    """Mean market income per head over the persons of each cell, shape (cells,)."""
    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    density = np.exp(-0.5 * (_RANKS[None, :] - shift[:, None]) ** 2)
    density = density / density.sum(axis=1, keepdims=True)
    by_size = np.exp(log_market) @ density.T  # (cells, sizes)
    persons = side.size_share * sizes
    means: Reals = (persons * by_size).sum(axis=1) / persons.sum(axis=1)
    return means


def _level(log_market: Reals, shift: Reals, side: _Side) -> float:
    """The level that gives the wanted mean market income over all persons."""
    persons = side.households * (side.size_share @ np.arange(1, LARGEST_HOUSEHOLD + 1))
    found = persons @ _market_means(log_market, shift, side)
    return float(np.log(persons @ side.market / found))


def _group_miss(shape: Reals, delta: Reals, side: _Side, rounds: int) -> tuple[Reals, Reals]:
    """Return log (reached / wanted) for the five group means, and the places that fit the cells' means."""
    shift = _shift(shape, side)
    slope = max(shape[0] + shape[1] + shape[2], 0.1)
    for _ in range(rounds):
        log_market = _log_market(_RANKS, shape, delta, shift, side)
        level = _level(log_market, shift, side)
        gap = np.log(side.market / _market_means(log_market, shift, side)) - level
        delta = delta + gap / slope
        delta = delta - np.average(delta, weights=side.households)
        if np.max(np.abs(gap)) < 1e-10:
            break
    log_market = _log_market(_RANKS, shape, delta, shift, side)
    level = _level(log_market, shift, side)
    return np.log(_group_means(level + log_market, shift, side) / side.group_means), delta


def _group_means(log_market: Reals, shift: Reals, side: _Side) -> Reals:
    """Mean income per head of five equal groups of households ranked by it, on the grid of integration."""
    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    density = np.exp(-0.5 * (_RANKS[None, :] - shift[:, None]) ** 2)
    density = density / density.sum(axis=1, keepdims=True)  # (sizes, x)
    by_cell = side.households[:, None] * side.size_share
    households = by_cell @ density  # (cells, x)
    persons = (by_cell * sizes) @ density
    income = (
        np.exp(log_market)[:, :, None]
        + side.transfer[:, None, None] * side.transfer_nodes[None, None, :]
    )
    log_income = np.log(income)
    bottom, top = log_income.min(), log_income.max() + 1e-9
    bin_of = ((log_income - bottom) / (top - bottom) * _BINS).astype(np.int64).ravel()
    count, heads = (
        np.bincount(bin_of, (mass[:, :, None] * side.transfer_weights).ravel(), _BINS)
        for mass in (households, persons)
    )
    money = np.bincount(bin_of, (persons[:, :, None] * side.transfer_weights * income).ravel(), _BINS)
    reached = np.concatenate([[0.0], np.cumsum(count)]) / count.sum()
    cuts = np.linspace(0.0, 1.0, 6)
    heads_at = np.interp(cuts, reached, np.concatenate([[0.0], np.cumsum(heads)]))
    money_at = np.interp(cuts, reached, np.concatenate([[0.0], np.cumsum(money)]))
    means: Reals = np.diff(money_at) / np.diff(heads_at)
    return means
