"""A file of households at the door: its problems, its row groups, and what a run says of it."""

import hashlib
import json
import os
import subprocess
import sys
import threading

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incomesim import InvalidInput, simulate
from incomesim.engine import compute
from incomesim.plan import make_plan
from incomesim.population import compare_file_with_facts, open_survey
from incomesim.population.parquet_file import ParquetFile
from tests.household_files import FEW, columns_of, few, of_file, read, survey_scenario, write
from tests.unit.test_cli import command  # noqa: F401  a fixture


def problems(path, scenario):
    with pytest.raises(InvalidInput) as caught:
        read(scenario, path, **FEW)
    return [str(problem) for problem in caught.value.problems]


def change(column, **rows):
    """A column of ten with some rows replaced."""
    values = list(few(10)[column])
    for row, value in rows.items():
        values[int(row[1:]) - 1] = value
    return values


CASES = [
    ("weight", change("weight", r3=0.0, r5=-1.0), "found 0.0 in row 3 and 1 more, expected numbers from 9.5367432e-07"),
    ("weight", change("weight", r4=float("nan")), "found nothing in row 4, expected numbers from"),
    ("wage", change("wage", r10=float("inf")), "found inf in row 10"),
    ("wage", change("wage", r2=None, r3=None), "found nothing in row 2 and 1 more, expected numbers from -30,000,000 to"),
    ("transfer", change("transfer", r1=-4e7), "found -40000000.0 in row 1"),
    ("persons", change("persons", r1=0), "found 0 in row 1, expected whole numbers from 1 to 1,000"),
    ("persons", [2.5] * 10, "found 2.5 in row 1 and 9 more, expected whole numbers from 1"),
    ("age", change("age", r6=121, r7=-1), "found 121 in row 6 and 1 more, expected whole numbers from 0 to 120"),
    ("elderly", change("elderly", r9=3), "found 2 in row 9, expected at least as many as elderly and children together"),
    ("household_id", [0, 1, 2, 3, 3, 5, 4, 7, 8, 9], "found 3 in row 5 and 1 more, expected a number above that of the row"),
    ("household_id", [-1, *range(9)], "found -1 in row 1"),
    ("region", change("region", r2="dnog", r8="dnog"), 'found "dnog" in row 2 and 1 more, expected one of dong; did'),
    ("region", change("region", r2="dnog"), 'did you mean "dong"?'),
    ("residence", change("residence", r4=None), "found nothing in row 4, expected one of urban, rural in every row"),
    ("residence", [1] * 10, 'found "1" in row 1 and 9 more, expected one of urban, rural'),
    ("group", pa.array(change("group", r5="othr")).dictionary_encode(), 'did you mean "other"?'),
]  # fmt: skip


@pytest.mark.parametrize(("column", "values", "words"), CASES)
def test_each_problem_says_where_what_and_what_is_allowed(scenario, tmp_path, column, values, words):
    found = problems(write(tmp_path / "bad.parquet", few(10, **{column: values}), 4), scenario)
    assert any(words in problem for problem in found), found
    assert all(f"{tmp_path / 'bad.parquet'} " in problem for problem in found)


def test_all_problems_at_once(scenario, tmp_path):
    apart = ("persons", "residence", "elderly")  # another type is told before rows are looked at
    bad = {column: values for column, values, _ in CASES[::-1] if column not in apart}
    found = problems(write(tmp_path / "bad.parquet", few(10, **bad), 3), scenario)
    for column in bad:
        assert any(f" {column}: found" in problem for problem in found), column
    assert len(found) >= len(bad)


def test_all_problems_of_columns_at_once(scenario, tmp_path):
    columns = few(10, wagee=[1.0] * 10, age=["old"] * 10, weight=[True] * 10)
    del columns["wage"], columns["group"]
    found = "\n".join(problems(write(tmp_path / "bad.parquet", columns), scenario))
    assert 'wage: the column "wage" is missing; expected numbers from' in found
    assert 'group: the column "group" is missing; expected names' in found
    assert 'did you mean "wagee"?' in found
    columns |= {"wage": [1.0] * 10, "group": ["other"] * 10}
    found = "\n".join(problems(write(tmp_path / "bad.parquet", columns), scenario))
    assert "age: found the type string, expected whole numbers" in found
    assert "weight: found the type bool, expected numbers" in found


def test_files_that_cannot_be_read(scenario, tmp_path):
    text = tmp_path / "text.parquet"
    text.write_text("household_id\n1\n")
    assert "expected a Parquet file" in problems(text, scenario)[0]
    assert "No such file" in problems(tmp_path / "nowhere.parquet", scenario)[0]
    empty = write(
        tmp_path / "empty.parquet", pa.table(few(3)).slice(0, 0).to_pydict() | {"household_id": pa.array([], "uint64")}
    )
    assert any("found no rows" in problem for problem in problems(empty, scenario))


def test_large_row_groups_are_refused_with_advice(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr("incomesim.population.parquet_file.LARGEST_ROW_GROUP", 5)
    (found,) = problems(write(tmp_path / "large.parquet", few(12), 6), scenario)
    assert "found a row group of 6 rows, expected at most 5" in found
    assert "row_group_size=65_536" in found


def test_a_damaged_or_changed_file_is_named(scenario, tmp_path):
    path = write(tmp_path / "panel.parquet", few(50), 10)
    source = read(scenario, path, **FEW)[0].source
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(1996)
    path.write_bytes(content)
    assert "cannot be read" in problems(path, scenario)[0]
    with pytest.raises(InvalidInput, match="has changed while it was in use"):
        source.rows(0, 10)


def test_kinds_of_numbers_and_names_do_not_matter(scenario, tmp_path):
    plain = few(10)
    other = {
        **plain,
        "household_id": np.arange(10, dtype=np.int32), "age": np.full(10, 40, np.uint8),
        "weight": np.full(10, 10, np.int64), "transfer": np.full(10, 3000.0, np.float32),
        "region": pa.array(plain["region"], pa.large_string()), "group": pa.array(plain["group"]).dictionary_encode(),
    }  # fmt: skip
    rows = [
        read(scenario, write(tmp_path / f"{name}.parquet", columns), **FEW)[0].source.rows(0, 10)
        for name, columns in (("plain", plain), ("other", other))
    ]
    for one, another in zip(*rows, strict=True):
        np.testing.assert_array_equal(one, another)


def test_ranges_are_row_groups(scenario, tmp_path):
    path = write(tmp_path / "few.parquet", few(25), 10)
    source = read(scenario, path, **FEW)[0].source
    assert source.number == 25
    assert source.ranges(3) == [(0, 10), (10, 20), (20, 25)]
    assert open_survey(of_file(scenario, path).population).file.starts == (0, 10, 20, 25)
    assert list(source.rows(10, 20).household_id) == list(range(10, 20))
    with pytest.raises(ValueError, match="ranges"):
        source.rows(10, 25)


def test_row_groups_without_rows_are_passed_over(scenario, tmp_path):
    table = pa.table(few(6))
    with pq.ParquetWriter(tmp_path / "gaps.parquet", table.schema) as writer:
        for part in (table.slice(0, 0), table.slice(0, 3), table.slice(3, 0), table.slice(3, 3)):
            writer.write_table(part)
    source = read(scenario, tmp_path / "gaps.parquet", **FEW)[0].source
    assert source.ranges(1) == [(0, 3), (3, 6)]
    assert list(source.rows(3, 6).household_id) == [3, 4, 5]


def test_weights_become_whole_units(scenario, tmp_path):
    path = write(tmp_path / "few.parquet", few(10, weight=[1 / 3] * 10))
    weight = read(scenario, path, **FEW)[0].source.rows(0, 10).weight
    assert (weight * 2**20 % 1 == 0).all()
    np.testing.assert_allclose(weight, 1 / 3, rtol=3e-6)


def test_each_thread_holds_one_row_group(scenario, facts, tmp_path, monkeypatch):
    """A spy on the reader: threads that read at the same time, and the rows they get, in both passes."""
    path = write(tmp_path / "many.parquet", few(4_000), 50)
    lock, held, most, sizes = threading.Lock(), set(), [0], []
    read_one = ParquetFile.read

    def spy(file, part, columns):
        with lock:
            held.add(threading.get_ident())
            most[0] = max(most[0], len(held))
        raw = read_one(file, part, columns)
        sizes.append(raw.table.num_rows)
        with lock:
            held.discard(threading.get_ident())
        return raw

    monkeypatch.setattr(ParquetFile, "read", spy)
    plan = make_plan(scenario.model_copy(update={"policy": []}), read(scenario, path, **FEW)[0], facts)
    assert most == [1]
    compute(plan.source, plan.tables, threads=2)
    assert most[0] <= 2
    assert sizes == [50] * 160  # each row group twice, and never more than one of them in a table


def peak_kib(path, tmp_path):
    """Peak memory of a process that reads a file and places all of its households, in KiB."""
    scenario = survey_scenario(tmp_path / "survey.yaml", path, **FEW, change=lambda data: data.update(policy=[]))
    code = (
        "import resource, sys\n"
        "from incomesim import load_scenario\n"
        "from incomesim.population import read_microdata\n"
        f"scenario = load_scenario({str(scenario)!r})\n"
        "source = read_microdata(scenario.population, 1)[0].source\n"
        "total = sum(source.rows(*limits).weight.sum() for limits in source.ranges(1))\n"
        "print(total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    total, peak = done.stdout.split()
    assert float(total) > 0
    return int(peak)


def test_memory_does_not_grow_with_the_file(tmp_path):
    small, large = (write(tmp_path / f"{rows}.parquet", few(rows), 20_000) for rows in (40_000, 1_000_000))
    columns_kib = 1_000_000 * 13 * 8 / 1024
    assert peak_kib(large, tmp_path) - peak_kib(small, tmp_path) < 0.25 * columns_kib


@pytest.fixture(scope="module")
def file(sample, population, tmp_path_factory):
    return write(tmp_path_factory.mktemp("file") / "panel.parquet", columns_of(sample, population.cells), 3_000)


def test_fit_is_what_the_file_holds(file, scenario, facts):
    _, holdings = read(scenario, file)
    fit = {(row.item, row.area): row for row in compare_file_with_facts(holdings, scenario.population, facts)}
    assert fit["income per head", "urban"].reached == pytest.approx(44_209, rel=1e-6)
    assert fit["residents", "米易县"].reached == pytest.approx(227_011, rel=1e-6)
    assert fit["households", facts.label].target == 482_951


def test_names_that_nobody_has_are_told(scenario, tmp_path):
    path = write(tmp_path / "urban.parquet", few(10, residence=["urban"] * 10))
    with pytest.raises(InvalidInput) as caught:
        read(scenario, path)
    found = [str(problem).removeprefix(f"{path} ") for problem in caught.value.problems]
    assert found[0].startswith('group: empty: no household is of "skilled_workers", "professional_farmers", ')
    assert found[1].startswith('region: empty: no household lives in "xi", "renhe", "miyi", "yanbian", expected')
    assert found[2].startswith('residence: empty: no household lives in "rural"')


def test_a_run_says_where_its_households_come_from(file, scenario, tmp_path):
    result = simulate(of_file(scenario, file))
    assert result.manifest["microdata"] == {
        "name": "panel.parquet", "rows": 12_000, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }  # fmt: skip
    assert result.manifest["households"] == 12_000
    assert not result.assumptions["where"].str.startswith("population.").any()
    assert "synthetic" not in result.assumptions.to_csv()
    result.save(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "synthetic" not in page.lower()
    assert "Households of panel.parquet" in page
    assert str(file.parent) not in page
    assert "panel.parquet" in result._repr_html_()


def test_command_line(file, command, tmp_path):  # noqa: F811
    scenario = survey_scenario(tmp_path / "survey.yaml", os.path.relpath(file, tmp_path))
    code, out, err = command("check", scenario)
    assert (code, err) == (0, "")
    assert "panel.parquet: valid" in out
    assert "12,000 households (of the file)" in out
    assert json.loads(command("check", scenario, "--json")[1])["households"] == 12_000
    bad = write(tmp_path / "bad.parquet", few(10, weight=[-1.0] * 10, region=["east"] * 10))
    for name in ("check", "run"):
        code, out, err = command(name, scenario, "--set", f"population.microdata={bad}")
        assert (code, out) == (3, "")
        assert "found -1.0 in row 1 and 9 more" in err
        assert "3 problems found" in err
    code, out, err = command("run", scenario, "--out", tmp_path / "out")
    assert code == 0, err
    assert "Households of panel.parquet" in out
    assert "ynthetic" not in out + err


def test_more_persons_than_whole_numbers_could_hold_safely_are_refused(scenario, tmp_path):
    crowd = few(200, weight=np.full(200, 200_000.0), persons=np.full(200, 1000))
    (problem,) = problems(write(tmp_path / "crowd.parquet", crowd), scenario)
    assert "40,000,000,000 persons, expected at most 20,000,000,000" in problem


def test_a_row_that_stands_for_more_money_than_is_counted_exactly_is_refused(scenario, tmp_path):
    rich = few(10, weight=np.full(10, 100_000.0), wage=np.array([25_000_000.0, *np.full(9, 15_000_000.0)]))
    (problem,) = problems(write(tmp_path / "rich.parquet", rich), scenario)
    assert "weight: found 100000.0 in row 1, expected at most 2,000,000,000,000 yuan of each source" in problem


def test_an_income_without_end_is_one_problem(scenario, tmp_path):
    """Not also one of the weight, and no warning where the weight is missing in the same row."""
    columns = few(3) | {"wage": [20_000.0, np.inf, 30_000.0], "weight": [10.0, np.nan, 10.0]}
    with pytest.raises(InvalidInput) as invalid:
        read(scenario, write(tmp_path / "endless.parquet", columns), **FEW)
    assert sorted(problem.path for problem in invalid.value.problems) == ["wage", "weight"]
