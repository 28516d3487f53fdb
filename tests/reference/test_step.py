"""The compiled step against its NumPy twin, with every mechanism at work."""

import numpy as np
import pytest

from incomesim.kernel.tables import (
    MONEY_UNIT,
    WEIGHT_UNIT,
    Accelerations,
    Drift,
    Gains,
    Grants,
    Ledger,
    Moves,
    WageFloors,
)
from incomesim.kernel.targeting import NOW, Budgets
from tests.reference import twin
from tests.reference.small_world import X, make_floors, make_gate, make_rows, make_tables, make_taxes, run


@pytest.mark.parametrize("scenario_number", [0, 1])
def test_step_equals_its_twin(plan, output, scenario_number):
    income, cell, ledger, _ = twin.run(output.rows, plan.tables, scenario_number)
    np.testing.assert_array_equal(output.cell[scenario_number], cell)
    np.testing.assert_allclose(output.income[scenario_number], income, rtol=1e-12)
    # each entry of the ledger is a sum of amounts rounded to a hundredth of a yuan
    rounding = 0.005 * len(output.rows.age)
    np.testing.assert_allclose(twin.natural(output.sums.ledger[scenario_number]), ledger, rtol=1e-9, atol=rounding)


def test_the_shipped_scenario_uses_every_mechanism(plan):
    tables = plan.tables
    for part in (tables.moves, tables.accelerations, tables.gains, tables.floors):
        assert len(part.gate.lever)


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
    four = (4, years, cells)
    earlier = np.array([np.maximum(np.arange(years) - 1, 0), np.zeros(years)], np.int64)  # last year, the first

    def some(size):
        return rng.random(size) < 0.7

    def gate(lever, rate=1.0, **more):
        acts = np.broadcast_to(np.asarray(rate), (len(lever), years, cells)) > 0.0
        acts = acts | (np.broadcast_to(more.get("error", 0.0), (len(lever), years))[..., None] > 0.0)
        return make_gate(lever, acts, rate, bands=bands, **more)

    tables = make_tables(
        years=years,
        quantiles=0.5 * X[None, :] + np.log(16.0) + rng.normal(size=(cells, 1)),
        mobility=((0.9, 0.1, 0.8, 0.1), (0.5, 0.0, 0.7, 0.3)),
        growth=np.exp(rng.normal(scale=0.2, size=(years, cells, 4))),
        levers=19,
        transfer_level=rng.uniform(1.6, 8.0, cells),
        renewal=rng.uniform(0.0, 0.2, 121),
        drift=Drift(
            rng.uniform(0, 0.3, (years, cells)), rng.integers(0, places, cells), 3, np.ones((years, places), bool)
        ),
        looks_back=True,
        moves=Moves(
            gate([7, 14], rng.uniform(0, 0.3, shape) * some(shape), yearly=True, budget=[-1, 0], measured=earlier),
            rng.integers(0, places, (2, cells)),
            np.array([1, 2]),
        ),
        accelerations=Accelerations(
            gate(
                [0, 1],
                [[[0.4]], [[1.0]]],
                elderly=[True, False],
                measured=[NOW, 0, 0, 0, 0],
                ceiling=[[32.0], [np.inf]],
            ),
            np.array([1, 3]),
            rng.uniform(0.9, 1.3, shape),
        ),
        wage_floors=WageFloors(
            gate([15, 16], [[[0.6]], [[1.0]]], ceiling=[[np.inf], [6.0]], error=[[0.0], [0.3]]),
            rng.uniform(2.0, 8.0, shape) * some(shape),
            np.array([0.5, 1.0]),
            np.array([0.4, 0.1]),
        ),
        gains=Gains(
            gate(
                [2, 3],
                rng.uniform(0, 0.5, shape),
                ceiling=rng.uniform(8.0, 48.0, (2, years)),
                yearly=True,
                budget=[1, -1],
                measured=[years * [NOW], [NOW, *earlier[0, 1:]]],
                error=[[0.0], [0.1]],
            ),
            np.array([0.1, 0.3]),
            np.array([0.9, 0.5]),
        ),
        grants=Grants(
            gate(
                [8, 9, 10, 11],
                rng.uniform(0.5, 1.0, four) * some(four),
                ceiling=rng.uniform(8.0, 48.0, (4, years)),
                error=np.array([[0.0], [0.3], [1.0], [0.1]]),
                children=[False, False, True, False],
                budget=[-1, 2, 3, -1],
            ),
            np.array([3, 0, 2, 1]),
            np.arange(4),
            rng.uniform(0, 8.0, four) * some(four),
            np.array([False, False, True, False]),
        ),
        taxes=make_taxes(
            gate([12, 13], ceiling=[[np.inf], [32.0]]),
            np.array([3, 1]),
            np.array([[1.0, 0.5, 0.2, 0.0], [0.0, 1.0, 0.0, 0.0]]),
            np.array([4, 0]),
            rng.uniform(0, 1.0, shape) * some(shape),
            rng.uniform(1.6, 32.0, (2, years, 3)),
            np.array([[0.1, 0.2, 0.1], [-0.2, 0.2, 0.0]])[:, None] * np.ones((years, 1)),
            rng.uniform(-0.2, 0.1, (2, years, 3, 2)),
            rng.integers(-1, 2, (2, years, 3)).astype(float),
        ),
        floors=make_floors(
            gate([4, 5], [[[0.8]], [[0.5]]], error=[[0.0], [0.2]], budget=[4, -1]),
            rng.uniform(0, 16.0, shape) * some(shape),
            np.array([1.0, 0.4]),
            np.array([0.0, 4.0])[:, None] * np.ones(years),
            np.array([-0.2, -0.05]),
            np.array([True, False]),
        ),
        services=Grants(
            gate([17, 18], [[[0.7]], [[1.0]]], ceiling=[[24.0], [np.inf]], measured=[NOW, *earlier[0, 1:]]),
            np.array([3, 3]),
            np.array([2, 1]),
            rng.uniform(0, 8.0, shape) * some(shape),
            np.array([False, False]),
        ),
        budgets=Budgets(
            np.array([1, 0, 0, 1, 0]),
            rng.integers(0, 3, (5, cells)),
            np.full(5, 3),
            np.array([300_000, 60_000, 80_000, 200_000, 52_000])[:, None] + rng.integers(0, 2000, (5, years)),
        ),
    )._replace(bands=bands, band_starts=np.array([42]), poverty_line=rng.uniform(5.0, 24.0, (years, cells)))
    rows = make_rows(
        households, place=np.sort(rng.integers(0, places, households)), persons=2.0, transfer=1.0
    )._replace(
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
    part = rng.random((2, 19)) < 0.5
    active = np.vstack([np.zeros((1, 19), bool), np.ones((1, 19), bool), part])
    tables = tables._replace(active=active)
    output = run(rows, tables)
    for scenario in range(4):
        income, cell, ledger, queues = twin.run(rows, tables, scenario)
        np.testing.assert_array_equal(output.cell[scenario], cell)
        np.testing.assert_allclose(output.income[scenario], income, rtol=1e-12)
        np.testing.assert_allclose(
            twin.natural(output.sums.ledger[scenario]), ledger, rtol=1e-9, atol=0.005 * households
        )
        check_queues(tables, rows, output.sums, scenario, queues)
    ledger = output.ledger[1].sum(axis=1)
    assert (ledger[[2, 4, 9, 10, 14], Ledger.TURNED_AWAY] > 0).all()
    assert (ledger[[3, 5, 9, 10, 11, 16], Ledger.IN_ERROR] > 0).all()
    assert (ledger[[15, 16, 17, 18], Ledger.HOUSEHOLDS] > 0).all()
    assert (ledger[[4, 5], Ledger.GAINED] < 0).all()
    assert (ledger[[4, 12, 13], Ledger.BOUNDED] > 0).all()
    assert ledger[5, Ledger.BOUNDED] == 0
    for one, other in zip(output.sums, run(rows, tables, block=64).sums, strict=True):
        np.testing.assert_array_equal(one, other)  # small blocks have households of one place


def check_queues(tables, rows, sums, scenario, queues):
    """Households, and cash, of all who queue, by class of place and by place in the class of the limit."""
    waiting, margin = np.zeros(sums.queue[scenario].shape), np.zeros(sums.margin[scenario].shape)
    for b, t, asking, place, cash, ends in queues:
        entries = np.transpose([rows.weight, rows.weight * cash])
        at_limit = asking & (place // 1024 == tables.budgets.limit[b, t] // 1024)
        stratum = tables.stratum[ends]
        np.add.at(waiting[b, t], (stratum[asking], place[asking] // 1024), entries[asking])
        np.add.at(margin[b, t], (stratum[at_limit], place[at_limit] % 1024), entries[at_limit])
    unit = np.array([WEIGHT_UNIT, MONEY_UNIT])
    for found, expected in ((sums.queue, waiting), (sums.margin, margin)):
        np.testing.assert_allclose(found[scenario] * unit, expected, rtol=1e-9, atol=0.005 * len(rows.age))
