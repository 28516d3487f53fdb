"""A fit as the `mobility` section of a scenario file."""

from __future__ import annotations

import json
import textwrap

from incomesim.fields import RESIDENCES
from incomesim.mobility.estimate import MobilityFit, ProcessFit
from incomesim.mobility.panel import EVERYBODY

__all__ = ["write_mobility_section"]

_DIGITS = 4
_WIDTH = 110


def write_mobility_section(fit: MobilityFit, source: str) -> str:
    """Return the YAML text of the section, with what was estimated as its reason; `source` names the panel.

    Raises ValueError where the groups of the fit are neither everybody nor town and country.
    """
    by_group = {part.group: part for part in fit.groups}
    if set(by_group) == {EVERYBODY}:
        by_group = dict.fromkeys(RESIDENCES, by_group[EVERYBODY])
    elif set(by_group) != set(RESIDENCES):
        raise ValueError(f"found fits of {', '.join(by_group)}, expected one of everybody, or urban and rural")
    reason = " ".join(_sentence(part) for part in fit.groups)
    lines = [f"  {residence}: {_process(by_group[residence])}" for residence in RESIDENCES]
    wrapped = textwrap.wrap(reason, _WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(
        ["mobility:", *lines, "  reason: >-", *wrapped, f"  source: {json.dumps(source, ensure_ascii=False)}", ""]
    )


def _process(fit: ProcessFit) -> str:
    persistence, fixed, persistent, _ = (round(float(value), _DIGITS) for value in fit.fitted.value)
    transitory = max(0.0, round(1.0 - fixed - persistent, _DIGITS))  # rounded shares still add up to 1
    return f"{{persistence: {persistence:.4f}, fixed: {fixed:.4f}, transitory: {transitory:.4f}}}"


def _sentence(fit: ProcessFit) -> str:
    errors = zip(("persistence", "fixed", "transitory"), fit.fitted.errors[[0, 1, 3]], strict=True)
    known = ", ".join(f"{name} {error:.4f}" for name, error in errors if error == error)
    ends = f"; at the end of the range: {', '.join(fit.boundary)}" if fit.boundary else ""
    test = fit.test
    said = (
        f"; chi-square {test.statistic:.1f} with {test.freedom} degrees of freedom, p = {test.p_value:.2g}"
        if test
        else ""
    )
    return (
        f"Estimated for {fit.group} from {fit.households} households, {fit.years[0]} to {fit.years[-1]}, by minimum "
        f"distance of the autocovariances of normal ranks (standard errors {known or 'not defined'}{ends}{said})."
    )
