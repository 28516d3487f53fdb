"""Figures of a population, one file each, in the order of its page."""

from incomesim.population import Portrait
from incomesim.report.charts.chart import Chart
from incomesim.report.charts.population.curves import CURVES
from incomesim.report.charts.population.margins import MARGINS
from incomesim.report.charts.population.pyramid import PYRAMID
from incomesim.report.charts.population.tiles import TILES

__all__ = ["POPULATION_CHARTS"]

POPULATION_CHARTS: tuple[Chart[Portrait], ...] = (PYRAMID, MARGINS, CURVES, TILES)
