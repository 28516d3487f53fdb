"""The command that measures the machine. Its figures are checked for sense, never for speed."""

import json
import math
import sys

import pytest

from incomesim import bench, cli
from tests.conftest import SCENARIO

TINY = ["--households", "500", "--rounds", "1"]


@pytest.fixture
def command(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["incomesim", "bench", *map(str, arguments)])
        with pytest.raises(SystemExit) as leave:
            cli.main()
        captured = capsys.readouterr()
        return leave.value.code, captured.out, captured.err

    return call


def test_json_holds_positive_finite_figures(command):
    code, out, err = command(*TINY, "--json")
    assert code == 0, err
    figures = json.loads(out)
    assert figures.pop("scenario") is None
    assert all(value > 0 and math.isfinite(value) for value in figures.values())


def test_a_scenario_is_measured_on_a_sample_of_its_own_households(command):
    code, out, err = command(SCENARIO, *TINY, "--json")
    assert code == 0, err
    cost = json.loads(out)["scenario"]
    assert (cost["sample"], cost["households"], cost["years"]) == (500, 482_951, 6)
    # baseline, policy and, for services in kind, extended income
    assert cost["seconds"] == pytest.approx(482_951 * 6 * 3 / cost["household_years_per_second"])


def test_words_for_people(command):
    code, out, _ = command(SCENARIO, *TINY)
    assert code == 0
    assert "plain NumPy" in out
    assert "all 482,951 households and 6 years" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--households", "5"], 2, "--households"),
        (["--set", "seed=3"], 2, "SCENARIO"),
        (["nowhere.yaml", *TINY], 3, "nowhere.yaml"),
    ],
)
def test_exit_codes(command, arguments, code, words):
    found, out, err = command(*arguments)
    assert (found, out) == (code, "")
    assert words in err


def test_help_says_what_is_measured(command):
    code, out, _ = command("--help")
    assert code == 0
    assert "common task" in out


def test_numpy_and_the_kernel_do_the_same_work():
    """Other draws, one distribution: a rival that left something out would show here."""
    weight = bench.make_weights(40_000)
    own, other = bench.run_kernel(weight, years=12), bench.run_numpy(weight, years=12)
    assert own == pytest.approx(other, abs=0.006)  # six standard errors of a Gini of this many
    assert own == bench.run_kernel(weight, years=12, threads=3)


def test_jobs_take_turns():
    order = []
    seconds = bench.take_turns([lambda: order.append("a"), lambda: order.append("b")], bench.wall_seconds, 3)
    assert order == ["a", "b"] * 3
    assert [len(rounds) for rounds in seconds] == [3, 3]
    assert bench.median_ratio([2.0, 9.0, 4.0], [1.0, 1.0, 1.0]) == 4.0
