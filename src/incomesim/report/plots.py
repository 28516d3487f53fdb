"""The figures of a result, one method each: `result.plot.gaps()`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from incomesim.report.charts import Chart, draw_chart, draw_on
from incomesim.report.charts.gaps import GAPS
from incomesim.report.charts.groups import GROUPS
from incomesim.report.charts.growth_incidence import GROWTH_INCIDENCE
from incomesim.report.charts.ledger import LEDGER
from incomesim.report.charts.lorenz import LORENZ
from incomesim.report.charts.middle import MIDDLE
from incomesim.report.charts.poverty import POVERTY
from incomesim.result import Result

__all__ = ["Plots", "figure_maker"]

AxesIn = Axes | Sequence[Axes] | NDArray[Any] | None
AxesOut = NDArray[np.object_]


@dataclass(frozen=True)
class Plots:
    """Figures of a result. Each method returns a flat array of matplotlib Axes, one for each panel.

    Without `ax` a figure is made. In IPython and in notebooks it belongs to pyplot, so that it shows
    itself and is closed as every other; elsewhere it is a plain Figure that no global state knows, safe
    in threads, to be kept by `axes[0].figure.savefig(...)`. With `ax` - one Axes or several - the panels
    are drawn in order on as many as are given, in the style that is set, and nothing else is touched.
    """

    result: Result

    def gaps(self, ax: AxesIn = None) -> AxesOut:
        """Draw the three gaps over the years: Gini, town and country, regions."""
        return self._draw(GAPS, ax)

    def lorenz(self, ax: AxesIn = None) -> AxesOut:
        """Draw the Lorenz curves, and the differences between them."""
        return self._draw(LORENZ, ax)

    def growth_incidence(self, ax: AxesIn = None) -> AxesOut:
        """Draw the growth incidence curves: policy against baseline, and last year against first."""
        return self._draw(GROWTH_INCIDENCE, ax)

    def poverty(self, ax: AxesIn = None) -> AxesOut:
        """Draw the shares of persons below each line over the years."""
        return self._draw(POVERTY, ax)

    def middle(self, ax: AxesIn = None) -> AxesOut:
        """Draw the middle-income shares over the years, by three definitions."""
        return self._draw(MIDDLE, ax)

    def groups(self, ax: AxesIn = None) -> AxesOut:
        """Draw the effect by residence, region and group in the last year."""
        return self._draw(GROUPS, ax)

    def ledger(self, ax: AxesIn = None) -> AxesOut:
        """Draw what each lever costs and what households gain through it, all years together."""
        return self._draw(LEDGER, ax)

    def _draw(self, chart: Chart[Result], ax: AxesIn) -> AxesOut:
        if ax is None:
            axes = draw_chart(self.result, chart, figure_maker())[1]
        else:
            axes = draw_on(self.result, chart, [ax] if isinstance(ax, Axes) else list(np.ravel(np.asarray(ax))))
        found = np.empty(len(axes), dtype=object)
        found[:] = axes
        return found


def figure_maker() -> Callable[..., Figure]:
    """Return pyplot's maker of figures where somebody sits in front of IPython, else the plain one."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return Figure
    from matplotlib import pyplot

    pyplot.draw_if_interactive()  # loads the backend, whose settings must not be lost with those of house_style
    return pyplot.figure
