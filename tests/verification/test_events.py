"""What happens to households, renewal and moves, against its stated chances."""

import functools

import numpy as np
import pytest

from incomesim.kernel.tables import Drift
from tests.reference.small_world import X, make_rows, make_tables, reaches, run
from tests.verification import checks
from tests.verification.verdict import counts, estimates

HOUSEHOLDS = 2**20
PROCESS = (0.9, 0.2, 0.7, 0.1)
YOUNGEST, OLDEST = 25, 30


def share(what, happened, chance, at_risk):
    """Shares of those at risk to whom it happened, by year."""
    error = np.sqrt((1.0 - chance) / (chance * at_risk))
    return estimates(what, happened / (chance * at_risk), 1.0, error, "of the chance")


def run_with_bands(starts, years=2, **tables):
    """A run whose cells are the bands of age of the head that begin at `starts`, and the ranks."""
    starts = np.array(starts)
    made = make_tables(years=years, quantiles=np.tile(X, (len(starts) + 1, 1)), mobility=(PROCESS,), **tables)
    output = run(make_rows(HOUSEHOLDS), made._replace(bands=len(starts) + 1, band_starts=starts))
    return output.cell[0], np.log(output.income[0])


def hazards(by_age):
    """A table of yearly chances, by age of the head, in the year in which he is of that age."""
    table = np.zeros(121)
    for age, chance in by_age.items():
        table[age] = chance
    return table


BY_AGE = {41: 0.01, 42: 0.03, 43: 0.3, 44: 0.9}


def renewals(what, said):
    """All heads are 40 in the first year; the young ones that follow stay below the band of 35."""
    band, _ = run_with_bands([35], years=len(BY_AGE) + 1, renewal=hazards(BY_AGE))
    old = np.count_nonzero(band == 1, axis=1)
    return share(f"{what}: by age", old[:-1] - old[1:], np.array(list(said.values())), old[:-1])


def test_renewal_rate(accept):
    accept(renewals("renewal rate", BY_AGE))


def test_a_renewal_rate_other_than_said_is_rejected():
    assert renewals("", BY_AGE | {42: 0.032}).rejects


def test_ages_of_young_heads_are_uniform(accept):
    """A band for each age from 25 to 30; nobody else is below 31."""
    chance = 0.6
    band, _ = run_with_bands(range(YOUNGEST + 1, OLDEST + 2), renewal=np.full(121, chance))
    ages = OLDEST - YOUNGEST + 1
    expected = np.append(np.full(ages, chance / ages), 1.0 - chance)
    accept(counts("ages of young heads", np.bincount(band[1], minlength=ages + 1), expected))


def inherited(what, inheritance, said):
    tables = make_tables(years=2, mobility=(PROCESS,), renewal=np.ones(121))._replace(inheritance=inheritance)
    before, after = np.log(run(make_rows(HOUSEHOLDS), tables).income[0])
    product = before * after
    persistence, fixed, persistent, _ = PROCESS
    expected = said * (fixed + persistent * persistence)
    error = product.std() / np.sqrt(HOUSEHOLDS)
    return estimates(f"{what} of {inheritance}", product.mean(), expected, error, "of correlation"), after


@pytest.mark.parametrize("inheritance", [0.0, 0.3, 0.8, 1.0])
def test_inheritance(accept, inheritance):
    verdict, after = inherited("inheritance", inheritance, inheritance)
    accept(verdict)
    accept(checks.moments(f"moments of ranks after inheritance of {inheritance}", after[None]))


def test_an_inheritance_other_than_said_is_rejected():
    assert inherited("", 0.3, 0.315)[0].rejects


def test_renewal_does_not_depend_on_the_rank(accept):
    band, rank = run_with_bands([35], renewal=np.full(121, 0.5))
    parts = [rank[0][band[1] == kind] for kind in (0, 1)]
    found, error = [part.mean() for part in parts], [1.0 / np.sqrt(len(part)) for part in parts]
    accept(estimates("mean rank of those who are renewed, and others", found, 0.0, error, "of a mean"))


CHANCES = np.array([0.05, 0.01, 0.5])  # of a move, by year; nobody moves in the first


def one_way(chances, bands=1):
    """Moves of the baseline from the first of two places to the second."""
    chance = np.zeros((len(chances) + 1, 2 * bands))
    chance[1:, :bands] = np.asarray(chances)[:, None]
    return Drift(chance, np.ones(2 * bands, int), 1, reaches(chance[None], bands)[0])


@functools.cache
def moved():
    tables = make_tables(years=len(CHANCES) + 1, quantiles=[X, X], mobility=(PROCESS,), drift=one_way(CHANCES))
    output = run(make_rows(HOUSEHOLDS), tables)
    return output.cell[0], np.log(output.income[0])


def move_rate(what, said):
    place, _ = moved()
    left = np.count_nonzero(place == 0, axis=1)
    return share(what, left[:-1] - left[1:], said, left[:-1])


def test_move_rate(accept):
    accept(move_rate("move rate by year", CHANCES))


def test_a_move_rate_other_than_said_is_rejected():
    assert move_rate("", np.array([0.05, 0.0108, 0.5])).rejects


def test_moves_do_not_depend_on_ranks(accept):
    place, rank = moved()
    found = rank[:3, place[1] == 1].mean(axis=1)
    error = 1.0 / np.sqrt(np.count_nonzero(place[1]))
    accept(estimates("mean rank of those who move, before and after", found, 0.0, error, "of a mean"))


def test_moves_do_not_depend_on_renewal(accept):
    """Cells are place x band; a household that is renewed is in the lower band."""
    renewed, moving = 0.4, 0.3
    tables = make_tables(
        years=2,
        quantiles=np.tile(X, (4, 1)),
        mobility=(PROCESS,),
        renewal=np.full(121, renewed),
        drift=one_way([moving], bands=2),
    )
    output = run(make_rows(HOUSEHOLDS), tables._replace(bands=2, band_starts=np.array([35])))
    expected = np.outer([1.0 - moving, moving], [renewed, 1.0 - renewed]).ravel()
    accept(counts("renewal and moves together", np.bincount(output.cell[0, 1], minlength=4), expected))
