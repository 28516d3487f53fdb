"""YAML text -> plain data with the line and column of every key and value. Strict, and safe with any text.

YAML 1.2 types on top of PyYAML's events: no tags, anchors, aliases or merge keys, no key twice, no key
that is not text, no number that is not finite, one document. What is refused is refused with its place,
and all of it at once. Numbers may be grouped with underscores (50_000).
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from incomesim.errors import InvalidInput, Problem

__all__ = ["Document", "Path", "Place", "dotted", "read_document", "read_file", "read_value"]

Path = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""

MAX_DEPTH = 20
MAX_BYTES = 2**20

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_INTEGER = re.compile(rf"[-+]?{_DIGITS}")
_OCTAL_OR_HEX = re.compile(r"0o([0-7]+)|0x([0-9a-fA-F]+)")
_FLOAT = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Place:
    """Where something stands: lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """Plain data, and the places of its values and keys by path."""

    data: dict[str, Any]
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]


def read_file(file: str | os.PathLike[str]) -> Document:
    """Return the document in a file. Raises InvalidInput where it cannot be read or is not allowed."""
    name = os.fspath(file)
    try:
        size = pathlib.Path(name).stat().st_size
        if size > MAX_BYTES:
            raise InvalidInput([Problem(name, 0, 0, "", f"found {size:,} bytes, expected at most {MAX_BYTES:,}")])
        text = pathlib.Path(name).read_bytes().decode("utf-8-sig")
    except OSError as reason:
        raise InvalidInput([Problem(name, 0, 0, "", f"cannot be read: {reason.strerror}")]) from None
    except UnicodeDecodeError as reason:
        raise InvalidInput([Problem(name, 0, 0, "", f"is not UTF-8 text (byte {reason.start})")]) from None
    return read_document(text, name)


def read_document(text: str, file: str) -> Document:
    """Return the document in a text; `file` is the name used in messages. Raises InvalidInput."""
    reader = _Reader(file)
    data = reader.read(text)
    if not reader.problems and not isinstance(data, dict):
        reader.complain(Place(file, 1, 1), (), "expected keys and values at the top level, such as `title: ...`")
    if reader.problems:
        raise InvalidInput(reader.problems)
    return Document(data, reader.values, reader.keys)


def read_value(text: str, file: str) -> Any:
    """Return a single value written as in a scenario file (`0.5`, `urban`, `[1, 2]`). Raises InvalidInput."""
    reader = _Reader(file)
    value = reader.read(text)
    if reader.problems:
        raise InvalidInput(reader.problems)
    return value


def dotted(path: Path) -> str:
    """Return a path as people write it: policy[0].target.regions[1]."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass
class _Open:
    """A mapping or list that is being read."""

    data: Any
    path: Path
    key: str | None = None  # of a mapping: the key whose value comes next
    skip: bool = False  # the value of a key that was refused


@dataclass
class _Reader:
    """Turns events into data; keeps no more than the path to the present place."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    result: Any = None

    def complain(self, place: Place, path: Path, message: str) -> None:
        self.problems.append(Problem(place.file, place.line, place.column, dotted(path), message))

    def read(self, text: str) -> Any:
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            self.complain(Place(self.file, 0, 0), (), f"found more than {MAX_BYTES:,} bytes of text")
            return None
        documents = 0
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.complain(self._place(event), (), "found a second document, expected one")
                        break
                elif not self._take(event):
                    break
        except yaml.MarkedYAMLError as reason:
            mark = reason.problem_mark or reason.context_mark
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 0, 0)
            context = f" {reason.context}" if reason.context else ""
            self.complain(place, (), f"is not YAML: {reason.problem}{context}")
        except yaml.reader.ReaderError as reason:
            line = text.count("\n", 0, reason.position) + 1
            column = reason.position - text.rfind("\n", 0, reason.position)
            self.complain(Place(self.file, line, column), (), "found a control character, expected plain text")
        except RecursionError:  # PyYAML's own scanner
            self.complain(Place(self.file, 1, 1), (), f"is nested more than {MAX_DEPTH} deep")
        return self.result

    def _place(self, event: yaml.Event) -> Place:
        mark: Any = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _take(self, event: yaml.Event) -> bool:
        """Use one event; False where reading on makes no sense."""
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
            return True
        if not isinstance(event, yaml.NodeEvent):
            return True
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self.complain(place, self._path(), f"found the alias *{event.anchor}; write the value out instead")
            return self._add(None, place)
        if event.anchor:
            self.complain(place, self._path(), f"found the anchor &{event.anchor}; anchors are not allowed")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.complain(place, self._path(), f"found the tag {tag}; tags are not allowed")
        if isinstance(event, yaml.ScalarEvent):
            quoted = event.style is not None or tag == "!"
            if self.stack and isinstance(self.stack[-1].data, dict) and self.stack[-1].key is None:
                return self._add_key(event.value, quoted, place)
            return self._add(event.value if quoted else self._plain(event.value, place), place)
        if len(self.stack) >= MAX_DEPTH:
            self.complain(place, self._path(), f"is nested more than {MAX_DEPTH} deep")
            return False
        opened: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._path()
        proceed = self._add(opened, place)
        self.stack.append(_Open(opened, path))
        return proceed

    def _path(self) -> Path:
        """Path of the value that comes next."""
        if not self.stack:
            return ()
        top = self.stack[-1]
        if isinstance(top.data, list):
            return (*top.path, len(top.data))
        return top.path if top.key is None else (*top.path, top.key)

    def _add_key(self, text: str, quoted: bool, place: Place) -> bool:
        top = self.stack[-1]
        path = (*top.path, text)
        top.key, top.skip = text, True
        if not quoted and text == "<<":
            self.complain(place, top.path, "found the merge key <<; write the values out instead")
        elif not quoted and not isinstance(self._plain(text, place, quiet=True), str):
            self.complain(place, top.path, f'found the key {text}, expected text; quote it: "{text}"')
        elif path in self.keys:
            first = self.keys[path]
            self.complain(place, path, f"found for the second time (first in line {first.line}); keep one of them")
        else:
            self.keys[path] = place
            top.skip = False
        return True

    def _add(self, value: Any, place: Place) -> bool:
        """Put a value where it belongs."""
        if not self.stack:
            self.result = value
            self.values[()] = place
            return True
        top = self.stack[-1]
        if isinstance(top.data, list):
            self.values[(*top.path, len(top.data))] = place
            top.data.append(value)
        elif top.key is None:
            self.complain(place, top.path, "found a list or mapping as a key, expected text")
            top.key, top.skip = "", True
            return False
        else:
            if not top.skip:
                self.values[(*top.path, top.key)] = place
                top.data[top.key] = value
            top.key = None
        return True

    def _plain(self, text: str, place: Place, quiet: bool = False) -> Any:
        """The value of a scalar without quotes, by the core schema of YAML 1.2."""
        if text in _WORDS:
            return _WORDS[text]
        refused = ""
        if _LEADING_ZERO.fullmatch(text):
            refused = f"found {text}, a number with a leading zero; leave the zero out, or quote it if it is text"
        elif _NOT_FINITE.fullmatch(text):
            refused = f"found {text}, expected a finite number"
        elif _INTEGER.fullmatch(text):
            digits = text.replace("_", "")
            if len(digits) < 40:
                return int(digits)
            refused = f"found a number of {len(digits)} digits"
        elif based := _OCTAL_OR_HEX.fullmatch(text):
            return int(based[1], 8) if based[1] else int(based[2], 16)
        elif _FLOAT.fullmatch(text):
            number = float(text.replace("_", ""))
            if number not in (float("inf"), float("-inf")):
                return number
            refused = f"found {text}, expected a finite number"
        if refused:
            if not quiet:
                self.complain(place, self._path(), refused)
            return None
        return text
