"""Stata files, by pandas. Stata's missing values, `.` and `.a` to `.z`, are missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incomesim.population.household_file import Wanted

__all__ = ["column_names", "read_columns"]


def column_names(path: Path) -> list[str]:
    """Return the names of the variables."""
    import pandas as pd

    with pd.read_stata(path, iterator=True) as opened:
        return list(opened.variable_labels())


def read_columns(path: Path, wanted: Wanted) -> tuple[Any, Mapping[str, Mapping[str, str]]]:
    """Return the wanted columns as a pyarrow table, and the value labels of those of codes.

    Labels that are not unique within a column tell nothing apart and are left out.
    """
    import pandas as pd
    import pyarrow as pa

    frame = pd.read_stata(path, columns=list(wanted.all), convert_categoricals=False, convert_dates=False)
    labels = {column: _labels(path, column, frame[column]) for column in wanted.texts}
    return pa.Table.from_pandas(frame, preserve_index=False), labels


def _labels(path: Path, column: str, codes: Any) -> dict[str, str]:
    """Read once more with labels for codes, and put the two side by side."""
    import pandas as pd

    try:
        labelled = pd.read_stata(path, columns=[column], convert_dates=False)[column].astype(object)
    except ValueError:
        return {}
    pairs = {(code, label) for code, label in zip(codes, labelled, strict=True) if isinstance(label, str)}
    return {f"{code:.0f}": label for code, label in pairs if not isinstance(code, str)}
