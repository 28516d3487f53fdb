"""Every assumption of a run in one list: those of the scenario file, and those of the method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from incomesim.fields import Assumed, Model
from incomesim.scenario.model import Scenario

__all__ = ["Assumption", "list_assumptions"]

_NOT_VALUES = {"reason", "source", "label", "name", "lever", "lead", "list", "sample", "funded_by"}


@dataclass(frozen=True)
class Assumption:
    """What is taken for granted: where it stands, the numbers, why, and on what publication it rests."""

    where: str
    what: str
    value: str
    reason: str
    source: str


_SYNTHETIC = (
    Assumption(
        "method",
        "synthetic population",
        "",
        "Households are built to meet published tables; none of them is an observed household.",
        "",
    ),
    Assumption(
        "method",
        "shape of income in town and country",
        "published groups or Lorenz curve of the place, else of the next larger one",
        "Where no distribution is published for the place, the groups of the larger place it lies within, relative to "
        "the mean of town or country there, are taken for it; the table of fit names the source.",
        "",
    ),
    Assumption(
        "method",
        "beyond the published income groups",
        "log income goes on in a straight line, bent upwards where a Gini coefficient is published",
        "Group means say nothing about the highest and lowest incomes within the outermost groups. The tail is made no "
        "heavier than one near Pareto with index 2.",
        "",
    ),
    Assumption(
        "method",
        "sources of income",
        "shares of the place, else of the next larger one",
        "Composition by source that is published for town and country of a larger place is taken for the place.",
        "",
    ),
    Assumption(
        "method",
        "household size and income",
        "poorer households are larger",
        "Size and latent rank are independent but for the shift that the gap between the mean over persons and the "
        "plain mean of the published groups implies.",
        "",
    ),
)

_METHOD = (
    Assumption(
        "method",
        "growth by source",
        "all sources of a residence grow alike",
        "One growth of income per head for town and one for the country are published or assumed, none by source.",
        "",
    ),
    Assumption(
        "method",
        "composition of households",
        "size stays; elderly and children per person stay in town and country by age band of the head",
        "Heads age and households are renewed; their size and make-up are not simulated. Shares of the old and the "
        "young that are given for a year are met by weights: one factor for each age band in town and country, the "
        "same in both scenarios.",
        "",
    ),
    Assumption(
        "method",
        "prices",
        "one price level",
        "Lines in town and country and in all counties move with the same consumer prices.",
        "",
    ),
    Assumption(
        "method",
        "behaviour",
        "no response but where a lever has one",
        "Nobody works less or more because of a lever without `response`; with one, only the lever's own rate counts.",
        "",
    ),
)


_RESIDENTS_OF_A_PLACE = Assumption(
    "method",
    "residents",
    "published or given totals, interpolated, then held",
    "Residents follow the published or given numbers in proportion to the first year; after the last of them they "
    "stay. Where no other total is given, all weights are scaled alike.",
    "",
)

_RESIDENTS_OF_A_FILE = Assumption(
    "method",
    "residents",
    "as many as in the first year, but for given totals",
    "The scenario names no place with published totals.",
    "",
)


def list_assumptions(scenario: Scenario, observed: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    """Return the assumptions of the scenario in file order, then those of the method.

    `observed` are those about households that were read from a file; empty where they are synthetic.
    """
    residents = _RESIDENTS_OF_A_FILE if scenario.population.place is None else _RESIDENTS_OF_A_PLACE
    return (*_walk("", scenario), *(observed or _SYNTHETIC), residents, *_METHOD)


def _walk(path: str, part: Any) -> Iterator[Assumption]:
    if isinstance(part, Assumed):
        fields = part.model_dump(mode="json", exclude_defaults=True)
        what = getattr(part, "label", None) or getattr(part, "name", None) or path.rpartition(".")[2]
        inner = [name for name in type(part).model_fields if isinstance(getattr(part, name), Assumed)]
        values = {key: value for key, value in fields.items() if key not in (*_NOT_VALUES, *inner)}
        yield Assumption(path, what, "; ".join(_flatten("", values)), part.reason, part.source)
        for name in inner:
            yield from _walk(f"{path}.{name}", getattr(part, name))
    elif isinstance(part, Model):
        for name in type(part).model_fields:
            yield from _walk(f"{path}.{name}" if path else name, getattr(part, name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _walk(f"{path}.{key}", value)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _walk(f"{path}[{index}]", value)


def _flatten(prefix: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flatten(f"{prefix}.{key}" if prefix else key, inner)
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for entry in value:
            yield f"{prefix} " + ", ".join(f"{key} {inner}" for key, inner in entry.items())
    elif isinstance(value, list):
        yield f"{prefix} {', '.join(map(str, value))}"
    else:
        yield f"{prefix} {value}"
