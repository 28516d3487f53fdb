"""A made-up place as a folder of tables, with every kind of figure, and a scenario on it."""

import yaml

from tests.conftest import shipped_data

GROUPS = {"farmers": ("农民", 0.1, 0.7), "others": ("其他", 0.9, 0.3)}
SIZES = {"urban": (0.25, 0.30, 0.25, 0.12, 0.05, 0.03), "rural": (0.15, 0.28, 0.25, 0.18, 0.09, 0.05)}
LORENZ = {"urban": {0.2: 0.07, 0.4: 0.19, 0.6: 0.36, 0.8: 0.60}, "rural": {0.2: 0.06, 0.4: 0.18, 0.6: 0.34, 0.8: 0.57}}
MEAN = {"urban": 40_000, "rural": 18_000}
FIGURES = [
    # item, region, residence, group, age, size, part, value, unit
    ("residents", "", "", "", "", "", "", 1_000_000, "persons"),
    ("residents", "East", "", "", "", "", "", 60, "10k persons"),
    ("residents", "West", "", "", "", "", "", 40, "10k persons"),
    ("residents", "East", "urban", "", "", "", "", 45, "10k persons"),
    ("residents", "West", "urban", "", "", "", "", 15, "10k persons"),
    ("persons_per_household", "", "", "", "", "", "", 2.6, "persons"),
    ("resident_share", "", "", "", "65+", "", "", 15, "percent"),
    ("resident_share", "", "", "", "0-14", "", "", 0.16, "share"),
    *(("income", "", side, "", "", "", "", mean, "yuan per head and year") for side, mean in MEAN.items()),
    *(
        ("income", "", side, "", "", "", part, share * mean, "yuan per head and year")
        for side, mean in MEAN.items()
        for part, share in (("wage", 0.6), ("operating", 0.15), ("property", 0.05), ("transfer", 0.2))
    ),
    *(
        ("lorenz", "", side, "", "", "", str(p), share, "share")
        for side, points in LORENZ.items()
        for p, share in points.items()
    ),
    *(
        ("household_share", "", side, name, "", "", "", share, "share")
        for name, *shares in GROUPS.values()
        for side, share in zip(("urban", "rural"), shares, strict=True)
    ),
    *(
        ("household_share", "", side, "", age, "", "", share, "share")
        for side in ("urban", "rural")
        for age, share in (("22-34", 0.18), ("35-59", 0.57), ("60+", 0.25))
    ),
    *(
        ("household_share", "", side, "", "", f"{size}{'+' if size == 6 else ''}", "", share, "share")
        for side, shares in SIZES.items()
        for size, share in enumerate(shares, start=1)
    ),
    ("household_share", "West", "rural", "农民", "", "", "", 0.8, "share"),
]
COLUMNS = "item,region,residence,group,age,size,part,year,value,unit,status,source"


def write_place(folder, change=lambda figures: figures, about="label,Made-up place\n"):
    """A folder of tables; `change` may replace the list of figures."""
    folder.mkdir(exist_ok=True)
    (folder / "place.csv").write_text(f"key,value\n{about}", "utf-8")
    rows = [",".join(map(str, (*row[:7], 2020, *row[7:], "invented", "tests"))) for row in change(list(FIGURES))]
    (folder / "figures.csv").write_text("\n".join([COLUMNS, *rows]) + "\n", "utf-8")
    return folder


def place_scenario(folder, change=lambda data: None):
    """A scenario file beside the place, without what is published for it."""
    data = shipped_data()
    population = data["population"]
    population |= {"place": f"./{folder.name}", "households": 20_000}
    population["regions"] = {name: {"label": name.title(), "reason": "-"} for name in ("east", "west")}
    population["groups"] = {
        name: {"label": label, "income": {"urban": 1.0, "rural": 1.0}, "reason": "-"}
        for name, (label, *_) in GROUPS.items()
    }
    del population["ages"]["urban"], population["ages"]["rural"]
    data["growth"] = [{"year": year, "urban": 0.05, "rural": 0.07, "reason": "-"} for year in range(2021, 2026)]
    data["policy"] = data["policy"][:2]
    change(data)
    file = folder.parent / "scenario.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return file
