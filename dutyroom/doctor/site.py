"""The site file: whether it can be read, what it warns of, and the files of secrets it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dutyroom.config import check_site
from dutyroom.config.site_file import read_form
from dutyroom.doctor import files
from dutyroom.doctor.check import Check, Group, make
from dutyroom.errors import SiteFileError
from dutyroom.model.reading import Verdict
from dutyroom.model.site import Site
from dutyroom.store.places import path_of


@dataclass(slots=True)
class SiteRead:
    """The site (None when the file is wrong) and what is to be said of the file."""

    site: Site | None
    checks: list[Check] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """Where the records are."""
        return path_of(self.site.store_url) if self.site is not None else Path()


def read(path: Path) -> SiteRead:
    """Reads the site file once; never raises for what is wrong with it."""
    try:
        site, warnings = check_site(path)
        found = SiteRead(site, files.site_file_mode(path))
    except (SiteFileError, OSError) as error:
        return SiteRead(
            None, [make(Group.SITE, "site-file", Verdict.FAULT, "site-broken", "site-file", sentence=error)]
        )
    count = {"ups": len(site.ups), "network": len(site.network), "servers": len(site.servers)}
    found.checks.insert(0, make(Group.SITE, "site-file", Verdict.OK, "site", path=path, **count))
    found.checks += [
        make(Group.SITE, "site-file", Verdict.ATTENTION, "site-warning", "site-file", sentence=warning)
        for warning in warnings
    ]
    return found


def secret_files(path: Path) -> list[Check]:
    """The files of secrets; nothing when the site file itself cannot be read, which was told already."""
    try:
        return files.secret_files(path, read_form(path))
    except SiteFileError:
        return []
