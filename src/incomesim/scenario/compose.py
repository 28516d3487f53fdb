"""Files that include files -> one document, in which every value still has its own file and line.

    include: [panzhihua/place.yaml, panzhihua/reform.yaml]      # from the folder of the file that says so

Files are taken in the order of their includes, the including file last, each once however often it is included.
Lists of entries (`JOINED`) follow each other in that order, mappings are united key by key. Any other key that
several files say is taken from the one that includes all the others; where there is none, that is a problem.
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from incomesim.errors import InvalidInput, Problem
from incomesim.scenario.problems import place_of, problem_at
from incomesim.scenario.text import Document, Path, Place, read_document, read_file

__all__ = ["INCLUDE", "JOINED", "Composed", "add_include", "compose_file", "compose_text"]

INCLUDE = "include"
JOINED = ("growth", "ageing", "prices", "poverty_lines", "policy")
"""Lists whose entries are told apart by a name or a year."""


@dataclass(frozen=True)
class Composed:
    """A document, the files it was put together from, the including ones last, and keys that contradict each other."""

    document: Document
    files: tuple[str, ...]
    conflicts: tuple[Problem, ...]


def compose_file(file: str | os.PathLike[str]) -> Composed:
    """Return the document in a file with those it includes.

    Raises InvalidInput with all that cannot be read, is not allowed as text, or includes itself.
    """
    name = os.fspath(file)
    return _compose(name, read_file(name))


def compose_text(text: str, name: str) -> Composed:
    """Return the document in a text with the files it includes, as `compose_file`; paths from the working directory."""
    return _compose(name, read_document(text, name))


def add_include(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of files from that of a scenario: they may include others that say what is missing."""
    listed = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    described = {"description": "files that this one goes on from, by their paths from its folder", **listed}
    either = [{"required": list(schema["required"])}, {"required": [INCLUDE]}]
    rest = {key: value for key, value in schema.items() if key != "required"}
    return {**rest, "properties": {INCLUDE: described, **schema["properties"]}, "anyOf": either}


def _compose(name: str, top: Document) -> Composed:
    reading = _Reading()
    reading.add(name, top, ())
    if reading.problems:
        raise InvalidInput(reading.problems)
    union = _Union(reading.documents, reading.reaches)
    files = tuple(reading.documents)
    data = union.unite((), [(file, (), reading.documents[file].data) for file in files])
    return Composed(Document(data, union.values, union.keys), files, tuple(union.conflicts))


@dataclass
class _Reading:
    """Reads files once each; a file stands in `documents` after all that it includes (`reaches`)."""

    documents: dict[str, Document] = field(default_factory=dict)
    reaches: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    known: dict[pathlib.Path, str] = field(default_factory=dict)

    def add(self, name: str, document: Document, chain: tuple[str, ...]) -> None:
        chain = (*chain, name)
        self.known[pathlib.Path(name).resolve()] = name
        reached: set[str] = set()
        for path, given in self._included(document):
            beside = pathlib.Path(name).parent / given
            file = self.known.setdefault(beside.resolve(), str(beside))
            if file in chain:
                shown = " -> ".join((*chain[chain.index(file) :], file))
                self.problems.append(problem_at(document, path, f"found files that include each other: {shown}"))
            elif file not in self.reaches:
                self._read(file, document, path, chain)
            reached |= {file} | self.reaches.get(file, set())
        data = {key: value for key, value in document.data.items() if key != INCLUDE}
        self.documents[name] = Document(data, document.values, document.keys)
        self.reaches[name] = reached

    def _read(self, file: str, includer: Document, path: Path, chain: tuple[str, ...]) -> None:
        self.reaches[file] = set()
        try:
            document = read_file(file)
        except InvalidInput as invalid:
            unreadable = [problem for problem in invalid.problems if problem.line == 0]
            self.problems += [problem_at(includer, path, f"{file} {problem.message}") for problem in unreadable]
            self.problems += [problem for problem in invalid.problems if problem.line > 0]
        else:
            self.add(file, document, chain)

    def _included(self, document: Document) -> list[tuple[Path, str]]:
        given = document.data.get(INCLUDE, [])
        if not isinstance(given, list):
            message = f"found {given!r}, expected a list of files such as [place.yaml]"
            self.problems.append(problem_at(document, (INCLUDE,), message))
            return []
        for index, entry in enumerate(given):
            if not isinstance(entry, str) or not entry or "\0" in entry:
                message = f"found {entry!r}, expected the path of a scenario file"
                self.problems.append(problem_at(document, (INCLUDE, index), message))
        return [((INCLUDE, n), entry) for n, entry in enumerate(given) if isinstance(entry, str) and entry.strip("\0")]


_Said = tuple[str, Path, Any]
"""A file, the path of a value in it, and the value."""


@dataclass
class _Union:
    """What the files say, put together, with the places of its values and keys."""

    documents: Mapping[str, Document]
    reaches: Mapping[str, set[str]]
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)

    def unite(self, path: Path, said: Sequence[_Said]) -> Any:
        """Return the value at a path; what is said stands in the order of the files, the including ones last."""
        file, there, value = said[-1]
        if len(said) > 1 and _are(dict, said):
            self._take_place(path, file, there)
            names = dict.fromkeys(key for _, _, each in said for key in each)
            return {
                key: self.unite((*path, key), [(f, (*t, key), each[key]) for f, t, each in said if key in each])
                for key in names
            }
        if len(said) > 1 and len(path) == 1 and path[0] in JOINED and _are(list, said):
            self._take_place(path, file, there)
            entries = [(f, (*t, n), entry) for f, t, each in said for n, entry in enumerate(each)]
            return [self.unite((*path, n), [entry]) for n, entry in enumerate(entries)]
        for other, place, _ in said[:-1]:
            if other not in self.reaches[file]:
                first = place_of(self.documents[other], place, at_key=True)
                message = (
                    f"is said in {first.file}:{first.line} too, and neither file includes the other; keep one of "
                    "them, or say it in the file that includes both"
                )
                self.conflicts.append(problem_at(self.documents[file], there, message, at_key=True))
                break
        for below in _paths_in(value):
            self._take_place((*path, *below), file, (*there, *below))
        return value

    def _take_place(self, path: Path, file: str, there: Path) -> None:
        document = self.documents[file]
        for known, taken in ((document.values, self.values), (document.keys, self.keys)):
            if there in known:
                taken[path] = known[there]


def _are(kind: type, said: Sequence[_Said]) -> bool:
    return all(isinstance(value, kind) for _, _, value in said)


def _paths_in(value: Any) -> Iterator[Path]:
    """The paths of a value and of everything in it, from where it stands."""
    yield ()
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, entry in inside:
        yield from ((step, *path) for path in _paths_in(entry))
