"""What a run is said to take, against what it takes."""

import numpy as np
import pytest

from incomesim.estimate import estimate
from incomesim.kernel.shapes import choose_fineness, choose_stratum_fineness, count_bytes
from incomesim.kernel.tables import empty_sums
from incomesim.policy import Budget
from tests.household_files import FEW, few, of_file, write_as
from tests.reference.small_world import make_tables


@pytest.mark.parametrize(
    ("years", "cells", "strata", "levers"), [(1, 1, 1, 0), (6, 240, 6, 7), (40, 12, 12, 3), (90, 28, 14, 200)]
)
def test_bytes_of_the_sums(years, cells, strata, levers):
    """All but lines and totals, which are small."""
    tables = make_tables(
        years=years, quantiles=[[0.0] * 193] * cells, stratum=np.arange(cells) % strata, levers=levers
    )._replace(fineness=choose_fineness(2, years, cells), stratum_fineness=choose_stratum_fineness(2, years, strata))
    held = sum(part.nbytes for part in empty_sums(tables))
    expected = count_bytes(2, years, cells, strata, levers, 0)
    assert expected <= held <= 1.05 * expected + 1e5


def test_budgets_guards_and_years_of_measures_take_time(scenario):
    """A pass for each budget that is spent, a sample without each lever, measures of every year."""

    def seconds(number, **changes):
        levers = [
            lever.model_copy(update={"name": f"{n}", **changes}) for n, lever in enumerate(scenario.policy[:1] * number)
        ]
        population = scenario.population.model_copy(update={"households": 1_000_000})
        return estimate(scenario.model_copy(update={"policy": levers, "population": population})).seconds

    a_pass = 1e6 * 6 * 0.05e-6
    assert seconds(1, budget=Budget(yuan=1e6, order="random")) > seconds(1) + 1.5 * a_pass
    assert seconds(20) > seconds(1) + 16_384 * 6 * 19 * 0.3e-6


def test_more_cells_and_years_have_coarser_bins():
    assert choose_fineness(2, 6, 240) == 6
    assert choose_fineness(2, 40, 240) == 5
    assert choose_fineness(2, 40, 2_000) == 3
    assert choose_stratum_fineness(2, 6, 6) == choose_stratum_fineness(2, 40, 14) == 9
    assert choose_stratum_fineness(2, 100, 14) == 7


def test_rows_that_are_held_are_counted(scenario, tmp_path):
    bare = scenario.model_copy(update={"policy": []})  # its levers are for groups that the file has not
    rows, total = 5_000, {"of": "households", "value": 5e4, "source": "register"}
    parquet, csv = (write_as(tmp_path / f"few.{ending}", few(rows)) for ending in ("parquet", "csv"))

    def memory(path, **changes):
        return estimate(of_file(bare, path, **FEW, **changes)).memory_bytes

    assert memory(csv) > memory(parquet) + 3 * rows * 13 * 8
    assert memory(parquet, calibration={"totals": [total]}) > memory(parquet) + 350 * rows
