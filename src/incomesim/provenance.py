"""What is needed to compute a result again: the manifest."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata

from incomesim import __version__
from incomesim.compiled.cache import source_hash
from incomesim.fields import UserFile
from incomesim.published import hash_place, read_place
from incomesim.scenario import Scenario

__all__ = ["FileRecord", "Stopwatch", "describe_inputs", "record_file", "write_manifest"]

_PACKAGES = ("numpy", "numba", "llvmlite", "pandas", "scipy", "pyarrow", "matplotlib", "pydantic")


class Stopwatch:
    """Wall and processor seconds of named stages, in the order they ran."""

    def __init__(self) -> None:
        self.seconds: dict[str, dict[str, float]] = {}

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Take the time of what runs inside."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds[stage] = {
            "wall": round(time.perf_counter() - wall, 3),
            "processor": round(time.process_time() - processor, 3),
        }


@dataclass(frozen=True)
class FileRecord:
    """A user's file: its name without folders, its rows (households or totals), its SHA-256."""

    name: str
    rows: int
    sha256: str


def record_file(file: UserFile, rows: int) -> FileRecord:
    """Return the record of a file, which is read once more, piece by piece."""
    with file.path.open("rb") as opened:
        return FileRecord(file.path.name, rows, hashlib.file_digest(opened, "sha256").hexdigest())


def write_manifest(
    scenario: Scenario, households: int, used: Mapping[str, FileRecord], threads: int, watch: Stopwatch
) -> dict[str, object]:
    """Return the record of a run: scenario, data, software, machine and timings, ready for JSON.

    It has an entry for each file that was `used`: `microdata` where the households come from a file and are not
    synthetic, `calibration_table` where their weights meet totals of a table.
    """
    return {
        "format": 1,
        **describe_inputs(scenario),
        "seed": scenario.seed,
        "households": households,
        **{name: asdict(record) for name, record in used.items()},
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processors": os.cpu_count(),
            "threads": threads,
        },
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": watch.seconds,
    }


def describe_inputs(scenario: Scenario) -> dict[str, object]:
    """Return the record of software, scenario and published figures, ready for JSON."""
    place = scenario.population.place
    figures = {} if place is None else {"published_data_sha256": hash_place(read_place(place))}
    return {
        "software": {
            "incomesim": __version__,
            "kernel": source_hash("incomesim.kernel"),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in _PACKAGES},
        },
        "scenario": scenario.model_dump(mode="json"),
        "scenario_sha256": hashlib.sha256(scenario.model_dump_json().encode()).hexdigest(),
        "scenario_files_sha256": dict(scenario.files),
        **figures,
    }
