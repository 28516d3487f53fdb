"""One figure per file, and the list of them in the order of the report."""

from incomesim.report.charts.chart import Chart, Rendered, draw_chart, draw_on, render_chart
from incomesim.report.charts.gaps import GAPS
from incomesim.report.charts.groups import GROUPS
from incomesim.report.charts.growth_incidence import GROWTH_INCIDENCE
from incomesim.report.charts.ledger import LEDGER
from incomesim.report.charts.lorenz import LORENZ
from incomesim.report.charts.middle import MIDDLE
from incomesim.report.charts.poverty import POVERTY
from incomesim.result import Result

__all__ = ["CHARTS", "Chart", "Rendered", "draw_chart", "draw_on", "render_chart"]

CHARTS: tuple[Chart[Result], ...] = (GAPS, LORENZ, GROWTH_INCIDENCE, POVERTY, MIDDLE, GROUPS, LEDGER)
