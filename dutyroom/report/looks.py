"""How the cells of a sheet look: colours, and every look by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace

INK = "1F2A37"
MUTED = "5B6B7C"
ACCENT = "1F4E79"
HAIR = "B8C4D1"
BAND = "E4ECF4"
WEEKEND = "EEF0F3"
RED, RED_FILL = "9B1C1C", "F9DADA"
AMBER, AMBER_FILL = "7A5200", "FFF0CC"
GREY_FILL = "F4F5F7"
TABS = {
    "cover": ACCENT,
    **dict.fromkeys(("completion", "items", "abnormal", "readings", "zero"), "2E7D5B"),
    "findings": "C98A00",
    **dict.fromkeys(("outages", "ups_days"), "C0703A"),
    **dict.fromkeys(("availability", "downtimes", "backups"), "4F74A6"),
    "environment": "3E8E9E",
    **dict.fromkeys(("selfcheck", "inspection", "audit"), MUTED),
}
"""Colours of the sheets' tabs, by the first word of a page's key: themes that belong together have one."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. `border` draws hair lines around it; `rotation` is degrees, 255 stacks the characters."""

    size: float = 10
    bold: bool = False
    colour: str = INK
    fill: str = ""
    horizontal: str = "left"
    vertical: str = "center"
    indent: int = 0
    wrap: bool = False
    rotation: int = 0
    border: bool = False
    number_format: str = "General"
    mono: bool = False


_TEXT = Look(border=True, indent=1, wrap=True)
_CENTRE = Look(border=True, horizontal="center")
_NUMBER = Look(border=True, horizontal="right", indent=1)
_MARK = Look(size=9, border=True, horizontal="center")
_FIGURE = Look(size=14, bold=True, colour=ACCENT, horizontal="center", border=True)
_COVER = Look(size=20, bold=True, colour=ACCENT, horizontal="center", border=True)
_FIGURE_FORMATS = {
    "count": "0",
    "percent": "0.00%",
    "number": "0.0",
    "minutes": "0",
    "hours": "0.0",
    "date": "yyyy-mm-dd",
    "text": "General",
}

_SHOWN: dict[str, Look] = {
    "count": replace(_CENTRE, number_format="0"),
    "percent": replace(_CENTRE, number_format="0%"),
    "number": _NUMBER,
    "minutes": replace(_CENTRE, number_format="0"),
    "hours": replace(_CENTRE, number_format="0.0"),
    "date": replace(_CENTRE, number_format="yyyy-mm-dd"),
    "text": _TEXT,
}
"""How a figure looks in a table."""

LOOKS: dict[str, Look] = {
    **_SHOWN,
    **{f"{shown} bad": replace(look, bold=True, colour=RED, fill=RED_FILL) for shown, look in _SHOWN.items()},
    "title": Look(size=20, bold=True, colour=ACCENT),
    "heading": Look(size=12, bold=True, colour=ACCENT, vertical="bottom"),
    "plain": Look(wrap=True, vertical="top"),
    "quiet": Look(size=9, colour=MUTED, wrap=True),
    "label": Look(size=9, colour=MUTED, fill=GREY_FILL, border=True, indent=1),
    "sentence": Look(size=12, bold=True, fill=BAND, indent=1, wrap=True),
    "key number": Look(size=22, bold=True, colour=ACCENT, horizontal="center", border=True, number_format="0"),
    "key number bad": Look(
        size=22, bold=True, colour=RED, fill=RED_FILL, horizontal="center", border=True, number_format="0"
    ),
    "key percent": Look(size=22, bold=True, colour=ACCENT, horizontal="center", border=True, number_format="0.0%"),
    **{f"cover {shown}": replace(_COVER, number_format=form) for shown, form in _FIGURE_FORMATS.items()},
    **{
        f"cover {shown} bad": replace(_COVER, number_format=form, colour=RED, fill=RED_FILL)
        for shown, form in _FIGURE_FORMATS.items()
    },
    "fine": Look(size=8, border=True, indent=1, wrap=True),
    "fine label": Look(size=8, bold=True, colour=MUTED, fill=GREY_FILL, border=True, indent=1, wrap=True),
    "fine count": Look(size=8, mono=True, border=True, horizontal="center", number_format="0"),
    "fine hash": Look(size=8, mono=True, border=True, indent=1),
    "key label": Look(size=9, colour=MUTED, fill=GREY_FILL, horizontal="center", border=True, wrap=True),
    "head": Look(size=9, bold=True, fill=BAND, horizontal="center", border=True, wrap=True),
    "head upright": Look(size=8, bold=True, fill=BAND, horizontal="center", border=True, wrap=True, rotation=90),
    "head left": Look(size=9, bold=True, fill=BAND, border=True, indent=1, wrap=True),
    "head weekend": Look(size=9, bold=True, fill="D5DBE3", horizontal="center", border=True),
    "text attention": replace(_TEXT, bold=True, colour=AMBER, fill=AMBER_FILL),
    "text fault": replace(_TEXT, bold=True, colour=RED, fill=RED_FILL),
    "line": replace(_TEXT, wrap=False),
    "text strong": replace(_TEXT, bold=True),
    "clock": replace(_TEXT, size=9),
    "band": replace(_TEXT, bold=True, fill=BAND),
    "area": replace(_TEXT, bold=True, fill=GREY_FILL, horizontal="center", indent=0),
    "centre": _CENTRE,
    "count attention": replace(_CENTRE, number_format="0", bold=True, colour=AMBER, fill=AMBER_FILL),
    "count fault": replace(_CENTRE, number_format="0", bold=True, colour=RED, fill=RED_FILL),
    "percent 1": replace(_CENTRE, number_format="0.0%"),
    "percent 2": replace(_CENTRE, number_format="0.00%"),
    "percent 3": replace(_CENTRE, number_format="0.000%"),
    "percent 3 attention": replace(_CENTRE, number_format="0.000%", bold=True, colour=AMBER, fill=AMBER_FILL),
    # LibreOffice takes no notice of the indent of a whole number: "_" leaves the width of the sign behind it.
    "number 0": replace(_NUMBER, number_format="0_ "),
    "number 1": replace(_NUMBER, number_format="0.0"),
    "number 0 fault": replace(_NUMBER, number_format="0_ ", bold=True, colour=RED, fill=RED_FILL),
    "number 1 fault": replace(_NUMBER, number_format="0.0", bold=True, colour=RED, fill=RED_FILL),
    "number 1 attention": replace(_NUMBER, number_format="0.0", bold=True, colour=AMBER, fill=AMBER_FILL),
    "number 2": replace(_NUMBER, number_format="0.00"),
    "number 3": replace(_NUMBER, number_format="0.000"),
    # Smaller than the texts beside them: in a font with wide figures a moment that does not fit would be all "#".
    "moment short": replace(_CENTRE, size=9, number_format="mm-dd hh:mm"),
    "moment": replace(_CENTRE, size=9, number_format="yyyy-mm-dd hh:mm"),
    "hash": Look(size=10, mono=True, border=True, indent=1),
    "mark": _MARK,
    "mark weekend": replace(_MARK, fill=WEEKEND),
    "mark count": replace(_MARK, number_format='0;-0;"·"'),
    "mark count weekend": replace(_MARK, fill=WEEKEND, number_format='0;-0;"·"'),
    "mark attention": replace(_MARK, bold=True, colour=AMBER, fill=AMBER_FILL),
    "mark fault": replace(_MARK, bold=True, colour=RED, fill=RED_FILL),
    "mark missed": replace(_MARK, fill="FBEFEF"),
    "upright": replace(_MARK, rotation=90),
    "upright weekend": replace(_MARK, rotation=90, fill=WEEKEND),
    "stacked": replace(_MARK, rotation=255),
    "stacked weekend": replace(_MARK, rotation=255, fill=WEEKEND),
    "upright time": replace(_MARK, rotation=90, number_format="hh:mm"),
    "upright time weekend": replace(_MARK, rotation=90, fill=WEEKEND, number_format="hh:mm"),
    "upright moment": replace(_MARK, rotation=90, number_format="mm-dd hh:mm"),
    "upright moment weekend": replace(_MARK, rotation=90, fill=WEEKEND, number_format="mm-dd hh:mm"),
    "verdict attention": replace(_CENTRE, bold=True, colour=AMBER, fill=AMBER_FILL),
    "verdict fault": replace(_CENTRE, bold=True, colour=RED, fill=RED_FILL),
    "note": Look(size=9, colour=MUTED, wrap=True, vertical="top"),
    "sign": Look(size=9, colour=MUTED, border=True, indent=1, vertical="top"),
    "records": Look(size=8, mono=True, colour=MUTED),
    **{f"figure {shown}": replace(_FIGURE, number_format=form) for shown, form in _FIGURE_FORMATS.items()},
    **{
        f"figure {shown} bad": replace(_FIGURE, number_format=form, colour=RED, fill=RED_FILL)
        for shown, form in _FIGURE_FORMATS.items()
    },
}
