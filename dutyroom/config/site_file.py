"""The site file: where it is, what it says, and where each value came from."""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutyroom.errors import SiteFileError
from dutyroom.inert import inert
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.config.sections import SiteForm
    from dutyroom.model.site import Site
    from dutyroom.tomlform import FormError

# pydantic and the forms are imported where a file is read: the screens find the file before their first frame and
# read it after.

SYSTEM_SITE_FILE = Path("/etc/dutyroom/site.toml")
LARGEST = 4 * 1024 * 1024
# `[[ups]] #1 port` of `[[ups]] #1 port: …`, `[[register]] #2` of `[[register]] #2 needs an ip`, in any language.
_PLACE = re.compile(r"\[\[?\w+\]\]?(?: #\d+)?(?: [\w.\"-]+(?=:))?")


def find_site_file(explicit: Path | None) -> Path | None:
    """The site file: `explicit`, else `$DUTYROOM_CONFIG`, else the user's own, else that in /etc; None without any.

    A file that was asked for by name is given back even when it does not exist, so that `load_site` can say so.
    """
    if explicit is not None:
        return explicit
    named = os.environ.get("DUTYROOM_CONFIG", "")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    places = (user_config_path("dutyroom") / "site.toml", SYSTEM_SITE_FILE)
    return next((path for path in places if path.is_file()), None)


def load_site(path: Path) -> Site:
    """The site as the file says, checked. Raises SiteFileError with one sentence: file, key, what to do."""
    return check_site(path)[0]


def check_site(path: Path) -> tuple[Site, tuple[str, ...]]:
    """The site and warnings (a secret written in the site file itself). Raises SiteFileError like `load_site`."""
    from dutyroom.config.build import build
    from dutyroom.tomlform import FormError

    raw = _bytes_of(path)
    try:
        site, warnings = build(_form_of(raw), path.absolute().parent, hashlib.sha256(raw).hexdigest())
    except FormError as error:
        raise SiteFileError(f"{_shown(path)}: {error}", place=_place(error)) from None
    return site, tuple(f"{_shown(path)}: {warning}" for warning in warnings)


def differs(path: Path, fingerprint: str) -> bool:
    """True when the file there is another one than that of the fingerprint, also when it is wrong; not when it is gone.

    It is only read when its time or size is not that of the last look.
    """
    try:
        seen = path.stat()
        return _fingerprint(path, seen.st_mtime_ns, seen.st_size) != fingerprint
    except OSError:
        # Between two steps of an editor there may be none.
        return False


@lru_cache(maxsize=4)
def _fingerprint(path: Path, _mtime_ns: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def origins(path: Path) -> list[tuple[str, str, str]]:
    """(key, value, origin) of every setting in the order of the file's sections; origin is `file` or `default`.

    Secrets are stars. Raises SiteFileError when the file does not have the form of a site file; files of secrets are
    not opened.
    """
    from dutyroom.config.settings import rows

    return rows(read_form(path))


def read_form(path: Path) -> SiteForm:
    """The file as it is written, before it becomes a site. Raises SiteFileError; files of secrets are not opened."""
    from dutyroom.tomlform import FormError

    try:
        return _form_of(_bytes_of(path))
    except FormError as error:
        raise SiteFileError(f"{_shown(path)}: {error}", place=_place(error)) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the site file, for editors; its descriptions are in the language in force."""
    from dutyroom.config.sections import SiteForm

    schema = _translated(SiteForm.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _translated(part: Any) -> Any:
    """The same part of a schema; the descriptions are the texts under the keys of the forms."""
    if isinstance(part, list):
        return [_translated(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _(value) if key == "description" and isinstance(value, str) else _translated(value)
        for key, value in part.items()
    }


def _place(error: FormError) -> str:
    """Where the trouble is: the key as the sentence names it, at least its section; empty where no key is meant."""
    from dutyroom.tomlform import place

    if error.loc:
        return place(error.loc)
    named = _PLACE.match(str(error))
    return named.group() if named is not None else ""


def _shown(path: Path) -> str:
    return inert(str(path), 300)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            sentence = _("{path}: there is no such file; begin with the example: dutyroom config example").format(
                path=_shown(path)
            )
        else:
            reason = getattr(error, "strerror", None) or _("not a path")
            sentence = _("{path}: cannot be read ({reason}); check its owner and mode").format(
                path=_shown(path), reason=reason
            )
        raise SiteFileError(sentence) from None
    if len(raw) > LARGEST:
        raise SiteFileError(_("{path}: is larger than 4 MB, so it is no site file").format(path=_shown(path)))
    return raw


def _form_of(raw: bytes) -> SiteForm:
    from dutyroom.config.sections import SiteForm
    from dutyroom.tomlform import FormError, fill, parse_toml

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FormError(_("line {line} is not UTF-8; save the file as UTF-8").format(line=line)) from None
    return fill(SiteForm, parse_toml(text))
