"""A result that was never simulated: realistic values of the size of the shipped scenario, the same every time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from incomesim.result import COLUMNS, Result
from incomesim.tabulate import balance_budget, total_ledger, weigh_effects
from incomesim.tabulate.ledger_amounts import AMOUNTS, fen_of, show_amounts

YEARS = range(2020, 2026)
LINES = ("guarantee_line", "twice_guarantee")
REGIONS = {"dong": "东区", "xi": "西区", "renhe": "仁和区", "miyi": "米易县", "yanbian": "盐边县"}
GROUPS = {
    "skilled_workers": "技能人才",
    "professional_farmers": "新型职业农民",
    "researchers": "科研人员",
    "small_entrepreneurs": "小微创业者",
    "managers": "企业经营管理人员",
    "grassroots_cadres": "基层干部队伍",
    "needy_able": "有劳动能力的困难群体",
    "other": "其他",
}
RESIDENCES = {"urban": "城镇", "rural": "农村"}
SUBGROUPS: Mapping[str, Mapping[str, str]] = {
    "all": {"all": "全部"}, "region": REGIONS, "residence": RESIDENCES, "group": GROUPS,
}  # fmt: skip
LABELS = {
    **REGIONS, **GROUPS, **RESIDENCES,
    "guarantee_line": "低保线 (rural, 2020)", "twice_guarantee": "低收入线",
    "floor": "消底", "lift": "提低", "expand": "扩中", "finance": "筹资",
}  # fmt: skip

# unit, level in 2020, change a year without the package, effect of the package in 2025
MEASURES: Mapping[str, tuple[str, float, float, float]] = {
    "persons": ("persons", 1_212_203.0, 900.0, 0.0),
    "households": ("households", 483_000.0, 350.0, 0.0),
    "mean": ("yuan per head", 36_780.0, 2_010.0, 214.0),
    "median": ("yuan per head", 30_950.0, 1_760.0, 262.0),
    "gini": ("index", 0.3852, -0.0011, -0.0079),
    "theil": ("index", 0.2490, -0.0012, -0.0094),
    "mld": ("index", 0.2671, -0.0014, -0.0163),
    "hoover": ("index", 0.2791, -0.0009, -0.0061),
    "wolfson": ("index", 0.3470, -0.0010, -0.0052),
    "palma": ("ratio", 1.6210, -0.0090, -0.0730),
    "p90_p10": ("ratio", 6.12, -0.031, -0.42),
    "s80_s20": ("ratio", 7.04, -0.041, -0.61),
    "urban_rural_ratio": ("ratio", 2.217, -0.034, -0.047),
    "urban_rural_ratio_median": ("ratio", 2.331, -0.032, -0.061),
    "region_max_min": ("ratio", 1.712, -0.010, -0.028),
    "region_variation": ("index", 0.2014, -0.0015, -0.0047),
    "region_theil_between": ("index", 0.0203, -0.0002, -0.0008),
    "middle_nbs": ("share", 0.3820, 0.0170, 0.0064),
    "middle_zhejiang": ("share", 0.0980, 0.0102, 0.0011),
    "middle_oecd": ("share", 0.4561, 0.0007, 0.0082),
    "fgt0_guarantee_line": ("share", 0.0312, -0.0022, -0.0121),
    "fgt1_guarantee_line": ("index", 0.0098, -0.0006, -0.0048),
    "fgt2_guarantee_line": ("index", 0.0051, -0.0003, -0.0026),
    "sst_guarantee_line": ("index", 0.0194, -0.0012, -0.0095),
    "watts_guarantee_line": ("index", 0.0172, -0.0011, -0.0084),
    "fgt0_twice_guarantee": ("share", 0.1104, -0.0071, -0.0142),
    "fgt1_twice_guarantee": ("index", 0.0377, -0.0022, -0.0071),
    "fgt2_twice_guarantee": ("index", 0.0192, -0.0012, -0.0049),
    "sst_twice_guarantee": ("index", 0.0726, -0.0042, -0.0137),
    "watts_twice_guarantee": ("index", 0.0610, -0.0036, -0.0115),
    "fgt0_median_40": ("share", 0.1490, -0.0006, -0.0110),
    "fgt1_median_40": ("index", 0.0536, -0.0002, -0.0044),
    "fgt2_median_40": ("index", 0.0268, -0.0001, -0.0022),
    "fgt0_median_50": ("share", 0.2120, -0.0008, -0.0093),
    "fgt1_median_50": ("index", 0.0763, -0.0003, -0.0037),
    "fgt2_median_50": ("index", 0.0382, -0.0001, -0.0019),
    "fgt0_median_60": ("share", 0.2754, -0.0009, -0.0071),
    "fgt1_median_60": ("index", 0.0991, -0.0003, -0.0028),
    "fgt2_median_60": ("index", 0.0496, -0.0002, -0.0014),
}
_BOUNDS = {"median": 0.003, "gini": 1e-5, "p90_p10": 0.008, "urban_rural_ratio_median": 0.007, "fgt0_median_50": 0.02}
"""How far figures can be from those of the incomes themselves, relative to their level; others are exact."""
_ERROR = 0.001
"""Standard errors, relative to the level."""

LEVERS = (
    # name, kind, family, list, lead, payer, households a year, received and delivery per household, gained
    ("rural minimum living guarantee", "income_floor", "floor", "key_task", "市民政局", "county", 9_800, 1_730, 69, 0),
    ("urban minimum living guarantee", "income_floor", "floor", "key_task", "市民政局", "city", 8_100, 2_210, 88, 0),
    ("skill training for low earners", "training", "lift", "seek_support", "市人力资源社会保障局", "upper_level",
     11_200, 0, 3_200, 2_900),
    ("mango and early-vegetable brands", "farm_income", "lift", "major_project", "市农业农村局", "county",
     38_000, 0, 900, 1_150),
    ("from needy to skilled worker", "group_mobility", "expand", "reform", "市人力资源社会保障局", "enterprise",
     820, 0, 12_000, 0),
    ("small start-ups", "group_mobility", "expand", "reform", "市市场监管局", "city", 1_700, 0, 8_000, 0),
    ("settling in town", "urbanisation", "expand", "reform", "市发展改革委", "upper_level", 1_150, 0, 30_000, 0),
)  # fmt: skip


def fake_result(title: str = "Panzhihua pilot zone 攀枝花共同富裕试验区, 2020-2025", policy: bool = True) -> Result:
    """Return the result; without `policy` there are no levers and every difference is zero."""
    summary, parts = _summary(policy), _parts(policy)
    ledger = parts.groupby(_LEVER, sort=False, dropna=False)[list(AMOUNTS)].sum().reset_index()
    ledger = ledger[_LEVER].join(show_amounts(fen_of(ledger))).assign(budget_yuan=np.nan, unspent_yuan=np.nan)
    return Result(
        title=title,
        summary=summary,
        ledger=ledger,
        ledger_by_region_and_group=parts,
        ledger_totals=total_ledger(ledger),
        balance=balance_budget(ledger, summary),
        cost_effectiveness=weigh_effects(ledger, summary),
        curves=_curves(policy),
        transitions=_transitions(policy),
        fit=_fit(),
        contradictions=pd.DataFrame(
            [
                (
                    "median income per head, all: households come to another value",
                    27_540.0,
                    25_968.0,
                    -0.0571,
                    "the means",
                )
            ],
            columns=list(COLUMNS["contradictions"]),
        ),
        calibration=pd.DataFrame(columns=list(COLUMNS["calibration"])),
        path=_path(),
        ageing=_ageing(),
        assumptions=_assumptions(),
        levers=_levers() if policy else pd.DataFrame(columns=list(COLUMNS["levers"])),
        labels=dict(LABELS),
        manifest={
            "command": "python -m incomesim run scenarios/panzhihua-2025.yaml --out out/panzhihua-2025",
            "seed": 20222025,
            "scenario": {"title": title, "seed": 20222025, "years": "2020..2025"},
            "hashes": {"scenario": "5f" * 32, "published tables": "a1" * 32},
            "versions": {"incomesim": "0.1.0", "numpy": "2.4.6", "numba": "0.68.1", "python": "3.11.7"},
            "machine": {"system": "Linux", "processors": 2},
            "timings": {"population": 0.41, "kernel": 0.93},
        },
    )


def _summary(policy: bool) -> pd.DataFrame:
    rows = []
    for by, names in SUBGROUPS.items():
        for place, subgroup in enumerate(names):
            scale = 1.0 if by == "all" else 0.8 + 0.5 * ((place * 7 + len(subgroup)) % 11) / 10.0
            size = 1.0 if by == "all" else 1.0 / len(names)
            for measure, (unit, level, trend, effect) in MEASURES.items():
                if by != "all" and measure.startswith(("region_", "urban_rural")):
                    continue
                factor = size if unit in ("persons", "households") else scale
                reach = (1.6 - scale) * effect * (2.2 if subgroup in ("needy_able", "rural", "yanbian") else 1.0)
                for year in YEARS:
                    started = max(0, year - 2021) / 4.0 if policy else 0.0
                    baseline = factor * (level + trend * (year - 2020))
                    wanted = started * (effect if by == "all" else reach)
                    difference = max(wanted, -0.8 * baseline) if unit in ("share", "index") else wanted
                    for scenario, value in (
                        ("baseline", baseline), ("policy", baseline + difference), ("difference", difference),
                    ):  # fmt: skip
                        bound = _BOUNDS.get(measure, 0.0) * level * (2.0 if scenario == "difference" else 1.0)
                        error = 0.0 if scenario == "difference" and difference == 0.0 else _ERROR * level
                        limits = value - 1.96 * error, value + 1.96 * error
                        rows.append((year, scenario, by, subgroup, measure, value, unit, bound, error, *limits))
    return pd.DataFrame(rows, columns=list(COLUMNS["summary"]))


_LEVER = ["year", "lever", "kind", "family", "list", "lead", "sample", "funded_by"]


def _parts(policy: bool) -> pd.DataFrame:
    """The ledger by region and group: the same in all of them."""
    keys, amounts = [], []
    number = len(REGIONS) * len(GROUPS)
    for name, kind, family, plan_list, lead, payer, households, cash, delivery, gained in LEVERS if policy else ():
        for year in YEARS:
            reached = round(households * {2020: 0.0, 2021: 0.0, 2022: 0.5}.get(year, 1.0) / number)
            received, brought = float(reached * cash), float(reached * gained * (year - 2020))
            paid = received + reached * delivery
            leaked = (0.12 + 0.3 * (family != "floor")) * (received + brought)
            for place in itertools.product(REGIONS, GROUPS):
                keys.append((year, name, kind, family, plan_list, lead, None, payer, *place))
                amounts.append(
                    (
                        reached,
                        2.4 * reached,
                        1.25 * reached,
                        0.0,
                        0.0,
                        0.0,
                        paid,
                        received,
                        0.0,
                        paid - received,
                        brought,
                        0.0,
                        paid,
                        round(leaked, 2),
                    )
                )
    shown = pd.DataFrame(amounts, columns=list(AMOUNTS)).astype("float64")
    types = {"year": "int64", **dict.fromkeys([*_LEVER[1:], "region", "group"], "str")}
    named = pd.DataFrame(keys, columns=[*_LEVER, "region", "group"]).astype(types)
    return named.join(show_amounts(fen_of(shown)))


def _curves(policy: bool) -> pd.DataFrame:
    p = np.linspace(0.0, 1.0, 101)
    frames = []

    def add(year: int, scenario: str, by: str, subgroup: str, curve: str, x: np.ndarray, y: np.ndarray) -> None:
        table = pd.DataFrame({"p": x, "value": y, "bound": 1e-4})
        frames.append(
            table.assign(year=year, scenario=scenario, by=by, subgroup=subgroup, curve=curve)[list(COLUMNS["curves"])]
        )

    for by, names in SUBGROUPS.items():
        for subgroup in names:
            for year in YEARS:
                for scenario in ("baseline", "policy"):
                    shift = 0.0035 * (year - 2020) + (0.024 if policy and scenario == "policy" and year > 2021 else 0.0)
                    bend = 2.25 - shift
                    add(year, scenario, by, subgroup, "lorenz", p, 0.35 * p + 0.65 * p**bend * (2 - (1 - p) ** 0.5) / 2)
            middle = (np.arange(100) + 0.5) / 100.0
            strength = {"all": 1.0, "rural": 1.9, "urban": 0.6}.get(subgroup, 1.0) if policy else 0.0
            add(2025, "policy", by, subgroup, "growth_incidence", middle,
                strength * (0.16 * np.exp(-middle / 0.07) + 0.012 * (1 - middle)))  # fmt: skip
            add(2025, "baseline", by, subgroup, "growth_incidence", middle, 0.24 + 0.05 * (1 - middle) ** 2 * strength)
    return pd.concat(frames, ignore_index=True)


def _transitions(policy: bool) -> pd.DataFrame:
    rows = []
    for kind, scenario, first, last, stay in (
        ("policy", "policy", 2025, 2025, 0.93 if policy else 1.0),
        ("years", "baseline", 2020, 2025, 0.52),
        ("years", "policy", 2020, 2025, 0.50),
    ):
        for origin in range(1, 6):
            weights = np.array([(1.0 - stay) ** abs(origin - d) for d in range(1, 6)])
            for destination, share in enumerate(weights / weights.sum(), start=1):
                rows.append((kind, scenario, first, last, origin, destination, share, 0.01))
    return pd.DataFrame(rows, columns=list(COLUMNS["transitions"]))


def _fit() -> pd.DataFrame:
    rows = [
        ("residents", label, "persons", target, target, "census 2020, 攀枝花市七人普 https://example.org/population")
        for label, target in zip(REGIONS.values(), (384_100.0, 141_600.0, 266_800.0, 227_011.0, 192_692.0), strict=True)
    ]
    rows += [
        ("residents of 65 and over", "panzhihua", "share", 0.1588, 0.1612, "census 2020"),
        ("income per head", "urban", "yuan per capita", 44_209.0, 44_209.0, "government work report 2021"),
        ("income per head", "rural", "yuan per capita", 19_938.0, 19_938.0, "government work report 2021"),
    ]
    rows += [
        (f"income per head, fifth {fifth}", "urban", "yuan per capita", target, 1.002 * target, "NBS 2020")
        for fifth, target in enumerate((15_600.0, 27_500.0, 39_300.0, 54_900.0, 96_100.0), start=1)
    ]
    table = pd.DataFrame(rows, columns=["item", "area", "unit", "target", "reached", "source"])
    difference = table["reached"] - table["target"]
    table["role"] = np.where(table["item"] == "residents", "weights", "shape")
    return table.assign(difference=difference, relative_difference=difference / table["target"])[list(COLUMNS["fit"])]


def _path() -> pd.DataFrame:
    rows = []
    for residence, level, growth in (("urban", 44_209.0, 0.045), ("rural", 19_938.0, 0.066)):
        for year in YEARS:
            target = level * (1.0 + growth) ** (year - 2020)
            simulated = target * (1.0 + 0.0004 * (year - 2020))
            status, source = ("reported", "攀枝花日报 2023-01-07") if year < 2024 else ("assumed", "national trend")
            rows.append(
                (year, residence, "yuan per capita", target, simulated, simulated / target - 1.0, status, source)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS["path"]))


def _ageing() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for year in YEARS:
        growth = 1.0 + 0.001 * (year - 2020)
        source = ("reported", "市统计局 2024-10-10") if year < 2024 else ("held", "as in 2023")
        residents = 1_212_203.0 * growth
        rows.append((year, "residents", "residents", "persons", residents, 1_212_203.0, residents, growth, *source))
        share = 0.16 + 0.004 * (year - 2020)
        aged = ("aged_65", "residents of 65 and over", "share of residents")
        rows.append((year, *aged, share, 0.16, share, share / 0.16, "assumed", "made up"))
        for name, factor in (("urban, head below 60", 0.97), ("urban, head 60 and over", 1.12)):
            rows.append((year, "stratum", name, "persons", np.nan, 5e5, 5e5 * factor, factor, "", ""))
    return pd.DataFrame(rows, columns=list(COLUMNS["ageing"]))


def _assumptions() -> pd.DataFrame:
    rows = [
        (f"population.regions.{name}", label, "income.urban 1.04; income.rural 1.15; urban_share 0.985",
         "Incomes by county are not published for 2020; the order of the counties follows GDP per head.", "")
        for name, label in REGIONS.items()
    ]  # fmt: skip
    rows += [
        (f"population.groups.{name}", label, "share.urban 0.17; share.rural 0.07; income.urban 1.15",
         "Group sizes are not published for the city; the premium is that of skilled over unskilled work.",
         "panzhihua_economy.csv, 个体经营户 2018")
        for name, label in GROUPS.items()
    ]  # fmt: skip
    rows += [
        (f"policy[{place}]", lever[0], "coverage 0.08; completion 0.85; premium 0.068; cost 3200",
         "Wage effect of 6.3 to 7.3 % from a national survey; coverage, completion and cost are assumed.",
         "李唐 程欣 2016, CEES")
        for place, lever in enumerate(LEVERS)
    ]  # fmt: skip
    rows.append(("method", "behaviour", "no response", "Nobody works less or more because of a lever.", ""))
    return pd.DataFrame(rows, columns=list(COLUMNS["assumptions"]))


def _levers() -> pd.DataFrame:
    rows = [
        (name, kind, family, "Tops income per head up to 7,400 yuan a year; 80% of the entitled claim.",
         "将人均年收入补足至 7,400 元；符合条件者中 80% 申领。", "In full from its year 2 on.",
         "逐年扩大，第2年起全面实施。", "2022..2025", "rural; needy_able, other",
         plan_list, lead, None)
        for name, kind, family, plan_list, lead, *_ in LEVERS
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS["levers"]))
