"""What the kernel gave -> the tables of a result."""

from __future__ import annotations

from incomesim.tabulate.ageing import show_ageing
from incomesim.tabulate.background import (
    describe_levers,
    label_names,
    list_assumed,
    show_calibration,
    show_contradictions,
    show_fit,
    show_path,
)
from incomesim.tabulate.balance import balance_budget
from incomesim.tabulate.cost_effectiveness import weigh_effects
from incomesim.tabulate.curves import draw_curves, trace_transitions
from incomesim.tabulate.intervals import add_errors
from incomesim.tabulate.ledger import divide_ledger, keep_ledger
from incomesim.tabulate.ledger_totals import total_ledger
from incomesim.tabulate.sampling_errors import find_errors
from incomesim.tabulate.summary import measure_all, summarise

__all__ = [
    "add_errors",
    "balance_budget",
    "describe_levers",
    "divide_ledger",
    "draw_curves",
    "find_errors",
    "keep_ledger",
    "label_names",
    "list_assumed",
    "measure_all",
    "show_ageing",
    "show_calibration",
    "show_contradictions",
    "show_fit",
    "show_path",
    "summarise",
    "total_ledger",
    "trace_transitions",
    "weigh_effects",
]
