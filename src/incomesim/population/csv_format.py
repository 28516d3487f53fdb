"""CSV: UTF-8, commas, a first line of names; empty cells and NA are missing. Codes keep their leading zeros."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from incomesim.population.household_file import Wanted

__all__ = ["column_names", "read_columns"]


def column_names(path: Path) -> list[str]:
    """Return the names in the first line."""
    with pyarrow.csv.open_csv(path) as opened:
        return list(opened.schema.names)


def read_columns(path: Path, wanted: Wanted) -> tuple[Any, Mapping[str, Mapping[str, str]]]:
    """Return the wanted columns as a pyarrow table, and no labels."""
    options = pyarrow.csv.ConvertOptions(
        include_columns=list(wanted.all),
        column_types={column: pa.string() for column in wanted.texts},
        null_values=["", "NA"],
        strings_can_be_null=True,
    )
    return pyarrow.csv.read_csv(path, convert_options=options), {}
