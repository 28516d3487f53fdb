"""Levers of users: written beside a scenario or offered by another package, and the contract of every lever."""

from importlib.metadata import EntryPoint
from typing import ClassVar, Literal, get_args, get_type_hints

import numpy as np
import pytest

from incomesim import simulate
from incomesim.errors import IdleLever, InvalidInput
from incomesim.policy import (
    AnyLever,
    Floor,
    Gain,
    Lever,
    Mechanisms,
    Sentence,
    Target,
    acts_on,
    plug_ins,
)
from incomesim.scenario import load_scenario, read_scenario
from incomesim.testing import LIMITS, check_lever
from tests.conftest import SCENARIO, one_file_text
from tests.reference import test_grants, test_services, test_taxes
from tests.reference.test_lever_formulas import LEVERS


class CareAllowance(Lever):
    """Lift incomes below a line for those who look after others."""

    default_family: ClassVar = "floor"
    lever: Literal["care_allowance"] = "care_allowance"
    monthly: float

    def compile(self, ground):
        line = self.intensity(ground) * 12.0 * self.monthly * self.amounts(ground)[:, None]
        return Mechanisms(floors=(Floor(line, withdrawal=1.0, rate=1.0),))

    def delivery(self, households, received):
        return 0.05 * received

    def sentence(self):
        return Sentence(f"Nobody has less than {self.monthly:,.0f} yuan a month.", "保障每月最低收入。")


CARE = CareAllowance(
    name="care", years="2022..2024", monthly=700.0, target=Target(residence="rural", ages=[60, 120]), reason="a test"
)


@pytest.fixture
def offered(monkeypatch):
    """Entry points as installed packages would have them."""

    def offer(**points):
        found = tuple(EntryPoint(name, value, plug_ins.GROUP) for name, value in points.items())
        monkeypatch.setattr(plug_ins, "entry_points", lambda group: found if group == plug_ins.GROUP else ())

    return offer


def with_lever(**values):
    """The shipped scenario with one lever instead of its first."""
    first = (
        "  - lever: income_floor\n    name: rural minimum living guarantee\n    years: 2022..2025\n"
        "    target: {residence: rural}\n    line: 7_400\n    indexation: 0.03\n    take_up: 0.80\n    administration: 0.04\n"
    )
    text = one_file_text()
    assert first in text
    lines = "".join(f"    {key}: {value}\n" for key, value in values.items())
    return text.replace(first, f"  - lever: care_allowance\n    name: care\n    years: 2022..2024\n{lines}", 1)


def test_a_lever_of_ones_own_lifts_the_floor(scenario):
    result = simulate(scenario.with_levers([CARE]))
    ledger = result.ledger.set_index("year")
    assert (ledger.loc[[2020, 2021, 2025], "households_reached"] == 0).all()
    assert (ledger.loc[2022:2024, "received_yuan"] > 0).all()
    np.testing.assert_allclose(ledger["delivery_yuan"], 0.05 * ledger["received_yuan"])
    assert result.manifest["scenario"]["policy"][0]["monthly"] == 700.0
    assert "700 yuan a month" in result.levers["sentence"][0]


def test_levers_that_do_not_fit_the_scenario_are_refused(scenario):
    wrong = CARE.model_copy(update={"target": Target(regions=["dnog"], ages=[50, 120]), "years": range(2022, 2031)})
    with pytest.raises(InvalidInput) as caught:
        scenario.with_levers([wrong, wrong])
    for message in ("policy[1].name", 'did you mean "dong"', "whole bands", "expected years within those of the run"):
        assert message in str(caught.value)
    with pytest.raises(TypeError, match="found str, expected levers"):
        scenario.with_levers(["training"])
    with pytest.warns(IdleLever, match=r'policy\[0\].monthly: "care" changes nothing: its monthly is 0'):
        scenario.with_levers([CARE.model_copy(update={"monthly": 0.0})])


def test_levers_of_another_package_are_read_from_a_file(offered):
    offered(care_allowance=f"{__name__}:CareAllowance")
    scenario = read_scenario(with_lever(monthly=500.5))
    assert isinstance(scenario.policy[0], CareAllowance)
    assert (scenario.policy[0].monthly, scenario.policy[0].years) == (500.5, range(2022, 2025))
    assert type(scenario).model_validate_json(scenario.model_dump_json()) == scenario


@pytest.mark.parametrize(
    ("points", "values", "message"),
    [
        ({"care_allowance": "CareAllowance"}, {"monthly": "high"}, 'policy[0].monthly: found "high", expected a number'),
        ({"care_allowance": "CareAllowance"}, {"month": 1}, "policy[0].month: unknown key; allowed here: "),
        ({"care_allowance": "CareAllowance"}, {"month": 1}, 'did you mean "monthly"?'),
        ({"care_allowance": "CareAllowance"}, {"monthly": 1, "target": "{ceilin: 3}"}, 'did you mean "ceiling"?'),
        ({"care_allowances": "CareAllowance"}, {"monthly": 1}, ', or of other packages care_allowances'),
        ({}, {"monthly": 1}, 'found "care_allowance", expected one of income_floor'),
        ({}, {"monthly": 1}, "(no other package offers levers)"),
        ({"care_allowance": "Nothing"}, {"monthly": 1}, "cannot be loaded: AttributeError"),
        ({"care_allowance": "SCENARIO"}, {"monthly": 1}, "is no class that derives from incomesim.policy.Lever"),
        ({"care_allowance": "WageGrowth"}, {"monthly": 1}, "has `lever` ('wage_growth',), expected Literal"),
    ],
)  # fmt: skip
def test_what_can_be_wrong_with_levers_of_other_packages(offered, points, values, message):
    home = {"WageGrowth": "incomesim.policy"}
    offered(**{name: f"{home.get(value, __name__)}:{value}" for name, value in points.items()})
    with pytest.raises(InvalidInput) as caught:
        read_scenario(with_lever(**values))
    found = [str(problem) for problem in caught.value.problems]
    assert any(message in problem for problem in found), found


SHIPPED = (*LEVERS, *test_grants.LEVERS, *test_services.LEVERS, *test_taxes.LEVERS)


@pytest.mark.parametrize("lever", [*load_scenario(SCENARIO).policy, *SHIPPED, CARE], ids=lambda lever: lever.name)
def test_every_lever_keeps_the_contract(lever):
    check_lever(lever, groups=["skilled_workers", "small_entrepreneurs", "professional_farmers"])


def test_the_contract_is_tried_on_every_shipped_lever_and_mechanism():
    tried = {type(lever) for lever in (*load_scenario(SCENARIO).policy, *SHIPPED)}
    assert set(get_args(get_args(AnyLever)[0])) == tried
    kinds = {get_args(hint)[0] for hint in get_type_hints(Mechanisms).values()}
    assert kinds == set(LIMITS)
    assert kinds <= set(acts_on.registry)


def broken(**parts):
    """An allowance that does one thing wrong."""
    return type("Broken", (CareAllowance,), {"__module__": __name__, **parts})(
        name="broken", years="2022..2024", monthly=700.0, target=Target(residence="rural"), reason="a test"
    )


def floors(line):
    return lambda self, ground: Mechanisms(floors=(Floor(line(self, ground), 1.0, 1.0),))


def raise_prices(self, ground):
    ground.price_level[:] *= 2.0
    return CareAllowance.compile(self, ground)


class Counting(CareAllowance):
    """Remembers how often it was compiled."""

    calls: ClassVar[list[int]] = []

    def compile(self, ground):
        self.calls.append(1)
        return Mechanisms(floors=(Floor(self.intensity(ground) * len(self.calls), 1.0, 1.0),))


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        (broken(compile=floors(lambda self, ground: np.ones(ground.cells))), r"has the shape \(6,\)"),
        (broken(compile=floors(lambda self, ground: -self.intensity(ground))), "line reaches from -1 to -?0, allowed is 0"),
        (broken(compile=floors(lambda self, ground: self.intensity(ground) * np.nan)), "is not finite"),
        (broken(compile=floors(lambda self, ground: np.ones((len(ground.years), ground.cells)))), "at work before 2022"),
        (broken(compile=floors(lambda self, ground: ground.intensity(self.years, 1)[:, None] * np.ones(ground.cells))), "outside the target"),
        (broken(compile=lambda self, ground: Mechanisms()), "no mechanism"),
        (broken(compile=raise_prices), "changes the price level"),
        (broken(delivery=lambda self, households, received: 1.0), "where nobody is reached"),
        (broken(delivery=lambda self, households, received: -received), "delivery is -1000"),
        (broken(delivery=lambda self, households, received: 900.0 * np.ceil(households)), "does not add up"),
        (broken(delivery=lambda self, households, received: min(0.05 * received, 1e6)), "does not add up"),
        (broken(sentence=lambda self: Sentence("Pays.")), "Chinese sentence is empty"),
        (Counting(name="counting", years="2022..2024", monthly=1.0, reason="a test"), "something else the second time"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_the_contract_notices(lever, message):
    with pytest.raises(AssertionError, match=message):
        check_lever(lever)


def test_a_budget_is_for_one_mechanism(scenario):
    """In two, a household would queue twice, and who queues second would depend on the lever's own limit."""

    class Twice(CareAllowance):
        def compile(self, ground):
            return Mechanisms(floors=super().compile(ground).floors * 2)

    twice = Twice(**CARE.model_dump() | {"years": "2022..2024", "budget": {"yuan": 1e6, "order": "random"}})
    with pytest.raises(
        InvalidInput, match=r'policy\[0\].budget: found a budget for "care", which changes 2 mechanisms'
    ):
        scenario.with_levers([twice])


def test_a_gain_of_ones_own_may_have_a_ceiling():
    class Coaching(CareAllowance):
        target: Target = Target(ceiling=9_000.0)

        def compile(self, ground):
            return Mechanisms(gains=(Gain(0.1 * self.intensity(ground), 0.05, 1.0),))

    check_lever(Coaching(name="coaching", years=2022, monthly=1.0, reason="a test"))
