"""SPSS files, by pyreadstat. SPSS's system missing and user missing values are missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incomesim.population.household_file import Wanted

__all__ = ["column_names", "read_columns"]


def column_names(path: Path) -> list[str]:
    """Return the names of the variables."""
    import pyreadstat

    _, described = pyreadstat.read_sav(str(path), metadataonly=True)
    return list(described.column_names)


def read_columns(path: Path, wanted: Wanted) -> tuple[Any, Mapping[str, Mapping[str, str]]]:
    """Return the wanted columns as a pyarrow table, and the value labels of those of codes."""
    import pyarrow as pa
    import pyreadstat

    frame, described = pyreadstat.read_sav(str(path), usecols=list(wanted.all), disable_datetime_conversion=True)
    labels = {
        column: {f"{code:.0f}": label for code, label in of_codes.items() if not isinstance(code, str)}
        for column, of_codes in described.variable_value_labels.items()
        if column in wanted.texts
    }
    return pa.Table.from_pandas(frame[list(wanted.all)], preserve_index=False), labels
