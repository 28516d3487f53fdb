"""The kept machine code: damaged, forbidden or missing, it never stops a run."""

import os
import subprocess
import sys

import pytest

CODE = """
import numpy as np
from incomesim.kernel.compile import compiled_before
from incomesim.kernel.philox import random_words
before = compiled_before()
words = np.empty((4, 1), np.uint64)
random_words(np.uint64(0), np.zeros(1, np.uint64), 0, 0, 0, words)
assert words[0, 0] == 0x6627E8D5
print(before, sum(random_words.stats.cache_hits.values()))
"""


def draw(folder):
    environment = {**os.environ, "INCOMESIM_CACHE_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip(), done.stderr


def test_kept_for_the_next_process(tmp_path):
    assert draw(tmp_path) == ("False 0", "")
    assert draw(tmp_path) == ("True 1", "")


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_files_are_replaced(tmp_path, kind):
    draw(tmp_path)
    for file in tmp_path.rglob(f"*.{kind}"):
        file.write_bytes(file.read_bytes()[:40])
    assert draw(tmp_path) == ("True 0", "")
    assert draw(tmp_path) == ("True 1", "")


def test_a_folder_that_cannot_be_made_costs_one_warning(tmp_path):
    (tmp_path / "file").write_text("")
    out, err = draw(tmp_path / "file" / "below")
    assert out == "False 0"
    assert err.count("compiled code is not kept") == 1
    assert "INCOMESIM_CACHE_DIR" in err
