"""What the report says of standard errors holds for the run that it is of."""

from types import SimpleNamespace

import pandas as pd
import pytest

from incomesim.report.findings import explain_errors


@pytest.mark.parametrize(
    ("synthetic", "errors", "totals", "more"),
    [
        (True, [0.0, 0.1], [], "exactly has an error of 0."),
        (True, [0.2, 0.1], [], ""),  # above half a million households nothing is met exactly
        (False, [0.2, 0.1], [], ""),
        (False, [0.2, 0.1], ["persons"], "too large for what these are made to meet."),
    ],
)
def test_each_kind_of_run(synthetic, errors, totals, more):
    summary = pd.DataFrame({"scenario": ["baseline", "baseline", "difference"], "standard_error": [*errors, 0.0]})
    result = SimpleNamespace(synthetic=synthetic, summary=summary, calibration=pd.DataFrame({"name": totals}))
    assert explain_errors(result).endswith(more or "published figures.")
