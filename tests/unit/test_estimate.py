"""What a run is said to take, against what it takes."""

import pytest

from incomesim.kernel.shapes import choose_fineness, count_bytes
from incomesim.kernel.tables import empty_sums
from tests.reference.small_world import make_tables


@pytest.mark.parametrize(("years", "cells"), [(1, 1), (6, 240), (40, 12)])
def test_bytes_of_the_sums(years, cells):
    """All but lines, totals and the ledger, which are small."""
    tables = make_tables(years=years, quantiles=[[0.0] * 193] * cells)
    sums = empty_sums(tables._replace(fineness=choose_fineness(2, years, cells)))
    held = sum(part.nbytes for part in sums)
    assert count_bytes(2, years, cells) <= held <= 1.05 * count_bytes(2, years, cells) + 1e5


def test_more_cells_and_years_have_coarser_bins():
    assert choose_fineness(2, 6, 240) == 6
    assert choose_fineness(2, 40, 240) == 5
    assert choose_fineness(2, 40, 2_000) == 3
