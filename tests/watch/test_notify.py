"""Who is told what by the watch: real messages to real peers, every attempt on record, none sent twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock, words
from dutyroom.duty import notifications as duty
from dutyroom.duty import outages as recorded
from dutyroom.duty.desk import Desk
from dutyroom.messenger import NotDelivered, deliver
from dutyroom.model.devices import Secret
from dutyroom.model.events import Boot, Event, Heartbeat
from dutyroom.model.finding import Severity
from dutyroom.model.notification import AttemptState, Message, NotifyRules, Recipient
from dutyroom.model.outage import Phase, PhaseChange
from dutyroom.model.people import Act, watch_actor
from dutyroom.model.runtime import RuntimeEstimate
from dutyroom.rules.outage import Moment
from dutyroom.store import events, ledger, notifications, outages, power_events, readings
from dutyroom.store.verify import verify
from dutyroom.watch.notify import Notifier
from tests.desks import ACTOR, NOW, all_samples, failed, opened_desk, ups_sample
from tests.notify_peers import command_that_writes, free_port, mail_server, told_by_command, webhook

WATCH = watch_actor("test")
LEFT = RuntimeEstimate(None)
RULES = NotifyRules(settle_s=10, quiet_s=120, blind_after_s=300)
MESSAGE = Message("HIS room: UPS on battery", "#1 UPS on battery", Severity.MAJOR, fields=(("room", "HIS room"),))


@dataclass
class Room:
    """A desk with recipients, at the moment the test has come to."""

    desk: Desk
    notifier: Notifier
    at: datetime = NOW
    seconds: float = 5000.0
    holds: bool = True

    def wait(self, seconds: float) -> None:
        """Time goes by, then one look; what it sends has arrived or failed afterwards."""
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)
        self.look()

    def look(self) -> None:
        """One look, until nothing is on its way."""
        self.notifier.look()
        sendings = self.notifier.sendings
        for _try in range(200):
            for going in list(sendings._going.values()):
                going.thread.join(0.05)
            sendings.put_on_record(self.desk.store)
            if not sendings._going:
                break

    def tells(self, source: str, code: str, **params: str) -> None:
        """The watch records an event now."""
        with self.desk.store.write() as session:
            events.add(session, [Event(self.at, source, code, tuple(params.items()))])

    def outage(self, ups: str, *phases: Phase) -> None:
        """An outage of the UPS begins, or comes to those phases now."""
        device = replace(self.desk.site.ups[0], name=ups)
        moment = Moment(self.at, None)
        with self.desk.store.write() as session:
            now = next((one for one in outages.still_open(session) if one.ups == ups), None)
            if now is None:
                facts = ups_sample().ups
                assert facts is not None
                now = recorded.begin(session, WATCH, recorded.Begun(device, moment, facts, LEFT), self.at)
            elif not phases:
                phases = (Phase.ON_BATTERY,)
            for phase in phases:
                now = recorded.change(session, WATCH, now, PhaseChange(now.id, self.at, phase), self.at)

    def results(self) -> list[tuple[str, str, str, str]]:
        """Every attempt there was: to whom, which message, how it went, and why."""
        found = [tried for told in reversed(duty.listed(self.desk, 1000)) for tried in told.attempts]
        found.sort(key=lambda tried: tried.id)
        return [(one.recipient, one.message.value, one.state.value, one.detail) for one in found]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    with opened_desk(tmp_path) as desk:
        desk = replace(desk, site=replace(desk.site, notify=RULES))
        made = Room(desk, Notifier(desk.site, desk.store, lambda: made.holds))
        monkeypatch.setattr(clock, "now", lambda: made.at)
        monkeypatch.setattr(clock, "monotonic", lambda: made.seconds)
        monkeypatch.setattr(clock, "boot", lambda: Boot("b", made.seconds))
        yield made
        with desk.store.read() as session:
            assert verify(session).faults == ()


def with_recipients(room: Room, *told: Recipient) -> None:
    room.desk = replace(room.desk, site=replace(room.desk.site, recipients=told))
    room.notifier.site = room.desk.site


def hook(name: str, url: str, **changes: object) -> Recipient:
    return replace(Recipient(name, url=Secret(url), timeout_s=30.0), **changes)  # type: ignore[arg-type]


def test_an_outage_is_told_to_a_webhook_and_a_command_without_any_name(room: Room, tmp_path: Path) -> None:
    with webhook() as desk:
        tell = command_that_writes(tmp_path)
        with_recipients(room, hook("desk", desk.url), Recipient("pager", command=tell))
        room.outage("ups-a")
        room.look()
        assert desk.got == []
        room.wait(10)
        (posted,) = desk.got
        ((text, fields, given),) = told_by_command(tmp_path)
    assert (posted["title"], posted["type"]) == ("HIS room: UPS on battery", "failure")
    assert "#1 UPS on battery · major · since 2026-11-24 08:41 · [on-battery]" in posted["message"]
    assert "dutyroom notify acknowledge 1 --as NAME" in posted["message"]
    for secret in ("UPS A", "ups-a", "County", "127.0.0.1"):
        assert secret not in f"{posted}{text}{fields}"
    assert text.startswith("HIS room: UPS on battery\n")
    assert given == ["--urgent; rm -rf /"], "no shell reads it"
    assert fields == {
        "DUTYROOM_ROOM": "HIS room",
        "DUTYROOM_MESSAGE": "told",
        "DUTYROOM_EVENT": "power",
        "DUTYROOM_CODE": "on-battery",
        "DUTYROOM_SEVERITY": "major",
        "DUTYROOM_SINCE": "2026-11-24T00:41:00+00:00",
        "DUTYROOM_NUMBER": "1",
        "DUTYROOM_COUNT": "1",
    }
    assert room.results() == [("desk", "told", "sent", ""), ("pager", "told", "sent", "")]


def test_names_stand_in_a_message_where_the_site_file_says_so(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path), names=True))
    room.outage("ups-a")
    room.tells("core-1", "verdict-changed", was="ok", now="fault", reason="no-answer")
    room.wait(10)
    ((text, fields, _given),) = told_by_command(tmp_path)
    assert "UPS A" in text
    assert "Core switch · no answer" in text
    assert (fields["DUTYROOM_DEVICE"], fields["DUTYROOM_SITE"], fields["DUTYROOM_COUNT"]) == (
        "ups-a",
        "County Hospital",
        "2",
    )


def test_a_message_is_in_the_language_of_the_site(room: Room, tmp_path: Path) -> None:
    words.install("en")
    (tmp_path / "zh").mkdir()
    with opened_desk(tmp_path / "zh", "zh_CN") as desk:
        site = replace(desk.site, recipients=(Recipient("p", command=command_that_writes(tmp_path)),), notify=RULES)
        room.desk, room.notifier = replace(desk, site=site), Notifier(site, desk.store, lambda: True)
        room.outage("ups-a")
        room.wait(10)
    ((text, _fields, _given),) = told_by_command(tmp_path)
    assert "电池" in text


def test_while_the_network_is_down_it_is_tried_again_and_told_when_it_is_there(room: Room) -> None:
    port = free_port()
    with_recipients(room, hook("desk", f"json://127.0.0.1:{port}/?cto=1&rto=1"))
    room.outage("ups-a")
    room.wait(10)
    room.wait(10)
    room.wait(29)
    room.outage("ups-a", Phase.RESTORED)
    room.wait(1)
    assert room.results() == [("desk", "told", "failed", "not-sent")] * 3
    with webhook(port) as desk:
        room.wait(59)
        assert desk.got == []
        room.wait(1)
        (posted,) = desk.got
        assert "08:41 – " in posted["message"], "it is told with its end"
        room.wait(120)
        assert desk.titles == ["HIS room: UPS on battery", "HIS room: over: UPS on battery"]
    assert [state for _to, _what, state, _why in room.results()] == ["failed"] * 3 + ["sent"] * 2


def test_a_ladder_climbs_until_somebody_acknowledges_in_the_ledger(room: Room, tmp_path: Path) -> None:
    tell = command_that_writes(tmp_path)
    with_recipients(
        room,
        Recipient("desk", command=tell, repeat_s=300),
        Recipient("head", command=tell, after_s=600),
        Recipient("leader", command=tell, after_s=1200),
    )
    room.outage("ups-a")
    for _minute in range(11):
        room.wait(60)
    names = [(to, what) for to, what, _state, _why in room.results()]
    assert names == [("desk", "told"), ("desk", "repeat"), ("desk", "repeat"), ("head", "told")]
    done = duty.acknowledge(room.desk, ACTOR, 1, room.at)
    assert (done.acknowledged_by, done.acknowledged_at) == ("zhang", room.at)
    with pytest.raises(duty.NotificationRefused, match="zhang has acknowledged"):
        duty.acknowledge(room.desk, ACTOR, 1, room.at)
    for _minute in range(60):
        room.wait(60)
    assert len(room.results()) == 4
    room.outage("ups-a", Phase.RESTORED)
    room.wait(1)
    room.wait(120)
    assert [one[:2] for one in room.results()[4:]] == [("desk", "over"), ("head", "over")]


def test_who_has_seen_the_power_event_need_not_acknowledge_as_well(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("head", command=command_that_writes(tmp_path), after_s=600))
    room.outage("ups-a")
    room.wait(10)
    with room.desk.store.write() as session:
        running = power_events.running(session)
        assert running is not None
        power_events.update(session, replace(running, seen_at=room.at, seen_by="zhang"))
        ledger.append_row(session, at=room.at, actor=ACTOR, act=Act.WORK_ON_EVENT, of=running)
    room.wait(700)
    assert room.results() == []


def test_what_flaps_is_one_notification(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    for _time in range(5):
        room.outage("ups-a")
        room.wait(20)
        room.outage("ups-a", Phase.RESTORED)
        room.wait(20)
    room.wait(120)
    (told,) = duty.listed(room.desk)
    assert told.notification.times == 5
    assert [one[1] for one in room.results()] == ["told", "over"]


def test_a_hundred_at_once_are_one_message_with_the_worst_first(room: Room, tmp_path: Path) -> None:
    ups = tuple(replace(room.desk.site.ups[0], name=f"u{n}") for n in range(100))
    room.desk = replace(room.desk, site=replace(room.desk.site, ups=ups))
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    room.tells("core-1", "verdict-changed", was="ok", now="fault", reason="no-answer")
    for n in range(100):
        room.outage(f"u{n}")
    room.wait(10)
    ((text, fields, _given),) = told_by_command(tmp_path)
    assert text.startswith("HIS room: UPS on battery and 100 more\n")
    assert "and 91 more" in text
    assert fields["DUTYROOM_COUNT"] == "101"
    assert len(room.results()) == 101


def test_a_slow_recipient_holds_up_nobody_and_is_late_after_its_time(room: Room, tmp_path: Path) -> None:
    with webhook() as slow, webhook() as desk:
        slow.gate.clear()
        with_recipients(room, hook("slow", slow.url, timeout_s=1.0), hook("desk", desk.url))
        room.outage("ups-a")
        room.notifier.look()
        room.seconds, room.at = room.seconds + 10, room.at + timedelta(seconds=10)
        began = time.monotonic()
        assert room.notifier.look() == 2
        assert time.monotonic() - began < 1.0, "a look does not wait for the network"
        for _try in range(200):
            room.notifier.sendings.put_on_record(room.desk.store)
            if len(slow.got) == 1 and ("desk", "told", "sent", "") in room.results():
                break
            time.sleep(0.02)
        room.seconds, room.at = room.seconds + 3, room.at + timedelta(seconds=3)
        assert room.notifier.look() == 0
        assert sorted(room.results()) == [("desk", "told", "sent", ""), ("slow", "told", "failed", "timeout")]
        room.seconds, room.at = room.seconds + 60, room.at + timedelta(seconds=60)
        assert room.notifier.look() == 0, "its last message is still on the wire"


def test_two_programs_send_one_attempt_once(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    other = Notifier(room.desk.site, room.desk.store, lambda: True)
    room.outage("ups-a")
    room.wait(10)
    other.look()
    assert other.settle(30.0)
    assert len(told_by_command(tmp_path)) == len(room.results()) == 1


def test_a_watch_that_waits_for_the_lock_tells_that_the_other_is_silent_and_nothing_else(
    room: Room, tmp_path: Path
) -> None:
    room.holds = False
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    with room.desk.store.write() as session:
        events.beat(session, Heartbeat("pc", 1, NOW, NOW, "f" * 64, Boot("b", room.seconds)))
    room.outage("ups-a")
    room.wait(290)
    room.wait(10)
    assert room.results() == [], "a machine that wakes up finds every sign of life old"
    room.wait(10)
    ((text, _fields, _given),) = told_by_command(tmp_path)
    assert text.startswith("HIS room: the watch gives no sign of life\n")
    room.holds = True
    room.wait(1)
    room.wait(10)
    assert [one.notification.cause.code for one in duty.listed(room.desk)] == ["on-battery", "watch-silent"]


def test_a_blind_watch_is_told_and_so_is_a_gap(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    with room.desk.store.write() as session:
        readings.put_samples(session, all_samples(NOW), {})
        readings.put_samples(session, [failed(one, later_s=1) for one in all_samples(NOW)[:3]], {})
        beat = Heartbeat("pc", 1, NOW - timedelta(days=1), NOW + timedelta(seconds=310), "f" * 64)
        events.beat(session, beat)
    room.tells("watch:", "watch-gap", by="3600.0", since="2026-11-23T23:41:00+00:00")
    room.look()
    ((text, _fields, _given),) = told_by_command(tmp_path)
    assert "nobody watched for 1 h 00 m" in text
    room.wait(299)
    room.wait(21)
    assert len(told_by_command(tmp_path)) == 1
    room.wait(10)
    assert told_by_command(tmp_path)[1][0].startswith("HIS room: the watch is blind: no device answers\n")


def test_what_an_outage_comes_to_is_told_anew(room: Room, tmp_path: Path) -> None:
    with_recipients(room, Recipient("pager", command=command_that_writes(tmp_path)))
    room.outage("ups-a")
    room.wait(10)
    room.outage("ups-a", Phase.LOW, Phase.LOST)
    room.wait(10)
    assert [one.notification.cause.code for one in duty.listed(room.desk)] == [
        "lost-on-battery",
        "battery-low",
        "on-battery",
    ]
    assert told_by_command(tmp_path)[1][0].startswith("HIS room: battery low on a UPS that is on battery and 1 more\n")


KILLED = """
import sys, time
from pathlib import Path
from dataclasses import replace
from dutyroom.model.devices import Secret
from dutyroom.model.notification import NotifyRules, Recipient
from dutyroom.store.database import Store
from dutyroom.watch.notify import Notifier
from tests.desks import make_site
site = replace(
    make_site(sys.argv[1]),
    notify=NotifyRules(settle_s=0.0),
    recipients=(Recipient("desk", url=Secret(sys.argv[2]), timeout_s=20.0),),
)
notifier = Notifier(site, Store.open(site.store_url), lambda: True)
notifier.look()
time.sleep(90)
"""


def test_a_program_killed_while_sending_loses_no_attempt_and_the_next_one_tries_again(room: Room) -> None:
    room.outage("ups-a")
    with webhook() as desk:
        desk.gate.clear()
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(room.desk.store.path), desk.url])
        try:
            for _try in range(2000):
                if desk.got:
                    break
                time.sleep(0.02)
        finally:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        assert len(desk.got) == 1
        assert [one[2] for one in room.results()] == ["sending"]
        desk.gate.set()
        with_recipients(room, hook("desk", desk.url))
        # The child lived by the real clock.
        room.at = duty.listed(room.desk)[0].attempts[0].expires_at - timedelta(seconds=1)
        room.look()
        assert len(desk.got) == 1, "nobody knows yet that it was killed"
        room.wait(2)
        assert [one[2] for one in room.results()] == ["interrupted"]
        room.wait(10)
        assert [one[2] for one in room.results()] == ["interrupted", "sent"]
        assert len(desk.got) == 2, "once for each attempt on record"


def test_a_mail_arrives(tmp_path: Path) -> None:
    with mail_server() as (port, mails):
        url = f"mailto://127.0.0.1:{port}?from=room@example.org&to=duty@example.org&mode=insecure"
        deliver(hook("mail", url), MESSAGE)
    (mail,) = mails
    assert "Subject: HIS room: UPS on battery" in mail
    assert "To: duty@example.org" in mail


def test_a_line_of_syslog_arrives() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        deliver(hook("log", f"rsyslog://127.0.0.1:{server.getsockname()[1]}/local5"), MESSAGE)
        assert b"UPS on battery" in server.recv(4096)


@pytest.mark.parametrize("scheme", ["dingtalk", "wecombot", "feishu", "ntfy", "syslog", "mailtos", "json"])
def test_what_the_site_file_page_promises_is_a_scheme_apprise_knows(scheme: str) -> None:
    from apprise import Apprise

    assert any(
        scheme in plugin["protocols"] + plugin["secure_protocols"]
        for plugin in map(_lists, Apprise().details()["schemas"])
    )


def _lists(plugin: dict[str, object]) -> dict[str, list[str]]:
    return {name: list(plugin[name] or ()) for name in ("protocols", "secure_protocols")}  # type: ignore[call-overload]


def test_a_command_that_fails_hangs_or_is_not_there_is_told_with_its_reason(tmp_path: Path) -> None:
    def why(*command: str, timeout_s: float = 5.0) -> str:
        with pytest.raises(NotDelivered) as refused:
            deliver(Recipient("pager", command=command, timeout_s=timeout_s), MESSAGE)
        return refused.value.detail

    assert why(*command_that_writes(tmp_path, code=3)) == "command-failed 3 no pager here"
    assert why(str(tmp_path / "nothing")) == "no-command No such file or directory"
    began = time.monotonic()
    # What it started holds its pipe open: it ends with it.
    assert why("/bin/sh", "-c", "sleep 30 & sleep 30", timeout_s=0.2) == "timeout"
    assert time.monotonic() - began < 5


def test_a_server_that_refuses_is_told_with_its_status_and_nothing_of_the_url(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with webhook() as desk:
        desk.answer = 403
        told = hook("desk", desk.url.replace("json://", "json://user:secret@"))
        with pytest.raises(NotDelivered) as refused:
            deliver(told, MESSAGE)
    assert refused.value.detail == "status 403"
    with pytest.raises(NotDelivered) as refused:
        deliver(hook("desk", "nothing://secret"), MESSAGE)
    assert refused.value.detail == "bad-url"
    said = capfd.readouterr()
    assert "secret" not in f"{refused.value}{caplog.text}{said.out}{said.err}"


def test_without_the_extra_a_url_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(NotDelivered, match=r"pip install 'dutyroom\[notify\]'") as refused:
        deliver(hook("desk", "json://127.0.0.1"), MESSAGE)
    assert refused.value.detail == "not-installed"


def test_the_thread_of_the_watch_tells_what_it_finds_and_has_the_result_on_record_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutyroom.watch.notify.FIRST_AFTER_S", 0.01)
    monkeypatch.setattr("dutyroom.watch.notify.LOOK_EVERY_S", 60.0)
    with opened_desk(tmp_path) as desk:
        pager = Recipient("pager", command=command_that_writes(tmp_path))
        site = replace(desk.site, notify=replace(RULES, settle_s=0.0), recipients=(pager,))
        with desk.store.write() as session:
            events.add(session, [Event(clock.now(), "core-1", "verdict-changed", (("now", "fault"),))])
        notifier = Notifier(site, desk.store, lambda: True)
        notifier.start()
        states: list[AttemptState] = []
        for _try in range(2000):
            with desk.store.read() as session:
                states = [tried.state for tried in notifications.attempts(session, [1])[1]]
            if states == [AttemptState.SENT]:
                break
            time.sleep(0.02)
        notifier.stop()
        assert states == [AttemptState.SENT]
        assert len(told_by_command(tmp_path)) == 1
