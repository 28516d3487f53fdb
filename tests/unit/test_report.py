"""Figures as files, and the page: safe, self-contained, complete and the same every time."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from incomesim.report import fonts
from incomesim.report.charts import CHARTS, Chart, Rendered, draw_chart, render_chart
from incomesim.report.definitions import define
from incomesim.report.key_figures import key_figures
from incomesim.report.page import write_page
from incomesim.report.quantities import write_bound, write_error
from incomesim.report.spreadsheet import write_csv
from incomesim.report.summary_lookup import look_up_summary
from incomesim.report.tables import tabulate_definitions
from incomesim.result import COLUMNS, Result
from tests.fake_result import fake_result

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def result() -> Result:
    return fake_result()


@pytest.fixture(scope="module")
def figures(result: Result) -> list[Rendered]:
    return [render_chart(result, chart) for chart in CHARTS]


@pytest.fixture(scope="module")
def page(result: Result, figures: list[Rendered]) -> str:
    return write_page(result, figures)


class Tags(HTMLParser):
    """Collects tags with their attributes, and checks that they are closed in order."""

    VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser.found


def spoil(result: Result, text: str) -> Result:
    """Return the result with `text` in every place where a user's text may stand."""
    changed = {}
    for name in COLUMNS:
        table = getattr(result, name).copy()
        if name == "summary":
            table["subgroup"] = table["subgroup"].where(table["by"] == "all", table["subgroup"] + text)
        if name.startswith("ledger") or name in ("balance", "levers", "fit", "path", "ageing", "assumptions"):
            for column in table.columns:
                if not pd.api.types.is_numeric_dtype(table[column].dtype) and column not in ("family", "by"):
                    table[column] = table[column].astype(str) + text
        changed[name] = table
    labels = dict.fromkeys([*result.labels, *(f"{key}{text}" for key in result.labels)], text)
    manifest = {**result.manifest, "command": text, text: text, "versions": {text: [text]}}
    return dataclasses.replace(result, title=text, labels=labels, manifest=manifest, **changed)


def test_texts_of_users_are_escaped_everywhere(result: Result) -> None:
    evil = spoil(result, EVIL)
    drawn = [render_chart(evil, chart) for chart in CHARTS]
    page = write_page(evil, drawn)
    assert "<script" not in page.lower()
    assert page.count("&lt;script&gt;") > 100
    assert all(b"<script" not in figure.svg.lower() for figure in drawn)
    tags_of(page)


def test_odd_texts_are_drawn_and_harmless(result: Result) -> None:
    odd = spoil(result, '$x_{1}^$ \\frac a\nb\tc 芒果🥭 \x00\x07 "><img src=x onerror=y> %s {0} {{ x }} $')
    figures = [render_chart(odd, chart) for chart in CHARTS]
    tags = tags_of(write_page(odd, figures))
    assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    for figure in figures:
        assert ElementTree.fromstring(figure.svg).tag.endswith("svg")


def test_page_has_a_strict_policy_and_loads_nothing(page: str) -> None:
    tags = tags_of(page)
    (policy,) = (a["content"] for tag, a in tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    for _, attributes in tags:
        for name in ("href", "xlink:href", "src", "srcset", "action", "data"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))


def test_identifiers_are_unique_and_links_lead_somewhere(page: str) -> None:
    tags = tags_of(page)
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = {a[name] for _, a in tags for name in ("href", "xlink:href") if a.get(name)}
    links |= set(re.findall(r"url\(([^)]*)\)", page))
    assert {link.removeprefix("#") for link in links if link} <= set(names)


def test_page_has_all_it_promises(page: str, result: Result) -> None:
    sections = {attributes.get("id") for tag, attributes in tags_of(page) if tag == "h2"}
    assert sections == {
        "findings", "gaps", "floor", "middle", "groups", "levers", "moved", "fit", "path", "ageing", "assumptions", "method",
        "definitions", "reproduce",
    }  # fmt: skip
    for text in (
        "消底",
        "提低",
        "扩中",
        "Difference",
        "Standard errors (s.e.)",
        "标准误",
        "20222025",
        "numba",
        "synthetic",
    ):
        assert text in page
    assert str(result.manifest["command"]) in page
    assert "Linux" not in page, "the machine belongs into the manifest: the page is the same everywhere"
    for reason in result.assumptions["reason"].unique():
        assert str(reason) in page


def test_every_measure_has_a_definition(result: Result, page: str) -> None:
    for measure, unit in result.summary[["measure", "unit"]].drop_duplicates().itertuples(index=False):
        definition = define(measure, result.labels)
        assert definition.unit == unit, measure
        assert definition.chinese
        assert definition.formula
        assert definition.source
        assert f">{measure}<" in page
    with pytest.raises(KeyError, match="happiness"):
        define("happiness", {})


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_the_same_figure_has_the_same_bytes(result: Result, chart: Chart[Result]) -> None:
    first, second = render_chart(result, chart), render_chart(fake_result(), chart)
    assert first.svg == second.svg
    assert first.png == second.png
    assert b"<text" in first.svg
    assert not re.search(rb"20\d\d-\d\d-\d\dT", first.svg)


def test_the_same_page_twice_and_in_threads(result: Result, page: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(lambda chart: render_chart(fake_result(), chart), CHARTS))
    assert write_page(fake_result(), again) == page


def test_the_legend_of_the_ledger_hides_no_bar(result: Result) -> None:
    ledger = result.ledger.copy()
    largest = ledger.groupby("lever")["paid_yuan"].sum().idxmax()
    ledger.loc[ledger["lever"] == largest, "family"] = "finance"  # which stands lowest
    [chart] = [each for each in CHARTS if each.name == "ledger"]
    _, axes = draw_chart(dataclasses.replace(result, ledger=ledger), chart)
    axes[0].get_figure().draw_without_rendering()
    legend = axes[0].get_legend().get_window_extent()
    assert not any(legend.overlaps(bar.get_window_extent()) for bar in axes[0].patches)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_every_drawn_number_stands_in_the_data(result: Result, chart: Chart[Result]) -> None:
    picture, axes = draw_chart(result, chart)
    data = pd.read_csv(io.BytesIO(write_csv(picture.data)))
    assert not data.empty
    panels = data["panel"].drop_duplicates().tolist()
    assert len(panels) == len(axes)
    for panel, ax in zip(panels, axes, strict=True):
        rows = data[data["panel"] == panel]
        numbers = rows.select_dtypes("number").to_numpy().ravel()
        lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
        bars = [patch.get_width() for patch in ax.patches]
        drawn = np.array(bars) if bars else np.concatenate([np.ravel(line.get_data()) for line in lines])
        if chart.name == "groups":
            drawn = np.concatenate([line.get_xdata() for line in lines])
        assert len(drawn) >= len(rows)
        nearest = np.abs(drawn[:, None] - numbers[None, :]).min(axis=1)
        assert (nearest <= 1e-12 * np.abs(drawn)).all()


def test_figures_without_chinese_fonts_are_english_and_warn_of_nothing(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = fonts.find_fonts()
    latin = fonts.Fonts((fonts.LATIN,), both.latin, both.latin, has_bold_chinese=False)
    for module in ("charts.chart", "page"):
        monkeypatch.setattr(f"incomesim.report.{module}.find_fonts", lambda: latin)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = [render_chart(result, chart) for chart in CHARTS]
    assert not re.search("[\u4e00-\u9fff]", "".join(re.findall("<text.*?</text>", drawn[-1].svg.decode(), re.DOTALL)))
    assert fonts.MISSING_FONT in write_page(result, drawn)


def test_a_run_without_policy_has_a_page() -> None:
    empty = fake_result(policy=False)
    page = write_page(empty, [render_chart(empty, chart) for chart in CHARTS])
    assert "no levers" in page
    assert "Nothing to show" in page
    tags_of(page)


def test_missing_values_are_dashes(result: Result) -> None:
    table = result.summary.copy()
    table.loc[table["measure"] == "urban_rural_ratio", "value"] = np.nan
    holes = dataclasses.replace(result, summary=table)
    page = write_page(holes, [render_chart(holes, chart) for chart in CHARTS])
    assert not re.search(r"\b(nan|None|NaN|inf)\b", re.sub("<[^>]*>", " ", page))


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "fine", "a=b", "x\r=1+1", "盐边县", None]
    table = pd.DataFrame({"text": texts, "number": np.linspace(-1.0, 1.0, len(texts))})
    with io.StringIO(write_csv(table).decode("utf-8"), newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[0] for row in rows[:6]] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx"]
    assert [row[0] for row in rows[6:]] == ["fine", "a=b", "x\r=1+1", "盐边县", ""]
    assert [float(row[1]) for row in rows] == table["number"].tolist()
    assert table["text"].tolist()[:10] == texts[:10], "the table itself is left alone"


def test_manifest_of_the_fake_is_json(result: Result) -> None:
    assert json.loads(json.dumps(result.manifest)) == result.manifest


@pytest.mark.parametrize(
    ("bound", "unit", "text"),
    [
        (0.0, "index", ""), (0.00004, "index", ""), (0.00006, "index", "±\u00a00.0001"), (0.0011, "index", "±\u00a00.0011"),
        (231.2, "yuan per head", "±\u00a0232"), (0.4, "yuan per head", ""), (0.00441, "share", "±\u00a00.45\u00a0pp"),
        (0.00004, "share", ""), (0.0383, "ratio", "±\u00a00.039"), (np.nan, "ratio", ""),
    ],
)  # fmt: skip
def test_bounds_are_rounded_up_and_left_out_where_no_digit_is_in_doubt(bound: float, unit: str, text: str) -> None:
    assert write_bound(bound, unit) == text


@pytest.mark.parametrize(
    ("error", "unit", "text"),
    [
        (0.00117, "index", "s.e.\u00a00.0012"), (0.000052, "index", "s.e.\u00a00.000052"), (0.0, "index", ""),
        (531.4, "yuan per head", "s.e.\u00a0531"), (4.53, "yuan per head", "s.e.\u00a04.5"),
        (0.00196, "share", "s.e.\u00a00.20\u00a0pp"), (np.nan, "ratio", ""),
    ],
)  # fmt: skip
def test_errors_have_two_digits_that_count(error: float, unit: str, text: str) -> None:
    assert write_error(error, unit) == text


def test_figures_stand_beside_their_bounds(result: Result, page: str) -> None:
    """The exact have none, and a difference within its bound is neither better nor worse."""
    lookup = look_up_summary(result)
    figures = {figure.definition.measure: figure for figure in key_figures(result, lookup)}
    assert figures["mean"].policy.bound == figures["gini"].policy.bound == ""
    assert figures["mean"].verdict == figures["gini"].verdict == "better"
    median = figures["median"]
    assert median.policy.bound == f"±\u00a0{np.ceil(lookup.bound('median', 'policy', 2025)):.0f}"
    assert f'{median.policy.text} <span class="bound">{median.policy.bound}</span>' in page
    doubtful = result.summary.assign(bound=result.summary["value"].abs() + 1e-6)
    doubted = dataclasses.replace(result, summary=doubtful)
    assert {figure.verdict for figure in key_figures(doubted, look_up_summary(doubted))} == {""}


def test_definitions_say_how_well_each_measure_is_known(result: Result) -> None:
    table = tabulate_definitions(result, look_up_summary(result))
    known = {row[1].text: row[table.headers.index("Known")].text for row in table.rows}
    assert known["mean"] == known["fgt0_guarantee_line"] == "exactly"
    assert known["median"] == f"±\u00a0{result.summary.query(MEDIANS)['bound'].max():.0f}"
    assert known["gini"] == f"±\u00a0{result.summary.query(GINIS)['bound'].max():.0e}"


MEDIANS, GINIS = (f"measure == '{name}' and by == 'all' and scenario != 'difference'" for name in ("median", "gini"))
