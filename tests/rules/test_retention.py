"""Which backups stay: 14 days, 8 weeks, 24 months, and always the newest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.reading import Verdict
from dutyroom.model.site import BackupRules
from dutyroom.rules.backups import SecondPlace, is_due, judge, last_time
from dutyroom.rules.retention import DAYS, MONTHS, RECENT, WEEKS, WITNESS_FOR, WITNESSES, Made, kept

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ZONES = st.sampled_from((SHANGHAI, BERLIN, ZoneInfo("UTC")))
MOMENTS = st.integers(0, 3650 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
MADE = st.lists(st.tuples(MOMENTS, st.sampled_from(BackupReason)), max_size=80)
BY_HAND = st.lists(st.tuples(MOMENTS, st.just(BackupReason.HAND)), max_size=80)


@given(MADE, ZONES)
def test_what_stays_was_there_and_the_newest_three_are_among_it(made: list[Made], zone: ZoneInfo) -> None:
    stay = kept(made, zone)
    assert stay <= set(made)
    assert set(sorted(set(made))[-RECENT:]) <= stay


@given(MADE, ZONES)
def test_thinning_twice_is_thinning_once(made: list[Made], zone: ZoneInfo) -> None:
    assert kept(kept(made, zone), zone) == kept(made, zone)


@given(MADE, st.timedeltas(timedelta(seconds=1), timedelta(days=900)), ZONES)
def test_nothing_is_dropped_today_that_tomorrow_would_want(made: list[Made], later: timedelta, zone: ZoneInfo) -> None:
    new = (max((at for at, _ in made), default=AT) + later, BackupReason.DAILY)
    assert kept([*kept(made, zone), new], zone) == kept([*made, new], zone)


@given(BY_HAND, ZONES)
def test_no_more_stay_than_days_weeks_months_and_the_newest_three(made: list[Made], zone: ZoneInfo) -> None:
    assert len(kept(made, zone)) <= DAYS + WEEKS + MONTHS + RECENT


@given(MADE, ZONES)
def test_the_witness_of_an_upgrade_or_restore_stays_for_two_years(made: list[Made], zone: ZoneInfo) -> None:
    newest = max((at for at, _ in made), default=AT)
    witnesses = {one for one in made if one[1] in WITNESSES and newest - one[0] <= WITNESS_FOR}
    assert witnesses <= kept(made, zone)


@given(BY_HAND, ZONES)
def test_each_of_the_last_days_with_a_backup_keeps_its_newest(made: list[Made], zone: ZoneInfo) -> None:
    days = sorted({at.astimezone(zone).date() for at, _ in made})[-DAYS:]
    stay = kept(made, zone)
    for day in days:
        assert max(one for one in made if one[0].astimezone(zone).date() == day) in stay


def test_after_800_days_of_daily_backups_46_at_most_are_left_and_reach_back_two_years() -> None:
    stay: frozenset[Made] = frozenset()
    for day in range(800):
        stay = kept([*stay, (AT + timedelta(days=day), BackupReason.DAILY)], SHANGHAI)
    ages = sorted((AT + timedelta(days=799) - at).days for at, _ in stay)
    assert ages[:14] == list(range(14))
    assert 40 <= len(ages) <= DAYS + WEEKS + MONTHS
    assert 23 * 28 <= ages[-1] <= 24 * 31


RULES = BackupRules()


def good(at: datetime, **more: object) -> Backup:
    return Backup(at, BackupReason.DAILY, "/b", sha256="a", **more)  # type: ignore[arg-type]


def failed(at: datetime) -> Backup:
    return Backup(at, BackupReason.DAILY, "/b", trouble="disk-full")


def test_a_backup_is_due_once_its_time_has_come_and_not_again_that_day() -> None:
    # 02:30 in Shanghai is 18:30 UTC.
    before, after = AT - timedelta(minutes=1), AT + timedelta(minutes=1)
    yesterday = good(AT - timedelta(hours=23, minutes=59))
    assert not is_due(yesterday, yesterday, RULES.at, SHANGHAI, before)
    assert is_due(yesterday, yesterday, RULES.at, SHANGHAI, after)
    done = good(AT + timedelta(seconds=5))
    assert not is_due(done, done, RULES.at, SHANGHAI, after)


def test_a_backup_is_due_at_once_when_there_is_none_or_the_machine_was_off_at_its_time() -> None:
    assert is_due(None, None, RULES.at, SHANGHAI, AT)
    old = good(AT - timedelta(days=1, hours=2))
    assert is_due(old, old, RULES.at, SHANGHAI, AT - timedelta(hours=12))


def test_after_a_failure_it_is_tried_again_an_hour_later() -> None:
    assert not is_due(None, failed(AT), RULES.at, SHANGHAI, AT + timedelta(minutes=59))
    assert is_due(None, failed(AT), RULES.at, SHANGHAI, AT + timedelta(minutes=60))


def test_a_backup_from_the_future_holds_nothing_up() -> None:
    future = good(AT + timedelta(days=2000))
    assert is_due(future, future, RULES.at, SHANGHAI, AT)
    assert is_due(None, failed(AT + timedelta(days=2000)), RULES.at, SHANGHAI, AT)
    assert judge(future, future, AT, has_second=True).age_s is None


@given(MOMENTS, ZONES)
def test_the_last_time_is_never_ahead_nor_more_than_a_day_and_an_hour_behind(now: datetime, zone: ZoneInfo) -> None:
    assert timedelta() <= now - last_time(RULES.at, zone, now) <= timedelta(hours=25, minutes=30)


def test_the_verdict_wants_a_young_backup_no_trouble_and_a_copy_elsewhere() -> None:
    fine = good(AT, second="/s/b")
    hour = timedelta(hours=1)
    assert judge(fine, fine, AT + 26 * hour, has_second=True).verdict is Verdict.OK
    assert judge(fine, fine, AT + 27 * hour, has_second=True).verdict is Verdict.ATTENTION
    assert judge(None, None, AT, has_second=True).verdict is Verdict.ATTENTION
    assert judge(fine, failed(AT + hour), AT + hour, has_second=True).trouble == "disk-full"
    assert judge(fine, fine, AT, has_second=False).second is SecondPlace.NONE
    lost = good(AT, second_trouble="second-hangs")
    assert judge(lost, lost, AT, has_second=True).second is SecondPlace.FAILED
    waits = good(AT)
    assert judge(waits, waits, AT, has_second=True).verdict is Verdict.OK
    assert judge(waits, waits, AT + 2 * hour, has_second=True).verdict is Verdict.ATTENTION
