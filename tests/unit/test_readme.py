"""What the README shows of the measures comes out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_measures_without_a_scenario():
    code = re.search(r"## Measures without.*?```python\n(.*?)```", README, re.DOTALL)[1]
    lines, names, shown = code.splitlines(), {}, {}
    for step in ast.parse(code).body:
        if isinstance(step, ast.Expr):
            shown[lines[step.end_lineno - 1]] = eval(ast.unparse(step), names)
        else:
            exec(ast.unparse(step), names)
    claimed = {line: float(found[1]) for line in shown if (found := re.search(r"# (\d\.\d+)", line))}
    assert len(claimed) == 2
    for line, value in claimed.items():
        assert shown[line] == pytest.approx(value, abs=5e-7)
    of_all, by_group = list(shown.values())[-2:]
    assert isinstance(by_group, pd.DataFrame)
    assert (by_group["undefined"] == "").all()
    assert by_group["value"].iloc[0] == of_all.value
