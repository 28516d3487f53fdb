"""The command line: what it prints, where, and with which exit code."""

import importlib
import json
import subprocess
import sys

import jsonschema
import pytest

from incomesim import cli
from tests.conftest import SCENARIO, one_file_text, shipped_data
from tests.household_files import survey

SMALL = ["--set", "population.households=3000"]


@pytest.fixture
def command(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["incomesim", *map(str, arguments)])
        with pytest.raises(SystemExit) as leave:
            cli.main()
        captured = capsys.readouterr()
        return leave.value.code, captured.out, captured.err

    return call


def test_run_writes_the_folder_and_prints_key_figures(command, tmp_path):
    code, out, err = command("run", SCENARIO, *SMALL, "--out", tmp_path / "results")
    assert code == 0, err
    assert "gini" in out
    assert "3,000 households (for 482,951 real ones)" in err
    names = {
        str(path.relative_to(tmp_path / "results")) for path in (tmp_path / "results").rglob("*") if path.is_file()
    }
    for name in ("summary", "ledger", "curves", "transitions"):
        assert {f"{name}.csv", f"{name}.parquet"} <= names
    for figure in ("lorenz", "growth_incidence", "gaps", "middle", "ledger"):
        assert {f"figures/{figure}.{kind}" for kind in ("svg", "png", "csv")} <= names
    assert {"report.html", "manifest.json"} <= names


def test_quiet_prints_nothing_and_json_only_json(command, tmp_path):
    code, out, err = command("run", SCENARIO, *SMALL, "--out", tmp_path, "--quiet")
    assert (code, out, err) == (0, "", "")
    code, out, err = command("run", SCENARIO, *SMALL, "--out", tmp_path, "--quiet", "--json")
    assert code == 0
    rows = {row["measure"]: row for row in json.loads(out)}
    assert {"mean", "gini", "urban_rural_ratio"} <= set(rows)
    assert rows["mean"]["bound"] == 0.0 < rows["gini"]["bound"] < 1e-4


def test_check_says_what_it_will_cost(command):
    code, out, err = command("check", SCENARIO)
    assert (code, err) == (0, "")
    assert "482,951 households (all), 6 years" in out
    assert "GiB" in out
    code, out, _ = command("check", SCENARIO, "--json", *SMALL)
    assert json.loads(out)["households"] == 3000


def test_a_bad_file_gives_all_problems_with_places_and_exit_code_3(command, tmp_path):
    text = one_file_text()
    for good, bad in {
        "seed: 20222025": "sead: 20222025",
        "take_up: 0.80": "take_up: 1.80",
        "to: skilled_workers": "to: skiled_workers",
        "starts: [35, 60]": "starts: [60, 35]",
    }.items():
        assert good in text
        text = text.replace(good, bad, 1)
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    for name in ("check", "run"):
        code, out, err = command(name, file)
        assert (code, out) == (3, "")
        for bad in ("sead: 20222025", "take_up: 1.80", "to: skiled_workers", "starts: [60, 35]"):
            line = 1 + text[: text.index(bad)].count("\n")
            assert f"{file}:{line}:" in err, bad
        assert 'did you mean "skilled_workers"?' in err
        assert 'did you mean "seed"?' in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run"], 2, "Missing argument"),
        (["rnu"], 2, "No such command"),
        (["run", SCENARIO, "--frobnicate"], 2, "No such option"),
        (["check", "nowhere.yaml"], 3, "nowhere.yaml"),
        (["check", SCENARIO, "--set", "population.householdz=3"], 3, "unknown key"),
        (["check", SCENARIO, "--set", "years=2020..2019"], 3, "years"),
    ],
)
def test_exit_codes(command, arguments, code, words):
    found, _, err = command(*arguments)
    assert found == code
    assert words in err


def test_interrupt_and_defect(command, monkeypatch, tmp_path):
    importlib.import_module("incomesim.simulation")

    def stop(reason):
        def raising(*_arguments, **_options):
            raise reason

        return raising

    module = sys.modules["incomesim.simulation"]
    monkeypatch.setattr(module, "simulate", stop(KeyboardInterrupt()))
    assert command("run", SCENARIO, *SMALL, "--out", tmp_path / "a", "-q")[0] == 130
    monkeypatch.setattr(module, "simulate", stop(RuntimeError("boom")))
    code, _, err = command("run", SCENARIO, *SMALL, "--out", tmp_path / "a", "-q")
    assert code == 1
    assert "defect" in err
    assert not (tmp_path / "a").exists()


def test_too_little_memory_is_refused_before_anything_is_computed(command, monkeypatch, tmp_path):
    monkeypatch.setattr("incomesim.estimate.memory_limit", lambda: 400_000_000)
    code, _, err = command("run", SCENARIO, "--out", tmp_path)
    assert code == 5
    assert "fewer years, regions or groups" in err


def test_schema_accepts_the_shipped_scenario_and_refuses_unknown_keys(command):
    schema = json.loads(command("schema")[1])
    data = shipped_data()
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    jsonschema.validate({**data, "population": survey("panel.parquet")}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "sede": 3}, schema)


@pytest.mark.parametrize("name", list(cli.commands.commands))
def test_every_command_has_help(command, name):
    code, out, _ = command(name, "--help")
    assert code == 0
    assert len(out.splitlines()) > 4


@pytest.mark.parametrize("arguments", [["--help"], ["check", str(SCENARIO)], ["schema"]])
def test_light_commands_load_no_heavy_package(arguments):
    code = (
        "import sys; sys.argv = ['incomesim', *sys.argv[1:]]\n"
        "from incomesim.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numba', 'pandas', 'matplotlib', 'scipy', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
