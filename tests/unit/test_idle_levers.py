"""A lever that can change nothing is told before the run, with its place in the file."""

import pytest

from incomesim.errors import IdleLever
from incomesim.scenario import load_scenario, read_scenario
from tests.conftest import SCENARIO, one_file_text

TEXT = one_file_text()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["policy[0].take_up=0"], 'policy[0].take_up: "rural minimum living guarantee" changes nothing: its take_up is 0'),
        (["policy[0].line=0"], "policy[0].line: "),
        (["policy[2].coverage=0"], "policy[2].coverage: "),
        (["policy[2].premium=0"], "policy[2].premium: "),
        (["policy[2].target.ceiling=0"], "policy[2]: \"skill training for low earners\" changes nothing: nobody in its target"),
        (["policy[6].extra_growth=0"], "policy[6].extra_growth: "),
        (["policy[6].extra_growth=0", "policy[6].coverage=0"], "policy[6]: \"mango and early-vegetable brands\" changes nothing: extra_growth and coverage are 0"),
        (["policy[9].rate=0"], "policy[9].rate: "),
        (["policy[13].years=2020", "policy[13].cost=0"], "policy[13]: \"settling in town\" changes nothing: nobody moves in 2020, the first year of the run"),
        (["policy[2].budget={yuan: 0, order: random}"], 'policy[2].budget.yuan: "skill training for low earners" changes nothing: its budget is 0'),
        (["population.regions.xi.urban_share=1.0", "policy[13].target={regions: [xi]}"], 'policy[13].target: "settling in town": nobody lives in the cells'),
        (["population.groups.needy_able.concentration={miyi: 0}", "policy[9].target.regions=[miyi]"], "policy[9].target: "),
    ],
)  # fmt: skip
def test_warning(settings, message):
    with pytest.warns(IdleLever) as caught:
        load_scenario(SCENARIO, settings)
    assert len(caught) == 1
    assert message in str(caught[0].message)


def test_its_line_in_the_file():
    line = 1 + TEXT[: TEXT.index("take_up: 0.80")].count("\n")
    with pytest.warns(IdleLever, match=f"<text>:{line}:14 policy"):
        read_scenario(TEXT.replace("take_up: 0.80", "take_up: 0.00", 1))
