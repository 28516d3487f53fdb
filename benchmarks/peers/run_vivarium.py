"""The common task as a component of Vivarium, with its common random numbers."""

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
from vivarium import Component, InteractiveContext

HOUSEHOLDS, YEARS = sizes()
WEIGHT = weights(HOUSEHOLDS)
GINIS = []
COLUMNS = ["in_work", "permanent", "income"]


class Income(Component):
    def setup(self, builder):
        self.start = builder.randomness.get_stream("start", initializes_crn_attributes=True)
        self.luck, self.innovation, self.transitory = (
            builder.randomness.get_stream(name) for name in ("luck", "innovation", "transitory")
        )
        self.register = builder.randomness.register_simulants
        builder.population.register_initializer(
            initializer=self.initialise, columns=["entrance_time", "key", *COLUMNS], required_resources=[self.start]
        )

    def initialise(self, data):
        key = self.start.get_draw(data.index)
        people = pd.DataFrame(
            {
                "entrance_time": data.creation_time,
                "key": key.to_numpy(),
                "in_work": True,
                "permanent": STATIONARY * ndtri(key.to_numpy()),
                "income": 0.0,
            },
            index=data.index,
        )
        self.register(people[["entrance_time", "key"]])
        self.population_view.initialize(people)

    def on_time_step(self, event):
        self.population_view.update(COLUMNS, self.advance)
        GINIS.append(gini(self.population_view.get(event.index, "income").to_numpy().ravel(), WEIGHT))

    def advance(self, people):
        luck, innovation, transitory = (
            stream.get_draw(people.index).to_numpy() for stream in (self.luck, self.innovation, self.transitory)
        )
        in_work = np.where(people.in_work.to_numpy(), luck >= LOSES_WORK, luck < FINDS_WORK)
        permanent = PERSISTENCE * people.permanent.to_numpy() + INNOVATION * ndtri(innovation)
        earned = np.exp(permanent + TRANSITORY * ndtri(transitory))
        income = np.where(in_work, earned, WITHOUT_WORK)
        return pd.DataFrame({"in_work": in_work, "permanent": permanent, "income": income}, index=people.index)


configuration = {
    "population": {"population_size": HOUSEHOLDS},
    "time": {
        "start": {"year": 2020, "month": 1, "day": 1},
        "end": {"year": 2020 + YEARS},
        "step_size": 365,
    },
    "randomness": {"key_columns": ["entrance_time", "key"], "map_size": max(1_000_000, 10 * HOUSEHOLDS)},
}
simulation = InteractiveContext(components=[Income()], configuration=configuration, logging_verbosity=0)
report("Vivarium", lambda: [simulation.step() for _ in range(YEARS)], GINIS)
