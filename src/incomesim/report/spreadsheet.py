"""Tables as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from typing import Literal

import pandas as pd

__all__ = ["write_csv"]

_DANGEROUS = r"^[=+\-@\t\r]"


def write_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV in UTF-8, numbers in full.

    A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be a formula to a
    spreadsheet; it gets an apostrophe before it. Where a text has a carriage return all texts are in quotation
    marks: readers take a bare one for the end of the row.
    """
    safe = table.copy(deep=False)
    quoting: Literal[0, 2] = csv.QUOTE_MINIMAL
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(column.dtype):
            safe[name] = _defused(column)
            if column.astype(str).str.contains("\r", regex=False).any():
                quoting = csv.QUOTE_NONNUMERIC
    return safe.to_csv(index=False, lineterminator="\n", quoting=quoting).encode("utf-8")


def _defused(column: pd.Series[str]) -> pd.Series[str]:
    texts = column.where(column.isna(), column.astype(str))
    known = texts.dropna().drop_duplicates()
    bad = known[known.str.match(_DANGEROUS)]
    return texts.replace({text: f"'{text}" for text in bad}) if len(bad) else texts
