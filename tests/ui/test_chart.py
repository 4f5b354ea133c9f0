"""The history chart, driven by keys over a real store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.model.history import Span
from dutyroom.model.reading import Kind
from screens.app import DutyroomApp
from screens.chart import ChartScreen
from screens.widgets.lines import LineView
from tests.ui.histories import fill
from tests.ui.room_samples import NOW
from tests.ui.rooms import assert_fits, assert_golden, make_room, running, screen_text, until

SIZES = [(60, 20), (80, 24), (120, 40)]


def room_of(tmp_path: Path, language: str = "en") -> DutyroomApp:
    """The application over a room with a history."""
    room = make_room(tmp_path, language)
    fill(room)
    app = room.app()
    app.selected[Kind.UPS] = "ups-a"
    return app


async def is_read(app: DutyroomApp, pilot: Pilot[None]) -> ChartScreen:
    """Waits until the chart shows what was asked for last."""
    await until(pilot, lambda: isinstance(app.screen, ChartScreen) and not app.screen.reading)
    await pilot.pause()
    assert isinstance(app.screen, ChartScreen)
    return app.screen


async def opened(app: DutyroomApp, pilot: Pilot[None]) -> ChartScreen:
    """The chart of the UPS by its key."""
    await pilot.press("3")
    await pilot.pause()
    await pilot.press("g")
    return await is_read(app, pilot)


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_each_span_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = room_of(tmp_path, language)
    async with running(app, size) as pilot:
        await opened(app, pilot)
        for key, span in (("H", "hour"), ("D", "day"), ("W", "week"), ("M", "month")):
            await pilot.press(key)
            await is_read(app, pilot)
            assert_golden(app, f"chart-{span}-{size[0]}x{size[1]}-{language}")


def rows_of(app: DutyroomApp) -> list[str]:
    """The lines of the chart as text."""
    return ["".join(text for text, _role in line) for line in app.screen.query_one("#chart", LineView).lines]


def dots(row: str) -> list[int]:
    """The cells of a row in which something of the line or its band is drawn."""
    return [x for x, sign in enumerate(row) if "\u2800" < sign <= "\u28ff" or sign in "░*:"]


async def test_no_cell_is_drawn_where_the_row_below_says_that_nothing_answered(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot)
        for key in ("H", "D"):
            await pilot.press(key)
            await is_read(app, pilot)
            rows = rows_of(app)
            floor = next(n for n, row in enumerate(rows) if "└" in row)
            why = rows[floor + 2]
            drawn = {x for row in rows[:floor] if "┤" in row or "│" in row for x in dots(row)}
            blank = [x for x, sign in enumerate(why) if sign in "✗–" and x not in drawn]
            assert len(blank) >= sum(sign in "✗–" for sign in why) * 0.7
            assert "✗" in why
            if key != "H":
                assert "–" in why
                middle = why.index("–") + 2
                assert middle not in drawn


async def test_the_gaps_are_told_in_words_with_their_times(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot)
        shown = screen_text(app)
        assert "driver not connected, 18:41 – 21:12 (2 h 31 m)" in shown
        assert "not polled, 00:41 – 03:42 (3 h 01 m)" in shown
        assert "clock set back by 1 m" in shown
        assert "normal 0–60 %" in shown


async def test_left_and_right_go_by_half_a_span_and_end_follows_the_present_again(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        assert screen.series is not None
        live = screen.series.until
        await pilot.press("left", "left", "left")
        await is_read(app, pilot)
        assert screen.series.until == live - timedelta(hours=36)
        assert "earlier: end goes to now" in screen_text(app)
        await pilot.press("W")
        await is_read(app, pilot)
        assert screen.series.until == live - timedelta(hours=36)
        await pilot.press("D", "right")
        await is_read(app, pilot)
        assert screen.series.until == live - timedelta(hours=24)
        await pilot.press("end")
        await is_read(app, pilot)
        assert (screen.until, screen.series.until) == (None, live)
        await pilot.press("right")
        await is_read(app, pilot)
        assert screen.until is None


async def test_minus_and_plus_take_more_and_less_time_and_stop_at_the_ends(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        seen = []
        for key in ("minus", "minus", "minus", "plus", "plus", "plus", "plus"):
            await pilot.press(key)
            await is_read(app, pilot)
            seen.append(screen.span)
        assert seen == [Span.WEEK, Span.MONTH, Span.MONTH, Span.WEEK, Span.DAY, Span.HOUR, Span.HOUR]


async def test_up_and_down_go_through_the_quantities_and_one_never_told_is_no_zero(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        names = set()
        for _n in range(7):
            await pilot.press("down")
            await is_read(app, pilot)
            names.add(screen.wanted)
            shown = screen_text(app)
            if screen.series is not None and screen.series.last is None:
                assert "never recorded" in shown
                assert "no value in this time" in shown
                assert not any(dots(row) for row in rows_of(app))
        assert len(names) == 7
        await pilot.press("up")
        await is_read(app, pilot)
        assert screen.wanted in names


async def test_the_present_is_read_again_after_a_minute_and_what_is_read_stays_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dutyroom.model.history import Reading
    from dutyroom.store import readings

    room = make_room(tmp_path)
    fill(room)
    app = room.app()
    app.selected[Kind.UPS] = "ups-a"
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        before = rows_of(app)
        later = NOW + timedelta(minutes=2)
        with room.store.write() as session:
            readings.put_history(session, [Reading("ups-a", "load_percent", later, 39.0)])
        monkeypatch.setattr(clock, "now", lambda: later)
        app.show_now()
        await until(pilot, lambda: screen.series is not None and screen.series.read_at == later)
        await pilot.pause()
        after = rows_of(app)
        assert screen.series is not None
        assert screen.series.last is not None
        assert screen.series.last.value == 39.0
        floor = next(n for n, row in enumerate(before) if "└" in row)
        assert before[floor + 1] == after[floor + 1]
        assert [row[:60] for row in before[4:floor]] == [row[:60] for row in after[4:floor]]
        await pilot.press("left")
        await is_read(app, pilot)
        earlier, at = rows_of(app)[1:], screen.series.read_at
        monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=9))
        app.show_now()
        await pilot.pause()
        assert rows_of(app)[1:] == earlier
        assert screen.series.read_at == at


async def test_reading_goes_on_beside_the_loop_and_says_what_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from dutyroom.duty import history

    gate, real = threading.Event(), history.read_series

    def slow(*given: object) -> object:
        gate.wait(10)
        return real(*given)  # type: ignore[arg-type]

    app = room_of(tmp_path)
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        monkeypatch.setattr(history, "read_series", slow)
        shown = rows_of(app)
        await pilot.press("M", "W")
        await pilot.pause()
        assert "reading week: load …" in screen_text(app)
        assert rows_of(app)[1:] == shown[1:]
        gate.set()
        await is_read(app, pilot)
        assert screen.series is not None
        assert screen.series.span is Span.WEEK


async def test_a_store_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dutyroom.duty import history
    from dutyroom.errors import StoreError

    def broken(*_given: object) -> object:
        raise StoreError("The records are gone.")

    app = room_of(tmp_path)
    async with running(app) as pilot:
        await opened(app, pilot)
        monkeypatch.setattr(history, "read_series", broken)
        await pilot.press("W")
        await is_read(app, pilot)
        assert "The records are gone." in screen_text(app)


async def test_plain_characters_draw_the_same_columns(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app) as pilot:
        await opened(app, pilot)
        await pilot.press("W", "a")
        await is_read(app, pilot)
        rows = rows_of(app)
        assert all(sign.isascii() or sign in "–…·" for row in rows for sign in row)
        assert any("*" in row for row in rows)
        assert any("x" in row for row in rows)
        assert_fits(app)
        assert_golden(app, "chart-plain-80x24-en")


async def test_every_device_page_opens_the_chart_and_esc_goes_back_to_it(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app) as pilot:
        for key, mode in (("3", "power"), ("4", "network"), ("5", "servers")):
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("g")
            screen = await is_read(app, pilot)
            assert screen.source == app.selected[{"3": Kind.UPS, "4": Kind.NETWORK, "5": Kind.SERVER}[key]]
            await pilot.press("escape")
            await pilot.pause()
            assert app.current_mode == mode
            assert not isinstance(app.screen, ChartScreen)


async def test_the_palette_finds_a_history_in_both_languages(tmp_path: Path, language: str) -> None:
    from screens.palette_finds import charts, plain, score

    app = room_of(tmp_path, language)
    async with running(app) as pilot:
        for typed in (
            "history ups-a load",
            "load_percent ups-a",
            "历史 ups-a 负载" if language == "zh_CN" else "History UPS A load",
        ):
            found = [find for find in charts(app) if score(find.texts, plain(typed)) > 0]
            assert "app.go_to_chart('ups-a', 'load_percent')" in {find.action for find in found}, typed
        await app.run_action("app.go_to_chart('ups-a', 'charge_percent')")
        screen = await is_read(app, pilot)
        assert screen.wanted == "charge_percent"
        await app.run_action("app.go_to_device('core-1')")
        await pilot.pause()
        assert app.current_mode == "network"
        assert not isinstance(app.screen, ChartScreen)


async def test_what_the_chart_comes_to_can_be_copied(tmp_path: Path) -> None:
    app = room_of(tmp_path)
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("y")
        await pilot.pause()
        assert "UPS A main feed load day: lowest 28.7 %" in app.clipboard
