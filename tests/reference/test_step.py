"""The compiled step against its NumPy twin, with every mechanism at work."""

import numpy as np
import pytest

from incomesim.kernel.tables import Accelerations, Floors, Gains, Grants, Moves, Taxes
from tests.reference import twin
from tests.reference.small_world import X, make_rows, make_tables, run


@pytest.mark.parametrize("scenario_number", [0, 1])
def test_step_equals_its_twin(plan, output, scenario_number):
    income, cell, ledger = twin.run(output.rows, plan.tables, scenario_number)
    np.testing.assert_array_equal(output.cell[scenario_number], cell)
    np.testing.assert_allclose(output.income[scenario_number], income, rtol=1e-12)
    # each entry of the ledger is a sum of amounts rounded to a hundredth of a yuan
    rounding = 0.005 * len(output.rows.age)
    np.testing.assert_allclose(twin.natural(output.sums.ledger[scenario_number]), ledger, rtol=1e-9, atol=rounding)


def test_the_shipped_scenario_uses_every_mechanism(plan):
    tables = plan.tables
    for part in (tables.moves, tables.accelerations, tables.gains, tables.floors):
        assert (part.lever >= 0).any()


def test_first_year_gives_back_the_population(sample, output):
    income = (sample.disposable() / sample.persons)[output.rows.household_id]
    np.testing.assert_allclose(output.income[0, 0], income, rtol=1e-12)


@pytest.mark.parametrize(("seed", "tilted"), [(1, True), (2, True), (3, False)])
def test_step_equals_its_twin_where_everything_is_random(seed, tilted):
    """Growth by source and cell, two of each mechanism in different cells, bands, renewal, tilts."""
    rng = np.random.default_rng(seed)
    years, places, bands, households = 5, 3, 2, 3000
    cells = places * bands
    shape = (2, years, cells)
    everywhere = np.ones((2, years, places), bool)
    four = (4, years, cells)
    tables = make_tables(
        years=years,
        quantiles=0.5 * X[None, :] + rng.normal(size=(cells, 1)),
        mobility=((0.9, 0.1, 0.8, 0.1), (0.5, 0.0, 0.7, 0.3)),
        growth=np.exp(rng.normal(scale=0.2, size=(years, cells, 4))),
        levers=14,
        transfer_level=rng.uniform(0.1, 0.5, cells),
        renewal=rng.uniform(0.0, 0.2, 121),
        moves=Moves(
            rng.uniform(0, 0.3, shape) * (rng.random(shape) < 0.7),
            rng.integers(0, places, (2, cells)),
            np.array([3, 1]),
            np.array([-1, 7]),
            everywhere,
        ),
        accelerations=Accelerations(
            np.array([1, 3]), rng.uniform(0.9, 1.3, shape), np.array([0.4, 1.0]), np.array([0, 1]), everywhere
        ),
        gains=Gains(
            rng.uniform(0, 0.5, shape),
            rng.uniform(0.5, 3.0, (2, years)),
            np.array([0.1, 0.3]),
            np.array([0.9, 0.5]),
            np.array([2, 3]),
            everywhere,
        ),
        grants=Grants(
            np.array([3, 0, 2, 1]),
            np.arange(4),
            rng.uniform(0, 0.5, four) * (rng.random(four) < 0.7),
            rng.uniform(0.5, 3.0, (4, years)),
            rng.uniform(0.5, 1.0, (4, years)),
            np.array([0.0, 0.3, 1.0, 0.1])[:, None] * np.ones(years),
            np.array([False, False, True, False]),
            np.array([8, 9, 10, 11]),
            np.ones((4, years, places), bool),
        ),
        taxes=Taxes(
            np.array([3, 1]),
            np.array([[1.0, 0.5, 0.2, 0.0], [0.0, 1.0, 0.0, 0.0]]),
            np.array([4, 0]),
            rng.uniform(0, 1.0, shape) * (rng.random(shape) < 0.7),
            rng.uniform(0.1, 2.0, (2, years, 3)),
            np.array([[0.1, 0.2, 0.1], [-0.2, 0.2, 0.0]])[:, None] * np.ones((years, 1)),
            np.array([12, 13]),
            everywhere,
        ),
        floors=Floors(
            rng.uniform(0, 1.0, shape) * (rng.random(shape) < 0.7),
            np.array([1.0, 0.4]),
            np.array([0.8, 0.5]),
            np.array([4, 5]),
            everywhere,
        ),
    )._replace(bands=bands, band_starts=np.array([42]), poverty_line=rng.uniform(0.3, 1.5, (years, cells)))
    rows = make_rows(households, place=rng.integers(0, places, households), persons=2.0, transfer=1.0)._replace(
        age=rng.integers(25, 90, households),
        persons=rng.integers(1, 7, households).astype(float),
        elderly=rng.integers(0, 3, households),
        children=rng.integers(0, 3, households),
        weight=rng.integers(1, 4 * 2**20, households) / 2**20,
        process=rng.integers(0, 2, households),
        shift=rng.normal(size=households),
        residual=rng.normal(scale=0.1, size=households),
        market_tilt=rng.uniform(0.2, 2.0, (3, households)) if tilted else np.empty((3, 0)),
        transfer_tilt=rng.uniform(0.2, 2.0, households),
    )
    some = rng.random((2, 14)) < 0.5
    active = np.vstack([np.zeros((1, 14), bool), np.ones((1, 14), bool), some])
    tables = tables._replace(active=active)
    output = run(rows, tables)
    for scenario in range(4):
        income, cell, ledger = twin.run(rows, tables, scenario)
        np.testing.assert_array_equal(output.cell[scenario], cell)
        np.testing.assert_allclose(output.income[scenario], income, rtol=1e-12)
        np.testing.assert_allclose(
            twin.natural(output.sums.ledger[scenario]), ledger, rtol=1e-9, atol=0.005 * households
        )
