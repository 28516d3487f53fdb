"""Published parameters of Lorenz curves: China's countryside and towns, as the World Bank's PIP fitted them."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Literal

__all__ = ["LorenzParameters", "read_lorenz_parameters"]


@dataclass(frozen=True)
class LorenzParameters:
    """Three parameters in the order of `measures.grouped_data.GeneralQuadratic` or `measures.grouped_data.BetaLorenz`.

    They describe `welfare` (income, or consumption) per head of one `residence`, urban or rural, in a year.
    """

    year: int
    welfare: str
    residence: str
    form: Literal["general quadratic", "beta"]
    parameters: tuple[float, float, float]
    source: str


@functools.cache
def read_lorenz_parameters() -> tuple[LorenzParameters, ...]:
    """Return the parameters of China, 1981 to 2020, both forms for town and country of every year of a survey."""
    text = resources.files("incomesim.published").joinpath("china_pip_lorenz.csv").read_text("utf-8")
    return tuple(
        LorenzParameters(
            year=int(row["year"]),
            welfare=row["welfare_type"],
            residence=row["area"],
            form="general quadratic" if row["lorenz_type"] == "lq" else "beta",
            parameters=(float(row["A"]), float(row["B"]), float(row["C"])),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
