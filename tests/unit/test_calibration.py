"""Calibration: what its report says, and how it refuses what cannot be."""

import numpy as np
import pandas as pd
import pytest

from incomesim import InvalidInput, Margin, Unreachable, calibrate
from incomesim.population import nearest_totals

COUNTY = np.array(["east", "east", "west", "west", "west", "east"])
SIDE = np.array(["town", "land", "town", "land", "land", "land"])
PERSONS = np.array([2.0, 3.0, 1.0, 4.0, 2.0, 2.0])
ONES = np.ones(6)


def margin(name, totals, by=None, of=None, unit="persons"):
    return Margin(name, totals if isinstance(totals, dict) else {"all": totals}, unit, by=by, of=of)


def refusal(kind, *arguments, **options):
    with pytest.raises(kind) as caught:
        calibrate(*arguments, **options)
    return [str(problem) for problem in caught.value.problems]


def test_the_report():
    weight = np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0])
    table = pd.DataFrame({"county": COUNTY, "persons": PERSONS}, index=range(5, 11))
    result = calibrate(
        weight,
        [
            margin("residents by county", {"east": 400.0, "west": 250.0}, by=table.county, of=table.persons),
            margin("households by side", {"town": 60.0, "land": None}, by=SIDE, unit="households"),
            margin("excess", 0.0, of=np.array([1.0, -1.0, 0.0, 0.0, 0.0, 0.0]), unit="yuan"),
        ],
        method="logit",
        bounds=(0.2, 5.0),
    )
    totals = result.totals.set_index(["name", "category"])
    assert list(result.totals.columns) == [
        "name", "category", "unit", "target", "before", "after", "relative_before", "relative_after",
    ]  # fmt: skip
    east = totals.loc["residents by county", "east"]
    assert (east.unit, east.target, east.before) == ("persons", 400.0, 200.0)
    assert (east.after, east.relative_before) == (pytest.approx(400.0), -0.5)
    assert abs(east.relative_after) < 1e-9
    assert np.isnan(totals.loc["excess", ""].relative_after)
    assert len(totals) == 4

    facts = result.weights.set_index(["of", "statistic"])["value"]
    assert facts["before", "min"] == 10.0
    assert facts["before", "p50"] == 35.0
    assert facts["before", "effective_sample_size"] == pytest.approx(210.0**2 / 9100.0)
    assert facts["before", "design_effect"] == pytest.approx(6 * 9100.0 / 210.0**2)
    assert facts["ratio", "max"] == pytest.approx(np.max(result.weight / weight))
    assert facts["ratio", "at_upper_bound"] == 0.0

    cells = result.cells.set_index(["name", "category"])
    west = result.weight[COUNTY == "west"]
    assert cells.loc["residents by county", "west"].rows == 3
    assert cells.loc["residents by county", "west"].effective_sample_size == pytest.approx(
        west.sum() ** 2 / (west @ west)
    )
    assert cells.loc["residents by county", "west"].largest_ratio == np.max(west / weight[COUNTY == "west"])
    assert cells.thin.all()
    assert cells.effective_sample_size.is_monotonic_increasing
    assert "6 rows to 4 totals" in repr(result)


def test_a_cell_of_many_rows_is_not_thin():
    result = calibrate(np.ones(60), [margin("all", 60.0), margin("some", 9.0, of=np.arange(60) < 10)])
    assert list(result.cells.thin) == [True, False]


def test_weights_below_zero_are_told():
    margins = [margin("households", 6.0), margin("residents", 7.0, of=PERSONS)]
    with pytest.warns(UserWarning, match="1 of 6 weights are below 0"):
        result = calibrate(ONES, margins, method="linear")
    assert result.weights.set_index(["of", "statistic"]).value["after", "below_zero"] == pytest.approx(1 / 6)
    assert (calibrate(ONES, margins).weight > 0).all()


def test_everything_wrong_is_told_at_once():
    weight = np.array([1.0, np.nan, 2.0, -1.0, 0.0, 1.0])
    problems = refusal(
        InvalidInput,
        weight,
        [
            margin("a", {"east": 1.0, "north": 2.0, "south": np.inf}, by=COUNTY, unit=""),
            margin("b", {"town": 1.0, "land": 2.0, "sea": 3.0}, by=SIDE),
            margin("c", {"town": 1.0, "land": 1.0}),
            margin("c", 1.0, of=PERSONS[:-1]),
            margin("d", 1.0, of=np.where(PERSONS > 3, np.inf, 1.0)),
            margin("e", {"x": None}, by=np.full(5, "x")),
            margin("f", {"x": 1.0}, by=[None, *"xxxxx"]),
            margin("g", 1.0, of=["x"] * 6),
        ],
        method="rake",
        bounds=(1.0, 2.0),
    )
    expected = [
        "weight: found nan in row 1 (the first is 0), expected finite",
        "weight: found -1.0 in rows 3, 4 (the first is 0), expected numbers above 0",
        'a, totals: no total for "west", found in 3 rows',
        "a, totals['south']: found inf",
        "a, unit: found ''",
        "b, totals['sea']: there is nobody to weight up to 3 persons",
        "c: two margins have this name",
        "c, totals: found 2 totals, expected one",
        "c, of: found the shape (5,), expected 6 numbers",
        "d, of: found inf in row 3",
        "e, by: found the shape (5,)",
        "e, totals: found none that is known",
        "f, by: found nothing in row 0",
        "g, of: expected numbers",
        'method: found "rake", expected one of raking, linear, logit; did you mean "raking"?',
        "bounds: found (1.0, 2.0), expected a number from 0 to below 1",
    ]
    for words in expected:
        assert any(f"calibrate {words}" in problem for problem in problems), (words, problems)
    assert len(problems) == len(expected)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "logit"}, "logit needs"),
        ({"bounds": (0.5, 2.0)}, 'expected none with method="raking"'),
        ({"method": "logit", "bounds": (0.5, np.nan)}, "a finite one above 1"),
    ],
)
def test_bounds_belong_to_logit(options, words):
    (problem,) = refusal(InvalidInput, ONES, [margin("households", 6.0)], **options)
    assert words in problem


def test_nothing_to_calibrate():
    assert len(refusal(InvalidInput, [], [])) == 2


def test_contradictions_are_named_with_their_size():
    by_county = margin("residents by county", {"east": 7.0, "west": 8.0}, by=COUNTY, of=PERSONS)
    by_side = margin("residents by side", {"town": 4.0, "land": 11.3}, by=SIDE, of=PERSONS)
    (problem,) = refusal(Unreachable, ONES, [by_county, by_side])
    assert {"residents by county", "residents by side"} == set(
        problem.split(": ")[1].split(" in every")[0].split(" is the same as ")
    )
    assert "15 persons" in problem
    assert "15.3 persons" in problem
    assert "1.96 % apart" in problem


def test_every_contradiction_is_named():
    """Parts of a whole, in other units, and a sum of parts of rows."""
    members = [margin("old", 5.0, of=PERSONS - 1), margin("young", 6.0), margin("residents", 12.0, of=PERSONS)]
    twice = margin("pairs", 6.5, of=ONES / 2, unit="pairs")
    problems = refusal(Unreachable, ONES, [*members, twice])
    assert len(problems) == 2
    assert any("old + young" in p and "11 persons" in p and "12 persons" in p and "8.33 % apart" in p for p in problems)
    assert any("2 x pairs" in p or "0.5 x young" in p for p in problems)


def test_totals_that_follow_from_others_are_met_too():
    result = calibrate(
        ONES,
        [
            margin("residents by county", {"east": 7.0, "west": 8.0}, by=COUNTY, of=PERSONS),
            margin("residents by side", {"town": 4.0, "land": 11.0}, by=SIDE, of=PERSONS),
            margin("residents", 15.0, of=PERSONS),
        ],
    )
    assert np.abs(result.totals.relative_after).max() < 1e-9


def test_a_total_of_nothing_that_nobody_has_is_met_already():
    result = calibrate(ONES, [margin("households", {"town": 3.0, "land": 4.0, "sea": 0.0}, by=SIDE)])
    assert list(result.totals.category) == ["town", "land"]


def test_a_total_that_no_weights_reach_alone():
    problems = refusal(
        Unreachable, ONES, [margin("residents", 30.0, of=PERSONS), margin("households", 1.0, unit="households")],
        method="logit", bounds=(0.5, 2.0),
    )  # fmt: skip
    assert problems == [
        "calibrate margins: households: found 1 households, but weights between 0.5 and 2 times the old ones give more "
        "than 3 households and less than 12 households",
        "calibrate margins: residents: found 30 persons, but weights between 0.5 and 2 times the old ones give more "
        "than 7 persons and less than 28 persons",
    ]
    (problem,) = refusal(Unreachable, ONES, [margin("residents", 0.0, of=PERSONS)])
    assert "found 0 persons, but weights above 0 give more than 0 persons" in problem


def test_totals_that_stand_against_each_other_are_named_with_what_can_be_reached():
    """No household has more than 4 persons, so 6 of them have at most 24; what else is asked for has no part in it."""
    margins = [
        margin("residents", 30.0, of=PERSONS),
        margin("households", 6.0, unit="households"),
        margin("wages", {"town": 3.0, "land": None}, by=SIDE, of=np.array([1.0, 1.0, 3.0, 1.0, 1.0, 1.0]), unit="yuan"),
    ]
    for method, bounds in (("raking", None), ("logit", (0.0, 100.0))):
        (problem,) = refusal(Unreachable, ONES, margins, method=method, bounds=bounds)
        assert "reach all totals" in problem
        assert "residents comes to" in problem or "households comes to" in problem
        assert "below 30 persons" in problem or "above 6 households" in problem
    assert "with all others met" in problem


def test_totals_met_only_by_weights_of_nothing():
    """All households would have 4 persons and a trace more; there is one such row, the others would have no weight."""
    (problem,) = refusal(Unreachable, ONES, [margin("residents", 24.0000005, of=PERSONS), margin("households", 6.0)])
    assert "only where some weights are exactly at 0; 5 of 6 rows" in problem


def test_of_many_kinds_of_rows_only_some_need_be_looked_at(monkeypatch):
    """A few at a time comes to the same as all at once, raking and within bounds."""
    rng = np.random.default_rng(8)
    weight, persons, wage = rng.uniform(1, 3, 400), rng.integers(1, 6, 400).astype(float), rng.lognormal(0, 1, 400)
    margins = [margin("households", weight.sum()), margin("residents", 4.0 * weight.sum(), of=persons)]
    raking = [*margins, margin("wages", 1e-3 * weight.sum(), of=wage, unit="yuan")]
    logit = [*margins, margin("wages", 1.2 * wage @ weight, of=wage, unit="yuan")]
    tight = {"method": "logit", "bounds": (0.7, 1.6)}
    whole = [refusal(Unreachable, weight, raking), refusal(Unreachable, weight, logit, **tight)]
    monkeypatch.setattr(nearest_totals, "_FREE", 20)
    monkeypatch.setattr(nearest_totals, "_MORE", 10)
    monkeypatch.setattr(nearest_totals, "_ROUNDS", 100)
    assert [refusal(Unreachable, weight, raking), refusal(Unreachable, weight, logit, **tight)] == whole
    assert all("with all others met" in problem for (problem,) in whole)
    monkeypatch.setattr(nearest_totals, "_ROUNDS", 1)
    assert "were found" in refusal(Unreachable, weight, logit, **tight)[0]


def test_a_failed_search_is_not_the_users_fault(monkeypatch):
    """Totals that can be met, and a search that ends too soon."""
    monkeypatch.setattr("incomesim.population.weights._ROUNDS", 1)
    with pytest.raises(ArithmeticError, match="the search for weights failed"):
        calibrate(ONES, [margin("residents", 20.0, of=PERSONS), margin("households", 6.5)])
