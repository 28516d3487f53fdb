"""What a scenario may say of households that come from a file."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from incomesim.fields import DataFile, Model, Name, PlaceTables, Text
from incomesim.scenario.calibration import Calibration
from incomesim.scenario.columns import Columns, DesignColumns

__all__ = ["Bands", "Named", "SurveyPopulation"]


class Named(Model):
    """A region or group of the file."""

    label: Text = Field(description="its name in the report; where there is a place, that of the published tables")


class Bands(Model):
    """Age bands of household heads."""

    starts: list[int] = Field(description="age at which the second, third, ... band begins", min_length=1, max_length=6)


class SurveyPopulation(Model):
    """Households of a file of the user."""

    told_by: ClassVar[str] = "microdata"

    microdata: DataFile = Field(description="file of households; its path from the folder of the scenario file")
    columns: Columns = Field(Columns(), description="where in the file each column of a household is found")
    design: DesignColumns | None = Field(None, description="columns of the sampling design")
    calibration: Calibration | None = Field(
        None, description="known totals that the weights are to meet; without it they are those of the file"
    )
    place: PlaceTables | None = Field(
        None,
        description="published tables whose growth drives the households, and whose figures stand beside those of the "
        "file; without it `growth` has every year after the first",
    )
    regions: dict[Name, Named] = Field(min_length=1, max_length=1000)
    groups: dict[Name, Named] = Field(min_length=1, max_length=100)
    ages: Bands
