"""What a password and a PIN must be."""

from __future__ import annotations

import pytest

from dutyroom.model.site import PasswordRules
from dutyroom.rules.passwords import Missing, is_good_pin, kinds, missing

RULES = PasswordRules()


@pytest.mark.parametrize(
    ("password", "lacks"),
    [
        ("Tr1cky-one", ()),
        ("walk the room 1", ()),
        ("机房Abc123", ()),
        ("Ab1-", (Missing.LENGTH,)),
        ("onlysmall", (Missing.KINDS,)),
        ("small and blank", (Missing.KINDS,)),
        ("Zhang-2026", (Missing.NOT_ITS_NAME,)),
        ("Passw0rd!", (Missing.NOT_COMMON,)),
        ("Huawei@123", (Missing.NOT_COMMON,)),
        ("Aa1Aa1Aa1", (Missing.NOT_COMMON,)),
        ("12345678", (Missing.KINDS, Missing.NOT_COMMON)),
    ],
)
def test_a_password_is_told_everything_it_lacks(password: str, lacks: tuple[Missing, ...]) -> None:
    assert missing(password, "zhang", RULES) == lacks


def test_without_complexity_any_kind_will_do_but_not_a_common_one() -> None:
    relaxed = PasswordRules(kinds=1, every_s=None)
    assert missing("onlysmallletters", "zhang", relaxed) == ()
    assert missing("password", "zhang", relaxed) == (Missing.NOT_COMMON,)


def test_chinese_counts_as_another_kind() -> None:
    assert kinds("机房aB1") == 4


@pytest.mark.parametrize("pin", ["739164", "80214697", "904417"])
def test_a_pin_that_is_hard_to_guess_may_be_used(pin: str) -> None:
    assert is_good_pin(pin)


@pytest.mark.parametrize(
    "pin",
    [
        "12345",
        "123456",
        "654321",
        "000000",
        "121212",
        "123123",
        "19850312",
        "850312",
        "1234567890123",
        "73916a",
        "７３９１６４",
    ],
)
def test_a_row_a_repetition_a_date_or_no_number_is_no_pin(pin: str) -> None:
    assert not is_good_pin(pin)
