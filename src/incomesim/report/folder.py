"""A folder of results that is complete or not there.

Everything is computed first, then written to a hidden folder beside its final place and flushed to the
disk, and only then moved into place, one file after the other, `manifest.json` last. An earlier manifest
is taken away before the first move, so a folder with a manifest is always a complete one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np

from incomesim.errors import FolderBusy, OutOfResources
from incomesim.report.charts import CHARTS, render_chart
from incomesim.report.lock import locked
from incomesim.report.page import write_page
from incomesim.report.parquet import write_parquet
from incomesim.report.spreadsheet import write_csv
from incomesim.result import COLUMNS, Result

__all__ = ["MANIFEST", "write_files", "write_folder"]

MANIFEST = "manifest.json"
_FIGURES = "figures"
_STAGING = ".incomesim-unfinished"
_ALSO_PARQUET = ("summary", "ledger", "ledger_by_region_and_group", "curves", "transitions")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def write_folder(result: Result, folder: str | PathLike[str]) -> None:
    """Write all of a result into `folder`, as `write_files` does."""
    write_files(lambda: _contents(result), folder)


def write_files(make: Callable[[], Mapping[str, bytes]], folder: str | PathLike[str]) -> None:
    """Write what `make` returns, bytes by path in the folder, which is made where it is missing; a manifest comes last.

    Files of ours are replaced, others are left alone, links inside the folder are not followed. Raises
    FolderBusy where another run holds the folder or it may not be written to, OutOfResources where disk
    or memory do not suffice; in both cases an earlier result in the folder is what it was, unless the
    failure came while files were put into place: then the folder has no `manifest.json`.
    """
    place = Path(folder)
    with _plain_errors(place):
        contents = make()
        place.mkdir(parents=True, exist_ok=True)
        with locked(place):
            _put(contents, place)


def _contents(result: Result) -> dict[str, bytes]:
    """Return every file's bytes by its path in the folder, the manifest last."""
    figures = [render_chart(result, chart) for chart in CHARTS]
    files = {f"{name}.csv": write_csv(getattr(result, name)) for name in COLUMNS}
    files |= {f"{name}.parquet": write_parquet(getattr(result, name)) for name in _ALSO_PARQUET}
    for figure in figures:
        files[f"{_FIGURES}/{figure.chart.name}.svg"] = figure.svg
        files[f"{_FIGURES}/{figure.chart.name}.png"] = figure.png
        files[f"{_FIGURES}/{figure.chart.name}.csv"] = write_csv(figure.picture.data)
    files["report.html"] = write_page(result, figures).encode("utf-8")
    files = dict(sorted(files.items()))
    files[MANIFEST] = _manifest(result.manifest, files)
    return files


def _manifest(manifest: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    text = json.dumps(
        {**manifest, "files": listed}, ensure_ascii=False, allow_nan=False, indent=2, default=_plain_value
    )
    return f"{text}\n".encode()


def _plain_value(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"manifest: found a {type(value).__name__}, expected what JSON can hold")


def _put(contents: Mapping[str, bytes], place: Path) -> None:
    staging = place / _STAGING
    _refuse_foreign(place / _FIGURES)
    _clear(staging)
    try:
        for name, content in contents.items():
            _write_to_disk(staging / name, content)
        (place / _FIGURES).mkdir(exist_ok=True)
        if MANIFEST in contents:
            (place / MANIFEST).unlink(missing_ok=True)
        for name in contents:
            os.replace(staging / name, place / name)  # noqa: PTH105  the atomic step, by its name
        _flush_folder(place / _FIGURES)
        _flush_folder(place)
    finally:
        _clear(staging)


def _write_to_disk(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """Have the moves themselves on the disk, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(staging: Path) -> None:
    """Remove what an earlier run of ours left unfinished."""
    _refuse_foreign(staging)
    if staging.exists():
        shutil.rmtree(staging)


def _refuse_foreign(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        kind = "a link" if stat.S_ISLNK(mode) else "a file"
        raise FolderBusy(f"{path}: found {kind}, expected a folder or nothing; move it away or choose another folder")


@contextmanager
def _plain_errors(place: Path) -> Iterator[None]:
    """Turn what the system says into errors of ours."""
    try:
        yield
    except MemoryError as error:
        raise OutOfResources(
            f"{place}: not enough memory to write the result; close other programs and retry"
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        what = error.filename or place
        if error.errno in _NO_ROOM:
            raise OutOfResources(
                f"{place}: could not write the result ({reason}); free some space or choose another folder"
            ) from error
        raise FolderBusy(
            f"{place}: may not be written to ({what}: {reason}); choose another folder or change its permissions"
        ) from error
