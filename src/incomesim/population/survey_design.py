"""How the households of a file were drawn: strata, clusters and replicate weights, checked and kept for inference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from incomesim.population.column_map import MappedRows, codes_of
from incomesim.population.faults import Faults
from incomesim.population.household_file import RawRows
from incomesim.scenario.columns import DesignColumns, Replicates

__all__ = [
    "Design",
    "DesignRows",
    "join_design",
    "note_clusters",
    "note_single_clusters",
    "read_design",
    "replicate_columns",
]

Reals = NDArray[np.float64]
_SHOWN = 12  # strata that a message names


@dataclass(frozen=True, eq=False)
class Design:
    """How N households were drawn, in the order of a survey's households; None where the scenario names no column.

    `strata` and `cluster` (N,) number them from 0; a cluster belongs to one stratum, so the same code in two strata
    makes two clusters. `replicate_weights` (N, R), `method` and `factor` are those of `Replicates`.
    """

    strata: NDArray[np.int64] | None
    cluster: NDArray[np.int64] | None
    replicate_weights: Reals | None
    method: str | None
    factor: float | None


@dataclass(frozen=True, eq=False)
class DesignRows:
    """The design columns of a part: texts of strata and clusters (n,), replicate weights (n, R)."""

    strata: NDArray[np.object_]
    cluster: NDArray[np.object_]
    replicate_weights: Reals


def replicate_columns(wanted: Replicates, names: Sequence[str]) -> list[str]:
    """Return the columns of replicate weights, of those that are told by what they begin with, by their number."""
    if wanted.prefix is None:
        return wanted.columns
    form = re.compile(re.escape(wanted.prefix) + r"(\d+)")
    found = [(int(match[1]), name) for name in names if (match := form.fullmatch(name))]
    return [name for _, name in sorted(found)]


def read_design(
    raw: RawRows, design: DesignColumns, replicates: Sequence[str], rows: MappedRows, faults: Faults
) -> DesignRows:
    """Return the design of the rows that were kept; notes what is missing, not finite or below 0."""

    def texts(column: str | None, name: str) -> NDArray[np.object_]:
        if column is None:
            return np.full(len(rows.row), "", object)
        codes, found = codes_of(raw.table[column])
        read = np.array(found, object)[codes[rows.kept]]
        faults.note(f"design.{name} ({column})", "a code in every row", read == "", rows.row, lambda _: "nothing")
        return read

    def weights(column: str) -> Reals:
        values: Reals = raw.table[column].cast(pa.float64()).to_numpy()[rows.kept]
        wrong = ~(np.isfinite(values) & (values >= 0.0))
        allowed = "finite numbers of at least 0, in every row"
        faults.note(f"design.replicate_weights ({column})", allowed, wrong, rows.row, lambda i: _show(values[i]))
        return values

    return DesignRows(
        texts(design.strata, "strata"),
        texts(design.cluster, "cluster"),
        np.array([weights(column) for column in replicates]).reshape(len(replicates), len(rows.row)).T,
    )


def _show(value: float) -> str:
    return "nothing" if np.isnan(value) else str(value)


def note_clusters(seen: dict[str, set[Any]], part: DesignRows, design: DesignColumns, row: NDArray[np.int64]) -> None:
    """Add the clusters of a part to those `seen` by stratum, up to two of each; without clusters, households."""
    cluster = part.cluster if design.cluster is not None else row
    for stratum in dict.fromkeys(part.strata):
        known = seen.setdefault(stratum, set())
        if len(known) < 2:
            known.update(list(dict.fromkeys(cluster[part.strata == stratum]))[:2])


def note_single_clusters(seen: dict[str, set[Any]], design: DesignColumns, faults: Faults) -> None:
    """Note strata with one cluster, from which nothing can be said of how clusters differ."""
    alone = sorted(stratum for stratum, clusters in seen.items() if len(clusters) < 2)
    if not alone:
        return
    what = "cluster" if design.cluster is not None else "household"
    if design.strata is None:
        faults.note_file("design.cluster", "found one cluster, expected at least two")
        return
    named = ", ".join(f'"{stratum}"' for stratum in alone[:_SHOWN])
    more = f" and {len(alone) - _SHOWN} more" if len(alone) > _SHOWN else ""
    faults.note_file(
        f"design.strata ({design.strata})",
        f"found one {what} in {named}{more}, expected at least two in each stratum; put such strata together",
    )


def join_design(parts: Sequence[DesignRows], order: NDArray[np.int64], design: DesignColumns) -> Design:
    """Return the design of all parts, in the `order` wanted of their rows."""
    strata, cluster = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("strata", "cluster"))
    by_stratum = np.unique(strata.astype(str), return_inverse=True)[1]
    nested = np.array([f"{stratum}\0{text}" for stratum, text in zip(by_stratum, cluster, strict=True)])
    replicates = design.replicate_weights
    return Design(
        strata=by_stratum if design.strata is not None else None,
        cluster=np.unique(nested, return_inverse=True)[1] if design.cluster is not None else None,
        replicate_weights=np.concatenate([part.replicate_weights for part in parts])[order] if replicates else None,
        method=replicates.method if replicates else None,
        factor=replicates.factor if replicates else None,
    )
