"""What the tables say, in sentences."""

from __future__ import annotations

import math

from incomesim.report.charts.groups import relative_gain
from incomesim.report.quantities import MINUS, write_money, write_number, write_value
from incomesim.report.summary_lookup import SummaryLookup
from incomesim.result import Result

__all__ = ["explain_errors", "write_caveat", "write_findings"]

_GAPS = (
    ("gini", "the Gini coefficient"),
    ("urban_rural_ratio", "the urban-rural ratio of mean incomes"),
    ("region_max_min", "the ratio of the region with the highest to that with the lowest mean income"),
)


def explain_errors(result: Result) -> str:
    """Return what standard errors say, and what they do not."""
    meaning = (
        "Standard errors (s.e.) say how far a figure would be off, had other households been drawn, with other luck; "
        "they hold nothing of the uncertainty of assumptions, parameters and published figures."
    )
    if result.synthetic:
        sure = (result.summary.query("scenario == 'baseline'")["standard_error"] == 0.0).any()
        return f"{meaning} What weights meet exactly has an error of 0." if sure else meaning
    if result.calibration.empty:
        return meaning
    return f"{meaning} Calibrated weights are taken as given, so errors are too large for what these are made to meet."


def write_caveat(result: Result) -> str:
    """Return what every reader must know."""
    if result.synthetic:
        return (
            "All figures are results of a simulation: the population is synthetic, the effects of the levers are "
            "assumed, and nothing here has been observed."
        )
    weights = "its weights" if result.calibration.empty else "calibrated weights"
    return (
        "All figures are results of a simulation: the households of the first year are those of a file, with "
        f"{weights}; what happens to them afterwards and the effects of the levers are assumed."
    )


def write_findings(result: Result, lookup: SummaryLookup) -> tuple[str, ...]:
    """Return the key findings, one sentence each, as far as the tables have the numbers."""
    if result.levers.empty:
        return ("This run has no levers: policy and baseline are the same.", *_course(lookup))
    return (
        *_gaps(lookup, len(result.levers)), *_course(lookup), *_floor(lookup), *_middle(lookup), *_groups(lookup),
        *_in_kind(lookup), *_money(result),
    )  # fmt: skip


def _gaps(lookup: SummaryLookup, levers: int) -> tuple[str, ...]:
    parts = [f"{words} {_from_to(lookup, measure)}" for measure, words in _GAPS if _is_known(lookup, measure)]
    if not parts:
        return ()
    package = f"the package of {levers} lever{'s' * (levers != 1)}"
    return (f"In {lookup.last}, against the same year without it, {package} moves {_listed(parts)}.",)


def _from_to(lookup: SummaryLookup, measure: str) -> str:
    baseline, policy, difference = (
        lookup.written(measure, scenario, lookup.last) for scenario in ("baseline", "policy", "difference")
    )
    bound = f" {difference.bound}" if difference.bound else ""
    return f"from {baseline.text} to {policy.text} ({difference.text}{bound})"


def _course(lookup: SummaryLookup) -> tuple[str, ...]:
    """Say how much happens without the package, to set its effect against."""
    if lookup.first == lookup.last or not (_is_known(lookup, "gini") and _is_known(lookup, "mean")):
        return ()
    first, last = (write_value(lookup.value("gini", "baseline", year), "index") for year in (lookup.first, lookup.last))
    mean = [write_value(lookup.value("mean", "baseline", year), "") for year in (lookup.first, lookup.last)]
    return (
        f"Without any package the Gini coefficient goes from {first} in {lookup.first} to {last} in {lookup.last}, and "
        f"mean income per head from {mean[0]} to {mean[1]} yuan, along published and assumed growth.",
    )


def _floor(lookup: SummaryLookup) -> tuple[str, ...]:
    known = _is_known(lookup, "persons")
    return tuple(
        _floor_sentence(lookup, line) for line in lookup.lines[:1] if known and _is_known(lookup, f"fgt0_{line}")
    )


def _floor_sentence(lookup: SummaryLookup, line: str) -> str:
    measure = f"fgt0_{line}"
    persons = lookup.value("persons", "policy", lookup.last) * lookup.value(measure, "policy", lookup.last)
    before = lookup.value("persons", "baseline", lookup.last) * lookup.value(measure, "baseline", lookup.last)
    change = persons - before
    return (
        f"The share of persons below the {line.replace('_', ' ')} goes {_from_to(lookup, measure)}, which is about "
        f"{write_number(abs(change), 0)} persons {'fewer' if change < 0 else 'more'}."
    )


def _middle(lookup: SummaryLookup) -> tuple[str, ...]:
    names = (("middle_nbs", "NBS"), ("middle_zhejiang", "Zhejiang"), ("middle_oecd", "OECD"))
    parts = [
        f"{_from_to(lookup, measure)} by the definition of {name}"
        for measure, name in names
        if _is_known(lookup, measure)
    ]
    return (f"The middle-income share of persons goes {_listed(parts)}.",) if parts else ()


def _groups(lookup: SummaryLookup) -> tuple[str, ...]:
    named = ((name, relative_gain(lookup, "group", name)) for name in lookup.subgroups.get("group", ()))
    gains = {name: gain for name, gain in named if math.isfinite(gain)}
    if len(gains) < 2:
        return ()
    most, least = max(gains, key=lambda name: gains[name]), min(gains, key=lambda name: gains[name])
    return (
        f"Of the groups, {_words(most)} gain most in mean income ({_percent(gains[most])}) and {_words(least)} least "
        f"({_percent(gains[least])}); households that the package moves to another group change the means of both.",
    )


def _in_kind(lookup: SummaryLookup) -> tuple[str, ...]:
    if not lookup.extended:
        return ()
    policy, extended = (lookup.value("mean", scenario, lookup.last) for scenario in ("policy", "extended"))
    gini = [lookup.written("gini", scenario, lookup.last).text for scenario in ("policy", "extended")]
    return (
        f"Services in kind are worth {write_value(extended - policy, 'yuan per head')} yuan per head in {lookup.last}; "
        f"counted as income they move the Gini coefficient with the package from {gini[0]} to {gini[1]}.",
    )


def _money(result: Result) -> tuple[str, ...]:
    table = result.ledger
    active = table.loc[table["paid_yuan"] > 0.0, "year"]
    paid, received = float(table["paid_yuan"].sum()), float(table["received_yuan"].sum())
    in_kind, collected = float(table["in_kind_yuan"].sum()), float(table["collected_yuan"].sum())
    services = f" and {write_money(in_kind)} million in kind" * (in_kind > 0.0)
    taxes = (
        f"The levers collect {write_money(collected)} million yuan of taxes; net of them the package costs "
        f"{write_money(paid - collected)} million.",
    )
    if active.empty:
        return taxes * (collected > 0.0)
    by_lever = table.groupby("lever", sort=False)["paid_yuan"].sum()
    return (
        f"From {active.min()} to {active.max()} the levers cost {write_money(paid)} million yuan, of which households "
        f"receive {write_money(received)} million in cash{services}; the largest item is “{by_lever.idxmax()}” "
        f"({write_money(float(by_lever.max()))} million).",
        *taxes * (collected > 0.0),
    )


def _is_known(lookup: SummaryLookup, measure: str) -> bool:
    """Return whether the last year has both scenarios of a measure."""
    return all(math.isfinite(lookup.value(measure, scenario, lookup.last)) for scenario in ("baseline", "policy"))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _words(name: str) -> str:
    return f"“{name.replace('_', ' ')}”"


def _percent(value: float) -> str:
    return f"{100.0 * value:+.1f} %".replace("-", MINUS)
