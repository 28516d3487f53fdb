"""HARK's own income process: permanent and transitory shocks with unemployment; consumption too, but no Gini."""

from HARK.ConsumptionSaving.ConsIndShockModel import IndShockConsumerType
from task import report, sizes

HOUSEHOLDS, YEARS = sizes()
agent = IndShockConsumerType(cycles=0, AgentCount=HOUSEHOLDS, T_sim=YEARS)
agent.solve()
agent.track_vars = ["pLvl"]
agent.initialize_sim()
report("HARK, its own model", agent.simulate, [])
