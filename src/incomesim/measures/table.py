"""Many measures of many groups in one tidy table, from incomes that are sorted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.threads import share_out
from incomesim.measures.entropy import cv, mld, theil
from incomesim.measures.inequality import gini
from incomesim.measures.inference.design import BadDesign, Design, degrees_of_freedom, put_beside, variance_of_total
from incomesim.measures.inference.estimate import estimate
from incomesim.measures.inference.influence import linearise
from incomesim.measures.inference.interval import Estimate, check_level, estimated
from incomesim.measures.location import mean, median, palma, quantile_ratio, share, share_ratio
from incomesim.measures.middle import share_around_median
from incomesim.measures.polarisation import wolfson
from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Ranked, UndefinedMeasure, rank, rank_groups
from incomesim.measures.relative_poverty import arpt
from incomesim.measures.welfare import atkinson

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EVERYBODY", "STANDARD", "label", "of_whole", "table"]

Measure: TypeAlias = Callable[..., float]

Reals = NDArray[np.float64]

_PIECE = 1 << 18
_SHARED = 1 << 15  # rows of a group: measures of a smaller one are mostly Python, which threads do in turn
_WINDOW = 0.5  # times n^(-1/5), of a number taken from the whole: over so much the slope by it is found
EVERYBODY = "all"
"""What stands in a column of groups where the row is not about one of them."""


@dataclass(frozen=True)
class _OfWhole:
    measure: Measure

    def __str__(self) -> str:
        return f"{label(self.measure)} of all"


def of_whole(measure: Measure) -> Any:
    """Return what stands for a parameter that is a measure of the whole population, where `table` meets it.

    `partial(fgt, line=of_whole(partial(arpt, of_median=0.5)), order=0)`: poverty below half the median of all.
    """
    return _OfWhole(measure)


STANDARD: tuple[Measure, ...] = (
    mean,
    median,
    gini,
    theil,
    mld,
    cv,
    partial(atkinson, epsilon=1),
    partial(quantile_ratio, upper=0.9, lower=0.1),
    partial(share_ratio, top=0.2, bottom=0.2),
    palma,
    partial(share, lower=0.0, upper=0.4),
    partial(fgt, line=of_whole(arpt), order=0),
    partial(fgt, line=of_whole(arpt), order=1),
    partial(fgt, line=of_whole(arpt), order=2),
    partial(share_around_median, lower=0.75, upper=2.0),
    wolfson,
)
"""Location, inequality, shares, poverty below 60 % of the median of all, the middle, polarisation."""


def table(
    frame: pd.DataFrame,
    *,
    measures: Sequence[Measure] | Mapping[str, Measure] = STANDARD,
    by: str | Iterable[str | Sequence[str]] = (),
    income: str = "income",
    weight: str | None = "weight",
    design: Design | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return measures of everybody and of groups, one row for each measure and group.

    `measures` are functions of this package with their parameters fixed by `functools.partial`; a mapping gives them
    names. A parameter may be `of_whole(median)`. Each entry of `by` is a column of labels, or several to be
    crossed. `income` and `weight` name columns; without a column of weights say None.

    Columns: those of `by`, with "all" where a row is about all of them; `measure`; `value`; with a `design`, by row of
    the frame, `standard_error`, `low` and `high` of the interval at `level`; `undefined`, why a value or an error
    is empty, or ""; `rows` and `people` (sum of weights) of the group, and of these `zero_rows`, `zero_people`,
    `negative_rows`, `negative_people` with no and with a negative income; `income_concept` where the frame comes
    from an `IncomeConcept`. What is taken from the whole is an estimate too, which counts in errors. Raises
    UndefinedMeasure for incomes, weights or labels that are missing: nothing is left out in silence.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"found {type(frame).__module__}.{type(frame).__name__}, expected a pandas.DataFrame")
    crossings = [[names] if isinstance(names, str) else list(names) for names in ([by] if isinstance(by, str) else by)]
    for name in {income, *([weight] if weight else []), *(name for names in crossings for name in names)}:
        if name not in frame.columns:
            raise KeyError(f"the frame has no column {name!r}, but {', '.join(map(repr, frame.columns))}")
    asked = measures if isinstance(measures, Mapping) else _named(measures)
    columns = list(dict.fromkeys(name for names in crossings for name in names))
    if taken := [name for name in columns if name in _COLUMNS]:
        raise ValueError(
            f"the table has columns of its own called {', '.join(taken)}; give those of the frame other names"
        )
    if design is not None:
        put_beside(design, rows=frame[income])
        design.check_rows(len(frame))
        check_level(level)
    groups = [(names, *_groups(frame, names)) for names in crossings]
    whole = rank(frame[income], frame[weight] if weight else None)
    whole.sort()
    fixed = {name: _fix(measure, whole, design) for name, measure in asked.items()}
    about = dict.fromkeys(columns, EVERYBODY)
    rows = _measure(about, whole, fixed, design, level)
    whole = Ranked(whole.given, whole.given_weight)  # room for groups: they seldom need the order of all
    for names, labels, codes in groups:
        groups_of = [about | dict(zip(names, values, strict=True)) for values in labels]
        rows += _measure_groups(groups_of, list(rank_groups(whole, codes, number=len(labels))), fixed, design, level)
    result = pd.DataFrame(rows)
    if "income_concept" in frame.attrs:
        result["income_concept"] = result.attrs["income_concept"] = frame.attrs["income_concept"]
    return result


def label(measure: Measure) -> str:
    """Return the name of a measure with its parameters, as `fgt(line=12000, order=1)`."""
    if not isinstance(measure, partial):
        if not callable(measure):
            raise TypeError(f"found the measure {measure!r}, expected a function such as gini")
        return str(getattr(measure, "__name__", measure))
    given = ", ".join(f"{name}={value}" for name, value in measure.keywords.items())
    return f"{label(measure.func)}({given})"


def _named(measures: Sequence[Measure]) -> dict[str, Measure]:
    """Measures by their labels. Raises ValueError where two have one, as functions without a name do."""
    named = {label(measure): measure for measure in measures}
    if len(named) < len(measures):
        raise ValueError(
            f"found {len(measures)} measures with {len(named)} names; name them: measures={{name: measure}}"
        )
    return named


@dataclass(frozen=True, eq=False)
class _Fixed:
    """A measure with numbers for what is taken from the whole; by parameter what each row (n,) adds to that number."""

    measure: Measure
    moving: Mapping[str, Reals]


def _fix(measure: Measure, whole: Ranked, design: Design | None) -> _Fixed | UndefinedMeasure:
    """The measure with numbers for what is taken from the whole, or why there is none."""
    if not isinstance(measure, partial):
        return _Fixed(measure, {})
    taken = {name: value.measure for name, value in measure.keywords.items() if isinstance(value, _OfWhole)}
    try:
        if design is None:
            return _Fixed(partial(measure, **{name: of(whole) for name, of in taken.items()}), {})
        found = {name: linearise(of, whole) for name, of in taken.items()}
    except UndefinedMeasure as reason:
        return reason
    return _Fixed(
        partial(measure, **{name: each.value for name, each in found.items()}),
        {name: each.by_row(each.weight * each.influence) for name, each in found.items()},
    )


def _estimate(fixed: _Fixed, people: Ranked, design: Design, level: float) -> Estimate:
    """The measure with its error, of which that of what is taken from the whole is a part."""
    if not fixed.moving:
        return estimate(fixed.measure, people, design=design, level=level)
    found = linearise(fixed.measure, people)
    total = found.by_row(found.weight * found.influence)
    for name, of_row in fixed.moving.items():
        number = fixed.measure.keywords[name]  # type: ignore[attr-defined]
        step = abs(number) * _WINDOW * people.number**-0.2
        low, high = (partial(fixed.measure, **{name: number + way})(people) for way in (-step, step))
        total += (high - low) / (2.0 * step) * of_row
    freedom = degrees_of_freedom(found.part.rows, design)
    return estimated(found.value, variance_of_total(total, design), freedom, level, found.scale)


def _groups(frame: pd.DataFrame, names: list[str]) -> tuple[list[tuple[Any, ...]], NDArray[Any]]:
    """The labels of groups that have rows, and which of them each row belongs to."""
    codes: NDArray[Any] = np.zeros(len(frame), np.uint8)
    labels: list[tuple[Any, ...]] = [()]
    for name in names:
        own, own_labels = _codes(frame[name])
        labels = [(*before, value) for before in labels for value in own_labels]
        codes = codes.astype(np.min_scalar_type(len(labels)), copy=False) * len(own_labels) + own
        present = np.flatnonzero(_sizes(codes, len(labels)))
        if len(present) < len(labels):
            place = np.zeros(len(labels), np.min_scalar_type(len(present)))
            place[present] = np.arange(len(present))
            codes, labels = place[codes], [labels[i] for i in present]
    return labels, codes


def _sizes(codes: NDArray[Any], number: int) -> NDArray[np.int64]:
    """How many rows each group has, counted piece by piece: NumPy makes whole numbers of 8 bytes of them."""
    pieces = range(0, len(codes), _PIECE)
    return sum((np.bincount(codes[i : i + _PIECE], minlength=number) for i in pieces), np.zeros(number, np.int64))


def _codes(column: pd.Series[Any]) -> tuple[NDArray[Any], list[Any]]:
    import pandas as pd

    values = column.cat if isinstance(column.dtype, pd.CategoricalDtype) else pd.Categorical(column)
    codes, labels = np.asarray(values.codes), list(values.categories)
    missing = int(np.count_nonzero(codes < 0))
    if missing:
        raise UndefinedMeasure(f"{missing} rows have no label in column {column.name!r}; name them, or leave them out")
    if EVERYBODY in labels:
        raise UndefinedMeasure(f"column {column.name!r} has the label {EVERYBODY!r}, which stands for everybody here")
    return codes.astype(np.min_scalar_type(len(labels))), labels


def _measure_groups(
    about: list[dict[str, Any]],
    parts: list[Ranked | None],
    measures: Mapping[str, _Fixed | UndefinedMeasure],
    design: Design | None,
    level: float,
) -> list[dict[str, Any]]:
    """The rows of all groups, which threads share where they are large; what is worked out for one is not kept."""
    rows = sum(part.number for part in parts if part is not None)

    def of_group(i: int) -> list[dict[str, Any]]:
        part, parts[i] = parts[i], None
        return _measure(about[i], part, measures, design, level)

    numbers = range(len(parts))
    found = share_out(of_group, numbers) if rows > _SHARED * len(parts) else map(of_group, numbers)
    return [row for of_one in found for row in of_one]


def _measure(
    about: dict[str, Any],
    people: Ranked | None,
    measures: Mapping[str, _Fixed | UndefinedMeasure],
    design: Design | None,
    level: float,
) -> list[dict[str, Any]]:
    """One row for each measure of a group."""
    if people is not None:
        people.sort()
    counts = _count(people)
    return [
        about | {"measure": name, **_value(people, measure, design, level), **counts}
        for name, measure in measures.items()
    ]


def _value(
    people: Ranked | None, measure: _Fixed | UndefinedMeasure, design: Design | None, level: float
) -> dict[str, Any]:
    empty = ("value",) if design is None else ("value", "standard_error", "low", "high")
    found: dict[str, Any] = dict.fromkeys(empty, np.nan) | {"undefined": ""}
    try:
        if people is None:
            raise UndefinedMeasure("there is nobody with a weight above 0")
        if isinstance(measure, UndefinedMeasure):
            raise measure
        found["value"] = measure.measure(people)
        if design is not None:
            of = _estimate(measure, people, design, level)
            found |= {"standard_error": of.standard_error, "low": of.low, "high": of.high}
    except (UndefinedMeasure, BadDesign) as reason:
        found["undefined"] = str(reason)
    return found


def _count(people: Ranked | None) -> dict[str, float]:
    if people is None:
        return dict.fromkeys(_COUNTS, 0)
    low = people.low_rows
    known = people.number, people.total_weight, low.zero, low.zero_weight, low.negative, low.negative_weight
    return dict(zip(_COUNTS, known, strict=True))


_COUNTS = ("rows", "people", "zero_rows", "zero_people", "negative_rows", "negative_people")
_COLUMNS = ("measure", "value", "standard_error", "low", "high", "undefined", *_COUNTS, "income_concept")
