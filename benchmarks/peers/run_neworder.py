"""The common task as a model of neworder: its Markov transitions in C++, its streams of uniforms."""

import neworder as no
import numpy as np
import pandas as pd
from scipy.special import ndtri
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
IN_WORK, WITHOUT = 0, 1
TRANSITIONS = np.array([[1.0 - LOSES_WORK, LOSES_WORK], [FINDS_WORK, 1.0 - FINDS_WORK]])


class Income(no.Model):
    def __init__(self):
        super().__init__(no.LinearTimeline(0, YEARS, YEARS), no.MonteCarlo.deterministic_independent_stream)
        self.people = pd.DataFrame({"state": np.full(HOUSEHOLDS, IN_WORK)})
        self.permanent = STATIONARY * self.normals()

    def normals(self):
        return ndtri(self.mc.ustream(HOUSEHOLDS))

    def step(self):
        no.df.transition(self, np.array([IN_WORK, WITHOUT]), TRANSITIONS, self.people, "state")
        self.permanent = PERSISTENCE * self.permanent + INNOVATION * self.normals()
        earned = np.exp(self.permanent + TRANSITORY * self.normals())
        GINIS.append(gini(np.where(self.people.state.to_numpy() == IN_WORK, earned, WITHOUT_WORK), WEIGHT))

    def finalise(self):
        pass


model = Income()
report("neworder", lambda: no.run(model), GINIS)
