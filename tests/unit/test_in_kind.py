"""Services in kind in the tables of a result, on the page, in the terminal, and in what a run is said to take."""

import re

import numpy as np
import pandas as pd
import pytest

from incomesim import simulate
from incomesim.cli.run import _extended_line, _key_figures
from incomesim.estimate import estimate
from incomesim.kernel.shapes import count_bytes
from incomesim.preview import preview
from incomesim.report.charts import CHARTS, render_chart
from incomesim.report.page import write_page
from incomesim.report.summary_lookup import look_up_summary
from tests.reference.test_services import CARE, SCHOOLS

BUDGET = 200_000_000.0
SPARSE = SCHOOLS.model_validate(SCHOOLS.model_dump() | {"budget": {"yuan": BUDGET, "order": "poorest_first"}})
LEVERS = [CARE.model_copy(update={"years": range(2022, 2026)}), SPARSE]


@pytest.fixture(scope="module")
def case(scenario):
    return scenario.with_levers([*scenario.policy, *LEVERS])


@pytest.fixture(scope="module")
def served(case):
    return simulate(case)


def test_tables_of_disposable_income_have_the_same_bits(served, result):
    """With services there are more rows, and no other ones."""
    for name in ("summary", "curves", "transitions", "ledger"):
        with_services, without = getattr(served, name), getattr(result, name)
        of_services = (
            with_services["lever"].isin([lever.name for lever in LEVERS])
            if name == "ledger"
            else with_services["scenario"].str.startswith("extended")
        )
        pd.testing.assert_frame_equal(with_services[~of_services].reset_index(drop=True), without, check_exact=True)
        assert of_services.any()
    assert set(served.summary["scenario"]) == {"baseline", "policy", "difference", "extended", "extended_difference"}


def test_extended_less_policy_is_what_the_ledger_has(served):
    everybody = served.summary.query("by == 'all' and measure in ['mean', 'persons']")
    wide = everybody.pivot(index="year", columns=["measure", "scenario"], values="value")
    more = (wide["mean", "extended"] - wide["mean", "policy"]) * wide["persons", "policy"]
    given = served.ledger.groupby("year")["in_kind_yuan"].sum()
    np.testing.assert_allclose(more, given, rtol=1e-6, atol=1.0)
    assert (given.loc[2022:2024] > 1e6).all()
    np.testing.assert_array_equal(
        wide["mean", "extended_difference"], wide["mean", "extended"] - wide["mean", "baseline"]
    )
    matrices = served.transitions.groupby(["kind", "scenario"]).size()
    assert (matrices == 25).all()
    assert len(matrices) == 5


def test_a_budget_in_kind_is_spent_and_not_passed(served):
    paid = served.ledger.query("lever == 'a school' and 2022 <= year <= 2024")["paid_yuan"]
    assert paid.between(0.999 * BUDGET, BUDGET).all()


def test_the_page_has_a_section_on_them(served, result):
    figures = [render_chart(served, chart) for chart in CHARTS]
    page = write_page(served, figures)
    section = re.search(r'<h2 id="in_kind">.*?</section>', page, re.DOTALL)[0]
    assert "实物收入" in section
    table = served.summary.query("year == 2025 and measure == 'gini'").set_index(["by", "subgroup", "scenario"])
    gini = table["value"]
    assert f"{gini['all', 'all', 'extended']:.4f}" in section
    added = gini["group", "other", "extended"] - gini["group", "other", "policy"]
    assert f"{added:+.4f}".replace("-", "−") in section
    curve = served.curves.query("scenario == 'extended' and curve == 'lorenz' and by == 'all' and year == 2025")
    poorest = curve.loc[np.isclose(curve["p"], 0.4), "value"].item()
    assert f"{100 * poorest:.1f}\u00a0%" in section
    assert 'id="in_kind"' not in write_page(result, figures)
    assert "services in kind counted as income" in page
    assert look_up_summary(served).extended
    assert "With services in kind 2025" in served._repr_html_()
    assert "With services in kind" not in result._repr_html_()


def test_the_terminal_has_a_line_on_them(served, result):
    figures = _key_figures(served)
    line = _extended_line(figures)
    assert line.startswith("with services in kind, extended 2025: mean ")
    assert f"gini {figures[1]['extended 2025']:.4f}" in line
    assert "fgt0" not in line
    assert not any("extended 2025" in row for row in _key_figures(result))


def test_the_third_scenario_is_part_of_what_a_run_takes(case, scenario, plan):
    more, less = estimate(case), estimate(scenario)
    assert more.in_kind
    assert not less.in_kind
    assert more.seconds > less.seconds
    ground = plan.ground
    size = [count_bytes(s, len(ground.years), ground.cells, ground.strata, 9, 1) for s in (2, 3)]
    assert more.memory_bytes - less.memory_bytes >= size[1] - size[0]


def test_a_preview_knows_their_cost(case):
    """Who is old is not known beforehand; a service for everybody is."""
    everybody = LEVERS[1].model_copy(update={"per": "person", "value": 100.0})
    table = preview(case.with_levers([LEVERS[0], everybody])).set_index("lever")
    assert np.isnan(table.loc["care", "reached"])
    assert table.loc["a school", "paid_yuan"] == pytest.approx(100.0 * 1_212_203, rel=0.01)
