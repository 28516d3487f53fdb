"""The levers: one idea per file. To add one, write the class and name it in `AnyLever`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incomesim.policy.collective_dividend import CollectiveDividend
from incomesim.policy.contribution import Contribution
from incomesim.policy.farm_income import FarmIncome
from incomesim.policy.ground import Ground, MeansTested, Target
from incomesim.policy.group_mobility import GroupMobility
from incomesim.policy.income_floor import IncomeFloor
from incomesim.policy.income_tax import IncomeTax
from incomesim.policy.lever import Lever, Mechanisms, Move
from incomesim.policy.public_jobs import PublicJobs
from incomesim.policy.social_pension import SocialPension
from incomesim.policy.targeted_transfer import TargetedTransfer
from incomesim.policy.tax_relief import TaxRelief
from incomesim.policy.training import Training
from incomesim.policy.urbanisation import Urbanisation

__all__ = [
    "AnyLever",
    "CollectiveDividend",
    "Contribution",
    "FarmIncome",
    "Ground",
    "GroupMobility",
    "IncomeFloor",
    "IncomeTax",
    "Lever",
    "MeansTested",
    "Mechanisms",
    "Move",
    "PublicJobs",
    "SocialPension",
    "Target",
    "TargetedTransfer",
    "TaxRelief",
    "Training",
    "Urbanisation",
]

AnyLever = Annotated[
    IncomeFloor
    | Training
    | FarmIncome
    | GroupMobility
    | Urbanisation
    | SocialPension
    | TargetedTransfer
    | PublicJobs
    | CollectiveDividend
    | IncomeTax
    | Contribution
    | TaxRelief,
    Field(discriminator="lever"),
]
