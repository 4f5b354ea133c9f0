"""Passwords and PINs: hashed with Argon2id (RFC 9106), compared, and refused where the site's rules are not met."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dutyroom.errors import DutyroomError
from dutyroom.model.site import PasswordRules
from dutyroom.rules.passwords import Missing, is_good_pin, missing
from dutyroom.words import N_, _

# Without letters and digits that are taken for each other when written down.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_S = 72 * 3600.0

_WHY = {
    Missing.LENGTH: N_("at least {shortest} characters"),
    Missing.KINDS: N_("{kinds} of: small letters, capitals, digits, other signs"),
    Missing.NOT_ITS_NAME: N_("not the operator's name in it"),
    Missing.NOT_COMMON: N_("none that many people use"),
}


class PasswordRefused(DutyroomError):
    """The password or PIN may not be used; `code` is `password-rules`, `same-password` or `pin-rules`."""

    code = "password-rules"


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _light_hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def decoy() -> str:
    """A hash nobody's password has, so that an unknown name takes as long as a known one."""
    return _hasher().hash(secrets.token_hex(16))


def hashed(secret: str) -> str:
    """The encoded Argon2id hash."""
    return _hasher().hash(secret)


def hashed_lightly(secret: str) -> str:
    """The same at the least cost, 0.1 ms instead of some 100: for a password that everybody may know, as the demo's."""
    return _light_hasher().hash(secret)


def matches(hash: str, secret: str) -> bool:
    """True when the hash is that of the secret."""
    try:
        return _hasher().verify(hash, secret)
    except (VerificationError, InvalidHashError):
        return False


def one_time_secret() -> str:
    """Three groups of four clear characters (59 bits): read out, typed once, and changed at once."""
    return "-".join("".join(secrets.choice(_CLEAR) for _at in range(4)) for _group in range(3))


def check(password: str, name: str, rules: PasswordRules) -> None:
    """Raises PasswordRefused with everything the password lacks, in one sentence."""
    lacks = missing(password, name, rules)
    if lacks:
        needs = "; ".join(_(_WHY[one]).format(shortest=rules.shortest, kinds=rules.kinds) for one in lacks)
        raise PasswordRefused(_("The password needs: {needs}.").format(needs=needs))


def check_pin(pin: str) -> None:
    """Raises PasswordRefused (`pin-rules`) for a PIN that is easily guessed."""
    if not is_good_pin(pin):
        sentence = _("A PIN is 6 to 12 digits, and no row (123456), no repetition and no date.")
        raise PasswordRefused(sentence, code="pin-rules")
