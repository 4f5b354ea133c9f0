"""The maintainer's command: `python -m tests.offline FOLDER` makes a bundle for machines without internet."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.offline.bundle import BundleError, build


def main() -> int:
    """Builds the bundle into a folder and prints its path and SHA-256; 1 with a sentence when that is not possible."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser = argparse.ArgumentParser(prog="python -m tests.offline", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the bundle is written")
    parser.add_argument(
        "--python",
        action="append",
        metavar="X.Y",
        help=f"another version of Python to carry wheels for; {here}, which runs this command, is always there",
    )
    given = parser.parse_args()
    others = [version for version in dict.fromkeys(given.python or []) if version != here]
    try:
        bundle = build(given.folder, others)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print(bundle.path)
    print(f"sha256 {bundle.sha256}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
