"""Print the README's command for the main job (`run`) or for the tests (`test`)."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
commands = dict(re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*?)```", readme, flags=re.DOTALL))
print(commands[sys.argv[1]])
