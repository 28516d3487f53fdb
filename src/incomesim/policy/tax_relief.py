"""Tax relief for small businesses (小微企业税费减免): operating income that is no longer taxed away."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Lever, Mechanisms, Sentence, Tax


class TaxRelief(Lever):
    """Leave households `share` of their net operating income, up to `limit` of it, that was taxed away before.

    More operating income = share * (max(operating, 0) - max(operating - limit, 0)). NBS counts operating income net of
    taxes on production, so a lower tax is a higher income. The ledger has it as received: tax that the purse forgoes.
    """

    default_family: ClassVar[Family] = "expand"
    capped: ClassVar[bool] = False

    lever: Literal["tax_relief"]
    share: Share = Field(description="of net operating income, what tax no longer takes")
    limit: Yuan = Field(description="yuan of operating income per household and year, prices of the lever's first year")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return a tax below 0 on operating income."""
        tax = Tax(
            source=SOURCES.index("operating"),
            part=(0.0, 1.0, 0.0, 0.0),
            per=Per.HOUSEHOLD,
            force=self.intensity(ground),
            threshold=self.amounts(ground)[:, None] * [0.0, self.limit],
            step=np.tile([-self.share, self.share], (len(ground.years), 1)),
        )
        return Mechanisms(taxes=(tax,))

    def delivery(self, households: float, received: float) -> float:
        """Return nothing beyond the tax that is forgone."""
        return 0.0

    def sentence(self) -> Sentence:
        """Return share and limit."""
        return Sentence(
            f"Leaves households {self.share:.1%} more of operating income, up to {self.limit:,.0f} yuan of it a year.",
            f"经营净收入中每年 {self.limit:,.0f} 元以内部分减免税费，相当于提高 {self.share:.1%}。",
        )
