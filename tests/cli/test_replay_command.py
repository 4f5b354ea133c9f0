"""`dutyroom --replay` on the command line, and the recordings that `collect` and `demo` make for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom.cli.main import main
from dutyroom.model.reading import Sample
from dutyroom.watch.recording import Recording, read, read_header
from tests.cli.rooms import UPSES, RoomFolder
from tests.cli.services import Served
from tests.desks import make_site
from tests.fakes import FakeUpsd


def test_a_service_records_what_it_sees_and_does_not_overwrite_it(
    room: RoomFolder, upsd: FakeUpsd, tmp_path: Path
) -> None:
    room.write(UPSES, '[poll]\nups = "1s"\n', nut=upsd.port)
    path = tmp_path / "day.jsonl.gz"
    with Served(room.config, tmp_path, "--record", str(path)) as service:
        service.until(lambda: path.exists() and len(list(read(path))) >= 4)
        assert service.end() == 0
    found = [one for one in read(path) if isinstance(one, Sample)]
    assert {one.source for one in found} == {"ups-a", "ups-b"}
    assert read_header(path).site["name"] == "县人民医院"
    refused = room.run("collect", "--record", str(path))
    assert refused.code == 2
    assert "there already" in refused.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--replay", "{folder}/missing"], "cannot be read"),
        (["--replay", "{folder}/other"], "is no recording"),
        (["--replay", "{folder}/day", "--at", "noon"], "is no time"),
        (["--replay", "{folder}/day", "--speed", "0"], "--speed"),
        (["--replay", "{folder}/day"], "no terminal"),
    ],
)
def test_what_cannot_be_played_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "other").write_text("hello\n")
    Recording(tmp_path / "day", make_site()).close()
    code = main([one.format(folder=tmp_path) for one in arguments])
    assert code == 2
    assert said in capsys.readouterr().err
