"""Where shipped data files are; the only code that knows.

An installed wheel carries them as `dutyroom/data/`; a checkout has them in the top-level `data/`.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def data_path(*parts: str) -> Path:
    """The path of a shipped data file or folder, such as `data_path("checklists", "daily.toml")`."""
    package = Path(str(files("dutyroom")))
    installed = package / "data"
    root = installed if installed.is_dir() else package.parent / "data"
    return root.joinpath(*parts)
