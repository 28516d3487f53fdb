"""The tables of axioms in docs/measures.md: each yes is tried on random people, each no has an example."""

import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim import measures
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
quick = settings(deadline=None, max_examples=40)
people = st.lists(st.tuples(st.floats(1.0, 1e3), st.integers(1, 9)), min_size=2, max_size=12).map(
    lambda rows: (np.round([row[0] for row in rows], 3), np.array([float(row[1]) for row in rows]))
)
different = st.lists(st.floats(1.0, 100.0), min_size=3, max_size=10).map(np.array).filter(lambda x: np.ptp(x) > 1.0)
LINE = 60.0


def read_axioms(first):
    """The table that has this column second: {column: {call: said}}."""
    rows = re.search(rf"^\| measure \| {first} .*\n.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    columns = rows[0].split("\n")[0].strip("| ").split(" | ")[1:]
    cells = [row.strip("| ").split(" | ") for row in rows[1].strip().split("\n")]
    return {column: {row[0].strip("`"): row[i + 1] for row in cells} for i, column in enumerate(columns)}


INEQUALITY, POVERTY, LOCATION = (read_axioms(first) for first in ("scale", "focus", "factor"))


def called(call):
    name, _, given_ = call.rstrip(")").partition("(")
    parameters = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.-]+)", given_)}
    parameters |= {k: measures.QuantileType[v] for k, v in re.findall(r"(\w+)=(TYPE_\d)", given_)}
    return partial(getattr(measures, name), **parameters)


def those(table, column, *said):
    found = [(call, called(call)) for call, word in table[column].items() if word in said]
    assert found or said == ("weak",)
    return found


def near(value, scale=1.0):
    return pytest.approx(value, rel=1e-8, abs=1e-9 * scale)


@quick
@given(people=people, factor=st.floats(1e-2, 1e2))
def test_scale(people, factor):
    income, weight = people
    for call, measure in those(INEQUALITY, "scale", "yes"):
        assert measure(income * factor, weight) == near(measure(income, weight)), call
    for call, measure in those(INEQUALITY, "scale", "no"):
        assert measure([2.0, 6.0]) != near(measure([1.0, 3.0])), call


@quick
@given(people=people, more=st.floats(0.0, 1e3))
def test_translation(people, more):
    income, weight = people
    for call, measure in those(INEQUALITY, "translation", "yes"):
        assert measure(income + more, weight) == near(measure(income, weight), 1e3), call
    for call, measure in those(INEQUALITY, "translation", "no"):
        assert measure([2.0, 3.0, 4.0, 11.0]) != near(measure([1.0, 2.0, 3.0, 10.0])), call


@quick
@given(people=people, factor=st.floats(1e-3, 1e3), seed=st.integers(0, 1000))
def test_replication(people, factor, seed):
    """Rows for weights, weights in another unit, another order, a row divided, rows of weight 0."""
    income, weight = people
    order = np.random.default_rng(seed).permutation(len(income))
    for call, measure in those(INEQUALITY, "replication", "yes"):
        value = near(measure(income, weight), 1e3)
        assert measure(np.repeat(income, weight.astype(int))) == value, call
        assert measure(income, weight * factor) == value, call
        assert measure(income[order], weight[order]) == value, call
        halves = np.append(weight, weight[0] / 2)
        halves[0] /= 2
        assert measure(np.append(income, income[0]), halves) == value, call
        assert measure(np.append(income, [1e9, 0.5]), np.append(weight, [0.0, 0.0])) == value, call
    for call, measure in those(INEQUALITY, "replication", "no"):
        assert measure([1.0, 1.0, 3.0, 3.0]) != near(measure([1.0, 3.0])), call


@quick
@given(income=different, part=st.floats(0.05, 0.5))
def test_transfers(income, part):
    after = transfer(income, int(np.argmax(income)), int(np.argmin(income)), part)
    for call, measure in those(INEQUALITY, "transfers", "yes"):
        assert measure(after) < measure(income), call
    for call, measure in those(INEQUALITY, "transfers", "weak"):
        assert measure(after) <= measure(income) + 1e-12, call


def transfer(income, richer, poorer, part):
    after = income.copy()
    moved = part * (income[richer] - income[poorer])
    after[[richer, poorer]] += -moved, moved
    return after


@pytest.mark.parametrize(("call", "measure"), those(INEQUALITY, "transfers", "no"))
def test_transfers_that_raise_it(call, measure):
    rng = np.random.default_rng(1)
    for _ in range(3_000):
        income = np.sort(rng.integers(1, 9, 12).astype(float) if rng.random() < 0.5 else rng.lognormal(0, 2, 12))
        poorer, richer = sorted(rng.choice(12, 2, replace=False))
        after = transfer(income, richer, poorer, rng.choice([0.25, 0.5]))
        if measure(after) > measure(income) + 1e-9:
            return
    pytest.fail(f"no transfer raises {call}")


@pytest.mark.parametrize(("call", "measure"), those(INEQUALITY, "transfers", "weak"))
def test_transfers_that_leave_it(call, measure):
    income = np.arange(1.0, 101.0)
    assert measure(transfer(income, 70, 65, 0.2)) == near(measure(income)), call


def test_low_transfers():
    """The same amount over the same distance, between two low and between two high people of random others."""
    rng = np.random.default_rng(2)
    failed = set()
    for _ in range(80):
        low, distance = rng.uniform(1.0, 5.0, 2)
        high = low + distance + rng.uniform(0.1, 20.0)
        others = [rng.lognormal(2, 1, 6), rng.lognormal(-2, 1, 6), rng.uniform(high, high + distance, 6)]
        income = np.concatenate([[low, low + distance, high, high + distance], others[rng.integers(3)]])
        for call, measure in those(INEQUALITY, "low transfers", "yes", "no"):
            fall = [measure(income) - measure(transfer(income, i + 1, i, 0.2)) for i in (0, 2)]
            if not fall[0] > fall[1] * (1 + 1e-9):
                failed.add(call)
    assert failed == {call for call, _ in those(INEQUALITY, "low transfers", "no")}


@quick
@given(people=people, other=people)
def test_decomposition_of_entropy(people, other):
    """Within: weights p^(1-a) s^a (Shorrocks 1980); between: of the means."""
    parts = [measures.rank(*part) for part in (people, other)]
    whole = [np.concatenate(columns) for columns in zip(people, other, strict=True)]
    heads = np.array([part.total_weight for part in parts])
    means = np.array([measures.mean(part) for part in parts])
    p, s = heads / heads.sum(), heads * means / (heads @ means)
    for call, measure in those(INEQUALITY, "decomposes", "yes"):
        alpha = {"theil": 1.0, "mld": 0.0}.get(call) if "=" not in call else float(call.strip(")").split("=")[1])
        within = sum(p ** (1 - alpha) * s**alpha * [measure(part) for part in parts])
        assert within + measure(means, heads) == near(measure(*whole)), call


@pytest.mark.parametrize(
    ("call", "measure"), [(c, called(c)) for c in [*INEQUALITY["scale"], "ge(alpha=0.5)"] if c != "lorenz_asymmetry"]
)
def test_equal_incomes_are_exactly_equal(call, measure):
    """Not to rounding, whatever the number."""
    least = {"quantile_ratio": 1.0, "share_ratio": 1.0, "palma": 0.25}.get(call.split("(")[0], 0.0)
    for income, weight in (([0.1] * 7, [0.3] * 7), ([1 / 3] * 3, [0.7, 0.1, 0.3]), ([1e9 + 0.1] * 2, [3.0, 0.2])):
        assert measure(income, weight) == (pytest.approx(least) if least else 0.0)
        assert not np.signbit(measure(income, weight))


def test_one_person_is_equal_and_no_sample():
    for call in INEQUALITY["scale"]:
        if "corrected" in call:
            with pytest.raises(measures.UndefinedMeasure, match="expected"):
                called(call)([3.0])
        elif not any(word in call for word in ("ratio", "palma", "asymmetry")):
            assert called(call)([0.1], [0.3]) == 0.0, call
    assert measures.lorenz_asymmetry([3.0]) == 1.0


@pytest.mark.parametrize("call", [c for c in INEQUALITY["scale"] if "ratio" not in c and "esteban" not in c])
def test_float32_is_added_up_as_float64(call):
    income = np.random.default_rng(3).lognormal(3, 0.6, 2_000).astype(np.float32)
    assert called(call)(income) == pytest.approx(called(call)(income.astype(np.float64)), rel=1e-6)


poor_people = st.lists(st.tuples(st.floats(1.0, 100.0), st.integers(1, 9)), min_size=2, max_size=12).map(
    lambda rows: (np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows]))
)


@quick
@given(people=poor_people, factor=st.floats(1e-2, 1e2), seed=st.integers(0, 1000))
def test_focus_and_units(people, factor, seed):
    income, weight = people
    others = np.where(income < LINE, income, LINE + np.random.default_rng(seed).uniform(0, 1e6, len(income)))
    for call, measure in those(POVERTY, "focus", "yes"):
        value = near(measure(income, weight, line=LINE))
        assert measure(others, weight, line=LINE) == value, call
        assert measure(income * factor, weight * factor, line=LINE * factor) == value, call
        assert measure(np.repeat(income, weight.astype(int)), line=LINE) == value, call


@quick
@given(people=poor_people, part=st.floats(0.05, 0.5))
def test_poverty_of_one_who_loses_and_of_two_who_share(people, part):
    income, weight = people[0] * 0.5, people[1]  # all are poor
    income[0] = max(income[0], 20.0)
    less = np.append(income[0] * (1 - part), income[1:])
    for call, measure in those(POVERTY, "monotonicity", "yes"):
        assert measure(less, weight, line=LINE) > measure(income, weight, line=LINE), call
    income = np.append(income, 10.0)
    after = transfer(income, 0, len(income) - 1, part)
    for call, measure in those(POVERTY, "transfers", "yes"):
        assert measure(after, line=LINE) < measure(income, line=LINE), call
    for call, measure in those(POVERTY, "transfers", "weak"):
        assert measure(after, line=LINE) <= measure(income, line=LINE) + 1e-12, call


def test_poverty_that_does_not_see():
    for call, measure in those(POVERTY, "monotonicity", "no"):
        assert measure([10.0, 90.0], line=LINE) == measure([20.0, 90.0], line=LINE), call
    for call, measure in those(POVERTY, "transfers", "weak"):
        assert measure([10.0, 30.0], line=LINE) == near(measure([20.0, 20.0], line=LINE)), call


def test_crossing_the_line():
    at, below = ([5.0, 20.0, z] for z in (LINE, LINE - 1e-9))
    for column, jumps in (("yes", False), ("no", True)):
        for call, measure in those(POVERTY, "continuity", column):
            assert (abs(measure(at, line=LINE) - measure(below, line=LINE)) > 1e-3) == jumps, call


@quick
@given(people=poor_people, other=poor_people)
def test_poverty_of_groups(people, other):
    parts = [measures.rank(*part) for part in (people, other)]
    whole = [np.concatenate(columns) for columns in zip(people, other, strict=True)]
    heads = np.array([part.total_weight for part in parts])
    for call, measure in those(POVERTY, "decomposes", "yes"):
        mean = np.average([measure(part, line=LINE) for part in parts], weights=heads)
        assert mean == near(measure(*whole, line=LINE)), call
    for call, measure in those(POVERTY, "decomposes", "no"):
        mean = (measure([5.0, 20.0], line=LINE) + measure([30.0, 90.0], line=LINE)) / 2
        assert mean != near(measure([5.0, 20.0, 30.0, 90.0], line=LINE)), call


@quick
@given(people=poor_people, order=st.sampled_from([2.0, 3.0]))
def test_fgt_is_made_of_its_three_parts(people, order):
    """Incidence, intensity, inequality: H I^a (1 + (a^2 - a) GE_a(gaps of the poor)) (Aristondo et al. 2010)."""
    income, weight = people
    poor = income < LINE
    if not poor.any():
        return
    head, gap = (measures.fgt(income, weight, line=LINE, order=k) for k in (0, 1))
    among = measures.ge(LINE - income[poor], weight[poor], alpha=order)
    expected = head * (gap / head) ** order * (1 + (order**2 - order) * among)
    assert measures.fgt(income, weight, line=LINE, order=order) == near(expected)


@quick
@given(people=people)
def test_identities(people):
    """Of measures.md and the literature: each ties two functions that share no line of code."""
    income, weight = people
    ranked = measures.rank(income, weight)
    entropy = partial(measures.ge, ranked)
    assert measures.atkinson(ranked, epsilon=1) == near(1 - np.exp(-measures.mld(ranked)))
    assert measures.atkinson(ranked, epsilon=2) == near(1 - 1 / (1 + 2 * entropy(alpha=-1)))
    assert entropy(alpha=2) == near(measures.cv(ranked) ** 2 / 2)
    assert entropy(alpha=1 + 1e-7) == pytest.approx(measures.theil(ranked), rel=1e-5, abs=1e-12)
    assert entropy(alpha=1e-7) == pytest.approx(measures.mld(ranked), rel=1e-5, abs=1e-12)
    assert measures.j_divergence(ranked) == near(measures.theil(ranked) + measures.mld(ranked))
    assert measures.s_gini(ranked, nu=2) == near(measures.gini(ranked))
    assert measures.absolute_gini(ranked) == near(measures.gini(ranked) * measures.mean(ranked))
    assert measures.der(ranked, alpha=0, bandwidth=1.0) == near(2 * measures.gini(ranked))
    assert measures.wolfson(ranked) == near(2 * measures.foster_wolfson(ranked))
    p, share = (np.append(0.0, below) / below[-1] for below in (ranked.weight_below, ranked.money_below))
    assert measures.hoover(ranked) == near((p - share).max())
    for gini in (measures.chen_tsaur_rhai_gini, measures.raffinetti_gini):
        assert gini(ranked) == near(measures.gini(ranked))
    line = 1.1 * measures.median(ranked)
    gaps = np.maximum(1 - income / line, 0)
    gap = measures.fgt(ranked, line=line, order=1)
    assert measures.sst(ranked, line=line) == near(gap * (1 + measures.gini(gaps, weight)))
    assert measures.tip(ranked, line=line)[1].max() == near(gap)
    assert measures.chu(ranked, line=line, order=0) == near(1 - np.exp(-measures.watts(ranked, line=line)))
    assert measures.chu(ranked, line=line, order=1) == near(gap)
    assert measures.chakravarty(ranked, line=line, order=1) == near(gap)


@quick
@given(people=people)
def test_zero_to_one_and_no_less_than_0(people):
    for call, measure in [(call, called(call)) for call in INEQUALITY["scale"] if not call.startswith("esteban_gr")]:
        value = measure(*people) if "corrected" not in call else measure(np.repeat(people[0], people[1].astype(int)))
        assert 0.0 <= value < np.inf, call
        if f"`{call}" in PAGE and re.search(rf"\| `{call.split('(')[0]}\(x.*\| 0 to 1 \|", PAGE):
            assert value <= 1.0 + 1e-12, call


@quick
@given(income=different, part=st.floats(0.05, 0.45))
def test_affluence_of_two_rich_who_share(income, part):
    after = transfer(income, int(np.argmax(income)), int(np.argmin(income)), part)
    convex, concave = (partial(f, line=0.5, order=2.0) for f in (measures.affluence_convex, measures.affluence_concave))
    gap = partial(measures.affluence_gap, line=0.5)
    assert concave(after) > concave(income)
    assert gap(after, order=0.5) > gap(income, order=0.5)
    assert convex(after) < convex(income)
    assert gap(income, order=0) == 1.0
    assert gap(income, order=1) == near(measures.affluence_concave(income, line=0.5, order=1))
    assert convex(income) == near(np.mean((income / 0.5 - 1.0) ** 2), 1e4)


def known(measure, income, weight=None):
    """The value, or None where a measure has none: nobody poor, a bottom without income."""
    try:
        return measure(income, weight)
    except measures.UndefinedMeasure:
        return None


@quick
@given(people=people, factor=st.sampled_from([0.25, 2.0, 1024.0]), more=st.integers(1, 1000))
def test_location_of_more_for_all(people, factor, more):
    """Powers of 2 and whole numbers, so that no income crosses a limit by rounding."""
    income, weight = np.round(people[0]), people[1]
    for column, after, follow in (
        ("factor", income * factor, lambda value: value * factor),
        ("amount", income + more, lambda value: value + more),
    ):
        for call, word in LOCATION[column].items():
            value, found = known(called(call), income, weight), known(called(call), after, weight)
            if value is not None and found is not None and word != "no":
                assert found == near(follow(value) if word == "follows" else value, 1e3), (call, column)


def test_location_that_neither_follows_nor_stays():
    income = np.array([10.0, 14.0, 18.0, 25.0, 30.0, 50.0, 55.0, 90.0])
    for column, after, follow in (("factor", 2.0 * income, 2.0), ("amount", income + 15.0, 1.0)):
        for call, word in LOCATION[column].items():
            value, found = called(call)(income), called(call)(after)
            if word == "no":
                followed = value * follow + (15.0 if column == "amount" else 0.0)
                assert found not in (near(value), near(followed)), call


@quick
@given(people=people, factor=st.sampled_from([0.25, 2.0, 1024.0]), seed=st.integers(0, 1000))
def test_location_of_more_rows(people, factor, seed):
    income, weight = people
    order = np.random.default_rng(seed).permutation(len(income))
    for call, word in LOCATION["replication"].items():
        assert word == "yes"
        value = known(called(call), income, weight)
        if value is not None:
            assert called(call)(np.repeat(income, weight.astype(int))) == near(value, 1e3), call
            assert called(call)(income[order], factor * weight[order]) == near(value, 1e3), call


@pytest.mark.parametrize(
    ("call", "column"), [(c, column) for column in ("gain", "transfers") for c in LOCATION[column]]
)
def test_location_of_one_who_gains_and_of_two_who_share(call, column):
    """Both ways are found where the table says "either", and never the other way where it says one."""
    rng, measure, said, ways = np.random.default_rng(3), called(call), LOCATION[column][call], set()
    for _ in range(2_000 if said == "either" else 400):
        size = rng.integers(5, 13)
        income = np.sort(rng.integers(10, 60, size) * 1.0 if rng.random() < 0.7 else rng.lognormal(3, 1, size))
        poorer, richer = sorted(rng.choice(size, 2, replace=False))
        after = income.copy()
        if column == "gain":
            after[poorer] += rng.choice([1.0, 10.0, 40.0])
        else:
            after = transfer(income, richer, poorer, rng.choice([0.1, 0.25, 0.5]))
        before, value = known(measure, income), known(measure, after)
        if before is not None and value is not None and value != near(before):
            ways.add("up" if value > before else "down")
        if len(ways) == 2:
            break
    assert ways == {"either": {"up", "down"}, "stays": set()}.get(said, {said})


def test_every_measure_has_a_row():
    """But curves, and affluence, whose rules stand in words: `test_affluence_of_two_rich_who_share`."""
    called_on_page = set(re.findall(r"^\| `(\w+)\(x", PAGE, re.MULTILINE))
    rows = {call.split("(")[0] for table in (INEQUALITY["scale"], POVERTY["focus"], LOCATION["gain"]) for call in table}
    curves = {"lorenz", "generalised_lorenz", "absolute_lorenz", "tip", "quantile_curve"}
    assert called_on_page - rows == curves | {"affluence_convex", "affluence_gap", "affluence_concave"}
