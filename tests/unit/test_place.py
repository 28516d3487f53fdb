"""Folders of published tables: what they may hold, and all that is wrong with them at once."""

import shutil

import pytest

from incomesim.errors import InvalidInput
from incomesim.published import Key, base_years, hash_place, missing_figures, place_names, read_facts, read_place
from tests.places import write_place


def test_shipped_places_have_years_to_build_on():
    assert {name: base_years(read_place(name)) for name in place_names()} == {
        "china": (2015, 2016, 2017, 2018, 2019, 2020),
        "panzhihua": (2020,),
        "sichuan": (2015, 2020),
    }


@pytest.mark.parametrize("name", place_names())
def test_every_shipped_figure_has_a_source_and_a_status(name):
    facts = read_place(name).facts
    assert all(fact.source and fact.status for fact in facts.values())


def test_units_are_turned_into_the_first_one(tmp_path):
    place = read_place(write_place(tmp_path / "place"))
    assert place.facts[Key("residents", region="East", year=2020)].value == 600_000
    assert place.facts[Key("resident_share", age="65+", year=2020)].value == 0.15
    assert place.label == "Made-up place"


def test_what_a_place_lacks_comes_from_the_larger_one_and_only_what_may():
    facts = read_facts("panzhihua", 2020)
    assert facts.distribution["urban"].place == "China"
    assert facts.household_size.value == 2.51  # Sichuan
    assert "" not in facts.distribution  # the Gini of China says nothing of a city
    assert not facts.income_by_source["urban"]  # growth by source is not borrowed


def test_the_latest_figure_up_to_the_year_not_a_later_one():
    assert read_facts("china", 2015).household_size.value == 3.10
    assert read_facts("china", 2020).household_size.value == 2.62


def test_a_folder_that_extends_a_place(tmp_path):
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "place.csv").write_text("key,value\nextends,china\n")
    (folder / "later.csv").write_text("item,year,value,unit,source\ngini,2021,0.466,index,NBS\ngini,2020,0.4,index,x\n")
    place = read_place(folder)
    assert place.facts[Key("gini", year=2021)].value == 0.466
    assert place.facts[Key("gini", year=2020)].value == 0.4  # the added one
    assert place.facts[Key("gini", year=2019)] == read_place("china").facts[Key("gini", year=2019)]
    assert place.hindcast == read_place("china").hindcast


def break_table(folder, old, new):
    file = folder / "figures.csv"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("item,region,", "item,regoin,", 'figures.csv:1:1 regoin: unknown column; allowed are item, region, .*did you mean "region"'),
        (",unit,", ",units,", "figures.csv:1:1 unit: the column is missing"),
        ("residents,,,,,,,2020", "resident,,,,,,,2020", 'figures.csv:2:1 item: found "resident", expected one of .*did you mean "residents"'),
        ("1000000,persons", "-5,persons", 'value: found "-5", expected a number above 0'),
        ("1000000,persons", "nan,persons", 'value: found "nan", expected a number above 0'),
        ("1000000,persons", "1000000,people", 'unit: found "people", expected one of persons, 10k persons'),
        ("15,percent", "150,percent", 'value: found "150", expected a number from 0 to 100'),
        (",2020,1000000", ",20,1000000", 'year: found "20", expected a year'),
        ("income,,urban", "income,,town", 'residence: found "town", expected nothing or one of urban, rural'),
        ("lorenz,,urban,,,,0.2", "lorenz,,urban,,,,20", 'part: found "20", expected a share of persons such as 0.2'),
        ("residents,,,,,,,2020,1000000,persons,invented,tests", "residents,,,农民,,,,2020,1000000,persons,invented,tests", 'group: found "农民", but residents is by region, residence only'),
        ("1000000,persons,invented,tests", "1000000,persons,invented,", "source: found nothing, expected the publication"),
        ("residents,East,,", "residents,West,,", r"item: found residents \(region West, year 2020\) for the second time"),
        ("1000000,persons,invented,tests", "1000000,persons,invented,tests,more", "found 13 cells, expected 12"),
        ("resident_share,,,,65+", "resident_share,,,,60+", r'age: found "60\+", expected one of 0-14, 65\+'),
        ("resident_share,,,,65+", "resident_share,,urban,,65+", "expected a residence or an age"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path, old, new, message):
    folder = write_place(tmp_path / "place")
    break_table(folder, old, new)
    with pytest.raises(InvalidInput, match=message):
        read_place(folder)


def test_all_problems_at_once(tmp_path):
    folder = write_place(tmp_path / "place", about="within,atlantis\n")
    break_table(folder, "1000000,persons", "-5,persons")
    break_table(folder, "15,percent", "150,percent")
    with pytest.raises(InvalidInput) as invalid:
        read_place(folder)
    assert len(invalid.value.problems) == 3


def test_no_folder_and_an_empty_one(tmp_path):
    with pytest.raises(InvalidInput, match=r'expected a folder of tables or one of .*did you mean "panzhihua"'):
        read_place(tmp_path / "panzihua")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match="found no table"):
        read_place(tmp_path / "empty")


def test_a_place_as_installed_may_be_copied_and_read(tmp_path):
    shipped = read_place("panzhihua")
    source = shipped.hindcast.parent if shipped.hindcast else None
    assert source is None
    folder = tmp_path / "copy"
    shutil.copytree(read_place("china").hindcast.parent, folder)
    assert read_place(folder).facts == read_place("china").facts


def test_groups_of_which_one_is_missing(tmp_path):
    def change(figures):
        groups = [
            ("group_income", "", "urban", "", "", "", f"{k}/5", 9000 * k, "yuan per head and year")
            for k in (1, 2, 4, 5)
        ]
        return [*figures, *groups]

    with pytest.raises(InvalidInput, match="found groups 1/5, 2/5, 4/5, 5/5 for urban in 2020, expected 1/5 to 5/5"):
        read_place(write_place(tmp_path / "place", change))


def test_town_and_country_by_different_groups_are_no_base_year(tmp_path):
    def change(figures):
        kept = [row for row in figures if row[:3] != ("lorenz", "", "rural")]
        groups = [
            ("group_income", "", "rural", "", "", "", f"{k}/5", 6000 * k, "yuan per head and year") for k in range(1, 6)
        ]
        return [*kept, *groups]

    place = read_place(write_place(tmp_path / "place", change))
    assert base_years(place) == ()
    assert "income of town and country by the same groups" in missing_figures(place, 2020)[0]


def test_a_map_that_is_none(tmp_path):
    folder = write_place(tmp_path / "place")
    (folder / "tiles.csv").write_text("region,row,column\nEast,0,1\n")
    with pytest.raises(InvalidInput, match=r"tiles\.csv:2:1: expected the columns region, row, column, short"):
        read_place(folder)


def test_the_hash_of_a_place_changes_with_any_figure(tmp_path):
    first = hash_place(read_place(write_place(tmp_path / "place")))
    assert hash_place(read_place(write_place(tmp_path / "place"))) == first
    changed = write_place(tmp_path / "place", lambda figures: [(*row[:7], row[7] * 1.001, row[8]) for row in figures])
    assert hash_place(read_place(changed)) != first


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.2,2020,0.07", "0.2,2020,0.2", "expected shares that rise faster and faster"),
        ("0.8,2020,0.6", "0.8,2020,0.3", "expected shares that rise faster and faster"),
        ("2020,60,10k", "2020,0,10k", 'value: found "0", expected a number above 0'),
        ("income,,urban,,,,,2020,40000", "income,,urban,,,,,2020,0", 'value: found "0", expected a number above 0'),
    ],
)
def test_figures_that_make_no_population(tmp_path, old, new, message):
    folder = write_place(tmp_path / "place")
    break_table(folder, old, new)
    with pytest.raises(InvalidInput, match=message):
        read_place(folder)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ("labell,Lake\n", 'found the key "labell".*did you mean "label"'),
        ("label,Lake\nlabel,Pond\n", "at most once"),
        ("label,Lake\nextends,china\n", "a place that extends another has its label"),
    ],
)
def test_what_is_said_about_a_place(tmp_path, about, message):
    with pytest.raises(InvalidInput, match=message):
        read_place(write_place(tmp_path / "place", about=about))
