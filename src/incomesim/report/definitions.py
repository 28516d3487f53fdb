"""What each measure is: name, unit, formula, where it comes from and which way is better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["LEDGER_COLUMNS", "MEASURES", "Definition", "define", "definitions_of", "is_relative"]

Unit = Literal["persons", "households", "yuan per head", "index", "ratio", "share"]
Direction = Literal["lower", "higher", "neither"]


@dataclass(frozen=True)
class Definition:
    """One measure. `direction` says which way the plan wants it to go; `share` is between 0 and 1."""

    measure: str
    english: str
    chinese: str
    unit: Unit
    formula: str
    source: str
    direction: Direction


_NBS = "National Bureau of Statistics of China (国家统计局)"

MEASURES: Mapping[str, Definition] = {
    entry.measure: entry
    for entry in (
        Definition(
            "persons", "Residents", "常住人口", "persons",
            "N = Σ wᵢ, with wᵢ = household weight × persons", _NBS, "neither",
        ),
        Definition("households", "Households", "户数", "households", "Σ household weights", _NBS, "neither"),
        Definition(
            "mean", "Mean income per head", "人均可支配收入", "yuan per head",
            "μ = Σ wᵢxᵢ / N; x is disposable income of the household over its persons", _NBS, "higher",
        ),
        Definition(
            "median", "Median income per head", "人均可支配收入中位数", "yuan per head",
            "m: half of all persons have no more", _NBS, "higher",
        ),
        Definition(
            "gini", "Gini coefficient", "基尼系数", "index",
            "G = Σᵢ Σⱼ wᵢwⱼ |xᵢ − xⱼ| / (2N²μ) = 1 − 2 ∫ L(p) dp", "Gini 1914; Sen 1973", "lower",
        ),
        Definition(
            "theil", "Theil index T", "泰尔指数", "index",
            "T = Σ wᵢ (xᵢ/μ) ln(xᵢ/μ) / N", "Theil 1967", "lower",
        ),
        Definition(
            "mld", "Mean log deviation", "平均对数离差", "index",
            "MLD = Σ wᵢ ln(μ/xᵢ) / N", "Theil 1967; Shorrocks 1980", "lower",
        ),
        Definition(
            "hoover", "Hoover index", "胡佛指数", "index",
            "H = Σ wᵢ |xᵢ − μ| / (2Nμ), the share of income that would have to move for all to be equal",
            "Hoover 1936; Pietra 1915", "lower",
        ),
        Definition(
            "wolfson", "Wolfson polarisation", "沃尔夫森极化指数", "index",
            "W = 2 (2T − G) μ/m, T = 1/2 − L(1/2)", "Wolfson 1994", "lower",
        ),
        Definition(
            "palma", "Palma ratio", "帕尔马比值", "ratio",
            "income of the richest tenth over income of the poorest four tenths of persons", "Palma 2011", "lower",
        ),
        Definition(
            "p90_p10", "P90/P10", "九十分位与十分位之比", "ratio",
            "income at the 90th percentile over income at the 10th", "Cowell 2011", "lower",
        ),
        Definition(
            "s80_s20", "S80/S20", "高低收入组收入比", "ratio",
            "income of the richest fifth over income of the poorest fifth of persons", "Eurostat 2004", "lower",
        ),
        Definition(
            "urban_rural_ratio", "Urban-rural ratio of means", "城乡居民收入比", "ratio",
            "μ(urban) / μ(rural)", _NBS, "lower",
        ),
        Definition(
            "urban_rural_ratio_median", "Urban-rural ratio of medians", "城乡居民收入中位数之比", "ratio",
            "m(urban) / m(rural)", _NBS, "lower",
        ),
        Definition(
            "region_max_min", "Regional ratio, highest to lowest", "区域收入极值比", "ratio",
            "maxᵣ μᵣ / minᵣ μᵣ over regions r", "Shankar and Shah 2003", "lower",
        ),
        Definition(
            "region_variation", "Regional coefficient of variation", "区域收入变异系数", "index",
            "√(Σᵣ Nᵣ (μᵣ − μ)² / N) / μ, weighted by residents", "Williamson 1965", "lower",
        ),
        Definition(
            "region_theil_between", "Theil index between regions", "区域间泰尔指数", "index",
            "Σᵣ (Nᵣ/N) (μᵣ/μ) ln(μᵣ/μ)", "Bourguignon 1979; Shorrocks 1980", "lower",
        ),
        Definition(
            "middle_nbs", "Middle income, NBS", "中等收入群体（国家统计局）", "share",
            "share of persons with 100,000 ≤ 3x < 500,000 yuan at prices of 2018 (a household of three)",
            _NBS, "higher",
        ),
        Definition(
            "middle_zhejiang", "Middle income, Zhejiang", "中等收入群体（浙江）", "share",
            "share of persons with 200,000 ≤ 3x < 600,000 yuan at prices of 2020 (a household of three)",
            "Zhejiang common-prosperity demonstration zone (浙江)", "higher",
        ),
        Definition(
            "middle_oecd", "Middle income, OECD", "中等收入群体（经合组织）", "share",
            "share of persons with 0.75 m ≤ x < 2 m; m: median of everybody, same year and scenario",
            "OECD 2019", "higher",
        ),
    )
}  # fmt: skip
"""Every measure that does not depend on a poverty line of the scenario, in the order they are shown."""

LEDGER_COLUMNS: Mapping[str, str] = {
    "households_reached": "households the lever served in the year (受益户数)",
    "persons_reached": "persons in them (受益人数)",
    "households_entitled": "households in the target for which the lever could do something in the year (应享户数); "
    "none of a law, which holds for whomever it touches",
    "households_in_error": "households reached that are not entitled (误享户数)",
    "households_turned_away": "households that would have been reached, had the budget not been spent (未享户数)",
    "households_bounded": "households reached whose earnings answer to a rate beyond the range of the study of the "
    "response; the answer is held at the end of it (超出范围户数)",
    "received_yuan": "cash that households received (到户资金)",
    "in_kind_yuan": "value of services that households used, at what they cost to provide (实物服务)",
    "delivery_yuan": "what it cost beyond that: courses, subsidies to providers, administration (实施成本)",
    "paid_yuan": "received, in kind and delivery together (支出合计)",
    "gained_yuan": "market income that households gained through it, not paid by the lever (增收); below 0 where "
    "they answer to it by earning less; what they gain by changing group or moving to town is not put down to a lever",
    "collected_yuan": "taxes that households pay because of it (征收)",
    "net_cost_yuan": "paid less collected (净支出)",
    "to_non_poor_yuan": "what of received, in kind and gained went to households not below the first poverty line "
    "before the lever (非贫困户所得)",
    "cost_per_household_yuan": "paid over households reached (户均成本)",
    "leakage": "the non-poor's share of what was received, in kind too, or gained (漏出率); a lever that is not "
    "for the poor alone, such as one for farmers, has a high one by intention",
    "coverage_of_target": "the reached among the entitled (目标覆盖率)",
    "inclusion_error_share": "those in error among the reached (误享率)",
    "bounded_share": "households with a rate beyond the range of the response among the reached (超出范围率)",
    "budget_yuan": "what the lever might spend in the year (预算)",
    "unspent_yuan": "what of it is left, less than the next household would have cost (结余)",
    "household_cases, person_cases": "sums over levers or years: a household counts once for each lever and year that "
    "reaches it (户次, 人次)",
    "cost_per_case_yuan": "paid over household cases",
}
"""The columns of the ledger and what they hold."""

_RELATIVE = re.compile(r"median_(\d+)")
_FOSTER = "Foster, Greer and Thorbecke 1984"
_DEPTHS: Mapping[str, tuple[str, str, Unit, str, str]] = {
    "fgt0": (
        "Below {line}", "{chinese}以下人口占比", "share",
        "share of persons with x < z", _FOSTER,
    ),
    "fgt1": (
        "Poverty gap, {line}", "{chinese}贫困深度", "index",
        "Σ wᵢ gᵢ / N, gᵢ = max(z − xᵢ, 0) / z", _FOSTER,
    ),
    "fgt2": (
        "Squared poverty gap, {line}", "{chinese}贫困强度", "index",
        "Σ wᵢ gᵢ² / N, gᵢ = max(z − xᵢ, 0) / z", _FOSTER,
    ),
    "sst": (
        "Sen-Shorrocks-Thon index, {line}", "{chinese}森–肖罗克斯–桑贫困指数", "index",
        "Σ wᵢ 2(1 − pᵢ) gᵢ / N, the poorest at rank 0, gᵢ = max(z − xᵢ, 0) / z", "Thon 1979; Shorrocks 1995",
    ),
    "watts": (
        "Watts index, {line}", "{chinese}瓦茨贫困指数", "index",
        "Σ wᵢ ln(z/xᵢ) / N over persons with x < z", "Watts 1968; Zheng 1993",
    ),
}  # fmt: skip


def define(measure: str, labels: Mapping[str, str]) -> Definition:
    """Return the definition of a measure; `labels` gives the Chinese names of poverty lines.

    Raises KeyError where no definition is known: a measure without one must not be shown.
    """
    if measure in MEASURES:
        return MEASURES[measure]
    depth, _, line = measure.partition("_")
    if depth not in _DEPTHS or not line:
        raise KeyError(f"no definition of the measure {measure!r}")
    english, chinese, unit, formula, source = _DEPTHS[depth]
    words, chinese_line, height = _line_in_words(line, labels)
    return Definition(
        measure,
        english.format(line=words),
        chinese.format(chinese=chinese_line),
        unit,
        f"{formula}; z: {height}",
        source,
        "lower",
    )


def is_relative(line: str) -> bool:
    """Return whether a line is a share of the median, such as `median_50`."""
    return _RELATIVE.fullmatch(line) is not None


def _line_in_words(line: str, labels: Mapping[str, str]) -> tuple[str, str, str]:
    """Return a line in English and Chinese, and how high it is."""
    if match := _RELATIVE.fullmatch(line):
        percent = match[1]
        height = f"{percent} % of the median of everybody, same year and scenario"
        return f"{percent} % of the median", f"中位数{percent}%", height
    words = line.replace("_", " ")
    return words, labels.get(line, words), f"{words}, in prices of the year"


def definitions_of(measures: Iterable[str], labels: Mapping[str, str]) -> tuple[Definition, ...]:
    """Return the definitions of these measures, known ones first and in their order, then poverty lines."""
    found = dict.fromkeys(measures)
    order = [*(name for name in MEASURES if name in found), *(name for name in found if name not in MEASURES)]
    return tuple(define(measure, labels) for measure in order)
