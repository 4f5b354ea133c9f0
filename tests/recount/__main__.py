"""`python -m tests.recount DB SITE FIRST LAST MADE_AT [XLSX]`: a period counted as JSON, by nothing of dutyroom."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.recount import (
    audit,
    availability,
    backups,
    environment,
    findings,
    hold,
    inspection,
    outages,
    rounds,
    zero,
)
from tests.recount.database import asked


def main() -> None:
    """Prints the figures by name, the results of the self-check by row, and the ledger's first and last line.

    With a workbook also how much of each sheet was compared, and what differs. `modules` are those that were imported.
    """
    path, site, first, last, made_at = sys.argv[1:6]
    found = asked(Path(path), Path(site), first, last, made_at)
    figures = {
        **rounds.count(found),
        **findings.count(found),
        **zero.count(found),
        **outages.count(found),
        **hold.count(found),
        **environment.count(found),
        **backups.count(found),
        **availability.count(found),
        **inspection.count(found),
        **audit.count(found),
    }
    told: dict[str, Any] = {
        "figures": figures,
        "self_check": inspection.results(found, figures),
        "ledger": zero.ledger(found),
    }
    for workbook in sys.argv[6:]:
        # Imported here: openpyxl takes longer than counting.
        from tests.recount import cells

        told["sheets"] = cells.compare(found, Path(workbook), told)
    told["modules"] = sorted({name.partition(".")[0] for name in sys.modules})
    print(json.dumps(told, indent=1, sort_keys=True))
    found.db.close()


main()
