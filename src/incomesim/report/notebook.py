"""How a result shows itself in a notebook: its key figures in one small table."""

from __future__ import annotations

from markupsafe import Markup

from incomesim.report.key_figures import key_figures
from incomesim.report.quantities import Written
from incomesim.report.summary_lookup import look_up_summary
from incomesim.result import Result

__all__ = ["key_figures_html"]

_TABLE = Markup(
    "<table><caption><strong>{title}</strong><br>{households}, assumed effects; not an observation. "
    "s.e.: standard error of the sample of households and their luck (标准误)"
    "</caption><thead><tr><th></th><th></th><th>Baseline {first}</th><th>Baseline {last}</th><th>Policy {last}</th>"
    "<th>Difference</th>{in_kind}</tr></thead><tbody>{rows}</tbody></table>"
)
_ROW = Markup(
    "<tr><th>{english}</th><td>{chinese}</td><td>{first}</td><td>{baseline}</td><td>{policy}</td><td>{difference}</td>{in_kind}</tr>"
)
_IN_KIND_HEADER, _IN_KIND = Markup("<th>With services in kind {last}</th>"), Markup("<td>{extended}</td>")


def key_figures_html(result: Result) -> str:
    """Return the key figures as HTML, every text escaped."""
    lookup = look_up_summary(result)
    rows = Markup("").join(
        _ROW.format(
            english=_with_unit(figure.definition.english, figure.definition.unit),
            chinese=figure.definition.chinese,
            first=_with_bound(figure.first),
            baseline=_with_bound(figure.baseline),
            policy=_with_bound(figure.policy),
            difference=_with_bound(figure.difference),
            in_kind=_IN_KIND.format(extended=_with_bound(figure.extended)) if lookup.extended else "",
        )
        for figure in key_figures(result, lookup)
    )
    return str(
        _TABLE.format(
            title=result.title,
            households=result.households,
            first=lookup.first,
            last=lookup.last,
            in_kind=_IN_KIND_HEADER.format(last=lookup.last) if lookup.extended else "",
            rows=rows,
        )
    )


def _with_bound(number: Written) -> str:
    error = f"({number.error})" if number.error else ""
    return " ".join(part for part in (number.text, number.bound, error) if part)


def _with_unit(english: str, unit: str) -> str:
    return f"{english}, yuan" if unit == "yuan per head" else english
