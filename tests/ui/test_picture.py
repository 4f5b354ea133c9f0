"""Pictures of the screen: Chinese has two cells a character, and no other machine is asked for a font."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree

from rich.console import Console

from screens.picture import with_true_widths


def picture(text: str) -> tuple[str, str]:
    """What Rich draws, and what we make of it."""
    console = Console(width=40, record=True, file=io.StringIO(), force_terminal=True)
    console.print(text, markup=False, highlight=False)
    svg = console.export_svg(title="dutyroom")
    return svg, with_true_widths(svg)


def runs(svg: str) -> list[tuple[str, float, float]]:
    """(text, x, length) of every run, in cells of the picture's width; wide runs have a place for each character."""
    found = re.findall(r'<text class="[^"]*-r\d+" x="([\d. ]+)" y="[\d.]+" ([^>]*)>([^<]*)<', svg)
    told = []
    for places, rest, text in found:
        given = [float(place) for place in places.split()]
        length = re.search(r'textLength="([\d.]+)"', rest)
        if length is None:
            # Each in the middle of two cells of 12.2 that are broader than its 20.
            assert [round(place - given[0], 1) for place in given] == [round(24.4 * at, 1) for at in range(len(text))]
            told.append((text, round((given[0] - 2.2) / 12.2, 2), 2.0 * len(given)))
        elif text.strip():
            told.append((text.replace("&#160;", " "), round(given[0] / 12.2, 2), round(float(length[1]) / 12.2, 2)))
    return told


def test_rich_squeezes_chinese_and_the_picture_does_not() -> None:
    before, after = picture("UPS 主路 ok <&>")
    assert runs(before)[0][2] == len("UPS 主路 ok <&>")
    assert runs(after) == [("UPS ", 0, 4), ("主路", 4, 4), (" ok &lt;&amp;&gt;", 8, 7)]


def test_text_in_latin_letters_is_left_as_it_is() -> None:
    before, after = picture("plain text")
    assert runs(after) == runs(before) == [("plain text", 0, 10)]


def test_combining_characters_take_no_cell_of_their_own() -> None:
    _before, after = picture("e\u0301a主")
    assert [x for _text, x, _length in runs(after)][-1] == 2


def test_the_picture_is_whole_xml_and_asks_nobody_for_a_font() -> None:
    before, after = picture('核心交换机 <core-1> & "x" ✓')
    assert "https://cdnjs" in before
    assert "cdnjs" not in after
    assert "full-width" not in after
    assert "Noto Sans Mono CJK SC" in after
    ElementTree.fromstring(after)
