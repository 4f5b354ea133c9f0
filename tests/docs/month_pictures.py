"""The pictures of the workbook in `docs/month.md`: `python -m tests.docs.month_pictures` prints them anew.

Pages of the demo's month as LibreOffice prints them. With Calibri, or Carlito in its place, they look as in Excel.
Needs LibreOffice and poppler.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dutyroom.config import load_site
from dutyroom.demo.process import DemoPorts
from dutyroom.demo.site import write_site
from dutyroom.report.book import export, pages_of
from dutyroom.report.report import Report
from dutyroom.words import speaking
from tests.conftest import find_peer
from tests.docs.pictures import FOLDER, LANGUAGES
from tests.report.quarter import AGENTS, NOW, opened, quarter
from tests.report.round_room import report

SHEETS = ("cover", "completion", "environment", "availability", "ups_days")
PERIOD, DPI = "2026-10", 80


def write() -> list[Path]:
    """Print the first page of each of SHEETS in both languages; return the files."""
    found = []
    with TemporaryDirectory() as name, quarter(Path(name)) as folder:
        for language, ending in LANGUAGES.items():
            made = _made(folder, language, Path(name))
            for sheet in SHEETS:
                page = _picture(made, sheet, language, Path(name))
                stem = sheet.replace("_", "-")
                path = FOLDER / f"month-{stem}{ending}.png"
                path.write_bytes(page)
                found.append(path)
    return found


def _made(folder: Path, language: str, beside: Path) -> Report:
    """The report of the month, the site and its devices named in that language."""
    site = load_site(write_site(beside / language, DemoPorts(3493, tuple((name, 16100) for name in AGENTS)), language))
    with opened(folder) as desk:
        return report(replace(desk, site=site), PERIOD, NOW)


def _picture(made: Report, sheet: str, language: str, folder: Path) -> bytes:
    """The first page of paper of the sheet, as PNG."""
    path = export(made, folder / f"{language}.xlsx", language)
    pdf = path.with_suffix(".pdf")
    if not pdf.exists():
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path))
    with speaking(language):
        title = next(page for page in pages_of(made) if page.key == sheet).cells[0].value
    texts = _run("pdftotext", "-layout", str(pdf), "-").decode().split("\f")
    number = next(place for place, text in enumerate(texts, 1) if text.strip().startswith(str(title)))
    return _run("pdftoppm", "-png", "-r", str(DPI), "-f", str(number), "-l", str(number), str(pdf))


def _run(program: str, *arguments: str) -> bytes:
    found = find_peer(program)
    if found is None:
        raise SystemExit(f"needs {program}")
    return subprocess.run([found, *arguments], capture_output=True, check=True, timeout=180).stdout


if __name__ == "__main__":
    for written in write():
        print(written, written.stat().st_size)
