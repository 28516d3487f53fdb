"""Shapes of the distribution: what is met together, and what is named because it cannot be."""

import numpy as np
import pytest
from scipy.special import ndtri

from incomesim import load_scenario
from incomesim.population.shapes import HEAVIEST_BEND, Groups, Side, fit_shapes, log_market
from incomesim.simulation import show_population
from tests.conftest import ROOT
from tests.places import place_scenario, write_place


def lognormal_side(sigma, number=5, gini=None):
    """One cell, households of one size, no transfers to speak of: the groups of a lognormal in closed form."""
    cuts = ndtri(np.linspace(0.0, 1.0, number + 1))
    from scipy.special import ndtr

    means = number * np.diff(ndtr(cuts - sigma)) * np.exp(sigma**2 / 2.0)
    return Side(
        name="urban",
        households=np.array([[0.0, 1.0, 0.0]]),
        market=np.array([np.exp(sigma**2 / 2.0)]),
        transfer=np.array([1e-12]),
        transfer_nodes=np.ones(1),
        transfer_weights=np.ones(1),
        mean=float(np.exp(sigma**2 / 2.0)),
        groups=Groups(np.linspace(0.0, 1.0, number + 1), means, of_persons=False),
        gini=gini,
    )


@pytest.mark.parametrize("number", [5, 10])
def test_groups_of_a_lognormal_give_it_back(number):
    """log T is the straight line sigma * x, to the precision of groups means, and its Gini 2 Phi(sigma / sqrt 2) - 1."""
    shape = fit_shapes([lognormal_side(0.6, number)], None)[0]
    inside = np.linspace(-1.2, 1.2, 9)
    np.testing.assert_allclose(log_market(shape, inside)[0], 0.6 * inside, atol=0.02)


def test_a_heavier_tail_is_found_when_the_gini_says_so():
    """The five groups are those of a lognormal; a Gini above its own can come from the tail only."""
    from scipy.special import ndtr

    plain = 2.0 * ndtr(0.6 / np.sqrt(2.0)) - 1.0
    light, heavy = (fit_shapes([lognormal_side(0.6, gini=plain + more)], None)[0].bend for more in (0.0, 0.003))
    assert light < 0.1 < heavy < HEAVIEST_BEND
    far = fit_shapes([lognormal_side(0.6, gini=0.6)], None)[0]
    assert far.bend == pytest.approx(HEAVIEST_BEND)


def fit_of(portrait, item, area):
    return next(row for row in portrait.fit if (row.item, row.area) == (item, area))


def place_with_gini(tmp_path, value):
    row = ("gini", "", "urban", "", "", "", "", value, "index")
    scenario = load_scenario(place_scenario(write_place(tmp_path / "place", lambda figures: [*figures, row])))
    return show_population(scenario)


def test_a_gini_that_can_be_met_is_met_with_groups_and_means(tmp_path):
    free = show_population(load_scenario(place_scenario(write_place(tmp_path / "free"))))
    urban = free.lorenz.query("area == 'urban' and series == 'households'")["gini"].iloc[0]
    portrait = place_with_gini(tmp_path, round(urban + 0.004, 4))
    row = fit_of(portrait, "Gini coefficient", "urban")
    assert row.reached == pytest.approx(row.target, abs=2e-3)
    assert not [found for found in portrait.contradictions if "Gini" in found.what]


def test_a_gini_that_cannot_be_met_is_named_with_its_size(tmp_path):
    portrait = place_with_gini(tmp_path, 0.6)
    (found,) = [found for found in portrait.contradictions if "Gini" in found.what]
    assert found.published == 0.6
    assert found.implied < 0.45
    assert found.relative_difference == pytest.approx(found.implied / 0.6 - 1.0)


def test_the_contradictions_of_china_are_named():
    """Means against the census, groups of households against the medians and the Gini coefficient."""
    settings = ["population.households=20000"]
    portrait = show_population(load_scenario(ROOT / "scenarios" / "china-2023.yaml", settings))
    found = {contradiction.what: contradiction for contradiction in portrait.contradictions}
    share = next(value for what, value in found.items() if what.startswith("urban share"))
    assert (share.published, round(share.implied, 4)) == (0.6389, 0.5639)
    gini = next(value for what, value in found.items() if what.startswith("Gini"))
    assert gini.published == 0.468
    assert 0.41 < gini.implied < 0.445  # README of the tables: a smooth curve gives about 0.40 to 0.42
    medians = [value for what, value in found.items() if what.startswith("median")]
    assert len(medians) == 3
    assert all(-0.07 < median.relative_difference < -0.02 for median in medians)
    for row in portrait.fit:
        if row.role == "weights":
            assert row.reached == pytest.approx(row.target, rel=0.02 if "group" in row.item else 1e-6), row
