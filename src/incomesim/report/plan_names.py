"""Names of the plan's bookkeeping in English and Chinese: lists, families, payers, and ways to add up the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from incomesim.report.quantities import DASH
from incomesim.report.style import FAMILY_NAMES

__all__ = ["NAMES", "PLAN_LISTS", "WAYS", "name_of"]

PLAN_LISTS: Mapping[str, tuple[str, str]] = {
    "seek_support": ("Seek support", "向上争取"),
    "reform": ("Reform", "改革事项"),
    "major_project": ("Major project", "重大项目"),
    "key_task": ("Key task", "重点任务"),
}
"""The four lists of the plan (四张清单)."""

_PAYERS: Mapping[str, tuple[str, str]] = {
    "county": ("County", "县（区）级"),
    "city": ("City", "市级"),
    "upper_level": ("Upper level", "上级"),
    "enterprise": ("Enterprise", "企业"),
    "all payers": ("All payers", "合计"),
}
_NOT_STATED: Mapping[str, tuple[str, str]] = {"not stated": ("Not stated", "未注明")}

WAYS: Mapping[str, tuple[str, str]] = {
    "family": ("By family", "按政策类别"),
    "list": ("By list", "按四张清单"),
    "funded_by": ("By payer", "按资金来源"),
    "lead": ("By lead unit", "按牵头单位"),
    "sample": ("By municipal sample", "按市域样本"),
}
"""The ways in which the ledger is added up, in the order they are shown."""

NAMES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "family": FAMILY_NAMES,
    "list": {**PLAN_LISTS, **_NOT_STATED},
    "funded_by": {**_PAYERS, **_NOT_STATED},
    "lead": _NOT_STATED,
    "sample": _NOT_STATED,
}
"""Known values of each way; any other payer, lead unit or sample is shown as it stands in the scenario."""


def name_of(by: str, value: object, labels: Mapping[str, str]) -> tuple[str, str]:
    """Return a value in English and Chinese; the Chinese of the result comes first. A dash where there is none."""
    if not isinstance(value, str) or not value.strip():
        return DASH, ""
    english, chinese = NAMES[by].get(value, (value.strip(), ""))
    return english, labels.get(value, chinese)
