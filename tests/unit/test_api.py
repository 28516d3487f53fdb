"""The public list."""

import subprocess
import sys

import pytest

import incomesim


def test_everything_public_is_there_and_documented():
    assert sorted(incomesim.__all__) == incomesim.__all__
    for name in incomesim.__all__:
        assert getattr(incomesim, name).__doc__, name


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="simulat"):
        incomesim.simulat  # noqa: B018


def test_simulate_stays_the_function_after_its_module_is_loaded():
    code = "import incomesim.simulation; from incomesim import simulate; assert callable(simulate), simulate"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_is_light():
    code = "import sys, incomesim; print(sorted({'numpy', 'numba', 'pandas', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_simulate_says_what_it_takes():
    with pytest.raises(TypeError, match="load_scenario"):
        incomesim.simulate("scenarios/panzhihua-2025.yaml")
