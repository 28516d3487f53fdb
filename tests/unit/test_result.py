"""The result object: its tables, how it shows itself, and its figures."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from incomesim.report.charts import CHARTS, draw_chart
from incomesim.report.charts.line_ends import spread
from incomesim.report.quantities import write_difference, write_money, write_value
from incomesim.result import COLUMNS, Result
from tests.fake_result import LINES, YEARS, fake_result


@pytest.fixture(scope="module")
def result() -> Result:
    return fake_result()


def test_importing_results_loads_neither_matplotlib_nor_jinja() -> None:
    code = "import sys, incomesim.result; print({'matplotlib', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", COLUMNS)
def test_table_with_wrong_columns_is_refused(result: Result, name: str) -> None:
    table = getattr(result, name)
    with pytest.raises(ValueError, match=name):
        dataclasses.replace(result, **{name: table.rename(columns={table.columns[0]: "other"})})


def test_empty_summary_is_refused(result: Result) -> None:
    with pytest.raises(ValueError, match="no rows"):
        dataclasses.replace(result, summary=result.summary.iloc[:0])


def test_result_is_frozen(result: Result) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.title = "other"  # type: ignore[misc]


def test_repr_is_short(result: Result) -> None:
    assert "2020-2025" in repr(result)
    assert len(repr(result)) < 200


def test_html_shows_key_figures_and_says_what_they_are() -> None:
    html = fake_result(title="<script>alert(1)</script>")._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "Gini coefficient" in html
    assert "−0.0079" in html
    assert "not an observation" in html
    assert all(f"Below {line.replace('_', ' ')}" in html for line in LINES)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_every_figure_gives_axes_on_a_figure_pyplot_does_not_know(result: Result, chart: object) -> None:
    axes = getattr(result.plot, chart.name)()  # type: ignore[attr-defined]
    assert len(axes) >= 2
    assert all(isinstance(ax, Axes) for ax in axes)
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_figures_can_be_drawn_on_axes_of_somebody_else(result: Result) -> None:
    mine = Figure()
    one = mine.add_subplot(1, 2, 1)
    assert result.plot.lorenz(one).tolist() == [one]
    assert one.get_title(loc="left") or one.get_title()
    grid = Figure().subplots(1, 3)
    assert result.plot.gaps(grid).tolist() == list(grid)
    assert not mine.texts
    with pytest.raises(ValueError, match="found 4 axes, expected 1 to 3"):
        result.plot.gaps(Figure().subplots(2, 2))


def test_figures_leave_settings_alone_and_do_not_depend_on_them(result: Result) -> None:
    with mpl.rc_context({"font.size": 30.0, "lines.linewidth": 9.0}):
        before = dict(mpl.rcParams)
        axes = result.plot.gaps()
        assert dict(mpl.rcParams) == before
    assert axes[0].title.get_fontsize() < 15.0
    assert axes[0].lines[0].get_linewidth() < 3.0


def test_figures_belong_to_pyplot_where_ipython_runs() -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance()\n"
        "from tests.fake_result import fake_result\n"
        "axes = fake_result().plot.gaps()\n"
        "from matplotlib import pyplot\n"
        "print(pyplot.get_fignums() == [axes[0].figure.number], pyplot.isinteractive())"
    )
    environment = {
        **os.environ,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "True True", "the settings of the notebook's backend outlive our style"


def test_numbers_on_the_axes_are_those_of_the_summary(result: Result) -> None:
    ax = result.plot.gaps()[0]
    table = result.summary
    table = table[(table["by"] == "all") & (table["measure"] == "gini")]
    for scenario, line in zip(("baseline", "policy"), ax.lines, strict=True):
        expected = table.loc[table["scenario"] == scenario, "value"].to_numpy()
        np.testing.assert_array_equal(line.get_xdata(), list(YEARS))
        np.testing.assert_array_equal(line.get_ydata(), expected)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_a_run_without_policy_and_of_one_year_is_drawn(chart: object) -> None:
    empty = fake_result(policy=False)
    assert draw_chart(empty, chart)[1]  # type: ignore[arg-type]
    tables = {name: table for name in ("summary", "curves") for table in [getattr(empty, name)]}
    single = dataclasses.replace(empty, **{name: table[table["year"] == 2020] for name, table in tables.items()})
    assert draw_chart(single, chart)[1]  # type: ignore[arg-type]


def test_names_at_line_ends_keep_apart() -> None:
    assert spread([0.0, 100.0], 10.0) == [0.0, 100.0]
    assert spread([50.0, 50.0, 50.0], 10.0) == [40.0, 50.0, 60.0]
    places = spread([3.0, 1.0, 2.0, 40.0, 41.0], 10.0)
    ordered = sorted(places)
    assert all(b - a >= 10.0 - 1e-9 for a, b in pairwise(ordered))
    assert np.argsort(places).tolist() == [1, 2, 0, 3, 4]


def test_numbers_are_written_by_unit() -> None:
    nbsp = "\u00a0"
    assert write_value(0.1234, "share") == f"12.3{nbsp}%"
    assert write_value(0.0081, "share") == f"0.81{nbsp}%"
    assert write_value(36_780.4, "yuan per head") == "36,780"
    assert write_value(-0.5, "index") == "−0.5000"
    assert write_value(float("nan"), "ratio") == "–"
    assert write_difference(-0.0121, "share") == f"−1.21{nbsp}pp"
    assert write_difference(-1e-9, "index") == "0.0000"
    assert write_difference(float("nan"), "index") == "–"
    assert write_money(12_345_678.0) == "12.3"
