"""A whole report: its frame and the facts of every theme."""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom.report.facts.audit import AuditFacts
from dutyroom.report.facts.availability import AvailabilityFacts
from dutyroom.report.facts.backups import BackupFacts
from dutyroom.report.facts.environment import EnvironmentFacts
from dutyroom.report.facts.findings import FindingFacts
from dutyroom.report.facts.ledger import LedgerFacts
from dutyroom.report.facts.outages import OutageFacts
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.facts.self_check import SelfCheckFacts
from dutyroom.report.facts.zero import ZeroFacts
from dutyroom.report.frame import Frame


@dataclass(frozen=True, slots=True)
class Report:
    """What the workbook of a period is made of."""

    frame: Frame
    ledger: LedgerFacts
    rounds: RoundFacts
    availability: AvailabilityFacts
    environment: EnvironmentFacts
    outages: OutageFacts
    self_check: SelfCheckFacts
    findings: FindingFacts
    backups: BackupFacts
    zero: ZeroFacts
    audit: AuditFacts
