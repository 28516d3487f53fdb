"""Which columns of a file say what of a household: the column map, and the columns of the sampling design."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from incomesim.fields import Model, Name, Text

__all__ = [
    "YUAN_A_YEAR",
    "Columns",
    "DesignColumns",
    "Identity",
    "Income",
    "Number",
    "OptionalNumber",
    "Replicates",
    "Word",
]

YUAN_A_YEAR = {
    "yuan_per_year": 1.0,
    "yuan_per_month": 12.0,
    "thousand_yuan_per_year": 1_000.0,
    "ten_thousand_yuan_per_year": 10_000.0,
}
"""What one of each unit of income is."""

Unit = Literal["yuan_per_year", "yuan_per_month", "thousand_yuan_per_year", "ten_thousand_yuan_per_year"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_code(value: Any) -> str:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise ValueError(f"found {value!r}, expected a code as it stands in the file: a whole number or text")


Added = Annotated[
    list[Text], Field(min_length=1, max_length=200), BeforeValidator(_as_list, json_schema_input_type=Text | list[Text])
]
Code = Annotated[str, BeforeValidator(_as_code, json_schema_input_type=str | int)]

_MISSING = "what becomes of rows in which nothing stands or one of missing_codes"


class _Entry(Model):
    """Where the values of a column come from: from the file, or the scenario states one for all."""

    @model_validator(mode="after")
    def _one_origin(self) -> _Entry:
        fields = type(self).model_fields
        stated = {key for key, field in fields.items() if getattr(self, key) != field.default} - {"unit", "per"}
        instead = "row_number" if isinstance(self, Identity) else "constant"
        if not stated & {"column", instead}:
            raise ValueError(f"expected the key `column` or the key `{instead}`")
        if instead in stated and len(stated) > 1:
            others = ", ".join(f"`{key}`" for key in sorted(stated - {instead}))
            raise ValueError(f"found `{instead}` beside {others}, expected it without")
        return self


class Identity(_Entry):
    """What tells households apart; draws belong to it."""

    column: Text | None = Field(None, description="its name in the file")
    row_number: Literal[True] | None = Field(None, description="true: the number of the row, from 1")


class Word(_Entry):
    """A column that says one of the scenario's names."""

    column: Text | None = Field(None, description="its name in the file")
    constant: Name | None = Field(None, description="the same name for every household")
    values: dict[Text, Name] | None = Field(
        None, description="name in the scenario for each code or value label in the file; left out, they are the same"
    )
    missing_codes: list[Code] = Field([], max_length=100, description="codes that mean that nothing is known")
    missing: Literal["error", "drop"] = Field("error", description=_MISSING)


class Number(_Entry):
    """A column of numbers."""

    column: Added | None = Field(None, description="its name in the file; of several the sum is taken")
    constant: float | None = Field(None, description="the same number for every household")
    missing_codes: list[float] = Field([], max_length=100, description="numbers that mean that nothing is known")
    missing: Literal["error", "drop"] = Field("error", description=_MISSING)


class OptionalNumber(_Entry):
    """A column of numbers that may be 0 where nothing stands."""

    column: Added | None = Field(None, description="its name in the file; of several the sum is taken")
    constant: float | None = Field(None, description="the same number for every household")
    missing_codes: list[float] = Field([], max_length=100, description="numbers that mean that nothing is known")
    missing: Literal["error", "zero", "drop"] = Field("error", description=_MISSING)


class Income(OptionalNumber):
    """A source of income."""

    unit: Unit = Field("yuan_per_year", description="unit of the file")
    per: Literal["household", "head"] = Field("household", description="head: the file has it per person")


def _as_entry(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


WordEntry = Annotated[Word, BeforeValidator(_as_entry, json_schema_input_type=Text | Word)]
NumberEntry = Annotated[Number, BeforeValidator(_as_entry, json_schema_input_type=Text | Number)]
OptionalEntry = Annotated[OptionalNumber, BeforeValidator(_as_entry, json_schema_input_type=Text | OptionalNumber)]
IncomeEntry = Annotated[Income, BeforeValidator(_as_entry, json_schema_input_type=Text | Income)]


class Columns(Model):
    """By column of a household: its name in the file, or more about it. What is left out has the same name there."""

    household_id: Annotated[Identity, BeforeValidator(_as_entry, json_schema_input_type=Text | Identity)] = Identity(
        column="household_id"
    )
    weight: NumberEntry = Number(column=["weight"])
    region: WordEntry = Word(column="region")
    residence: WordEntry = Word(column="residence")
    group: WordEntry = Word(column="group")
    age: NumberEntry = Number(column=["age"])
    persons: NumberEntry = Number(column=["persons"])
    elderly: OptionalEntry = OptionalNumber(column=["elderly"])
    children: OptionalEntry = OptionalNumber(column=["children"])
    wage: IncomeEntry = Income(column=["wage"])
    operating: IncomeEntry = Income(column=["operating"])
    property: IncomeEntry = Income(column=["property"])
    transfer: IncomeEntry = Income(column=["transfer"])


class Replicates(Model):
    """Replicate weights, with which others computed standard errors before."""

    columns: list[Text] = Field([], max_length=2000, description="their names in the file")
    prefix: Text | None = Field(None, description="or what their names begin with; a number follows")
    method: Literal["brr", "fay", "jackknife", "bootstrap"] = Field(
        description="brr: balanced half samples; fay: the same, softened; jackknife: each leaves out one cluster"
    )
    factor: float | None = Field(None, gt=0.0, lt=1.0, description="of fay: by which weights are softened")

    @model_validator(mode="after")
    def _fits(self) -> Replicates:
        if bool(self.columns) == (self.prefix is not None):
            raise ValueError("expected either the key `columns` or the key `prefix`")
        if (self.method == "fay") != (self.factor is not None):
            raise ValueError("expected the key `factor` with the method fay, and only with it")
        return self


class DesignColumns(Model):
    """How the households of the file were drawn: kept for standard errors, changes no figure."""

    strata: Text | None = Field(None, description="name of the column of strata")
    cluster: Text | None = Field(None, description="name of the column of primary sampling units, within strata")
    replicate_weights: Replicates | None = None
