"""Digests of whole runs: they change only with a line in the changelog.

The first is made of the kernel's own arithmetic only, so it holds on every processor; the second goes through
the synthesis, whose last bits belong to numpy and scipy, so it is compared as numbers.
"""

import hashlib

import numpy as np
import pytest

from incomesim.kernel.tables import Gains, Moves
from tests.elsewhere import OTHER_CODE, printed_under
from tests.reference.small_world import X, make_floors, make_gate, make_rows, make_tables, run


def small_run(households):
    """Digest of a run with every mechanism but acceleration, in the kernel's own arithmetic."""
    years, cells = 4, 2
    full = np.ones((1, years, cells))
    moves = Moves(make_gate([0], full, 0.2, yearly=True), np.array([[1, 0]]), np.array([3]))
    gains = Gains(make_gate([1], full, 0.3, ceiling=40_000.0, yearly=True), np.array([0.25]), np.array([0.5]))
    floors = make_floors(make_gate([2], full, 0.5), full * 15_000.0, np.array([0.5]), np.zeros((1, years)))
    tables = make_tables(
        years=years,
        quantiles=[X / 2 + 10.0, X / 4 + 10.25],
        levers=3,
        moves=moves,
        gains=gains,
        floors=floors,
        transfer_level=[5_000.0, 10_000.0],
        lines=np.full((years, 2), [15_000.0, 30_000.0]),
    )
    output = run(make_rows(households, place=np.arange(households) % 2, persons=2.0, transfer=1.0), tables)
    digest = hashlib.sha256()
    for part in (output.income, output.cell, *output.sums):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def test_bits_of_the_kernel():
    assert small_run(1000) == KERNEL


@pytest.mark.parametrize("setting", OTHER_CODE)
def test_same_bits_without_compiler_and_on_a_plain_processor(setting, tmp_path):
    code = "from tests.golden.test_digests import small_run; print(small_run(60))"
    assert printed_under(setting, code, tmp_path) == small_run(60)


def test_numbers_of_the_shipped_scenario(result):
    table = result.summary.query("by == 'all' and year == 2025").set_index(["scenario", "measure"])["value"]
    found = {f"{scenario} {measure}": table[scenario, measure] for scenario, measure in WHOLE_RUN_KEYS}
    for key, expected in WHOLE_RUN.items():
        assert found[key] == pytest.approx(expected, rel=1e-5), key


KERNEL = "5706d86bce91f583bf3a396d047190a5c4c8d5f024c7964f42e5b3f48f7f79a0"
WHOLE_RUN = {
    "baseline mean": 47936.6467,
    "baseline median": 38117.9328,
    "baseline gini": 0.385317391,
    "baseline theil": 0.250236787,
    "baseline p90_p10": 6.57740489,
    "baseline urban_rural_ratio": 2.01447484,
    "baseline region_max_min": 1.76907968,
    "baseline middle_nbs": 0.514065541,
    "baseline fgt1_guarantee_line": 0.00429626805,
    "policy mean": 48967.7735,
    "policy median": 39016.312,
    "policy gini": 0.377441697,
    "policy theil": 0.239758705,
    "policy p90_p10": 6.26264676,
    "policy urban_rural_ratio": 1.95056345,
    "policy region_max_min": 1.71643756,
    "policy middle_nbs": 0.525853985,
    "policy fgt1_guarantee_line": 0.000673300329,
}
WHOLE_RUN_KEYS = [key.split(" ") for key in WHOLE_RUN]
