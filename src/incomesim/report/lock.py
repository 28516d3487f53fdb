"""One writer to a folder at a time."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from incomesim.errors import FolderBusy

try:
    import fcntl
except ImportError:  # Windows: what the file says has to do
    fcntl = None  # type: ignore[assignment]

__all__ = ["LOCK_NAME", "locked"]

LOCK_NAME = ".incomesim.lock"
_ATTEMPTS = 20
_LONGEST = 4096


@dataclass(frozen=True)
class _Holder:
    pid: int
    host: str


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock file; a file left by a dead process of this host is taken over.

    The file names process and host, for people and for other hosts; on this host the kernel's lock on
    it decides, which ends with the process that held it. Raises FolderBusy, saying who holds it.
    """
    path = folder / LOCK_NAME
    descriptor = _acquire(path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _acquire(path: Path) -> int:
    for _ in range(_ATTEMPTS):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        try:
            held = not _lock(descriptor)
            if not held and not _is_same_file(descriptor, path):
                os.close(descriptor)  # its holder has just finished and removed it
                continue
            holder = _read(descriptor)
            if held or (holder is not None and _may_live(holder)):
                raise FolderBusy(_message(path, holder))
            _write(descriptor)
        except BaseException:
            with suppress(OSError):
                os.close(descriptor)
            raise
        return descriptor
    raise FolderBusy(_message(path, None))


def _lock(descriptor: int) -> bool:
    """Return whether the kernel gave us the lock, or keeps none for this file system."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> _Holder | None:
    try:
        found = json.loads(os.pread(descriptor, _LONGEST, 0))
        return _Holder(int(found["pid"]), str(found["host"]))
    except (ValueError, KeyError, TypeError):
        return None  # empty, or its writer died while writing


def _write(descriptor: int) -> None:
    holder = json.dumps({"pid": os.getpid(), "host": socket.gethostname()})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, holder.encode(), 0)
    os.fsync(descriptor)


def _may_live(holder: _Holder) -> bool:
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _message(path: Path, holder: _Holder | None) -> str:
    who = f"process {holder.pid} on {holder.host}" if holder else "another process"
    return (
        f"{path.parent}: {who} is writing to this folder. Wait until it has finished, or choose another folder; "
        f"if that process is gone, remove {path}"
    )
