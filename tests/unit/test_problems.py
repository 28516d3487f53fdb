"""Messages for a scenario that is wrong: place, what was found, what is allowed, the nearest name."""

import json
from pathlib import Path

import pytest
import yaml

from incomesim.errors import InvalidInput
from incomesim.scenario import load_scenario, read_scenario
from tests.conftest import SCENARIO, one_file_text, shipped_data
from tests.household_files import survey, survey_scenario

TEXT = one_file_text()


def problems(text, settings=()):
    with pytest.raises(InvalidInput) as caught:
        read_scenario(text, settings)
    return [str(problem) for problem in caught.value.problems]


def spoil(*changes):
    text = TEXT
    for good, bad in changes:
        assert good in text, good
        text = text.replace(good, bad, 1)
    return text


CASES = [
    ("seed: 20222025", "seed: -1", "seed: found -1, expected a number of at least 0 (key of all random draws)"),
    ("seed: 20222025", "seed: 1.5", "seed: found 1.5, expected a whole number"),
    ("seed: 20222025", "sead: 20222025", 'sead: unknown key; allowed here: ageing, growth, incomesim, '),
    ("seed: 20222025", "sead: 20222025", 'did you mean "seed"?'),
    ("seed: 20222025", "sead: 20222025", "<text>:8:1 seed: is missing (key of all random draws)"),
    ("incomesim: 1", "incomesim: 2", "incomesim: found 2, expected 1"),
    ("years: 2020..2025", "years: 2020-2025", "years: found '2020-2025', expected a year or a period such as 2020..2025"),
    ("years: 2020..2025", "years: 2025..2020", "the first not after the last"),
    ("years: 2020..2025", "years: 2019..2025", "found 2019 as the first year, but enough is published of Panzhihua for 2020 only"),
    ("years: 2020..2025", "years: 2020..2026", "growth is missing for 2026"),
    ("years: 2020..2025", "years: 2020..2026", "inflation is missing for 2026"),
    ("years: 2020..2025", "years: 2020..2024", "growth[1].year: found 2025, outside the years 2020..2024"),
    ("years: 2020..2025", "years: 2020..2024", "policy[0].years: found 2022..2025, expected years within"),
    ("place: panzhihua", "place: panzihua", 'found the place "panzihua", expected one of china, panzhihua, sichuan; did you mean'),
    ("households: all", "households: many", 'households: found "many", expected a whole number or "all"'),
    ("households: all", "households: 0", "households: found 0, expected a number of at least 1"),
    ("label: 东区", "label: 东方", 'found the area "东方", expected one of'),
    ("{dong: 1.15, xi: 1.15", "{dnog: 1.15, xi: 1.15", 'found the region "dnog"'),
    ("share: {urban: 0.17", "share: {urban: 0.27", "found urban shares of the groups that add up to 1.1, expected 1"),
    ("urban_share: 0.985", "urban_share: 1.985", "found 1.985, expected a number of at most 1 (share of its residents who"),
    ("starts: [35, 60]", "starts: [60, 35]", "expected ages that rise"),
    ("urban: [0.20, 0.55, 0.25]", "urban: [0.20, 0.80]", "found 2 numbers, expected 3"),
    ("urban: [0.20, 0.55, 0.25]", "urban: [0.20, 0.55, 0.35]", "found shares that add up to 1.1"),
    ("wages: [1.15, 1.0, 0.45]", "wages: [1.15, -1.0, 0.45]", "expected numbers above 0"),
    ("fixed: 0.02, transitory: 0.05", "fixed: 0.72, transitory: 0.35", "found fixed + transitory = 1.07"),
    ("{age: 70, rate: 0.035}", "{age: 60, rate: 0.035}", "expected each once and rising"),
    ("youngest: 24", "youngest: 34", "found 34, expected at most the age `oldest`, 32"),
    ("- year: 2024\n", "- year: 2023\n", "growth[0].year: found 2023, for which income is published; leave it out"),
    ("{year: 2019, inflation", "{year: 2020, inflation", "found 2020 for the second time"),
    ("- name: twice_guarantee", "- name: guarantee_line", "found 'guarantee_line' for the second time"),
    ("- name: twice_guarantee", "- name: median_50", "which is the name of a relative line"),
    ("lever: training", "lever: trainin", 'policy[2].lever: found "trainin", expected one of income_floor, social_pension, public_jobs, training, '),
    ("take_up: 0.80", "take_up: 80", "policy[0].take_up: found 80, expected a number of at most 1 (share of the"),
    ("take_up: 0.80", "takeup: 0.80", 'policy[0].takeup: unknown key; allowed here: administration, '),
    ("line: 7_400", "line: high", 'policy[0].line: found "high", expected a number (yuan per person and year'),
    ("target: {residence: rural}", "target: {residence: rurall}", 'found the residence "rurall", expected one of rural, urban'),
    ("target: {residence: rural}", "target: {region: dong}", 'region: unknown key; allowed here: ages, ceiling, groups, measured, regions, residence, with_members'),
    ("groups: [needy_able, other], ages: [0, 59]", "groups: [needy, other], ages: [0, 50]", 'found the group "needy"'),
    ("groups: [needy_able, other], ages: [0, 59]", "groups: [needy, other], ages: [0, 50]", "whole bands"),
    ("target: {regions: [renhe, miyi, yanbian],", "target: {ceiling: 9_000, regions: [renhe, miyi, yanbian],", "policy[6]: found a lever that goes by income, but who takes part must be the same from year to year"),
    ("indexation: 0.03", "indexation: price", 'policy[0].indexation: found "price", expected a number or "prices" or "mean_income" or "median_income" (its amounts in yuan grow by'),
    ("indexation: 0.03", "indexation: 3", "policy[0].indexation: found 3, expected a number of at most 1 (its amounts"),
    ("to: skilled_workers", "to: needy_able", "the only group of the target: nobody would change"),
    ("name: settling in town", "name: small start-ups", "found 'small start-ups' for the second time"),
    ("list: reform", "list: reforms", 'found "reforms", expected one of seek_support, reform, major_project, key_task'),
    ("cost: 3_200", "cost: .nan", "cost: found .nan, expected a finite number"),
    ("  - year: 2024\n    urban: 0.043", "  - year: 2024\n    urban: [1]", "found a list of 1, expected a number"),
    ("reason: As 2024, slightly less.", "reason: ''", 'found "", expected some text (why these numbers'),
    ("prices:\n", "ageing: [{year: 2023, residents: 1.2e+6, reason: x}]\nprices:\n", "ageing[0].residents: found residents for 2023, which are published; leave it out"),
    ("prices:\n", "ageing: [{year: 2020, aged_65: 0.2, reason: x}]\nprices:\n", "found 2020, expected a year after the first one of the run: 2021..2025"),
    ("prices:\n", "ageing: [{year: 2030, aged_65: 0.2, reason: x}]\nprices:\n", "found 2030, expected a year after the first one"),
    ("prices:\n", "ageing: [{year: 2024, reason: x}]\nprices:\n", "ageing[0]: found no total, expected at least one of residents, urban_share,"),
    ("prices:\n", "ageing: [{year: 2024, aged_65: 0.2, reason: x}, {year: 2024, aged_65: 0.2, reason: x}]\nprices:\n", "ageing[1].year: found 2024 for the second time"),
    ("prices:\n", "ageing: [{year: 2024, aged_65: 0.6, aged_0_14: 0.4, reason: x}]\nprices:\n", "found aged_65 + aged_0_14 = 1, expected less than 1"),
    ("prices:\n", "ageing: [{year: 2024, urban_share: 1.0, reason: x}]\nprices:\n", "found 1.0, expected a number below 1 (share of residents who live in town"),
    ("  rate: 0.017\n", "", "urbanisation.rate: is missing; the urban share is given up to 2023 only, so the moves to town of other years"),
    ("take_up: 0.80", "budget: {yuan: 2e10, order: poorest}", 'order: found "poorest", expected a list or "poorest_first" or "random" (poorest_first, random, or regions or groups in the order in which they are served); did you mean "poorest_first"?'),
    ("take_up: 0.80", "budget: {yuan: 1, order: [1]}", "policy[0].budget.order[0]: found 1, expected text"),
    ("take_up: 0.80", "budget: {yuan: 1, order: []}", "policy[0].budget.order: found a list of 0, expected at least 1 entries"),
    ("funded_by: county", "funded_by: 县 财政", "expected letters, digits, _ and - only"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "message"), CASES)
def test_message(good, bad, message):
    found = problems(spoil((good, bad)))
    assert any(message in problem for problem in found), found


def test_all_at_once_each_with_its_line():
    chosen = [CASES[0], CASES[14], CASES[20], CASES[24], CASES[31], CASES[40]]
    text = spoil(*(case[:2] for case in chosen))
    found = problems(text)
    for _, bad, message in chosen:
        line = 1 + text[: text.index(bad.splitlines()[-1])].count("\n")
        assert any(problem.startswith(f"<text>:{line}:") and message in problem for problem in found), (message, found)
    lines = [int(problem.split(":")[1]) for problem in found]
    assert lines == sorted(lines)


def test_a_budget_is_told_once_and_may_be_that_of_a_country():
    [problem] = problems(spoil(("take_up: 0.80", "budget: {yuan: 2e13, order: poorest}")))
    assert "policy[0].budget.order" in problem
    lever = read_scenario(
        spoil(("take_up: 0.80", "budget: {yuan: 2e13, order: random}"), ("funded_by: county", "funded_by: 县财政"))
    ).policy[0]
    assert (lever.budget.yuan, lever.funded_by) == (2e13, "县财政")


def test_no_jargon_reaches_the_user():
    for good, bad, _ in CASES:
        for problem in problems(spoil((good, bad))):
            for word in ("pydantic", "http", "input", "literal[", "tagged-union", "Traceback"):
                assert word not in problem


def test_settings_change_values():
    scenario = load_scenario(
        SCENARIO,
        [
            "population.households=20_000",
            "policy[0].take_up=0.5",
            "policy[0].target.residence=urban",
            "seed = 7",
            "policy[1].phase_in=2",
        ],
    )
    assert scenario.population.households == 20_000
    assert scenario.policy[0].take_up == 0.5
    assert scenario.policy[0].target.residence == "urban"
    assert scenario.policy[1].phase_in == 2
    assert scenario.seed == 7


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("seed", "expected key=value"),
        ("=3", "expected key=value"),
        ("a b=3", "expected key=value"),
        ("policy[23].take_up=1", "policy has 23 entries, the last is policy[22]"),
        ("polisy[0].take_up=1", "the scenario has no polisy, only incomesim, title"),
        ("seed.x=1", "seed has no keys"),
        ("title[0]=1", "title is not a list"),
        (
            "policy[0].take_up=2",
            "--set policy[0].take_up=2:1:1 policy[0].take_up: found 2, expected a number of at most 1",
        ),
        ("policy[0].takeup=1", "unknown key"),
        ("seed=[1", "is not YAML"),
        ("years=2020..2024", "policy[0].years"),
    ],
)
def test_settings_that_do_not_fit(setting, message):
    found = problems(TEXT, [setting])
    assert any(message in problem for problem in found), found


def survey_problems(change=None, **changes):
    data = shipped_data()
    data["population"] = survey("panel.parquet", **changes)
    if change is not None:
        change(data)
    return problems(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def no_growth(data):
    del data["growth"]


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (lambda: problems(spoil(("place: panzhihua", "plaice: panzhihua"))),
         "population: found keys and values (plaice, households, regions, ...), expected the key `place` (households built from published tables) or the key `microdata` "),
        (lambda: problems(TEXT, ["population=5"]), "population: found 5, expected the key `place`"),
        (lambda: problems(TEXT, ["population.microdata=panel.parquet"]),
         "population.households: unknown key; allowed here: ages, calibration, columns, design, groups, microdata, place, regions"),
        (lambda: problems(spoil(("households: all", "housholds: all"))),
         'population.housholds: unknown key; allowed here: ages, groups, household, households, place, regions, urban_share; did you'),
        (lambda: survey_problems(microdata="panel.xls"), "microdata: found 'panel.xls', expected the path of a file that ends"),
        (lambda: survey_problems(microdata=5), "microdata: found 5, expected the path of a file that ends"),
        (lambda: survey_problems(groups=None), "population.groups: is missing"),
        (lambda: survey_problems(groups={"all": {}}), "population.groups.all.label: is missing (its name in the report"),
        (lambda: survey_problems(groups={"all": {"label": "all", "share": 1}}), "groups.all.share: unknown key; allowed here: label"),
        (lambda: survey_problems(ages={"starts": [60, 35]}), "population.ages.starts: found [60, 35], expected ages that rise"),
        (lambda: survey_problems(place="panzihua"), 'found the place "panzihua"'),
        (lambda: survey_problems(regions={"dong": {"label": "East"}}), 'found the area "East"'),
        (lambda: survey_problems(no_growth, place=None),
         "growth is missing for 2021, 2022, 2023, 2024, 2025; without a place every year after the first needs an entry"),
        (lambda: survey_problems(lambda data: data["growth"][0].update(year=2020), place=None),
         "growth[0].year: found 2020, the year of the file; leave it out"),
    ],
)  # fmt: skip
def test_the_two_kinds_of_population(found, message):
    assert any(message in problem for problem in found()), found()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"wages": "w"}, 'columns.wages: unknown key; allowed here: age, children, elderly, group, household_id, operating, '),
        ({"wage": {"colum": "w"}}, 'columns.wage.colum: unknown key; allowed here: column, constant, missing, missing_codes, per, unit'),
        ({"wage": {"unit": "yuan_per_month"}}, "columns.wage: expected the key `column` or the key `constant`"),
        ({"wage": {"column": "w", "constant": 0}}, "columns.wage: found `constant` beside `column`, expected it without"),
        ({"wage": {"column": "w", "unit": "yuan"}}, 'columns.wage.unit: found "yuan", expected one of yuan_per_year, '),
        ({"wage": {"column": "w", "missing": "zeor"}}, 'found "zeor", expected one of error, zero, drop; did you mean "zero"?'),
        ({"weight": {"column": "w", "missing": "zero"}}, 'columns.weight.missing: found "zero", expected one of error, drop'),
        ({"wage": 5}, "columns.wage: found 5, expected keys and values"),
        ({"region": {"column": "r", "values": {"1": "est"}}}, 'columns.region.values.1: found the region "est", expected one of'),
        ({"residence": {"constant": "town"}}, 'columns.residence.constant: found the residence "town", expected one of rural, urban'),
        ({"region": {"column": "r", "missing_codes": [1.5]}}, "missing_codes[0]: found 1.5, expected a code as it stands in the file"),
        ({"household_id": {"row_number": False}}, "columns.household_id.row_number: found false, expected true"),
    ],
)  # fmt: skip
def test_the_column_map(columns, message):
    found = survey_problems(columns=columns)
    assert any(message in problem for problem in found), found


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"replicate_weights": {"prefix": "rw"}}, "replicate_weights.method: is missing (brr: balanced half samples"),
        ({"replicate_weights": {"method": "brr"}}, "replicate_weights: expected either the key `columns` or the key `prefix`"),
        ({"replicate_weights": {"prefix": "rw", "method": "fay"}}, "expected the key `factor` with the method fay, and only"),
        ({"stratum": "s"}, 'design.stratum: unknown key; allowed here: cluster, replicate_weights, strata; did you mean "strata"?'),
    ],
)  # fmt: skip
def test_the_design_columns(design, message):
    found = survey_problems(design=design)
    assert any(message in problem for problem in found), found


def test_paths_are_from_the_folder_of_what_names_them(tmp_path):
    (tmp_path / "deep").mkdir()
    file = survey_scenario(tmp_path / "deep" / "survey.yaml", "data/panel.parquet")
    given = load_scenario(file).population.microdata
    assert (given.path, str(given)) == (tmp_path / "deep" / "data" / "panel.parquet", "data/panel.parquet")
    for setting in ("population.microdata=other.parquet", f"population={json.dumps(survey('other.parquet'))}"):
        assert load_scenario(file, [setting]).population.microdata.path == Path("other.parquet")
    absolute = load_scenario(file, [f"population.microdata={tmp_path}/other.parquet"])
    assert absolute.population.microdata.path == tmp_path / "other.parquet"
    assert str(tmp_path) not in absolute.model_dump_json()


def test_a_bracket_is_told_by_its_own_keys():
    """Brackets stand in a list of levers: the path leads through it, and a list with an entry is not too short."""
    tax = "{lever: income_tax, name: t, years: 2024, brackets: [{abve: 1, rate: 0.1}], reason: x}"
    found = problems(spoil(("policy:\n", f"policy:\n  - {tax}\n")))
    assert any(
        'brackets[0].abve: unknown key; allowed here: above, rate; did you mean "above"?' in each for each in found
    )
    assert any("brackets[0].above: is missing (yuan of taxable income" in each for each in found)
    assert len(found) == 2
