"""The kept machine code, in processes of their own: damaged, forbidden, stale or missing, it never stops a run."""

import os
import shutil
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

import incomesim
from incomesim.compiled import cache as cache_module
from incomesim.compiled.cache import _read as read_kept
from incomesim.compiled.cache import _write as write_kept

CODE = """
import numpy as np
from incomesim.compiled.cache import compiled_before
from incomesim.kernel.philox import random_words
before = compiled_before("incomesim.kernel.philox.random_words")
words = np.empty((4, 1), np.uint64)
random_words(np.uint64(0), np.zeros(1, np.uint64), 0, 0, 0, words)
assert words[0, 0] == 0x6627E8D5
print(before, sum(random_words.stats.cache_hits.values()))
"""

NORMAL = """
import numpy as np
from incomesim.kernel.philox import random_normals
normals = np.empty((4, 1))
random_normals(np.uint64(0), np.zeros(1, np.uint64), 0, 0, 0, normals)
print(normals[0, 0])
"""

COMPILED, LOADED = "False 0", "True 1"
DAMAGED = "True 0"  # there is code, and it is not used

IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes of files are those of POSIX")
root = pytest.mark.skipif(not IS_ROOT, reason="needs root")


def start(folder, code=CODE, before=(), **more):
    environment = {**os.environ, "INCOMESIM_CACHE_DIR": str(folder), **more.pop("env", {})}
    return subprocess.Popen(
        [*before, sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def finish(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out.strip(), err


def draw(folder, code=CODE, **more):
    return finish(start(folder, code, **more))


def assert_one_warning(err):
    assert err.count("compiled code is not kept") == 1
    assert "INCOMESIM_CACHE_DIR" in err
    assert "Traceback" not in err


def kept(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.fixture
def package(tmp_path):
    """A copy of the package that may be edited; PYTHONPATH puts it before the installed one."""
    return copy_package(tmp_path / "copy")


def copy_package(folder):
    source = Path(incomesim.__file__).parent
    return shutil.copytree(source, folder / "incomesim", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    assert draw(folder) == (COMPILED, "")
    return folder


@pytest.fixture
def cache(first_run, tmp_path):
    """As a first run has left it."""
    return shutil.copytree(first_run, tmp_path / "cache")


@pytest.fixture
def folder(cache):
    """The one folder in it."""
    (folder,) = cache.iterdir()
    return folder


def test_kept_for_the_next_process(cache):
    assert draw(cache) == (LOADED, "")


# damage


def cut_off(content):
    return content[:40]


@pytest.mark.parametrize("damage", [cut_off, lambda _: os.urandom(5000)])
def test_damaged_code_is_replaced(cache, damage):
    (file,) = kept(cache)
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    assert draw(cache) == (DAMAGED, "")
    (file,) = kept(cache)
    assert file.read_bytes() != damaged
    assert draw(cache) == (LOADED, "")


def test_every_flipped_bit_is_noticed(tmp_path):
    """Machine code with a flipped bit would often load, and then run."""
    file = tmp_path / "folder" / "file"
    write_kept(file, b"code")
    assert read_kept(file) == b"code"
    content = file.read_bytes()
    for place in range(8 * len(content)):
        flipped = int.from_bytes(content) ^ (1 << place)
        file.write_bytes(flipped.to_bytes(len(content)))
        with pytest.raises(ValueError, match="damaged"):
            read_kept(file)


# folders that cannot be used


def test_a_folder_that_cannot_be_made_costs_one_warning(tmp_path):
    (tmp_path / "file").write_text("")
    both = CODE + NORMAL  # two functions, one warning
    out, err = draw(tmp_path / "file" / "below", both)
    assert out.startswith(COMPILED)
    assert_one_warning(err)


def test_no_home(tmp_path):
    nowhere = "import pathlib\ndef home(): raise RuntimeError('no home')\npathlib.Path.home = home\n"
    out, err = draw("", nowhere + CODE, env={"XDG_CACHE_HOME": ""})
    assert out == COMPILED
    assert_one_warning(err)


@posix
def test_read_only_install_and_home(tmp_path):
    """The modes of folders do not stop root, unless it gives up the right to pass over them."""
    obey = []
    if IS_ROOT:
        rights = "-dac_override,-dac_read_search"
        obey = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
        if not shutil.which("setpriv") or subprocess.run([*obey, "true"], capture_output=True, check=False).returncode:
            pytest.skip("root cannot give up its rights here")
    copy_package(tmp_path)
    everything = [tmp_path, *tmp_path.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": "", "PYTHONPATH": str(tmp_path)}
    try:
        out, err = draw("", before=obey, env=environment)
    finally:
        for path in everything:
            path.chmod(0o755)
    assert out == COMPILED
    assert_one_warning(err)
    assert not (tmp_path / ".cache").exists()


@contextmanager
def small_disk(folder):
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("may not mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@root
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tmpfs is Linux's")
def test_full_disk(tmp_path):
    with small_disk(tmp_path):
        out, err = draw(tmp_path)
        assert out == COMPILED
        assert_one_warning(err)
        assert "No space left" in err
        assert kept(tmp_path) == []


def test_disk_that_fills_while_writing(tmp_path):
    fills = """
import pathlib
whole = pathlib.Path.write_bytes
def half(path, data):
    whole(path, data[: len(data) // 2])
    raise OSError(28, "No space left on device")
pathlib.Path.write_bytes = half
"""
    out, err = draw(tmp_path, fills + CODE)
    assert out == COMPILED
    assert_one_warning(err)
    assert kept(tmp_path) == []


# safety


@posix
def test_folder_is_private(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def assert_left_alone(cache):
    out, err = draw(cache)
    assert out == COMPILED
    assert_one_warning(err)


@posix
def test_a_folder_that_others_can_write_is_left_alone(cache, folder):
    folder.chmod(0o720)
    assert_left_alone(cache)


@root
def test_a_folder_of_somebody_else_is_left_alone(cache, folder):
    os.chown(folder, 12_345, -1)
    assert_left_alone(cache)


@posix
def test_a_link_is_left_alone(cache, folder):
    folder.symlink_to(folder.rename(cache.parent / "elsewhere"))
    assert_left_alone(cache)


# what it is kept for


def test_two_first_runs_at_once(tmp_path):
    both = [start(tmp_path), start(tmp_path)]
    for process in both:
        out, err = finish(process)
        assert out in (COMPILED, DAMAGED, LOADED)  # the other may have been quicker
        assert err == ""
    assert len(kept(tmp_path)) == 1
    assert draw(tmp_path) == (LOADED, "")


def edit(package, old="_LN2_HIGH = 0.6931471803691238", new="_LN2_HIGH = 0.75"):
    file = package / "compiled" / "arithmetic.py"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_an_edit_of_another_file_shows(tmp_path, package):
    environment = {"PYTHONPATH": str(package.parent)}
    first, _ = draw(tmp_path / "cache", NORMAL, env=environment)
    edit(package)
    second, _ = draw(tmp_path / "cache", NORMAL, env=environment)
    assert float(second) != pytest.approx(float(first), rel=1e-3)


@pytest.mark.parametrize(
    ("edited", "changes"), [("kernel/bins.py", True), ("compiled/compile.py", True), ("measures/ranked.py", False)]
)
def test_code_is_kept_by_the_sources_it_comes_from(package, monkeypatch, edited, changes):
    """A new measure must not make everybody compile the yearly step again."""
    monkeypatch.setattr(cache_module, "__file__", str(package / "compiled" / "cache.py"))
    digest = cache_module.source_hash.__wrapped__
    before = digest("incomesim.kernel")
    (package / edited).write_text((package / edited).read_text() + "# edited\n")
    assert (digest("incomesim.kernel") != before) == changes


def test_an_edit_between_import_and_first_call_is_not_mixed_up(tmp_path, package):
    """What is kept is what was imported, under its own name."""
    environment = {"PYTHONPATH": str(package.parent)}
    waiting = "import sys\nimport incomesim.kernel.philox\nprint('imported', flush=True)\nsys.stdin.readline()\n"
    process = start(tmp_path / "cache", waiting + NORMAL, env=environment, stdin=subprocess.PIPE)
    assert process.stdout.readline() == "imported\n"
    edit(package)
    original, _ = process.communicate("\n", timeout=300)
    edited, _ = draw(tmp_path / "cache", NORMAL, env=environment)
    assert float(edited) != pytest.approx(float(original), rel=1e-3)


@pytest.mark.parametrize("setting", [{"NUMBA_BOUNDSCHECK": "1"}, {"NUMBA_CPU_NAME": "generic"}])
def test_other_settings_of_numba_are_other_code(cache, setting):
    assert draw(cache, env=setting) == (COMPILED, "")


def test_code_not_used_for_long_is_removed(tmp_path):
    names = ["incomesim.kernel-0123456789abcdef", "incomesim.kernel-fedcba9876543210", "incomesim.kernel-of-mine"]
    old, recent, other = (tmp_path / name for name in names)
    for folder in (old, recent, other):
        folder.mkdir()
        (folder / "file").write_text("")
    long_ago = time.time() - 100 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(other, (long_ago, long_ago))
    draw(tmp_path)
    assert not old.exists()
    assert recent.exists()
    assert other.exists()


def test_use_keeps_it_fresh(cache, folder):
    long_ago = time.time() - 100 * 24 * 3600
    os.utime(folder, (long_ago, long_ago))
    assert draw(cache) == (LOADED, "")
    assert time.time() - folder.stat().st_mtime < 3600
