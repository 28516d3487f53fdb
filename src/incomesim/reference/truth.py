"""What the reference population comes to, without any sampling error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from incomesim import measures
from incomesim.reference import mixture
from incomesim.reference.cells import CELLS, LINE
from incomesim.reference.mixture import Mixture

__all__ = ["people_of_reference", "reference_truth"]

_WAYS = ("region", "residence", "group")
_DECOMPOSED: dict[str, Callable[[Mixture], float]] = {
    "theil": mixture.theil,
    "mld": mixture.mld,
}

Entry = tuple[str, str, str, float]


def reference_truth() -> pd.DataFrame:
    """Return the true measures of the reference population: by, subgroup, measure, value.

    Over persons, income per head in yuan. Names are those of a run's summary; besides, `theil` and
    `mld` have parts `_between_` and `_within_` region, residence and group. The line is 8,000 yuan.
    """
    entries = list(_of_subgroup("all", "all", np.ones(len(CELLS), np.bool_)))
    for by in _WAYS:
        names = _names(by)
        for name in dict.fromkeys(names):
            entries += _of_subgroup(by, name, np.array(names) == name)
    entries += _gaps()
    entries += _decompositions()
    return pd.DataFrame(entries, columns=["by", "subgroup", "measure", "value"])


def people_of_reference() -> Mixture:
    """Return the persons of the reference population as a mixture of lognormals, one part for each cell."""
    persons = np.array([cell.persons for cell in CELLS])
    location = np.log([cell.median for cell in CELLS])
    return Mixture(persons / persons.sum(), location, np.array([cell.spread for cell in CELLS]))


def _names(by: str) -> list[str]:
    return [getattr(cell, by) for cell in CELLS]


def _of_subgroup(by: str, name: str, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Entry]:
    people = mixture.part(people_of_reference(), chosen)
    here = [cell for cell, inside in zip(CELLS, chosen, strict=True) if inside]
    values = {
        "households": float(sum(cell.households for cell in here)),
        "persons": float(sum(cell.persons for cell in here)),
        "mean": mixture.mean(people),
        "median": mixture.quantile(people, 0.5),
        "gini": mixture.gini(people),
        "theil": mixture.theil(people),
        "mld": mixture.mld(people),
        "p90_p10": mixture.quantile(people, 0.9) / mixture.quantile(people, 0.1),
        "s80_s20": (1.0 - mixture.share_of_poorest(people, 0.8)) / mixture.share_of_poorest(people, 0.2),
        **{f"fgt{order}_line": mixture.fgt(people, LINE, order) for order in (0, 1, 2)},
    }
    yield from ((by, name, measure, value) for measure, value in values.items())


def _gaps() -> Iterator[Entry]:
    urban, rural = _parts("residence")
    medians = mixture.quantile(urban, 0.5) / mixture.quantile(rural, 0.5)
    yield "all", "all", "urban_rural_ratio", mixture.mean(urban) / mixture.mean(rural)
    yield "all", "all", "urban_rural_ratio_median", medians
    means, shares = [mixture.mean(region) for region in _parts("region")], _shares("region")
    yield "all", "all", "region_max_min", measures.max_min_ratio(means)
    yield "all", "all", "region_variation", measures.weighted_variation(means, shares)
    yield "all", "all", "region_theil_between", measures.theil_between(means, shares)


def _decompositions() -> Iterator[Entry]:
    """Between: what is left when everybody has the mean of the subgroup."""
    people = people_of_reference()
    for by in _WAYS:
        shares, means = np.array(_shares(by)), np.array([mixture.mean(subgroup) for subgroup in _parts(by)])
        equal = Mixture(shares, np.log(means), np.zeros(len(means)))
        for measure, of_mixture in _DECOMPOSED.items():
            between = of_mixture(equal)
            yield "all", "all", f"{measure}_between_{by}", between
            yield "all", "all", f"{measure}_within_{by}", of_mixture(people) - between


def _parts(by: str) -> list[Mixture]:
    names = _names(by)
    return [mixture.part(people_of_reference(), np.array(names) == name) for name in dict.fromkeys(names)]


def _shares(by: str) -> Sequence[float]:
    names, people = np.array(_names(by)), people_of_reference()
    return [float(people.share[names == name].sum()) for name in dict.fromkeys(names.tolist())]
