"""The conversation: what a person types, and the plan it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom import words
from dutyroom.config import load_site
from dutyroom.model.devices import Secret
from dutyroom.resources import data_path
from dutyroom.setup.plan import SYSTEM_STORE, Admin, Draft, Plan, name_for
from dutyroom.setup.wizard import Declined, converse
from dutyroom.setup.writing import write
from tests.setup.rooms import NOW, REFUSED, SILENT, PlayedFinder, ScriptTalk, answering, around

# Enter takes what stands in brackets.
ENTER = ""
SITE = ("County Hospital", "HIS room", ENTER, ENTER)
UPSES = (ENTER, ENTER, "UPS A", "6h", ENTER, ENTER, ENTER)
SWITCH = ("a", "10.0.0.1", "1", "1", "hidden-community", "Core switch", ENTER)
REST = (ENTER,) * 6


def hold(path: Path, talk: ScriptTalk, finder: PlayedFinder | None = None, language: str | None = "en") -> Plan:
    """The conversation, to an end at which no answer of the script is left."""
    plan = converse(talk, around(finder or PlayedFinder()), path, language)
    assert talk.left == []
    return plan


def test_enter_alone_leads_to_a_whole_room(tmp_path: Path) -> None:
    path = tmp_path / "new" / "site.toml"
    talk = ScriptTalk("1", ENTER, *SITE, *UPSES, *SWITCH, ENTER, *REST)
    plan = hold(path, talk, language=None)
    assert not path.parent.exists(), "nothing is written by the conversation"
    assert plan.admin == Admin("admin", "admin")
    site = write(plan, NOW).site
    assert (site.name, site.room, site.timezone.key) == ("County Hospital", "HIS room", "Asia/Shanghai")
    assert [(one.name, one.label, one.hold_time_s) for one in site.ups] == [
        ("ups-a", "UPS A", 21600.0),
        ("ups-b", "ups-b", 10800.0),
    ]
    (core,) = site.network
    assert (core.name, core.label, core.address, core.watch_ports) == ("core-sw", "Core switch", "10.0.0.1", ())
    assert core.snmp.community == Secret("hidden-community")
    assert [(one.name, one.source) for one in site.servers] == [("duty-pc", "local")]


def test_secrets_are_asked_unseen_and_never_said(tmp_path: Path) -> None:
    v3 = ("a", "10.0.0.9:1161", "3", "2", "duty", "4", "hidden-auth-1", "3", "short", "hidden-priv-1", "Firewall", "1")
    talk = ScriptTalk(ENTER, *SITE, "none", ENTER, *v3, ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk)
    unseen = [prompt for prompt, hidden in talk.questions if hidden]
    assert len(unseen) == 3
    assert not any("hidden" in line for line in (*talk.said, *(prompt for prompt, _hidden in talk.questions)))
    assert talk.heard("SNMPv3 passwords have 8 characters")
    (firewall,) = write(plan, NOW).site.network
    assert (firewall.port, firewall.kind, firewall.watch_ports) == (1161, "firewall", ("Gi0/0/1",))
    assert (firewall.snmp.user, firewall.snmp.auth, firewall.snmp.priv) == ("duty", "SHA-256", "AES-128")
    assert firewall.snmp.priv_password == Secret("hidden-priv-1")
    assert "hidden" not in (tmp_path / "site.toml").read_text("utf-8")


def test_only_ports_with_a_cable_are_offered_and_what_a_device_says_is_inert(tmp_path: Path) -> None:
    talk = ScriptTalk(ENTER, *SITE, *UPSES, *SWITCH, ENTER, *REST)
    hold(tmp_path / "site.toml", talk)
    assert talk.heard("Gi0/0/1  1 Gbit/s  to floor 2")
    assert talk.heard("Gi0/0/2  100 Mbit/s")
    assert not talk.heard("lo0")
    assert not talk.heard("\x1b")


def test_a_refused_server_is_explained_and_asked_again(tmp_path: Path) -> None:
    finder = PlayedFinder(nut=(REFUSED, REFUSED, PlayedFinder().nut[0]))
    talk = ScriptTalk(ENTER, *SITE, ENTER, "r", "e", "10.0.0.5", *UPSES[1:], ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk, finder)
    assert talk.heard("LISTEN")
    assert finder.asked == [("127.0.0.1", 3493), ("127.0.0.1", 3493), ("10.0.0.5", 3493)]
    assert [ups.server for ups in plan.form.ups] == ["10.0.0.5", "10.0.0.5"]


def test_silence_is_never_told_to_be_one_cause(tmp_path: Path) -> None:
    finder = PlayedFinder(snmp=(SILENT,))
    kept = (*SWITCH[:5], "k", "Core")
    talk = ScriptTalk(ENTER, *SITE, "none", ENTER, *kept, ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk, finder)
    assert talk.heard("cannot be told apart")
    assert [device.label for device in plan.form.network] == ["Core"], "kept, as the person wished"


def test_a_device_that_is_left_out_leaves_nothing(tmp_path: Path) -> None:
    talk = ScriptTalk(ENTER, *SITE, "none", ENTER, *SWITCH[:5], "s", ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk, PlayedFinder(snmp=(SILENT,)))
    assert (plan.form.network, plan.secrets) == ([], ())


def test_wrong_credentials_are_corrected_and_tried_again(tmp_path: Path) -> None:
    finder = PlayedFinder(snmp=(SILENT, answering()))
    corrected = (*SWITCH[:5], "e", ENTER, ENTER, ENTER, "hidden-other", "Core", ENTER)
    talk = ScriptTalk(ENTER, *SITE, "none", ENTER, *corrected, ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk, finder)
    assert dict(plan.secrets) == {"secrets/core-sw.community": Secret("hidden-other")}


def test_b_goes_back_also_over_parts_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    back = ("County Hospital", "b", "Another Hospital", "HIS room", ENTER, ENTER, "b", "b", "b", ENTER, ENTER, ENTER)
    talk = ScriptTalk(
        ENTER, "County Hospital", "b", *back[2:6], "b", ENTER, ENTER, ENTER, ENTER, "none", ENTER, ENTER, *REST
    )
    plan = hold(tmp_path / "site.toml", talk)
    assert (plan.form.site.name, plan.form.site.room) == ("Another Hospital", "HIS room")


def test_back_from_the_first_question_asks_the_language_again(tmp_path: Path) -> None:
    talk = ScriptTalk("2", "b", "1", ENTER, *SITE, "none", ENTER, ENTER, *REST)
    plan = hold(tmp_path / "site.toml", talk, language=None)
    assert plan.form.language == "en"


def test_a_chinese_input_method_needs_no_switching(tmp_path: Path) -> None:
    site = ("县人民医院", "ＨＩＳ 机房", ENTER, "６ｈ")
    talk = ScriptTalk(
        "２",
        ENTER,
        *site,
        "１２７。０。０。１：３４９３",
        "全部",
        *[ENTER] * 5,
        ENTER,
        "是",
        ENTER,
        "无",
        ENTER,
        ENTER,
        "是",
    )
    plan = hold(tmp_path / "site.toml", talk, language=None)
    assert words.language() == "zh_CN"
    assert (plan.form.site.name, plan.form.site.room, plan.form.site.hold_time) == ("县人民医院", "ＨＩＳ 机房", "6h")
    assert [ups.server for ups in plan.form.ups] == ["127.0.0.1:3493"] * 2
    assert talk.heard("第一位管理员")


def test_every_question_explains_itself(tmp_path: Path) -> None:
    plain = (ENTER, *SITE, *UPSES, *SWITCH, ENTER, *REST)
    asked = ScriptTalk(*(word for answer in plain for word in ("？", answer)))
    silent = ScriptTalk(*plain)
    hold(tmp_path / "a.toml", silent)
    hold(tmp_path / "a.toml", asked)
    assert len(asked.questions) == 2 * len(silent.questions)
    assert len(asked.said) == len(silent.said) + len(silent.questions)


def test_no_at_the_end_and_the_end_of_the_input_give_no_plan(tmp_path: Path) -> None:
    answers = (ENTER, *SITE, "none", ENTER, ENTER, *REST[:-1])
    with pytest.raises(Declined):
        hold(tmp_path / "site.toml", ScriptTalk(*answers, "n"))
    with pytest.raises(EOFError):
        hold(tmp_path / "site.toml", ScriptTalk(*answers))
    assert list(tmp_path.iterdir()) == []


def test_operators_there_are_told_and_nobody_is_added(tmp_path: Path) -> None:
    talk = ScriptTalk(ENTER, *SITE, "none", ENTER, ENTER, ENTER, ENTER, ENTER, ENTER)
    plan = converse(talk, around(PlayedFinder(), lambda _plan: ("zhang",)), tmp_path / "site.toml", "en")
    assert plan.admin is None
    assert talk.heard("zhang")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A room with every section, and its secrets."""
    (tmp_path / "secrets").mkdir()
    for name in ("ups-b.community", "core-1.community", "fw-1.auth", "fw-1.priv", "his-db-1.community"):
        held = tmp_path / "secrets" / name
        held.write_text(f"secret-of-{name}\n")
        held.chmod(0o600)
    path = tmp_path / "site.toml"
    path.write_text(data_path("examples", "site.toml").read_text("utf-8"), "utf-8")
    path.chmod(0o600)
    return path


def test_asked_again_nothing_of_a_room_is_lost(example: Path) -> None:
    before = load_site(example)
    talk = ScriptTalk(ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ENTER)
    finder = PlayedFinder()
    plan = hold(example, talk, finder)
    assert finder.asked == [], "what is kept is not asked again"
    written = write(plan, NOW)
    after = written.site
    assert talk.heard("comments of your own do not")
    for part in ("ups", "network", "servers", "loads", "contacts", "register", "live", "keys", "backups", "backup"):
        assert getattr(after, part) == getattr(before, part), part
    assert after.store_url == before.store_url
    (kept,) = written.kept
    assert kept.read_text("utf-8") == data_path("examples", "site.toml").read_text("utf-8")
    assert kept.name == "site.toml.bak-20261126-060000"


def test_one_device_changed_leaves_the_others_and_their_secrets(example: Path) -> None:
    before = load_site(example)
    # Number 1 of the network devices: same address, kind, version and community, another label.
    change = ("1", ENTER, ENTER, ENTER, ENTER, "Core, floor 2", ENTER)
    talk = ScriptTalk(*[ENTER] * 6, *change, "-3", *[ENTER] * 7)
    plan = hold(example, talk)
    assert plan.secrets == (), "a community that was kept is not written again"
    after = write(plan, NOW).site
    assert [one.label for one in after.network] == ["Core, floor 2", "边界防火墙"]
    assert after.network[0].snmp == before.network[0].snmp
    assert (after.network[0].arp, after.network[0].also_from) == (True, ("192.0.2.2",))
    assert [one.name for one in after.servers] == ["duty-pc"], "number 3 was the server over SNMP"


def test_the_machines_own_room_keeps_its_records_where_services_do() -> None:
    draft = Draft(Path("/etc/dutyroom/site.toml"), timezone="UTC", name="H")
    assert draft.plan().form.store.url == SYSTEM_STORE
    assert Draft(Path("/home/duty/site.toml"), timezone="UTC", name="H").plan().form.store.url is None


def test_names_are_made_of_any_text_and_never_taken_twice() -> None:
    assert name_for("Core SW/1", (), "switch") == "core-sw-1"
    assert name_for("核心交换机", (), "switch-1") == "switch-1"
    assert name_for("core", ("core", "core-2"), "x") == "core-3"
