"""A document against the vocabulary: every problem with its place, in plain words.

pydantic finds them; here they get line and column, lose its jargon and say what is allowed.
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from incomesim.errors import Problem, nearest_name
from incomesim.fields import Model
from incomesim.policy import find_lever, list_plug_ins
from incomesim.scenario.text import Document, Path, Place, dotted

__all__ = ["find_problems", "place_of", "problem_at"]

AnyModel = TypeVar("AnyModel", bound=BaseModel)


def problem_at(document: Document, path: Path, message: str, *, at_key: bool = False) -> Problem:
    """Return a problem with the place of a value or key, or of what encloses it where it is missing."""
    place = place_of(document, path, at_key=at_key)
    return Problem(place.file, place.line, place.column, dotted(path), message)


def place_of(document: Document, path: Path, *, at_key: bool = False) -> Place:
    """Return the place of a value or key, or of what encloses it where it is missing."""
    places = document.keys if at_key else document.values
    known = path
    while known not in places and known not in document.values and known:
        known = known[:-1]
    return places.get(known) or document.values.get(known) or Place("scenario", 0, 0)


def find_problems(
    document: Document, model: type[AnyModel], folders: Mapping[str, pathlib.Path]
) -> tuple[AnyModel | None, tuple[Problem, ...]]:
    """Return the typed object, or None and every problem with types, ranges and names of keys.

    Paths of the user's files and places are taken from `folders`.
    """
    try:
        return model.model_validate_json(json.dumps(document.data), context=folders), ()
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
    found: dict[tuple[Path, str], Problem] = {}
    for error in _without_alternatives(errors):
        path = _path_in_data(error["loc"], document.data, absent=error["type"] == "missing")
        if error["type"] == "union_tag_invalid":
            path = (*path, "lever")
        unknown_key = error["type"] == "extra_forbidden"
        message = _message(error, path, document, model)
        found.setdefault((path, message), problem_at(document, path, message, at_key=unknown_key))
    return None, tuple(found.values())


def _without_alternatives(errors: list[ErrorDetails]) -> Iterable[ErrorDetails]:
    """Of the errors of the alternatives of one value keep one (`int | "all"` gives two).

    pydantic calls a list too short, too, where it has entries enough and one of them is wrong.
    """
    for error in errors:
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue
        rivals = [other for other in errors if other is not error and other["loc"][:-1] == error["loc"][:-1]]
        if _is_alternative(error) and isinstance(error["input"], list) and _has_wrong_list(errors, error["loc"][:-1]):
            continue
        if _is_alternative(error):
            # a number out of range: the number is what was meant
            if not any(rival["type"] not in _NOT_A_NUMBER and rival["loc"][-1] in _ALTERNATIVES for rival in rivals):
                yield error
        elif not (error["type"] in (*_NOT_A_NUMBER, "list_type") and any(map(_is_alternative, rivals))):
            yield error


_NOT_A_NUMBER = ("int_type", "int_parsing", "int_from_float", "float_type", "float_parsing")
_ALTERNATIVES = ("int", "constrained-int", "float", "constrained-float")


def _has_wrong_list(errors: list[ErrorDetails], value: tuple[int | str, ...]) -> bool:
    """Whether a value could be a list, and what is wrong is in it."""
    return any(each["loc"][: len(value)] == value and "list[" in str(each["loc"][len(value) :]) for each in errors)


def _is_alternative(error: ErrorDetails) -> bool:
    return bool(error["loc"]) and str(error["loc"][-1]).startswith("literal[")


def _path_in_data(location: tuple[int | str, ...], data: Any, *, absent: bool) -> Path:
    """The part of pydantic's location that is in the data: it adds names of alternatives and `[key]`.

    `absent` where the last step is a key that is missing.
    """
    path: list[str | int] = []
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if isinstance(data, dict):
            if step in data:
                data = data[step]
                path.append(step)
            elif last and absent:
                path.append(step)
        elif isinstance(data, list) and isinstance(step, int):
            path.append(step)
            data = data[step] if step < len(data) else None
    return tuple(path)


def _message(error: ErrorDetails, path: Path, document: Document, model: type[BaseModel]) -> str:
    kind, context, found = error["type"], error.get("ctx", {}), _short(error.get("input"))
    if kind == "missing":
        return f"is missing{_describe(path, document, model)}"
    if kind == "extra_forbidden":
        allowed = _allowed_keys(path[:-1], document, model)
        name = str(path[-1]) if path else ""
        return f"unknown key; allowed here: {', '.join(allowed)}{nearest_name(name, allowed)}"
    if kind in ("literal_error", "union_tag_invalid", "union_tag_not_found"):
        if kind == "union_tag_not_found":
            return "the key `lever` is missing; it says which kind of lever this is"
        allowed = re.findall(r"'([^']*)'", str(context.get("expected_tags") or context.get("expected")))
        value = context.get("tag", error.get("input"))
        words = ", ".join(allowed) or str(context.get("expected")).lower()  # True is true in YAML
        if _is_alternative(error):
            other = _other_kind(path, document, model)
            quoted = " or ".join(f'"{word}"' for word in allowed or [words])
            meant = f"{_describe(path, document, model)}{nearest_name(str(value), allowed)}"
            return f"found {found}, expected {other} or {quoted}{meant}"
        one_of = "one of " if len(allowed) > 1 else ""
        others = _plug_ins() if kind == "union_tag_invalid" else ""
        return f"found {_short(value)}, expected {one_of}{words}{others}{nearest_name(str(value), allowed)}"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    expected = _EXPECTED.get(kind)
    words = expected.format_map(_Shown(context)) if expected else error["msg"].lower()
    return f"found {found}, expected {words}{_describe(path, document, model)}"


_EXPECTED = {
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of at most {le}",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "string_pattern_mismatch": "letters, digits, _ and - only, at most 64 characters",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}


class _Shown(dict[str, Any]):
    """Context of an error, numbers as people write them."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return (
            f"{value:g}"
            if isinstance(value, float) and abs(value) < 1e6
            else f"{value:,.0f}"
            if isinstance(value, float)
            else value
        )


def _other_kind(path: Path, document: Document, model: type[BaseModel]) -> str:
    """What a value may be beside some words: a list, or a number, which may have to be whole."""
    owner = _model_at(path[:-1], document, model)
    info = owner.model_fields.get(str(path[-1])) if owner else None
    kinds = str(info.annotation) if info else ""
    return "a list" if "list[" in kinds else "a number" if "float" in kinds else "a whole number"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return f"keys and values ({', '.join(map(str, list(value)[:3]))}, ...)"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _model_at(path: Path, document: Document, model: type[BaseModel]) -> type[BaseModel] | None:
    """The model of the mapping at a path."""
    here: Any = model
    data: Any = document.data
    for step in path:
        data = cast("Any", data)[step] if isinstance(data, dict | list) else None
        here = _kind(_step_into(here, step), data)
    return here if _is_model(here) else None


def _step_into(here: Any, step: str | int) -> Any:
    """The type of what a model, list or mapping holds."""
    if _is_model(here):
        found = here.model_fields.get(str(step))
        return found.annotation if found else None
    kinds = [kind for kind in get_args(here) if kind is not Ellipsis]  # which stands in tuple[Bracket, ...]
    return kinds[-1] if kinds else None


def _kind(annotation: Any, data: Any) -> Any:
    """The model, list or mapping that a type is; of several kinds the one that the data tells."""
    if _is_model(annotation) or get_origin(annotation) in (list, tuple, dict):
        return annotation
    kinds = (_kind(part, data) for part in get_args(annotation))
    found = next((kind for kind in kinds if kind is not None and _is_told(kind, data)), None)
    return _lever_of_others(data) if found is None else found


def _lever_of_others(data: Any) -> type[Model] | None:
    name = data.get("lever") if isinstance(data, dict) else None
    try:
        return find_lever(name) if isinstance(name, str) else None
    except ValueError:  # told where it was to be read
        return None


def _plug_ins() -> str:
    """What other packages offer beside the shipped levers."""
    names = ", ".join(sorted(list_plug_ins()))
    return f", or of other packages {names}" if names else " (no other package offers levers)"


def _is_told(kind: Any, data: Any) -> bool:
    if not _is_model(kind):
        return isinstance(data, list if get_origin(kind) is tuple else get_origin(kind))
    tag = kind.model_fields.get("lever")
    names = get_args(tag.annotation) if tag else ()
    keys = data if isinstance(data, dict) else {}
    return (not names or keys.get("lever") in names) and (not kind.told_by or kind.told_by in keys)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _allowed_keys(path: Path, document: Document, model: type[BaseModel]) -> list[str]:
    owner = _model_at(path, document, model)
    return sorted(owner.model_fields) if owner else []


def _describe(path: Path, document: Document, model: type[BaseModel]) -> str:
    """What a value means, in brackets, where the vocabulary says so."""
    owner = _model_at(path[:-1], document, model) if path else None
    info: Mapping[str, Any] = owner.model_fields if owner else {}
    described = info.get(str(path[-1])) if path else None
    return f" ({described.description})" if described is not None and described.description else ""
