"""Where a community, password or URL comes from: a file of its own, the environment, systemd, or the site file itself.

systemd hands credentials over as files in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), LoadCredential=); it guards that
folder itself, so only files named in the site file are held against `chmod 600`.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from dutyroom.config.values import absolute
from dutyroom.inert import inert
from dutyroom.model.devices import Secret
from dutyroom.tomlform import Form, FormError
from dutyroom.words import _

LONGEST = 4096
SECRETS = ("community", "auth_password", "priv_password")


def secret_of(form: Form, key: str, owner: str, place: str, folder: Path) -> tuple[Secret | None, str]:
    """The secret of that key (one of SECRETS, or `url`) and a warning (or empty); None when nothing names one.

    Precedence: `<key>_file`, `<key>_env`, the systemd credential `<owner>.<key>`, `<key>` itself. What is named must
    be there: raises FormError for a file that is missing, open to others or empty, and for an unset variable.
    """
    named_file: str | None = getattr(form, f"{key}_file")
    if named_file is not None:
        path = Path(absolute(str(folder), named_file))
        return Secret(_read(path, f"{place}.{key}_file", guarded=False)), ""
    variable: str | None = getattr(form, f"{key}_env")
    if variable is not None:
        found = os.environ.get(variable, "")
        if not found:
            raise FormError(
                _("{place}: the environment variable {name} is not set; set it or use {key}_file").format(
                    place=f"{place}.{key}_env", name=variable, key=key
                )
            )
        return Secret(_one_line(found.encode("utf-8", "surrogateescape"), f"{place}.{key}_env")), ""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if credentials and (held := Path(credentials) / f"{owner}.{key}").is_file():
        return Secret(_read(held, f"{place}.{key}", guarded=True)), ""
    inline = getattr(form, key)
    if inline is None:
        return None, ""
    warning = _(
        "{place} is written in the site file itself; put it in a file of its own (chmod 600), name it in {key}_file"
    )
    secret = _one_line(inline.get_secret_value().encode(), f"{place}.{key}")
    return Secret(secret), warning.format(place=f"{place}.{key}", key=key)


def secret_file(path: Path, place: str) -> Secret:
    """The secret in a file that only its owner can read; `place` names the key or option. Raises FormError."""
    return Secret(_read(path, place, guarded=False))


def _read(path: Path, place: str, *, guarded: bool) -> str:
    shown = inert(str(path), 200)
    try:
        # Opened without waiting, so that a named pipe in the place of the file cannot hold the program up.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            mode = os.fstat(handle).st_mode
            raw = os.read(handle, LONGEST + 1) if stat.S_ISREG(mode) else b""
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _("not a path")
        sentence = _(
            "{place}: cannot read {path} ({reason}); write the secret there on one line, then: chmod 600 {path}"
        )
        raise FormError(sentence.format(place=place, path=shown, reason=reason)) from None
    if not stat.S_ISREG(mode):
        raise FormError(_("{place}: {path} is not an ordinary file").format(place=place, path=shown))
    if not guarded and mode & 0o077:
        sentence = _("{place}: others can read {path} (mode {mode}); run: chmod 600 {path}")
        raise FormError(sentence.format(place=place, path=shown, mode=f"{stat.S_IMODE(mode):03o}"))
    return _one_line(raw, place)


def _one_line(raw: bytes, place: str) -> str:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise FormError(_("{place}: the secret is not UTF-8 text").format(place=place)) from None
    if not text.strip():
        raise FormError(_("{place}: the secret is empty; write it there on one line").format(place=place))
    if len(raw) > LONGEST or re.search(r"[\x00-\x1f\x7f]", text):
        raise FormError(_("{place}: the secret must be one line without control characters").format(place=place))
    return text
