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
    """(text, x, length) of every run, in cells of the picture's own width."""
    found = re.findall(r'<text class="[^"]*-r\d+" x="([\d.]+)" [^>]*textLength="([\d.]+)"[^>]*>([^<]*)<', svg)
    return [
        (text.replace("&#160;", " "), round(float(x) / 12.2, 2), round(float(length) / 12.2, 2))
        for x, length, text in found
        if text.strip()
    ]


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
