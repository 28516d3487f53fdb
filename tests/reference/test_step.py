"""The compiled step against its NumPy twin, with every mechanism at work."""

import numpy as np
import pytest

from tests.reference import twin


@pytest.mark.parametrize("scenario_number", [0, 1])
def test_step_equals_its_twin(plan, output, scenario_number):
    income, cell, ledger = twin.run(plan.rows, plan.tables, scenario_number)
    np.testing.assert_array_equal(output.cell[scenario_number], cell)
    np.testing.assert_allclose(output.income[scenario_number], income, rtol=1e-12)
    # each entry of the ledger is a sum of amounts rounded to a hundredth of a yuan
    rounding = 0.005 * len(plan.rows.age)
    np.testing.assert_allclose(twin.natural(output.ledger[scenario_number]), ledger, rtol=1e-9, atol=rounding)


def test_the_shipped_scenario_uses_every_mechanism(plan):
    tables = plan.tables
    for part in (tables.moves, tables.accelerations, tables.gains, tables.floors):
        assert (part.lever >= 0).any()


def test_totals_are_the_sums_over_households(plan, output):
    weight = plan.rows.weight
    for s in range(2):
        for t in (0, 5):
            cell = output.cell[s, t]
            cells = output.totals.shape[2]
            money = np.bincount(cell, weight * plan.rows.persons * output.income[s, t], cells)
            persons = np.bincount(cell, weight * plan.rows.persons, cells)
            found = output.totals[s, t]
            np.testing.assert_array_equal(found[:, 1] * 2.0**-20, persons)
            np.testing.assert_allclose(found[:, 2:].sum(axis=1) * 0.01, money, atol=0.02 * len(cell))


def test_first_year_gives_back_the_population(population, output):
    households = population.households
    np.testing.assert_allclose(output.income[0, 0], households.disposable() / households.persons, rtol=1e-12)
