"""The levers: one idea per file. To add one, write the class and name it in `AnyLever`.

A lever of your own needs no change here: derive it from `Lever` (docs/levers.md).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SerializeAsAny, WrapValidator

from incomesim.policy.achievement_sharing import AchievementSharing
from incomesim.policy.budget import Budget
from incomesim.policy.collective_dividend import CollectiveDividend
from incomesim.policy.conditions import describe_conditions
from incomesim.policy.contribution import Contribution
from incomesim.policy.employment_service import EmploymentService
from incomesim.policy.farm_income import FarmIncome
from incomesim.policy.ground import BaselineIncomes, Ground, Measured, Target
from incomesim.policy.group_mobility import GroupMobility
from incomesim.policy.income_floor import IncomeFloor
from incomesim.policy.income_tax import IncomeTax
from incomesim.policy.industry_cluster import IndustryCluster
from incomesim.policy.lever import (
    Acceleration,
    Entry,
    Family,
    Floor,
    Gain,
    Grant,
    Lever,
    Mechanisms,
    Move,
    Reals,
    Sentence,
    Tax,
    WageFloor,
)
from incomesim.policy.minimum_wage import MinimumWage
from incomesim.policy.plug_ins import find_lever, list_plug_ins, read_own_lever
from incomesim.policy.public_jobs import PublicJobs
from incomesim.policy.public_services import PublicServices
from incomesim.policy.reach import acts, acts_on, benefit, chance, lets_in, reached_at_most, spread_rate
from incomesim.policy.response import Response
from incomesim.policy.social_pension import SocialPension
from incomesim.policy.startup_support import StartupSupport
from incomesim.policy.targeted_transfer import TargetedTransfer
from incomesim.policy.tax_relief import TaxRelief
from incomesim.policy.training import Training
from incomesim.policy.urbanisation import Urbanisation
from incomesim.policy.wage_growth import WageGrowth

__all__ = [
    "Acceleration",
    "AchievementSharing",
    "AnyLever",
    "BaselineIncomes",
    "Budget",
    "CollectiveDividend",
    "Contribution",
    "EmploymentService",
    "Entry",
    "Family",
    "FarmIncome",
    "Floor",
    "Gain",
    "Grant",
    "Ground",
    "GroupMobility",
    "IncomeFloor",
    "IncomeTax",
    "IndustryCluster",
    "Lever",
    "Measured",
    "Mechanisms",
    "MinimumWage",
    "Move",
    "PublicJobs",
    "PublicServices",
    "Reals",
    "Response",
    "Sentence",
    "SocialPension",
    "StartupSupport",
    "Target",
    "TargetedTransfer",
    "Tax",
    "TaxRelief",
    "Training",
    "Urbanisation",
    "WageFloor",
    "WageGrowth",
    "acts",
    "acts_on",
    "benefit",
    "chance",
    "describe_conditions",
    "find_lever",
    "lets_in",
    "list_plug_ins",
    "reached_at_most",
    "spread_rate",
]

AnyLever = Annotated[
    IncomeFloor
    | SocialPension
    | PublicJobs
    | Training
    | EmploymentService
    | FarmIncome
    | CollectiveDividend
    | TargetedTransfer
    | PublicServices
    | WageGrowth
    | MinimumWage
    | AchievementSharing
    | IndustryCluster
    | GroupMobility
    | StartupSupport
    | Urbanisation
    | TaxRelief
    | IncomeTax
    | Contribution,
    Field(discriminator="lever"),
    WrapValidator(read_own_lever),
    SerializeAsAny(),
]
"""A lever that is shipped, or one of another package (plug_ins.py)."""
