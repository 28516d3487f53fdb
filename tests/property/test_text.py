"""Whatever plain data is dumped comes back; no text raises anything but InvalidInput."""

import contextlib

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim.errors import InvalidInput
from incomesim.scenario.text import read_document

keys = st.text("abcdefgh_-东西", min_size=1, max_size=6).filter(lambda text: text.strip("_-"))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("abc XYZ东西:#-[]{}'\"\n,&*!|>%@`0123456789._~", max_size=20).filter(
        # PyYAML leaves 08 and 1e5 without quotes, which are numbers in YAML 1.2
        lambda text: not text[:1].isdigit() and text[:1] not in ("+", "-", ".")
    )
)
data = st.dictionaries(
    keys,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    ),
    max_size=5,
)


@settings(deadline=None, max_examples=300)
@given(data=data, flow=st.booleans())
def test_round_trip(data, flow):
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    assert read_document(text, "f").data == data


@settings(deadline=None, max_examples=500)
@given(text=st.text(max_size=80) | st.text("ab:-[]{},&*!|>'\"#%@ \n\t0123.~?", max_size=60))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InvalidInput):
        read_document(text, "f")


@settings(deadline=None, max_examples=200)
@given(names=st.lists(keys, unique=True, min_size=1, max_size=6), indent=st.integers(1, 6))
def test_positions_point_at_the_text(names, indent):
    lines = [f"{' ' * (indent * depth)}{name}:" for depth, name in enumerate(names)]
    lines[-1] += " 17"
    document = read_document("\n".join(lines), "f")
    for depth in range(len(names)):
        place = document.keys[tuple(names[: depth + 1])]
        assert lines[place.line - 1][place.column - 1 :].startswith(names[depth])
    place = document.values[tuple(names)]
    assert lines[place.line - 1][place.column - 1 :] == "17"
