"""Reads the rows of the self-check: those that come with dutyroom, the site's own over them.

A hospital's own rows stand in `*.toml` of the folder `self-check` inside its folder of checklists; a row with the id of
a shipped one takes its place, others come after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from dutyroom.checklists import read_text
from dutyroom.errors import ChecklistError
from dutyroom.inert import inert
from dutyroom.model.checklist import Words
from dutyroom.model.self_check import CheckRow, CheckSheet, Proof
from dutyroom.model.site import Site
from dutyroom.resources import data_path
from dutyroom.self_check_form import ProofForm, RowForm, SelfCheckForm
from dutyroom.tomlform import FormError, fill, parse_toml, with_guess
from dutyroom.words import _

FOLDER = "self-check"


def shipped_rows() -> tuple[CheckRow, ...]:
    """The rows that come with dutyroom, in order. Raises ChecklistError."""
    found, _themes = _rows(data_path("self_check.toml"), {})
    return tuple(found.values())


def rows_of(site: Site) -> tuple[CheckRow, ...]:
    """The rows of a site, in order. Raises ChecklistError naming the file and the key."""
    rows, themes = _rows(data_path("self_check.toml"), {})
    if site.checklists.folder is not None:
        for path in sorted((site.checklists.folder / FOLDER).glob("*.toml")):
            own, themes = _rows(path, themes)
            rows |= own
    return tuple(rows.values())


def fingerprint_of(rows: Sequence[CheckRow]) -> str:
    """The SHA-256 of the rows, in hex: another one where a row is added, changed or moved."""
    return hashlib.sha256("\n".join(map(repr, rows)).encode("utf-8", "surrogatepass")).hexdigest()


def _rows(path: Path, themes: dict[str, Words]) -> tuple[dict[str, CheckRow], dict[str, Words]]:
    """Rows by id and the themes known after this file; `themes` are those of the files before."""
    try:
        form = fill(SelfCheckForm, parse_toml(read_text(path)))
        known = themes | {one.id: one.words() for one in form.theme}
        rows: dict[str, CheckRow] = {}
        for place, row in enumerate(form.row):
            if row.theme not in known:
                sentence = _("{id}: there is no theme {theme}").format(id=row.id, theme=inert(row.theme, 40))
                raise FormError(with_guess(sentence, row.theme, known), ("row", place, "theme"))
            if row.id in rows:
                raise FormError(_("{id} stands there twice").format(id=row.id), ("row", place, "id"))
            rows[row.id] = _row(row, known[row.theme])
    except FormError as error:
        raise ChecklistError(f"{inert(str(path), 300)}: {error}") from None
    return rows, known


def _row(form: RowForm, theme: Words) -> CheckRow:
    clauses = [one.partition(" ") for one in form.controls]
    proofs = tuple(_proof(one) for one in form.proof)
    named = [name for proof in proofs for name in (proof.figure, proof.of) if name]
    return CheckRow(
        id=form.id,
        sheet=CheckSheet(form.sheet),
        theme=theme,
        words=form.words(),
        controls=tuple((number, name) for number, _blank, name in clauses),
        documents=tuple(form.documents),
        figures=tuple(dict.fromkeys([*form.figures, *named])),
        proofs=proofs,
    )


def _proof(form: ProofForm) -> Proof:
    return Proof(form.figure, form.of, form.at_least, form.at_most, form.partly_at_least, form.partly_at_most)
