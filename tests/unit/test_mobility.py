"""Panels of a user: all that is wrong with them, what is at the boundary, the section for a scenario, the command."""

import json

import numpy as np
import pandas as pd
import pytest

from incomesim import InvalidInput, estimate_mobility, read_scenario
from incomesim.mobility import ASSUMED_POOR, write_mobility_section
from incomesim.mobility.minimum_distance import MOST_PERSISTENCE, PARAMETERS, fit_process, implied
from tests.conftest import SCENARIO, one_file_text
from tests.panels import draw_ranks, panel_of
from tests.unit.test_cli import command  # noqa: F401  the fixture


@pytest.fixture(scope="module")
def panel():
    return panel_of(draw_ranks(np.random.default_rng(2), 500, 6, 0.7, 0.2, 0.2))


def problems_of(*arguments, **options):
    with pytest.raises(InvalidInput) as found:
        estimate_mobility(*arguments, **options)
    return {(problem.path, problem.message) for problem in found.value.problems}


def said(problems, path, words):
    return any(where == path and words in message for where, message in problems)


def test_all_problems_at_once(panel):
    bad = panel.assign(weight=1.0, residense="urban", year=panel["year"].astype(float))
    bad.loc[3, "income_per_head"] = np.nan
    bad.loc[4, "weight"] = 0.0
    bad.loc[5, "year"] = 2011.5
    bad.loc[7, "year"] = bad.loc[6, "year"]
    found = problems_of(bad, by="residence")
    assert said(found, "residence", "missing")
    assert said(found, "residense", 'did you mean "residence"?')
    assert said(found, "income_per_head", "found nothing in row 4")
    assert said(found, "weight", "found 0 in row 5")
    assert said(found, "year", "found 2011.5 in row 6")
    assert said(found, "household", "again in row 8")
    assert said(problems_of(panel.assign(income_per_head="much")), "income_per_head", "expected numbers")
    assert said(problems_of(panel.iloc[:0]), "", "no rows")
    assert said(problems_of("nowhere.csv"), "", "cannot be read")


def test_a_panel_that_is_too_short_says_so(panel):
    assert said(problems_of(panel[panel["year"] < 2014]), "all", "found 3 years and 2 lags")
    few = panel[panel["household"] < 25]
    assert said(problems_of(few), "all", "found 6 years and 0 lags with 30 households")
    assert said(problems_of(panel[panel["household"] < 5]), "all", "expected at least 10")
    assert said(problems_of(panel.assign(income_per_head=1.0)), "all", "one income only in 2011, and 5 times more")


LAGS = np.arange(1, 9)


@pytest.mark.parametrize(
    ("moments", "boundary", "estimate"),
    [
        (0.9 * 0.8**LAGS - 0.03, ("fixed",), None),
        (0.3 + 0.8 * 0.7**LAGS, ("transitory",), None),
        (1.1 * 0.8**LAGS - 0.05, ("fixed", "persistent", "transitory"), None),
        (-0.1 - 0.0 * LAGS, ("persistence", "fixed", "persistent", "transitory"), (0.0, 0.0, 0.0, 1.0)),
        (0.8 - 0.0001 * LAGS, ("persistence",), None),
    ],
)
def test_what_is_at_the_boundary_is_said(moments, boundary, estimate):
    """There the parameter is exactly at its end and has no error, the others have one, and there is no test."""
    fitted = fit_process(LAGS, moments, 1e-4 * np.eye(8), np.ones(8))
    assert fitted.boundary == boundary
    assert fitted.test is None
    for name, value, error in zip(PARAMETERS, fitted.value, fitted.errors, strict=True):
        if name in boundary:
            assert np.isnan(error), name
            assert min(abs(value - end) for end in (0.0, MOST_PERSISTENCE, 1.0)) < 2e-6
        else:
            assert error > 0.0, name
    if estimate is not None:
        np.testing.assert_allclose(fitted.value, estimate, atol=1e-9)


def test_the_best_process_of_the_region_is_found():
    """No process of a fine grid over the whole region comes nearer to moments from outside of it."""
    moments, weight = 1.1 * 0.8**LAGS - 0.05, np.linspace(2.0, 1.0, 8)
    found = fit_process(LAGS, moments, np.eye(8), weight).value

    persistence, fixed, persistent = np.meshgrid(np.linspace(0.0, 0.999, 50), *[np.linspace(0.0, 1.0, 41)] * 2)
    inside = fixed + persistent <= 1.0 + 1e-12
    grid = np.stack([persistence[inside], fixed[inside], persistent[inside]])[:, :, None]
    losses = (weight * (moments - implied(grid, LAGS)) ** 2).sum(axis=1)
    assert (weight * (moments - implied(found, LAGS)) ** 2).sum() <= losses.min() + 1e-12


def test_a_fit_at_the_boundary_has_missing_errors():
    ranks = draw_ranks(np.random.default_rng(4), 1_000, 6, 0.8, 0.0, 0.0)
    (fit,) = estimate_mobility(panel_of(ranks)).groups
    table = fit.parameters.set_index("parameter")
    assert fit.boundary
    assert table.loc[list(fit.boundary), "at_boundary"].all()
    assert table.loc[list(fit.boundary), "standard_error"].isna().all()
    assert table.loc["persistence", "standard_error"] > 0.0


def test_the_section_is_one_of_a_scenario(panel):
    both = panel.assign(residence=np.where(panel["household"] % 2 == 0, "urban", "rural"))
    fit = estimate_mobility(both, by="residence")
    section = write_mobility_section(fit, 'survey "2020": wave 1')
    text = one_file_text()
    start, end = text.index("mobility:\n"), text.index("urbanisation:\n")
    mobility = read_scenario(text[:start] + section + "\n" + text[end:]).mobility
    assert mobility.source == 'survey "2020": wave 1'
    assert "250 households" in mobility.reason
    for group in fit.groups:
        process = getattr(mobility, group.group)
        assert process.persistence == pytest.approx(group.process.persistence, abs=1e-4)
        assert process.fixed == pytest.approx(group.process.fixed, abs=1e-4)
        assert process.transitory == pytest.approx(group.process.transitory, abs=2e-4)
    with pytest.raises(ValueError, match="urban and rural"):
        write_mobility_section(estimate_mobility(panel.assign(county="x"), by="county"), "")


def test_the_command_compares_with_what_is_published(command, tmp_path):  # noqa: F811
    code, out, err = command("mobility", SCENARIO, "--out", tmp_path)
    assert code == 0, err
    assert "0.3720" in out
    assert "urban 1989-2000: no process meets these together" in out
    names = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert {
        "mobility_published.csv",
        *(f"figures/mobility_published.{kind}" for kind in ("svg", "png", "csv")),
    } <= names
    code, out, _ = command("mobility", SCENARIO, "--json", "--poor", "0.2")
    said = json.loads(out)
    assert (code, said["poor"], len(said["facts"]), len(said["contradictions"])) == (0, 0.2, 10, 2)
    assert json.loads(command("mobility", SCENARIO, "--json")[1])["poor"] == ASSUMED_POOR


def test_the_command_estimates(command, panel, tmp_path):  # noqa: F811
    file = tmp_path / "panel.parquet"
    panel.to_parquet(file)
    code, out, err = command("mobility", SCENARIO, "--panel", file, "--out", tmp_path / "out")
    assert code == 0, err
    assert "chi-square" in out
    assert (tmp_path / "out" / "mobility.yaml").read_text(encoding="utf-8") in out
    drawn = pd.read_csv(tmp_path / "out" / "figures" / "mobility_fit.csv")
    observed = pd.read_csv(tmp_path / "out" / "mobility_moments.csv")["observed"]
    np.testing.assert_allclose(drawn[drawn["series"] == "points"]["correlation"], observed)
    code, out, _ = command("mobility", SCENARIO, "--panel", file, "--json")
    assert {"parameters", "moments", "tests", "section"} == set(json.loads(out))
    assert command("mobility", SCENARIO, "--panel", file, "--by", "county")[0] == 3
    assert command("mobility", SCENARIO, "--by", "county")[0] == 2
