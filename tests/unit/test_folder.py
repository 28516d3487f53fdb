"""A folder of results is complete or not there, whatever happens while it is written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from incomesim.errors import FolderBusy, OutOfResources
from incomesim.report import folder as folder_module
from incomesim.report.folder import MANIFEST, write_folder
from incomesim.report.lock import LOCK_NAME, locked
from incomesim.result import Result
from tests.fake_result import fake_result

NAMES = {
    "summary.csv", "summary.parquet", "ledger.csv", "ledger.parquet", "curves.csv", "curves.parquet",
    "ledger_by_region_and_group.csv", "ledger_by_region_and_group.parquet", "ledger_totals.csv", "balance.csv",
    "cost_effectiveness.csv",
    "transitions.csv", "transitions.parquet", "fit.csv", "contradictions.csv", "calibration.csv", "path.csv",
    "ageing.csv", "assumptions.csv", "levers.csv",
    "report.html",
    MANIFEST,
    *(
        f"figures/{name}.{suffix}"
        for name in ("gaps", "lorenz", "growth_incidence", "poverty", "middle", "groups", "ledger")
        for suffix in ("svg", "png", "csv")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return folder_module._contents(fake_result())


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes]) -> Result:
    """Return a result whose files are known already, so that only the writing is tested."""
    monkeypatch.setattr(folder_module, "_contents", lambda result: contents)
    return fake_result()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_there_and_the_manifest_knows_it(tmp_path: Path, contents: dict[str, bytes]) -> None:
    out = tmp_path / "a" / "out"
    fake_result().save(out)
    files = files_in(out)
    assert set(files) == NAMES
    manifest = json.loads(files.pop(MANIFEST))
    assert manifest["seed"] == 20222025
    assert set(manifest["files"]) == set(files)
    for name, content in files.items():
        assert manifest["files"][name] == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert {**files, MANIFEST: contents[MANIFEST]} == contents, "the same bytes twice"


def test_tables_come_back_from_parquet_and_csv(tmp_path: Path, result: Result) -> None:
    write_folder(result, str(tmp_path))
    for name in ("summary", "ledger", "ledger_by_region_and_group", "curves", "transitions"):
        table = getattr(result, name)
        parquet = pq.read_table(tmp_path / f"{name}.parquet").to_pandas()
        pd.testing.assert_frame_equal(parquet, table, check_dtype=False)
        csv = pd.read_csv(tmp_path / f"{name}.csv")
        pd.testing.assert_frame_equal(csv, table, check_dtype=False, check_exact=True)
    assert re.search("攀枝花", (tmp_path / "report.html").read_text("utf-8"))


def test_manifest_comes_last(tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (moved.append(Path(b).name), replace(a, b)))
    write_folder(result, tmp_path)
    assert moved[-1] == MANIFEST
    assert len(moved) == len(NAMES)


def test_foreign_files_stay(tmp_path: Path, result: Result) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "mine.png").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "summary.csv").write_text("old")
    write_folder(result, tmp_path)
    assert set(files_in(tmp_path)) == NAMES | {"figures/mine.png", "notes.txt"}
    assert (tmp_path / "summary.csv").read_bytes() != b"old"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("call", [0, 1, 20, 35])
def test_failure_while_writing_leaves_the_earlier_result(
    tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch, number: int, call: int
) -> None:
    write_folder(result, tmp_path)
    before = files_in(tmp_path)
    calls = iter(range(1000))
    fsync = os.fsync

    def failing(descriptor: int) -> None:
        if next(calls) == call:
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(FolderBusy if number == errno.EACCES else OutOfResources, match=os.strerror(number)):
        write_folder(result, tmp_path)
    monkeypatch.undo()
    left = files_in(tmp_path)
    assert {name: content for name, content in left.items() if name != LOCK_NAME} == before


@pytest.mark.parametrize("call", [0, 1, 17, len(NAMES) - 1])
def test_failure_while_moving_leaves_whole_files_and_no_manifest(
    tmp_path: Path, result: Result, contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    write_folder(result, tmp_path)
    calls = iter(range(1000))
    replace = os.replace

    def failing(source: Path, target: Path) -> None:
        if next(calls) == call:
            raise OSError(errno.EIO, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OutOfResources):
        write_folder(result, tmp_path)
    left = files_in(tmp_path)
    assert set(left) == NAMES - {MANIFEST}
    assert all(left[name] == contents[name] for name in left)
    monkeypatch.setattr(os, "replace", replace)
    write_folder(result, tmp_path)
    assert files_in(tmp_path) == contents


def test_failure_in_a_figure_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(folder_module, "render_chart", failing)
    with pytest.raises(RuntimeError, match="a defect"):
        write_folder(fake_result(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(folder_module, "render_chart", lambda *_: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(OutOfResources, match="memory"):
        write_folder(fake_result(), tmp_path / "out")


def test_what_a_killed_run_left_is_cleared(tmp_path: Path, result: Result) -> None:
    code = (
        "import os, time; from pathlib import Path; from incomesim.report import folder; "
        "folder._flush_folder = lambda path: (print('moved', flush=True), time.sleep(60)); "
        f"folder._contents = lambda result: {{'summary.csv': b'x'}}; folder.write_folder(None, {str(tmp_path)!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "moved\n"
        with pytest.raises(FolderBusy, match=f"process {process.pid} on {socket.gethostname()}"):
            write_folder(result, tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (tmp_path / LOCK_NAME).exists()
    write_folder(result, tmp_path)
    assert set(files_in(tmp_path)) == NAMES


def test_lock_of_this_very_process_is_respected(tmp_path: Path, result: Result) -> None:
    with locked(tmp_path), pytest.raises(FolderBusy, match=str(os.getpid())):
        write_folder(result, tmp_path)
    write_folder(result, tmp_path)
    assert not (tmp_path / LOCK_NAME).exists()


@pytest.mark.parametrize(
    ("content", "busy"),
    [
        ({"pid": os.getpid(), "host": socket.gethostname()}, True),
        ({"pid": 1, "host": "another.example"}, True),
        ({"pid": 2**22 + 1, "host": socket.gethostname()}, False),
        ("half a li", False),
        ("", False),
    ],
)
def test_lock_files_left_behind(tmp_path: Path, result: Result, content: object, busy: bool) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / LOCK_NAME).write_text(text)
    if busy:
        with pytest.raises(FolderBusy, match=re.escape(str(tmp_path / LOCK_NAME))):
            write_folder(result, tmp_path)
        assert (tmp_path / LOCK_NAME).read_text() == text
        assert set(files_in(tmp_path)) == {LOCK_NAME}
    else:
        write_folder(result, tmp_path)
        assert set(files_in(tmp_path)) == NAMES


def test_only_one_of_many_holds_the_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from incomesim.report.lock import locked\n"
        "from incomesim.errors import FolderBusy\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "for _ in range(300):\n"
        "    try:\n"
        "        with locked(folder):\n"
        "            (folder / 'mark').touch(exist_ok=False)\n"
        "            time.sleep(0.0005)\n"
        "            (folder / 'mark').unlink()\n"
        "    except FolderBusy:\n"
        "        time.sleep(0.0002)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert errors == [b""] * 4


def test_links_are_not_followed(tmp_path: Path, result: Result) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.csv").write_text("precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.csv").symlink_to(outside / "precious.csv")
    write_folder(result, out)
    assert (outside / "precious.csv").read_text() == "precious"
    assert not (out / "summary.csv").is_symlink()
    for name in ("figures", ".incomesim-unfinished", LOCK_NAME):
        other = tmp_path / f"out-{name}"
        other.mkdir()
        (other / name).symlink_to(outside)
        with pytest.raises(FolderBusy):
            write_folder(result, other)
    assert {path.name for path in outside.iterdir()} == {"precious.csv"}


def test_folder_that_cannot_be(tmp_path: Path, result: Result) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FolderBusy, match="may not be written to"):
            write_folder(result, place)


def test_manifest_must_be_json(tmp_path: Path) -> None:
    import numpy as np

    text = folder_module._manifest({"a": np.int64(3), "b": np.array([1.5])}, {})
    assert json.loads(text) == {"a": 3, "b": [1.5], "files": {}}
    with pytest.raises(TypeError, match="set"):
        folder_module._manifest({"a": {1}}, {})
    with pytest.raises(ValueError, match="JSON"):
        folder_module._manifest({"a": float("nan")}, {})
