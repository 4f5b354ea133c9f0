"""Is this password good enough, and is it still? GB/T 22239-2019 level 2 (7.1.4.1): complexity, periodic change.

NIST SP 800-63B advises against both; an assessor asks for them, so they are on unless the site file says otherwise.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from dutyroom.model.people import Operator
from dutyroom.model.site import PasswordRules

# What people choose first, here and elsewhere; compared without case, blanks and what stands around it.
_COMMON = """
password passw0rd p@ssw0rd p@ssword qwerty qwertyuiop 1qaz2wsx 1qaz@wsx 1q2w3e4r q1w2e3r4 abc123 abcd1234
abc12345 a1b2c3d4 admin123 admin@123 admin888 root123 test123 welcome1 iloveyou letmein dutyroom hospital
woaini 5201314 123456 1234567 12345678 123456789 1234567890 87654321 111111 000000 666666 888888 aa123456
huawei@123 admin@huawei changeme
"""
COMMON = frozenset(_COMMON.split())
WARN_S = 14 * 86400.0


class Missing(StrEnum):
    """What a password lacks."""

    LENGTH = "length"
    KINDS = "kinds"
    NOT_ITS_NAME = "name"
    NOT_COMMON = "common"


def missing(password: str, name: str, rules: PasswordRules) -> tuple[Missing, ...]:
    """What the password of operator `name` lacks; empty when it may be used."""
    found: list[Missing] = []
    if len(password) < rules.shortest:
        found.append(Missing.LENGTH)
    if kinds(password) < rules.kinds:
        found.append(Missing.KINDS)
    plain = "".join(password.casefold().split())
    if len(name) > 2 and name.casefold() in plain:
        found.append(Missing.NOT_ITS_NAME)
    bare = plain.rstrip("!@#$%^&*.?_-")
    if plain in COMMON or bare in COMMON or len(set(plain)) < 4:
        found.append(Missing.NOT_COMMON)
    return tuple(found)


def kinds(password: str) -> int:
    """How many of the four kinds of characters it has: small letters, capitals, digits, others."""
    tests = (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum() or not one.isascii())
    return sum(any(test(one) for one in password) for test in tests)


def left_s(operator: Operator, rules: PasswordRules, now: datetime) -> float | None:
    """Seconds until the password has to be changed, negative when that is overdue; None when it never has to."""
    if rules.every_s is None:
        return None
    since = operator.password_set_at or operator.created_at
    return rules.every_s - (now - since).total_seconds()


def is_good_pin(pin: str) -> bool:
    """True for six to twelve digits that are no row, no repetition and no date."""
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    repeats = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3) if len(pin) % size == 0)
    return steps not in ({1}, {-1}) and not repeats and not _is_date(pin)


def _is_date(pin: str) -> bool:
    """19850312, 850312: what people remember, and others know."""
    if len(pin) == 8 and pin[:2] not in ("19", "20"):
        return False
    month, day = pin[-4:-2], pin[-2:]
    return len(pin) in (6, 8) and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
