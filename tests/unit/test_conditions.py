"""The terms of a lever in words."""

from __future__ import annotations

from incomesim.policy import IncomeFloor, SocialPension, describe_conditions

PLAIN = {"name": "x", "years": "2022..2024", "reason": "a test", "target": {"residence": "rural"}}
FLOOR = {"lever": "income_floor", "line": 5_000, **PLAIN}


def test_every_term_is_said_in_both_languages():
    lever = IncomeFloor.model_validate({
        **FLOOR, "phase_in": 3, "indexation": 0.025, "budget": {"yuan": 5_000_000, "order": "poorest_first"},
        "inclusion_error": 0.02, "paid_in_error": 100,
        "response": {"elasticity": 0.2, "lowest": 0.5, "reason": "a study"},
    })  # fmt: skip
    told = describe_conditions(lever)
    for term in ("year 3 on", "2.5% a year", "At most 5,000,000 yuan", "poorest first", "2% of", "elasticity of 0.2"):
        assert term in told.english
    for term in ("第3年", "2.5%", "5,000,000元", "先贫后富", "误纳率2%", "弹性0.2"):
        assert term in told.chinese


def test_a_list_and_what_is_followed_are_named():
    lever = SocialPension.model_validate({
        "lever": "social_pension", "monthly": 100, **PLAIN, "indexation": "mean_income",
        "budget": {"yuan": 1_000, "order": ["dong", "miyi"]},
    })  # fmt: skip
    told = describe_conditions(lever)
    assert "with mean income per head of the baseline" in told.english
    assert "in this order: dong, miyi, all others" in told.english


def test_a_lever_without_terms_says_nothing():
    assert describe_conditions(IncomeFloor.model_validate(FLOOR)).english == ""
