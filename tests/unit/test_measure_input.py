"""What users bring: pandas columns of every kind, dates by mistake, rows in another order, words for options."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from incomesim import measures
from incomesim.measures import Design, UndefinedMeasure, estimate, estimate_difference, gini, table

X, W = [1.0, 2.0, 3.0, 4.0, 10.0], [1.0, 5.0, 2.0, 1.0, 1.0]
GINI = 103 / 310
FRAME = pd.DataFrame({"income": X, "weight": W, "place": ["a", "b", "a", "b", "b"]})


@pytest.mark.parametrize(
    "income",
    [
        pd.Series(X, dtype="Int64"),
        pd.Series(X, dtype="Float64"),
        pd.Series(X, dtype="double[pyarrow]"),
        pd.Series(X).astype(pd.SparseDtype("float")),
        pa.array(X),
        [Decimal(str(value)) for value in X],
        np.array(X, ">f4"),
        np.column_stack([X, X])[:, 0],
        np.ma.masked_array(X, mask=False),
    ],
)
def test_columns_of_numbers_are_read(income: object) -> None:
    assert gini(income, W) == pytest.approx(GINI, rel=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("income", "what"),
    [
        (pd.Series(pd.date_range("2020-01-01", periods=5)), "datetime64"),
        (pd.Series(pd.date_range("2020-01-01", periods=5, tz="UTC")), "type (datetime|object)|no numbers"),
        (np.array(["2020-01-01"] * 5, "M8[D]"), "datetime64"),
        (pd.Series(pd.to_timedelta(range(5), unit="D")), "timedelta64"),
        (["1", "2", "3", "4", "5"], "text"),
        (pd.Series(["1", "2", "3", "4", "5"], dtype="string"), "text"),
        (pd.Categorical(["1", "2", "3", "4", "5"]), "text"),
        (np.array(X) + 1j, "complex"),
        ((value for value in X), "generator"),
        ("income", "str"),
        ([1, pd.NA, 3, 4, 5], "NAType"),
    ],
)
def test_what_is_no_number_is_not_read_as_one(income: object, what: str) -> None:
    with pytest.raises(TypeError, match=f"found incomes .*({what})"):
        gini(income, W)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=f"found amount .*({what})"):
        measures.concentration(income, X)  # type: ignore[arg-type]


def test_masked_incomes_are_missing() -> None:
    with pytest.raises(UndefinedMeasure, match="1 of 5 incomes are missing"):
        gini(np.ma.masked_array(X, mask=[0, 0, 1, 0, 0]), W)


def test_what_is_missing_in_rows_that_do_not_count_does_not_matter() -> None:
    """As the wages of those who have none, with `where`, and a year of a panel in which somebody is not there."""
    income, weight = [*X, np.nan], [*W, 0.0]
    assert gini(income, weight) == gini(X, W)
    assert measures.kakwani(income, income, weight) == 0.0
    employed = np.isfinite(income)
    whole, part = estimate(gini, [*X, 7.0], where=employed), estimate(gini, income, where=employed)
    assert part == whole
    replicates = measures.jackknife_replicates(6)
    found = measures.replicate_estimate(gini, income, weight, replicates=replicates)
    assert found == measures.replicate_estimate(gini, [*X, 7.0], weight, replicates=replicates)
    have = np.column_stack([income, income])
    poor = measures.alkire_foster(have, weight, cutoffs=[3, 5], poverty_cutoff=1)
    assert poor == measures.alkire_foster(have[:5], W, cutoffs=[3, 5], poverty_cutoff=1)
    change = estimate_difference(gini, income, [2.0, *X], weight, weight_after=[0.0, 1, 1, 1, 1, 1])
    assert change.value == pytest.approx(gini(X) - gini(X, W))


@pytest.mark.parametrize(
    "ask",
    [
        lambda income, other: gini(income, other),
        lambda income, other: measures.kakwani(other, income),
        lambda income, other: measures.decompose_ge(income, other, alpha=1),
        lambda income, other: measures.decompose_gini_by_source({"wage": income, "rent": other}),
        lambda income, other: estimate(gini, income, design=Design(clusters=other)),
        lambda income, other: estimate(gini, income, where=other > 1),
        lambda income, other: estimate(measures.kakwani, (other, income)),
        lambda income, other: estimate_difference(gini, income, other),
        lambda income, other: measures.winners_by_group(income, income, other),
        lambda income, other: table(income.to_frame("income"), weight=None, design=Design(strata=other)),
        lambda income, other: measures.alkire_foster(income.to_frame(), other, cutoffs=[2], poverty_cutoff=1),
    ],
)
def test_rows_in_another_order_are_not_matched_by_position(ask: Callable[[Any, Any], object]) -> None:
    income = pd.Series(X)
    with pytest.raises(UndefinedMeasure, match="different indexes"):
        ask(income, income.iloc[::-1])


def test_a_word_is_not_an_option() -> None:
    """Each of these was taken for another option than it names."""
    old, new, poor = measures.rank(X, W), measures.rank(X[::-1], W), partial(measures.fgt, line=3.5, order=1)
    replicates = measures.jackknife_replicates(5)
    for ask in (
        lambda: measures.quantile(X, W, p=0.9, kind="type_7"),  # type: ignore[arg-type]
        lambda: measures.shapley_by_source(gini, {"a": X, "b": W}, absent="equalised"),  # type: ignore[arg-type]
        lambda: measures.datt_ravallion(poor, old, new, reference="last"),  # type: ignore[arg-type]
        lambda: measures.replicate_estimate(gini, X, W, replicates=replicates, centre="full sample"),  # type: ignore[arg-type]
        lambda: Design(single="fail"),  # type: ignore[arg-type]
        lambda: measures.IncomeConcept("income", "size", "persons", measures.per_head),  # type: ignore[arg-type]
        lambda: measures.IncomeConcept("income", "size", measures.Unit.PERSONS, "sqrt"),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match="expected"):
            ask()
    assert measures.quantile(X, W, p=0.9, kind=7) == pytest.approx(4.6)  # type: ignore[arg-type]


def test_labels_of_arrow_are_plain() -> None:
    assert measures.decompose_ge(X, pa.array(FRAME["place"]), W, alpha=1).labels == ("a", "b")


def test_tables_lose_nothing() -> None:
    assert table(FRAME, measures=[gini], by="place").equals(table(FRAME, measures=[gini], by=["place"]))
    with pytest.raises(ValueError, match="2 measures with 1 names"):
        table(FRAME, measures=[lambda people: gini(people), lambda people: measures.mean(people)])
    with pytest.raises(TypeError, match=r"found builtins.dict, expected a pandas.DataFrame"):
        table({"income": X, "weight": W})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="found list, expected columns by name"):
        measures.decompose_gini_by_source([X, W])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="found the measure 'gini'"):
        table(FRAME, measures=["gini"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="columns of its own called measure"):
        table(FRAME.rename(columns={"place": "measure"}), measures=[gini], by=["measure"])
    with pytest.raises(measures.BadDesign, match="level is 95"):
        table(FRAME, measures=[gini], design=Design(), level=95)
    with pytest.raises(measures.BadDesign, match="the design has 3 rows, the incomes have 5"):
        table(FRAME, measures=[gini], design=Design(clusters=[1, 2, 3]))


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: measures.share_between(X, lower=4, upper=2), "lower 4 and upper 2, expected lower <= upper"),
        (lambda: measures.share_between(X, lower=float("nan"), upper=2), "lower nan"),
        (lambda: measures.share_around_median(X, lower=2, upper=0.75), "expected lower <= upper"),
        (lambda: measures.income_share_between(X, lower=4, upper=2), "expected lower <= upper"),
        (lambda: measures.arpr(X, of_median=60), "of_median 60, expected a share of the median"),
    ],
)
def test_limits_the_wrong_way_round_and_per_cent_are_refused(ask: Callable[[], float], reason: str) -> None:
    with pytest.raises(UndefinedMeasure, match=reason):
        ask()


def test_lines_that_differ_between_people() -> None:
    lines = np.array([2.0, 4, 4, 4, 4])
    for measure in (partial(measures.fgt, order=1), measures.watts):
        with pytest.raises(TypeError, match=r"found 5 lines, expected one number; .* line=1"):
            measure(X, W, line=lines)  # type: ignore[arg-type]
    assert measures.fgt(X / lines, W, line=1, order=0) == pytest.approx(0.8)


@pytest.mark.parametrize("number", [0, -1, 2.5])
def test_numbers_of_groups_and_points_are_whole(number: Any) -> None:
    for ask in (
        lambda: measures.decile_table(X, number=number),
        lambda: measures.quantile_groups(X, number=number),
        lambda: measures.growth_incidence(X, X, number=number),
        lambda: measures.growth_incidence_by_origin(X, X, number=number),
        lambda: measures.relative_distribution(X, X, number=number),
        lambda: measures.lorenz(X, points=number),
        lambda: measures.quantile_curve(X, points=number),
        lambda: measures.concentration_curve(X, X, points=number),
    ):
        with pytest.raises(UndefinedMeasure, match=r"expected a whole number from [12] up"):
            ask()


def test_tables_of_groups_are_columns_too() -> None:
    means, people = pd.Series({"a": 2.0, "b": 3.0}), pd.Series({"b": 5.0, "a": 1.0})  # as value_counts has them
    with pytest.raises(UndefinedMeasure, match="different indexes"):
        measures.theil_between(means, people)
    with pytest.raises(UndefinedMeasure, match="different indexes"):
        measures.grouped_data.class_points(people, means)
    with pytest.raises(TypeError, match="found means of type text"):
        measures.max_min_ratio(["3", "6"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="expected a list of columns"):
        measures.shorrocks_rigidity(gini, pd.DataFrame({"old": X, "new": W}))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"found the design tuple, expected Design"):
        estimate(gini, X, design=(W, W))  # type: ignore[arg-type]


def test_whose_income_counts_is_read_as_numbers_too() -> None:
    concept = measures.IncomeConcept("money", "adults", measures.Unit.PERSONS, measures.modified_oecd, "w", "children")
    homes = pd.DataFrame({"money": [30.0, 80.0], "adults": [1, 2], "children": [0, 2], "w": [2.0, 5.0]})
    assert list(concept.of(homes.astype({"adults": "Int64", "w": "Float64"}))["weight"]) == [2.0, 20.0]
    with pytest.raises(UndefinedMeasure, match="1 households have not at least 1 adults"):
        concept.of(homes.assign(adults=[0, 2], children=[2, 0]))
    with pytest.raises(TypeError, match="found 'money' of type datetime64"):
        concept.of(homes.assign(money=pd.Timestamp("2020-01-01")))
