"""Parquet files of households for tests."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from incomesim.fields import RESIDENCES

NUMBERS = (
    "household_id", "weight", "age", "persons", "elderly", "children", "wage", "operating", "property", "transfer",
)  # fmt: skip


def columns_of(sample, cells):
    """The columns of a file that holds the households of a synthetic sample."""
    names = {"region": cells.regions, "residence": RESIDENCES, "group": cells.groups}
    named = {column: np.array(allowed)[getattr(sample, column)] for column, allowed in names.items()}
    return {**named, **{column: getattr(sample, column).copy() for column in NUMBERS}}


def few(rows, **changes):
    """Columns of a few ordinary households in one cell of the shipped scenario, some of them changed."""
    ones = np.ones(rows, np.int64)
    columns = {
        "region": ["dong"] * rows, "residence": ["urban"] * rows, "group": ["other"] * rows,
        "household_id": np.arange(rows, dtype=np.uint64), "weight": 10.0 * ones, "age": 40 * ones, "persons": 2 * ones,
        "elderly": 0 * ones, "children": 0 * ones, "wage": np.linspace(20_000.0, 90_000.0, rows),
        "operating": 1_000.0 * ones, "property": 500.0 * ones, "transfer": 3_000.0 * ones,
    }  # fmt: skip
    return columns | changes


def write(path, columns, row_group_size=1000):
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path
