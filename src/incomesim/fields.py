"""Kinds of values a scenario file may hold: closed, frozen, with ranges and units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)

__all__ = [
    "DATA_FORMATS",
    "RESIDENCES",
    "SOURCES",
    "Assumed",
    "DataFile",
    "Model",
    "Name",
    "Payer",
    "PlaceTables",
    "Share",
    "Text",
    "TotalsFile",
    "UserFile",
    "Years",
    "Yuan",
    "is_folder",
    "read_years",
]

RESIDENCES = ("urban", "rural")
"""Town and country as the National Bureau of Statistics divides them (城镇, 农村)."""

SOURCES = ("wage", "operating", "property", "transfer")
"""Sources of income after the National Bureau of Statistics (工资性, 经营净, 财产净, 转移净)."""

DATA_FORMATS = (".csv", ".dta", ".parquet", ".sav")
"""Endings of the names of files of households."""

FIRST_YEAR, LAST_YEAR = 1950, 2150


class Model(BaseModel):
    """A part of a scenario: nothing unknown, nothing converted in silence, nothing changed later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    told_by: ClassVar[str] = ""
    """Where a value may be one of several kinds: the key that says it is this one."""


Name = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="letters, digits, _ and -, at most 64 characters",
    ),
]
Payer = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\u4e00-\u9fff-]{1,64}$")]
"""Like a name, but it may be Chinese, for it has no label."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Yuan = Annotated[float, Field(ge=0.0, le=1e9)]

_PERIOD = re.compile(r"(\d{4})\.\.(\d{4})")


def read_years(value: Any) -> range:
    """Return the years a scenario means by 2020..2025 or 2020; ValueError says what is wrong with it."""
    if isinstance(value, range):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        first = last = value
    else:
        match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f"found {value!r}, expected a year or a period such as 2020..2025")
        first, last = int(match[1]), int(match[2])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise ValueError(
            f"found {value}, expected years between {FIRST_YEAR} and {LAST_YEAR}, the first not after the last"
        )
    return range(first, last + 1)


def _write_years(years: range) -> str:
    return f"{years[0]}..{years[-1]}"


Years = Annotated[
    Any,
    BeforeValidator(read_years),
    PlainSerializer(_write_years, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d{4}\.\.\d{4}$"},
                {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
            ],
            "description": "a year or a period such as 2020..2025, both ends included",
        }
    ),
]
"""A `range` of calendar years, written 2020..2025."""


@dataclass(frozen=True)
class UserFile:
    """A file of the user: its path as the scenario gives it, and where that is, seen from the working directory."""

    given: str
    path: Path

    def __str__(self) -> str:
        """As it may be written down: as it was given, but of a path that begins at the root only the name."""
        return self.path.name if Path(self.given).is_absolute() else self.given

    def __fspath__(self) -> str:
        """Where it is."""
        return str(self.path)


def _find_households(value: Any, info: ValidationInfo) -> UserFile:
    return _find_file(value, info, "households", DATA_FORMATS)


def _find_totals(value: Any, info: ValidationInfo) -> UserFile:
    return _find_file(value, info, "totals", (".csv",))


def _find_file(value: Any, info: ValidationInfo, kind: str, endings: tuple[str, ...]) -> UserFile:
    """The context of validation may have the folder that paths of a `kind` of files are relative to."""
    if isinstance(value, UserFile):
        return value
    if not isinstance(value, str) or not value.lower().endswith(endings) or "\0" in value:
        raise ValueError(f"found {value!r}, expected the path of a file that ends in {', '.join(endings)}")
    return UserFile(value, Path((info.context or {}).get(kind, ""), value))


def _find_place(value: Any, info: ValidationInfo) -> Any:
    """A name stays a name; what has a folder in it is a path, relative to the folder of `places` in the context."""
    if isinstance(value, UserFile):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"found {value!r}, expected the name of a place or the path of a folder of tables")
    if not is_folder(value):
        return value
    return UserFile(value, Path((info.context or {}).get("places", ""), value))


def is_folder(place: str) -> bool:
    """Return whether a place is meant as a folder of tables, not as one that comes with the package."""
    return "/" in place or "\\" in place or place.startswith(".")


PlaceTables = Annotated[
    Any,
    BeforeValidator(_find_place),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "published tables that come with the package, or a folder of such tables by its path from "
            "the folder of the scenario file, such as ./my_place",
        }
    ),
]
"""The name of a place, or a `UserFile` that is a folder of tables."""

DataFile = Annotated[
    Any,
    BeforeValidator(_find_households),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "path of a file of households"}),
]
"""A `UserFile` of households, written as its path from the folder of the scenario file."""

TotalsFile = Annotated[
    Any,
    BeforeValidator(_find_totals),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "path of a CSV file of known totals"}),
]
"""A `UserFile` of known totals in CSV, written as its path from the folder of the scenario file."""


class Assumed(Model):
    """Numbers nobody has published: whoever writes them gives the reasoning, and the report repeats it."""

    reason: Text = Field(description="why these numbers; the report lists it")
    source: str = Field("", description="publication the reasoning rests on", max_length=2000)
