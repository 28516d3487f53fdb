"""Gaps between groups against definitions and least squares by another road."""

from functools import partial

import numpy as np
import pytest

from incomesim import measures


@pytest.fixture(scope="module")
def workers():
    rng = np.random.default_rng(6)
    n = 400
    woman = rng.random(n) < 0.45
    school = rng.integers(6, 20, n) - 1.0 * woman
    age = rng.uniform(20, 60, n)
    wage = 5 + 1.1 * school + 0.1 * age - woman * (1 + 0.2 * school) + rng.normal(0, 2, n)
    return {"school": school, "age": age}, wage, np.where(woman, "woman", "man"), rng.integers(1, 5, n).astype(float)


def test_gap_of_means_medians_and_quantiles(workers):
    _, wage, sex, weight = workers
    man, woman = sex == "man", sex == "woman"
    means = [np.average(wage[who], weights=weight[who]) for who in (man, woman)]
    gap = measures.gap(wage, sex, weight, measure=measures.mean, reference="man", compared="woman")
    assert gap.difference == pytest.approx(means[0] - means[1], rel=1e-12)
    assert gap.relative == pytest.approx((means[0] - means[1]) / means[0], rel=1e-12)
    assert gap.ratio == pytest.approx(means[0] / means[1], rel=1e-12)
    low = partial(measures.quantile, p=0.1)
    lower = measures.gap(wage, sex, measure=low, reference="man", compared="woman")
    assert lower.compared == measures.quantile(wage[woman], p=0.1)
    with pytest.raises(measures.UndefinedMeasure, match="nobody is in group 'boy'; there are 'man', 'woman'"):
        measures.gap(wage, sex, measure=low, reference="man", compared="boy")
    with pytest.raises(measures.UndefinedMeasure, match="a relative gap needs one above 0"):
        _ = measures.gap([0, 1], ["a", "b"], measure=low, reference="a", compared="b").relative


def by_normal_equations(columns, wage, weight, who):
    """Weighted least squares as the solution of X'WX b = X'Wy, constant last."""
    x = np.column_stack([*columns.values(), np.ones(len(wage))])[who]
    w = weight[who]
    return np.average(x, axis=0, weights=w), np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * wage[who]))


def test_oaxaca_blinder(workers):
    columns, wage, sex, weight = workers
    means_m, slopes_m = by_normal_equations(columns, wage, weight, sex == "man")
    means_w, slopes_w = by_normal_equations(columns, wage, weight, sex == "woman")
    both = {**columns, "man": (sex == "man").astype(float)}
    pooled = np.delete(by_normal_equations(both, wage, weight, np.ones(len(wage), bool))[1], 2)
    gap = means_m @ slopes_m - means_w @ slopes_w
    fair = {"REFERENCE": slopes_m, "COMPARED": slopes_w, "POOLED": pooled}
    ask = partial(measures.oaxaca_blinder, wage, columns, sex, weight, reference="man", compared="woman")
    for coefficients in measures.Coefficients:
        split = ask(coefficients=coefficients)
        slopes = fair[coefficients.name]
        assert split.characteristics == ("school", "age", "constant")
        np.testing.assert_allclose(split.explained_of, (means_m - means_w) * slopes, atol=1e-9)
        np.testing.assert_allclose(
            split.unexplained_of, means_m * (slopes_m - slopes) + means_w * (slopes - slopes_w), atol=1e-9
        )
        assert split.explained + split.unexplained == pytest.approx(gap, abs=1e-10)
    three = measures.oaxaca_blinder_threefold(wage, columns, sex, weight, reference="man", compared="woman")
    np.testing.assert_allclose(three.endowments_of, (means_m - means_w) * slopes_w, atol=1e-9)
    np.testing.assert_allclose(three.coefficients_of, means_w * (slopes_m - slopes_w), atol=1e-9)
    total = three.endowments_of + three.coefficients_of + three.interaction_of
    assert total.sum() == pytest.approx(gap, abs=1e-10)
    twins = {"school": columns["school"], "months": 12 * columns["school"]}
    with pytest.raises(measures.UndefinedMeasure, match="3 characteristics with the constant have rank 2"):
        measures.oaxaca_blinder_threefold(wage, twins, sex, reference="man", compared="woman")


def test_oaxaca_blinder_of_statsmodels():
    """Numbers printed by statsmodels 0.15.0, `OaxacaBlinder(wage, X, "man", swap=False)`: three_fold(), two_fold("pooled")."""
    i = np.arange(60)
    school, age, man = 6 + (7 * i) % 13, 20 + (11 * i) % 41, i % 3 > 0
    wage = 2 + 0.9 * school + 0.05 * age + man * (1 + 0.1 * school) + ((17 * i * i) % 23) / 7
    asked = (wage, {"school": school, "age": age}, man)
    three = measures.oaxaca_blinder_threefold(*asked, reference=False, compared=True)
    assert three.endowments_of.sum() == pytest.approx(-0.26119172149915415, abs=1e-10)
    assert three.coefficients_of.sum() == pytest.approx(-2.197094517774753, abs=1e-10)
    assert three.interaction_of.sum() == pytest.approx(0.010071953559616322, abs=1e-10)
    pooled = measures.Coefficients.POOLED
    two = measures.oaxaca_blinder(*asked, reference=False, compared=True, coefficients=pooled)
    assert two.unexplained == pytest.approx(-2.1866330692827667, abs=1e-10)
    assert two.explained == pytest.approx(-0.26158121643152404, abs=1e-10)


def test_winners_worked_by_hand():
    before, after = [10, 20, 30, 40], [12, 20, 27, 41]
    found = measures.winners(before, after, [1, 1, 2, 1])
    assert (found.gainers, found.losers) == pytest.approx((0.4, 0.4))
    assert (found.gained, found.lost) == pytest.approx((3 / 5, 6 / 5))
    assert (found.mean_gain, found.mean_loss) == pytest.approx((1.5, 3.0))
    assert found.unchanged == pytest.approx(0.2)
    assert found.gained - found.lost == pytest.approx(
        measures.mean(after, [1, 1, 2, 1]) - measures.mean(before, [1, 1, 2, 1])
    )
    assert measures.winners(before, after, threshold=2).losers == 0.25  # a change of 2 is none
    with pytest.raises(measures.UndefinedMeasure, match="nobody loses"):
        _ = measures.winners(before, before).mean_loss
    halves = measures.quantile_groups(before, number=2)
    by_origin = measures.winners_by_group(before, after, halves)
    assert by_origin.labels == (0, 1)
    assert [group.gainers for group in by_origin.winners] == [0.5, 0.5]
    assert [group.lost for group in by_origin.winners] == pytest.approx([0.0, 1.5])


def test_relative_distribution():
    """Closed forms for uniform incomes: in the middle half, at both ends, and the same."""
    p = (np.arange(4_000) + 0.5) / 4_000
    middle, ends = 0.25 + 0.5 * p, np.where(p < 0.5, p / 2, 0.5 + p / 2)
    _, density = measures.relative_distribution(p, middle, number=4)
    np.testing.assert_allclose(density, [0, 2, 2, 0], atol=2e-3)
    assert measures.relative_polarisation(p, middle) == pytest.approx(-0.5, abs=1e-3)
    assert measures.relative_polarisation(p, 7 * ends) == pytest.approx(0.5, abs=1e-3)  # scaled: only shape counts
    ties, weight = [1.0, 2.0, 2.0, 5.0, 8.0], [1.0, 2.0, 1.0, 3.0, 2.0]
    same = measures.rank(ties, weight)
    np.testing.assert_allclose(measures.relative_distribution(same, same)[1], 1.0)
    assert measures.relative_polarisation(np.repeat(ties, np.array(weight, int)), same) == pytest.approx(0.0, abs=1e-12)
    # half below the lowest, half above the highest of the reference
    np.testing.assert_allclose(measures.relative_distribution([1, 2, 3, 4], [0, 9], number=4)[1], [2, 0, 0, 2])
    with pytest.raises(measures.UndefinedMeasure, match="medians are 0 and 1"):
        measures.relative_polarisation([0.0], [1.0])
