"""The notebook runs from top to bottom, and the assertions in it hold."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
PICTURES = {"measures.ipynb": 2, "own_lever.ipynb": 0, "panzhihua.ipynb": 5, "reference.ipynb": 3}
"""At least so many in each."""


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ipynb")), ids=lambda file: file.name)
@pytest.mark.filterwarnings("default")  # of the notebook machinery itself
def test_notebook(file):
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(FOLDER)}}).execute()
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {}) or "image/svg+xml" in output.get("data", {})
    ]
    assert len(pictures) >= PICTURES[file.name]


def test_there_is_a_notebook():
    assert list(FOLDER.glob("*.ipynb"))
