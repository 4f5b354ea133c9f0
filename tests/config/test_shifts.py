"""Shifts and what is counted, in the site file: what cannot be meant is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom.config.site_file import load_site
from dutyroom.errors import SiteFileError
from tests.config.test_site_file import SMALLEST, write

DAY = '[[shift]]\nname = "day"\nbegins = "08:00"\nends = "20:00"\n'


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (DAY + DAY, "[[shift]] #2 name: [[shift]] #1 is called so already; give it another name"),
        (
            DAY + '[[shift]]\nname = "d2"\nlabel = "Day"\nbegins = "20:00"\nends = "08:00"\n',
            "[[shift]] #2 name: [[shift]] #1 is called so already; give it another name",
        ),
        (
            DAY + '[[shift]]\nname = "d2"\nbegins = "08:00"\nends = "12:00"\n',
            "[[shift]] #2 begins: [[shift]] #1 begins at the same time; give it another",
        ),
        ('[[shift]]\nname = "day"\nbegins = "8 h"\nends = "20:00"\n', "[[shift]] #1 begins: "),
        ('[[shift]]\nname = "day"\nbegins = "08:00"\n', "[[shift]] #1 ends is missing; add a line such as ends = "),
        ('[shifts]\nday = "08:00-20:00"\n', "did you mean shift"),
        ('[[tool]]\nname = "keys"\n[[tool]]\nname = "keys"\n', "[[tool]] #2 name: [[tool]] #1 is called so already"),
        ('[[tool]]\nname = "keys"\ncount = -1\n', "[[tool]] #1 count: must be 0 or more"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, more: str, sentence: str) -> None:
    with pytest.raises(SiteFileError) as caught:
        load_site(write(tmp_path, SMALLEST + more))
    assert sentence in str(caught.value)
