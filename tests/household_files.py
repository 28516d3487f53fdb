"""Files of households for tests, and scenarios about them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyreadstat
import yaml

from incomesim.fields import RESIDENCES
from incomesim.population import read_microdata
from incomesim.scenario import SurveyPopulation
from tests.conftest import shipped_data

NUMBERS = (
    "household_id", "weight", "age", "persons", "elderly", "children", "wage", "operating", "property", "transfer",
)  # fmt: skip

FEW = {"regions": {"dong": {"label": "东区"}}, "groups": {"other": {"label": "其他"}}}
"""What a scenario says of the households of `few`."""


def columns_of(sample, cells):
    """The columns of a file that holds the households of a synthetic sample."""
    names = {"region": cells.regions, "residence": RESIDENCES, "group": cells.groups}
    named = {column: np.array(allowed)[getattr(sample, column)] for column, allowed in names.items()}
    return {**named, **{column: getattr(sample, column).copy() for column in NUMBERS}}


def few(rows, **changes):
    """Columns of a few ordinary households, the last one rural, some of them changed."""
    ones = np.ones(rows, np.int64)
    columns = {
        "region": ["dong"] * rows, "residence": ["urban"] * (rows - 1) + ["rural"], "group": ["other"] * rows,
        "household_id": np.arange(rows, dtype=np.uint64), "weight": 10.0 * ones, "age": 40 * ones, "persons": 2 * ones,
        "elderly": 0 * ones, "children": 0 * ones, "wage": np.linspace(20_000.0, 90_000.0, rows),
        "operating": 1_000.0 * ones, "property": 500.0 * ones, "transfer": 3_000.0 * ones,
    }  # fmt: skip
    return columns | changes


def survey(path, **changes):
    """What a scenario says of a file of households of the shipped scenario's regions and groups; None leaves out."""
    shipped = shipped_data()["population"]
    named = {
        key: {name: {"label": entry["label"]} for name, entry in shipped[key].items()} for key in ("regions", "groups")
    }
    keys = {"microdata": str(path), "place": shipped["place"], "ages": {"starts": shipped["ages"]["starts"]}, **named}
    return {key: value for key, value in (keys | changes).items() if value is not None}


def of_file(scenario, path, **changes):
    """The scenario with the households of a file instead of synthetic ones."""
    return scenario.model_copy(update={"population": SurveyPopulation.model_validate(survey(path, **changes))})


def survey_scenario(file, microdata, change=None, **changes):
    """Write the shipped scenario for the households of a file; `change` is applied to its plain data."""
    data = shipped_data()
    data["population"] = survey(microdata, **changes)
    if change is not None:
        change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


def read(scenario, path, seed=1, **changes):
    """The population of a file and what it holds."""
    return read_microdata(of_file(scenario, path, **changes).population, seed)


def write_as(path, columns):
    """Write columns in the format that the name of the file says."""
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    else:
        frame = table.to_pandas().astype(dict.fromkeys(NUMBERS, float))
        if path.suffix == ".dta":
            frame.to_stata(path, write_index=False, version=118)
        else:
            pyreadstat.write_sav(frame, str(path))
    return path


def write(path, columns, row_group_size=1000):
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path
