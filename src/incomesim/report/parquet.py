"""Tables as Parquet, the same bytes for the same table and version of pyarrow."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["write_parquet"]


def write_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet without metadata of pandas; missing values are nulls."""
    plain = pa.Table.from_pandas(table, preserve_index=False, nthreads=1).replace_schema_metadata(None)
    target = io.BytesIO()
    pq.write_table(plain, target, compression="zstd")
    return target.getvalue()
