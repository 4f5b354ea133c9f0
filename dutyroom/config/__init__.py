"""The site file: found, read, checked, and turned into a frozen `dutyroom.model.site.Site`."""

from __future__ import annotations

from dutyroom.config.site_file import check_site, find_site_file, json_schema, load_site, origins

__all__ = ["check_site", "find_site_file", "json_schema", "load_site", "origins"]
