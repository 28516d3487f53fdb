"""Lorenz curves of grouped data: published cases, closed forms against integrals, what fails and where."""

import csv
import math
import re
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize

from incomesim import measures
from incomesim.measures import UndefinedMeasure, grouped_data
from incomesim.measures.grouped_data import BetaLorenz, GeneralQuadratic, LognormalLorenz
from incomesim.published import read_lorenz_parameters
from tests.conftest import ROOT

TABLES = Path(__file__).parent / "tables"
MONEY = {"datt": (109.9, 89.0), "wbpip": (51.5660557757944, 57.791666666666664), "saeb": (214.28, 200.0)}
"""Mean and poverty line."""


def rows(name):
    with (TABLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def points_of(table):
    of_table = [row for row in rows("grouped_data.csv") if row["table"] == table]
    return grouped_data.lorenz_points(*([float(row[column]) for row in of_table] for column in ("people", "income")))


def fitted(table):
    points = points_of(table)
    return {
        "general_quadratic": grouped_data.fit_general_quadratic(points),
        "beta": grouped_data.fit_beta_lorenz(points),
    }


def parameters(curve):
    return vars(curve).values()


def ours(row, curve):
    mean, line = MONEY[row["data"]]
    poverty, _, of = row["measure"].partition("_to_")
    orders = {"headcount": 0, "gap": 1, "squared_gap": 2}
    if poverty in orders:
        if of:
            return getattr(grouped_data.elasticity(curve, mean=mean, line=line, order=orders[poverty]), of)
        return grouped_data.fgt(curve, mean=mean, line=line, order=orders[poverty])
    match row["measure"].split("_"):
        case ["share", "top", part]:
            return grouped_data.share(curve, lower=1 - float(part) / 100, upper=1.0)
        case ["share", part]:
            return grouped_data.share(curve, lower=0.0, upper=float(part) / 100)
        case ["error"]:
            return grouped_data.squared_error(curve, points_of(row["data"]))
        case ["error", "of", "poor"]:
            return grouped_data.squared_error(curve, points_of(row["data"]), up_to=curve.rank(line / mean))
        case ["median"]:
            return grouped_data.median(curve, mean=mean)
        case [("a" | "b" | "c") as name]:
            return dict(zip("abc", parameters(curve), strict=True))[name]
    return getattr(grouped_data, row["measure"])(curve)


def last_digit(printed):
    digits, _, power = printed.partition("e")
    return 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


@pytest.mark.parametrize(
    "row", rows("grouped.csv"), ids=lambda row: "-".join((row["data"], row["curve"], row["measure"]))
)
def test_published(row):
    """To the last digit printed: Datt's paper, PovcalNet, and the World Bank's package for PIP."""
    value = ours(row, fitted(row["data"])[row["curve"]])
    assert value == pytest.approx(float(row["value"]), abs=0.51 * last_digit(row["value"]))


CURVES = {
    "ellipse": GeneralQuadratic(0.8877478436239881, -1.4514459181271322, 0.20264004773877686),
    "hyperbola": GeneralQuadratic(0.1, -0.8, 0.92),
    "near_parabola": GeneralQuadratic(0.1224, -0.7, 0.9),
    "beta": BetaLorenz(0.5613531744252743, 0.9309500660490762, 0.5800259243683251),
    "steep_beta": BetaLorenz(0.7, 0.97, 0.4),
    "lognormal": LognormalLorenz(0.7),
}


@pytest.mark.parametrize("name", CURVES)
def test_closed_forms_are_the_integrals(name):
    curve = CURVES[name]
    area = quad(lambda p: float(curve.ordinate(p)), 0.0, 1.0, epsabs=1e-12, limit=200)[0]
    assert grouped_data.gini(curve) == pytest.approx(1.0 - 2.0 * area, abs=1e-8)
    for poor in (0.02, 0.3, 0.6, 0.95):
        slope = float(curve.slope(poor))
        assert curve.rank(slope) == pytest.approx(poor, rel=1e-11)
        square = quad(lambda p, slope=slope: (1.0 - float(curve.slope(p)) / slope) ** 2, 0.0, poor, limit=200)[0]
        assert grouped_data.fgt(curve, mean=2.0, line=2.0 * slope, order=2) == pytest.approx(square, abs=1e-8)
    p, step = np.array([0.1, 0.5, 0.95]), 1e-5
    np.testing.assert_allclose(
        (curve.ordinate(p + step) - curve.ordinate(p - step)) / (2 * step), curve.slope(p), rtol=1e-7
    )
    np.testing.assert_allclose(
        (curve.slope(p + step) - curve.slope(p - step)) / (2 * step), curve.curvature(p), rtol=1e-6
    )


@pytest.mark.parametrize("name", CURVES)
def test_people_of_a_curve_have_its_measures(name):
    """The measures of single incomes agree with those of the curve under the same name."""
    curve = CURVES[name]
    people = grouped_data.people(curve, mean=500.0)
    assert measures.mean(people) == pytest.approx(500.0)
    assert 0.0 <= grouped_data.gini(curve) - measures.gini(people) < 1e-4
    assert grouped_data.hoover(curve) == pytest.approx(
        float(np.max(np.subtract(*measures.lorenz(people, points=10_001)))), abs=1e-6
    )
    for at in ({"top": 0.1, "bottom": 0.4}, {"top": 0.2, "bottom": 0.2}):
        assert grouped_data.share_ratio(curve, **at) == pytest.approx(measures.share_ratio(people, **at), rel=1e-9)
    for p in (0.1, 0.5, 0.9):
        assert grouped_data.quantile(curve, mean=500.0, p=p) == pytest.approx(measures.quantile(people, p=p), rel=1e-3)
    for order in (0, 1, 2):
        of = {"line": 300.0, "order": order}
        assert grouped_data.fgt(curve, mean=500.0, **of) == pytest.approx(measures.fgt(people, **of), abs=2e-4)


@pytest.mark.parametrize("name", ["ellipse", "hyperbola", "lognormal"])
def test_logarithms(name):
    curve = CURVES[name]
    people = grouped_data.people(curve, mean=1.0)
    assert grouped_data.mld(curve) == pytest.approx(measures.mld(people), abs=1e-5)
    assert grouped_data.theil(curve) == pytest.approx(measures.theil(people), abs=1e-3)
    poor = people.income[people.income < 0.8]
    assert grouped_data.watts(curve, mean=1.0, line=0.8) == pytest.approx(np.log(0.8 / poor).sum() / 10_000, abs=1e-5)


def test_integrals_up_to_a_slope_that_is_nearly_infinite():
    """a + c a little below 1: adaptive integration over ranks gives up with a warning, which here is an error."""
    curve = GeneralQuadratic(0.49962972052460786, -0.30707170952428653, 0.5003092832581839)
    assert grouped_data.mld(curve) == pytest.approx(measures.mld(grouped_data.people(curve, mean=1.0)), abs=1e-3)
    assert grouped_data.theil(GeneralQuadratic(0.5, -0.3, 0.5)) == pytest.approx(0.411827, abs=1e-6)


def test_lognormal():
    curve = grouped_data.lognormal_with_gini(0.4)
    assert grouped_data.gini(curve) == pytest.approx(0.4, abs=1e-15)
    assert grouped_data.mld(curve) == pytest.approx(curve.sigma**2 / 2, abs=1e-9)
    assert grouped_data.theil(curve) == pytest.approx(curve.sigma**2 / 2, abs=1e-9)
    assert grouped_data.median(curve, mean=1.0) == pytest.approx(math.exp(-(curve.sigma**2) / 2))
    assert curve.failures == ()


QUADRATICS = (
    st.tuples(st.floats(0.1, 1.5), st.floats(-2.0, 0.5), st.floats(0.05, 1.0))
    .filter(lambda given: abs(given[1] ** 2 - 4 * given[0]) > 1e-5)
    .map(lambda given: GeneralQuadratic(*given))
)
BETAS = st.builds(BetaLorenz, st.floats(0.05, 0.9), st.floats(0.75, 1.0), st.floats(0.2, 1.0))


@settings(deadline=None, max_examples=60)
@given(st.one_of(QUADRATICS, BETAS, st.builds(LognormalLorenz, st.floats(0.05, 2.0))), st.floats(0.02, 0.98))
def test_any_curve(curve, p):
    """Convex and below the diagonal; ranks and slopes are inverse; gaps shrink with the order for incomes above 0."""
    assume(not {failure.condition for failure in curve.failures} - {"L(1) = 1", "L'(p) >= 0"})
    ranks = np.linspace(0.001, 0.999, 40)
    assert (np.diff(curve.slope(ranks)) >= -1e-12).all()
    assert (curve.ordinate(ranks) <= ranks + 1e-12).all()
    slope = float(curve.slope(p))
    assume(slope > 0.01)
    assert float(curve.slope(curve.rank(slope))) == pytest.approx(slope, rel=1e-7)
    if float(curve.slope(0.0)) >= 0.0:
        assert -1e-9 <= grouped_data.gini(curve) <= 1.0
        head, gap, square = (grouped_data.fgt(curve, mean=1.0, line=slope, order=order) for order in (0, 1, 2))
        assert head + 1e-9 >= gap >= square - 1e-9 >= -1e-9


def test_ranks_of_a_curve_next_to_a_parabola():
    """b^2 - 4a is 2e-6: the textbook root would lose half its digits."""
    curve = GeneralQuadratic(0.1225 - 5e-7, -0.7, 0.9)
    for p in (0.05, 0.5, 0.9):
        assert curve.rank(float(curve.slope(p))) == pytest.approx(p, rel=1e-12)
    with pytest.raises(UndefinedMeasure, match="further from 0"):
        GeneralQuadratic(0.1225, -0.7, 0.9)


def test_the_rest_goes_to_the_top_where_the_curve_ends_below_1():
    short = fitted("wbpip")["general_quadratic"]
    assert grouped_data.lorenz(short)[1][-1] == 1.0
    assert grouped_data.share(short, lower=0.9, upper=1.0) == pytest.approx(0.2784329517)  # wbpip, as in grouped.csv
    assert measures.mean(grouped_data.people(short, mean=3.0)) == pytest.approx(3.0)


def test_a_table_of_curve_points_gives_the_curve_back():
    p = np.linspace(0.1, 1.0, 10)
    quadratic, beta = CURVES["ellipse"], CURVES["beta"]
    found = grouped_data.fit_general_quadratic(grouped_data.lorenz_points(p, quadratic.ordinate(p)))
    np.testing.assert_allclose(list(parameters(found)), list(parameters(quadratic)), rtol=1e-9)
    found = grouped_data.fit_beta_lorenz(grouped_data.lorenz_points(p, beta.ordinate(p)))
    np.testing.assert_allclose(list(parameters(found)), list(parameters(beta)), rtol=1e-9)


def test_the_first_point_may_be_there():
    points = grouped_data.lorenz_points([0.0, 0.4, 1.0], [0.0, 0.2, 1.0])
    np.testing.assert_array_equal(points.people, [0.4, 1.0])


def test_classes_and_shares_are_one_table():
    """The classes of Datt's table give its Lorenz points up to the digits printed."""
    persons = [0.92, 2.47, 5.11, 7.90, 9.69, 15.24, 13.64, 16.99, 10.00, 9.78, 3.96, 1.81, 2.49]
    means = [24.84, 35.80, 45.36, 55.10, 64.92, 77.08, 91.75, 110.64, 134.90, 167.76, 215.48, 261.66, 384.97]
    points = grouped_data.class_points(persons, means)
    np.testing.assert_allclose(points.people, points_of("datt").people, atol=5e-5)
    np.testing.assert_allclose(points.income, points_of("datt").income, atol=2e-5)


def test_watts_and_mld_of_pip_are_step_rules():
    """wbpip adds the first slice twice and leaves out the top one; the integrals differ (Datt: Watts 0.165, 0.1596)."""
    curve, step = CURVES["ellipse"], 0.001
    edges = np.log(curve.slope(np.arange(0.0, 0.9995, step)))
    by_steps = -(float(np.log(curve.slope(step / 2))) * step + ((edges[1:] + edges[:-1]) / 2).sum() * step)
    assert by_steps == pytest.approx(0.137680871901806, abs=1e-9)  # pipster tests/testthat/test-pipgd_dist.R @2e09618
    assert grouped_data.mld(curve) == pytest.approx(0.134825, abs=1e-6)
    assert grouped_data.watts(curve, mean=109.9, line=89.0) == pytest.approx(0.159615, abs=1e-6)


def conditions(curve):
    return [failure.condition for failure in curve.failures]


def test_what_fails_and_where():
    assert conditions(CURVES["ellipse"]) == conditions(CURVES["lognormal"]) == []
    (short,) = fitted("wbpip")["general_quadratic"].failures
    assert (short.condition, short.lower) == ("L(1) = 1", 1.0)
    assert short.value == pytest.approx(0.943, abs=5e-4)
    (negative,) = CURVES["beta"].failures
    assert (negative.condition, negative.lower, negative.value) == ("L'(p) >= 0", 0.0, -math.inf)
    assert float(CURVES["beta"].slope(negative.upper)) == pytest.approx(0.0, abs=1e-9)
    assert str(negative) == "L'(p) >= 0 fails at p from 0 to 8.274e-05: -inf"
    falling = GeneralQuadratic(1.2, -1.4, -0.1)
    (below,) = falling.failures
    assert (below.condition, float(falling.slope(below.upper))) == ("L'(p) >= 0", pytest.approx(0.0, abs=1e-12))
    assert "L(0) = 0" in conditions(GeneralQuadratic(0.3, -1.0, -0.5))
    assert conditions(BetaLorenz(0.4, 1.2, 0.5)) == ["L''(p) >= 0"]
    assert conditions(BetaLorenz(0.4, 0.9, 1.2)) == ["L''(p) >= 0"]
    assert conditions(GeneralQuadratic(0.3, -1.5, 0.3)) == ["L(p) is a real number"]


@pytest.mark.parametrize("curve", [BetaLorenz(0.4, 1.2, 0.5), BetaLorenz(0.4, 0.9, 1.2)])
def test_the_ranks_of_a_failure(curve):
    """Where convexity is said to fail it fails, and nowhere else."""
    (failure,) = curve.failures
    p = np.linspace(0.0, 1.0, 2002)[1:-1]
    np.testing.assert_array_equal(curve.curvature(p) < 0.0, (p > failure.lower) & (p < failure.upper))


def test_measures_refuse_what_is_no_curve():
    for curve in (GeneralQuadratic(0.3, -1.5, 0.3), GeneralQuadratic(0.3, -1.0, -0.5), BetaLorenz(0.4, 1.2, 0.5)):
        for measure in (grouped_data.gini, grouped_data.hoover, grouped_data.mld):
            with pytest.raises(UndefinedMeasure, match="no Lorenz curve: L"):
                measure(curve)
        with pytest.raises(UndefinedMeasure, match="no Lorenz curve"):
            grouped_data.fgt(curve, mean=1.0, line=0.5, order=0)
    for measure in (grouped_data.mld, grouped_data.theil):
        with pytest.raises(UndefinedMeasure, match=r"below 0 for a share of 8\.3e-05"):
            measure(CURVES["beta"])
    with pytest.raises(UndefinedMeasure, match=r"L\(1\) is below 1"):
        grouped_data.theil(fitted("wbpip")["general_quadratic"])
    with pytest.raises(UndefinedMeasure, match="no finite income"):
        grouped_data.quantile(CURVES["beta"], mean=1.0, p=1.0)
    with pytest.raises(UndefinedMeasure, match=r"gamma is 0\.5"):
        grouped_data.fgt(BetaLorenz(0.3, 0.5, 0.5), mean=1.0, line=0.5, order=2)
    with pytest.raises(UndefinedMeasure, match="order is 3"):
        grouped_data.fgt(CURVES["beta"], mean=1.0, line=0.5, order=3)
    with pytest.raises(UndefinedMeasure, match="line is -1"):
        grouped_data.watts(CURVES["ellipse"], mean=1.0, line=-1.0)


def test_lines_outside():
    """Nobody below the lowest income of the curve, everybody below the highest."""
    curve = CURVES["ellipse"]
    lowest, highest = (float(curve.slope(end)) for end in (0.0, 1.0))
    assert grouped_data.fgt(curve, mean=1.0, line=lowest * 0.99, order=0) == 0.0
    assert [grouped_data.fgt(curve, mean=1.0, line=highest * 2, order=order) for order in (0, 1)] == [
        1.0,
        pytest.approx(1.0 - 0.5 / highest),
    ]
    square = quad(lambda p: (1.0 - float(curve.slope(p)) / (2 * highest)) ** 2, 0.0, 1.0)[0]
    assert grouped_data.fgt(curve, mean=1.0, line=highest * 2, order=2) == pytest.approx(square, abs=1e-9)
    with pytest.raises(UndefinedMeasure, match="either side of the line"):
        grouped_data.elasticity(curve, mean=1.0, line=lowest, order=1)
    assert grouped_data.line_range(curve, mean=109.9) == pytest.approx((35.0360, 312.5041), abs=1e-4)


def test_elasticities_are_derivatives():
    curve, mean, line = CURVES["ellipse"], 109.9, 89.0
    for order in (0, 1, 2):
        up, down = (
            math.log(grouped_data.fgt(curve, mean=mean * by, line=line, order=order)) for by in (1.0001, 0.9999)
        )
        slope = (up - down) / math.log(1.0001 / 0.9999)
        assert grouped_data.elasticity(curve, mean=mean, line=line, order=order).mean == pytest.approx(slope, rel=1e-6)


def test_choice():
    datt = grouped_data.choose_lorenz(points_of("datt"), mean=109.9, line=89.0)
    assert datt.valid == (True, True)  # though the Beta curve falls near 0: PIP looks from 0.001 on
    assert datt.for_inequality is datt.for_poverty is datt.general_quadratic
    # PovcalNet: "use GQ (Both are valid, but GQ fits better)"
    saeb = grouped_data.choose_lorenz(points_of("saeb"), mean=214.28, line=200.0)
    assert saeb.for_inequality is saeb.for_poverty is saeb.general_quadratic
    assert saeb.errors_of_poor[0] < saeb.errors[0] < saeb.errors[1]
    p = np.linspace(0.05, 1.0, 20)
    assert grouped_data.choose_lorenz(points_of("wbpip"), mean=1.0, line=0.5).valid[0]  # L(1) = 0.943 will do
    from_beta = grouped_data.choose_lorenz(
        grouped_data.lorenz_points(p, CURVES["beta"].ordinate(p)), mean=1.0, line=0.6
    )
    assert from_beta.for_inequality is from_beta.for_poverty is from_beta.beta


@pytest.mark.parametrize(
    ("means", "valid", "for_inequality", "for_poverty"),
    [
        ([0.2, 0.5, 0.7, 1.2, 1.7, 4.5], (True, False), GeneralQuadratic, GeneralQuadratic),  # though Beta fits better
        ([0.5, 0.7, 1.6, 1.9, 2.2, 3.2], (False, True), BetaLorenz, BetaLorenz),  # the other has L(0) below 0
        ([0.6, 1.1, 1.3, 1.5, 1.9, 2.2], (False, False), None, GeneralQuadratic),  # Beta fits better, but not the poor
        ([0.3, 1.0, 1.6, 1.9, 3.4, 4.6], (False, False), None, GeneralQuadratic),  # Beta is not convex
        (
            [0.6, 0.8, 1.0, 1.1, 1.2, 1.3],
            (False, False),
            None,
            GeneralQuadratic,
        ),  # nor here, between ranks PIP looks at
        ([0.6, 0.7, 0.8, 0.9, 2.7, 17.3], (False, False), None, None),  # neither is a curve
    ],
)
def test_choice_where_something_fails(means, valid, for_inequality, for_poverty):
    points = grouped_data.class_points(np.ones(6), means)
    choice = grouped_data.choose_lorenz(points, mean=np.mean(means), line=0.6 * np.mean(means))
    assert choice.valid == valid
    assert isinstance(choice.for_inequality, for_inequality or type(None))
    assert isinstance(choice.for_poverty, for_poverty or type(None))
    assert (min(choice.errors) == math.inf) == (for_poverty is None)


@pytest.mark.parametrize(
    ("people", "income", "message"),
    [
        ([20, 40, 60, 80, 100], [6, 18, 35, 60, 100], r"the last point is \(100, 100\), expected \(1, 1\)"),
        ([0.2, 0.2, 0.5, 1.0], [0.1, 0.1, 0.3, 1.0], "row 1 does not"),
        ([0.2, 0.4, 0.6, 1.0], [0.1, 0.3, 0.45, 1.0], r"group 2 has 0\.75 times the mean"),
        ([0.5, 1.0, 1.0], [0.2, 1.0], "shapes"),
        ([0.5, np.nan, 1.0], [0.2, 0.5, 1.0], "finite"),
    ],
)
def test_bad_tables(people, income, message):
    with pytest.raises(UndefinedMeasure, match=message):
        grouped_data.lorenz_points(people, income)


def test_bad_classes_and_too_few():
    with pytest.raises(UndefinedMeasure, match="weights above 0"):
        grouped_data.class_points([1.0, 0.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(UndefinedMeasure, match="all income is 0"):
        grouped_data.class_points([1.0, 1.0], [0.0, 0.0])
    with pytest.raises(UndefinedMeasure, match="there are 3 groups"):
        grouped_data.fit_general_quadratic(grouped_data.class_points([1, 1, 1], [1, 2, 3]))
    with pytest.raises(UndefinedMeasure, match="no less than their share"):
        grouped_data.fit_beta_lorenz(grouped_data.class_points([1, 1, 1, 1], [1, 1, 1, 1]))
    with pytest.raises(UndefinedMeasure, match="leave the parameters open"):
        grouped_data.fit_general_quadratic(grouped_data.class_points([1, 1, 1, 1], [1, 1, 1, 1]))
    for bad in ({"mean": 0.0, "line": 1.0}, {"mean": 1.0, "line": -1.0}):
        with pytest.raises(UndefinedMeasure, match="expected numbers above 0"):
            grouped_data.choose_lorenz(points_of("datt"), **bad)


FORMS = {"general quadratic": GeneralQuadratic, "beta": BetaLorenz}


def test_parameters_of_china():
    """Gini and shares of the published curves as integrated when the table was made (5 digits), and what fails."""
    table = resources.files("incomesim.published").joinpath("china_pip_lorenz.csv").read_text("utf-8")
    known = list(csv.DictReader(table.splitlines()))
    facts = read_lorenz_parameters()
    assert len(facts) == len(known) == 84
    failing = []
    for fact, row in zip(facts, known, strict=True):
        curve = FORMS[fact.form](*fact.parameters)
        assert grouped_data.gini(curve) == pytest.approx(float(row["gini_calc"]), abs=6e-6)
        ends = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
        fifths = [grouped_data.share(curve, lower=lower, upper=upper) for lower, upper in pairwise(ends)]
        assert fifths == pytest.approx([float(row[f"s_q{number}"]) for number in range(1, 6)], abs=6e-6)
        assert grouped_data.share(curve, lower=0.99, upper=1.0) == pytest.approx(float(row["s_top1"]), abs=6e-6)
        failing += [(fact.form, failure.condition, fact.year, fact.residence) for failure in curve.failures]
    assert [each for each in failing if each[0] != "beta"] == [
        ("general quadratic", "L(1) = 1", 1990, "rural"),
        ("general quadratic", "L(1) = 1", 1993, "rural"),
    ]
    assert len(failing) == 2 + 42  # every Beta curve falls below 0 near p = 0


US_1968 = (
    [482, 825, 722, 690, 661, 760, 745, 2140, 1911, 1024],
    [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261],
)
"""Households and mean incomes of ten classes; data of R ineq, Lc.mehran."""


@pytest.mark.parametrize("table", ["datt", "saeb", "us"])
def test_bounds_of_the_gini_are_reached(table):
    """Everybody at the mean, or at the limits between groups, with a vanishing few who have the rest at the top."""
    points = grouped_data.class_points(*US_1968) if table == "us" else points_of(table)
    bounds = grouped_data.gini_bounds(points)
    width = np.diff(points.people, prepend=0.0)
    mean = np.diff(points.income, prepend=0.0) / width
    assert measures.gini(mean, width) == pytest.approx(bounds.low, abs=1e-12)

    def spread_at(limits):
        low, high = np.concatenate([[0.0], limits]), np.concatenate([limits, [1e9]])
        top = np.divide(mean - low, high - low, out=np.zeros_like(mean), where=high > low)
        return measures.gini(
            np.column_stack([low, high]).ravel(), np.column_stack([width * (1 - top), width * top]).ravel()
        )

    found = minimize(
        lambda limits: -spread_at(limits),
        0.5 * (mean[1:] + mean[:-1]),
        bounds=list(pairwise(mean)),
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    assert bounds.high == pytest.approx(-found.fun, abs=2e-8)
    assert -found.fun <= bounds.high + 1e-9


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.0, 1e4), min_size=8, max_size=40), st.integers(2, 6))
def test_the_gini_lies_within_its_bounds(income, groups):
    income = np.sort(np.array(income) + 1e-3)
    of = np.arange(len(income)) * groups // len(income)
    persons = np.bincount(of)
    points = grouped_data.class_points(persons, np.bincount(of, income) / persons)
    bounds = grouped_data.gini_bounds(points)
    assert bounds.low - 1e-12 <= measures.gini(income) <= bounds.high + 1e-12


def test_bounds_of_equal_groups():
    bounds = grouped_data.gini_bounds(grouped_data.class_points([1, 1], [3.0, 3.0]))
    assert bounds.low == pytest.approx(0.0, abs=1e-15)
    assert bounds.high == pytest.approx(0.0, abs=1e-15)
    with pytest.raises(UndefinedMeasure, match="below 0"):
        grouped_data.gini_bounds(grouped_data.class_points([1, 1], [-1.0, 3.0]))


SECTION = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8").partition("## Grouped data")[2]
CALLS = dict(re.findall(r"^\| `(.*)` \| ([\d. -]+) \|", SECTION, re.MULTILINE))


@pytest.fixture(scope="module")
def page():
    names = {}
    exec(re.search(r"```python\n(.*?)```", SECTION, re.DOTALL)[1], names)
    return names


@pytest.mark.parametrize("call", CALLS)
def test_the_page_says_what_comes_out(page, call):
    np.testing.assert_allclose(eval(call, page), [float(number) for number in CALLS[call].split()], rtol=1e-5)


def test_the_page_has_every_measure_of_a_curve():
    there = {call.partition("(")[0] for call in CALLS}
    others = "choose_lorenz class_points fit_beta_lorenz fit_general_quadratic gini_bounds lognormal_with_gini lorenz_points people"
    assert {name for name in grouped_data.__all__ if name.islower()} - there == {
        *others.split(),
        "lorenz",
        "squared_error",
    }
