"""`python -m tests.recount DB FIRST LAST ZONE MADE_AT`: the figures of a period as JSON, by nothing of dutyroom."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.recount import availability, environment, findings, outages, rounds
from tests.recount.database import asked


def main() -> None:
    """Prints the figures by name, `availability` by source, and the ledger's first and last line."""
    path, first, last, zone, made_at = sys.argv[1:]
    found = asked(Path(path), first, last, zone, made_at)
    told = {
        **rounds.count(found),
        **findings.count(found),
        **findings.zero(found),
        **outages.count(found),
        **environment.count(found),
        "availability": availability.count(found),
        "ledger": findings.ledger(found),
    }
    print(json.dumps(told, indent=1, sort_keys=True))
    found.db.close()


main()
