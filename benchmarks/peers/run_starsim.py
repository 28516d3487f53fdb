"""The common task as a module of Starsim, with its common random numbers."""

import numpy as np
import starsim as ss
from task import (
    FINDS_WORK,
    INNOVATION,
    LOSES_WORK,
    PERSISTENCE,
    STATIONARY,
    TRANSITORY,
    WITHOUT_WORK,
    gini,
    report,
    sizes,
    weights,
)

HOUSEHOLDS, YEARS = sizes()
WEIGHT = weights(HOUSEHOLDS)
GINIS = []


class Income(ss.Module):
    def __init__(self):
        super().__init__()
        self.define_states(
            ss.BoolState("in_work", default=True),
            ss.FloatArr("permanent", default=ss.normal(loc=0.0, scale=STATIONARY)),
            ss.FloatArr("income", default=0.0),
        )
        self.luck = ss.random(name="luck")
        self.innovation = ss.normal(loc=0.0, scale=INNOVATION, name="innovation")
        self.transitory = ss.normal(loc=0.0, scale=TRANSITORY, name="transitory")

    def step(self):
        everybody = self.sim.people.auids
        luck = self.luck.rvs(everybody)
        in_work = np.where(self.in_work[everybody], luck >= LOSES_WORK, luck < FINDS_WORK)
        permanent = PERSISTENCE * self.permanent[everybody] + self.innovation.rvs(everybody)
        earned = np.exp(permanent + self.transitory.rvs(everybody))
        income = np.where(in_work, earned, WITHOUT_WORK)
        self.in_work[everybody], self.permanent[everybody], self.income[everybody] = in_work, permanent, income
        GINIS.append(gini(np.asarray(income), WEIGHT))


sim = ss.Sim(n_agents=HOUSEHOLDS, modules=[Income()], start=2020, dur=YEARS - 1, dt=1, verbose=0)
sim.init()
report(f"Starsim {ss.__version__}", sim.run, GINIS)
