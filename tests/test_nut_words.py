"""What is made of the texts of a UPS, beside them."""

from __future__ import annotations

import pytest

from dutyroom import nut_words, words
from dutyroom.rules import ups_severity


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("battery.charge", "100", "100 %"),
        ("battery.runtime", "18720", "5 h 12 m"),
        ("battery.runtime.low", "600", "10 m"),
        ("battery.voltage.nominal", "48", "48 V"),
        ("input.transfer.high", "264", "264 V"),
        ("input.frequency", "50,02", "50 Hz"),
        ("output.L1.power.percent", "031.5", "31.5 %"),
        ("ups.timer.shutdown", "-1", "not counting"),
        ("ups.realpower", "2480", "2480 W"),
        ("battery.runtime", "3:58", ""),
        ("ups.temperature", "XX.X", ""),
        ("ups.serial", "12345", ""),
        ("ups.load", "", ""),
        ("driver.version", "2.8", ""),
        ("ups.status", "OL CHRG", "mains feed it, the battery is charging"),
        ("ups.status", "ol X-9", "mains feed it, not in NUT's list: shown as it came"),
    ],
)
def test_a_variable_is_told_with_its_unit_or_not_at_all(name: str, raw: str, said: str) -> None:
    assert nut_words.understood(name, raw) == said


def test_every_token_that_makes_a_verdict_has_a_meaning_in_both_languages() -> None:
    assert set(ups_severity._WORDS) <= set(nut_words.STATUS)
    for language in words.LANGUAGES:
        with words.speaking(language):
            told = [nut_words.status_token(token) for token in (*nut_words.STATUS, "XYZ")]
        assert all(told)
        assert len(set(told)) >= len(told) - 2  # some have twins
