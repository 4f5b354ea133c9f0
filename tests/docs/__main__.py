"""The maintainer's command: `python -m tests.docs` writes every generated page and every picture of `docs/` anew."""

from __future__ import annotations

import sys

from tests.docs import pages, pictures


def main() -> int:
    """Writes what differs and names it."""
    changed = [*pages.write(), *pictures.write()]
    for path in changed:
        print(path.relative_to(pages.ROOT))
    print(f"{len(changed)} written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
