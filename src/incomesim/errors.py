"""What can go wrong, as one tree.

    IncomesimError                 exit code 1
    |-- InvalidInput               exit code 3   a scenario or its data; carries every problem found
    |   `-- Unreachable            exit code 3   totals or published figures that cannot be met together
    |-- FolderBusy                 exit code 4   the output folder is in use, or may not be written
    `-- OutOfResources             exit code 5   disk or memory

A message says where, what was found, what is allowed and what to do.

    LeverWarning                   a warning: a lever that is probably not meant as it stands
    |-- IdleLever                  it can change nothing
    |-- OverdrawnPool              it, or several of a kind, would serve more households than there are
    |-- UnfinishedPhaseIn          it never works in full
    |-- UnreachedLever             it reaches nobody in a sample of households
    `-- OffsetLever                others take back all that it does, in a sample of households

The message says where the lever stands and why.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "FolderBusy",
    "IdleLever",
    "IncomesimError",
    "InvalidInput",
    "LeverWarning",
    "OffsetLever",
    "OutOfResources",
    "OverdrawnPool",
    "Problem",
    "UnfinishedPhaseIn",
    "Unreachable",
    "UnreachedLever",
    "nearest_name",
]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input: where it stands and what is the matter with it.

    `file` is the name as the user gave it (empty where there is no file), `line` and `column`
    count from 1 (0 where unknown), `path` is dotted (`policy[0].target.regions[1]`).
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place} {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class IncomesimError(Exception):
    """Anything this library raises on purpose."""

    exit_code = 1


class InvalidInput(IncomesimError):
    """A scenario or its data cannot be used; `problems` holds all that was found, in file order."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Unreachable(InvalidInput):
    """No households, or no weights of the wanted kind, meet all that is asked for; each reason names what it is about.

    `file` and `path` say where that was asked for.
    """

    def __init__(self, *reasons: str, file: str = "scenario", path: str = "population") -> None:
        super().__init__(Problem(file, 0, 0, path, reason) for reason in reasons)

    @property
    def reasons(self) -> str:
        """All reasons in one sentence, for a caller that knows more of the circumstances."""
        return "; ".join(problem.message for problem in self.problems)


class FolderBusy(IncomesimError):
    """Another run writes to the folder, or it may not be written to."""

    exit_code = 4


class OutOfResources(IncomesimError):
    """The disk is full or the memory would not suffice."""

    exit_code = 5


class LeverWarning(UserWarning):
    """A lever that is probably not meant as it stands; the message says where that is and why."""


class IdleLever(LeverWarning):
    """A lever that can change nothing."""


class OverdrawnPool(LeverWarning):
    """Levers that would serve more households than there are."""


class UnfinishedPhaseIn(LeverWarning):
    """A lever that never works in full."""


class UnreachedLever(LeverWarning):
    """A lever that reaches nobody in a sample of households."""


class OffsetLever(LeverWarning):
    """A lever whose whole effect others take back, in a sample of households."""


def nearest_name(found: str, allowed: Iterable[str]) -> str:
    """Return a hint such as `; did you mean "income_floor"?`, empty where nothing is near."""
    near = difflib.get_close_matches(found, list(allowed), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
