"""Small recorded days through the engine, against figures worked out by hand."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
import redis

from router.insight.plot import PlotUnavailable
from router.insight.replay import UnknownDate, run
from router.insight.stage import BadStore
from tests.insight.recording import Recorder


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


class Replay:
    """Replays what was recorded, on the test server, and reads the report."""

    def __init__(self, recorder: Recorder, path: Path, url: str, capsys: Any) -> None:
        self.recorder, self.path, self.url, self.capsys = recorder, path, url, capsys

    def report(self, *dates: str) -> dict[str, Any]:
        self.recorder.write(self.path)
        assert run(self.path, dates or ("990201",), store_url=self.url, json_out=True)
        report: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        assert report["holds"]
        return report

    def replayed(self, queue: str) -> dict[str, Any]:
        figures: dict[str, Any] = self.report()["queues"][queue]["replayed"]
        return figures


@pytest.fixture
def replay(
    recorder: Recorder, tmp_path: Path, server_url: str, capsys: pytest.CaptureFixture[str]
) -> Replay:
    return Replay(recorder, tmp_path / "calls.tsv", server_url, capsys)


def test_a_priority_customer_overtakes_who_came_less_than_90_s_before(
    recorder: Recorder, replay: Replay
) -> None:
    # Anna is free again 4 s after each service: at 8:05:04, and at 8:06:08.
    recorder.served("PS", "8:00:00", 0, 300, "ANNA")
    recorder.served("PS", "8:01:00", 308, 30, "ANNA")
    recorder.served("NE", "8:02:00", 184, 60, "ANNA", priority="2")

    queues = replay.report()["queues"]

    assert queues["NE"]["replayed"]["mean_wait_ms"] == 184_000
    assert queues["PS"]["replayed"]["p99_wait_ms"] == 308_000
    assert queues["all"]["replayed"] == queues["all"]["recorded"]


def test_a_priority_customer_does_not_overtake_who_came_100_s_before(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 300, "ANNA")
    recorder.served("PS", "8:01:00", 244, 30, "ANNA")
    recorder.served("NE", "8:02:40", 178, 60, "ANNA", priority="2")

    queues = replay.report()["queues"]

    assert queues["PS"]["replayed"]["p99_wait_ms"] == 244_000
    assert queues["NE"]["replayed"]["mean_wait_ms"] == 178_000


def test_priority_1_is_regular(recorder: Recorder, replay: Replay) -> None:
    recorder.served("PS", "8:00:00", 0, 300, "ANNA")
    recorder.served("PS", "8:01:00", 244, 30, "ANNA")
    recorder.served("NE", "8:02:00", 218, 60, "ANNA", priority="1")

    queues = replay.report()["queues"]

    assert queues["PS"]["replayed"]["p99_wait_ms"] == 244_000
    assert queues["NE"]["replayed"]["mean_wait_ms"] == 218_000


def test_a_customer_hangs_up_when_his_patience_ends(recorder: Recorder, replay: Replay) -> None:
    recorder.served("PS", "8:00:00", 0, 300, "ANNA")
    recorder.hung_up("PS", "8:01:00", 15)
    recorder.hung_up("PS", "8:02:00", 25)

    figures = replay.replayed("PS")

    assert (figures["answered"], figures["abandoned"]) == (1, 2)
    level = figures["service_level"]
    assert level["answered_only"] == 1
    assert level["with_abandons"] == pytest.approx(2 / 3, abs=1e-4)
    assert level["strict"] == pytest.approx(1 / 3, abs=1e-4)


def test_who_hung_up_in_the_recording_is_served_where_an_agent_is_free(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.hung_up("PS", "8:01:30", 3)
    recorder.served("PS", "8:02:00", 0, 60, "ANNA")

    figures = replay.replayed("PS")

    assert (figures["answered"], figures["abandoned"]) == (3, 0)


def test_who_hangs_up_as_he_comes_is_abandoned_even_where_an_agent_is_free(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.hung_up("PS", "8:01:30", 0)
    recorder.served("PS", "8:02:00", 0, 60, "ANNA")

    report = replay.report()

    figures = report["queues"]["PS"]["replayed"]
    assert (figures["answered"], figures["abandoned"], figures["p99_wait_ms"]) == (2, 1, 0)
    assert report["notes"]["hung_up_at_once"] == 1


def test_a_call_served_by_nobody_named_is_taken_by_an_agent_of_its_type(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("PS", "8:00:30", 0, 5, "NO_SERVER")
    recorder.served("PS", "8:10:00", 0, 60, "ANNA")

    report = replay.report()

    assert report["notes"]["unnamed_servers"] == 1
    assert report["queues"]["PS"]["replayed"]["answered"] == 3
    # It comes while Anna serves, and she is free 4 s after that.
    assert report["queues"]["PS"]["replayed"]["p99_wait_ms"] == 34_000


def test_agents_serve_only_the_types_they_served_on_that_day(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 600, "ANNA")
    recorder.served("NE", "8:00:00", 0, 60, "BELA")
    recorder.hung_up("PS", "8:02:00", 60)
    recorder.served("NE", "8:05:00", 0, 60, "BELA")

    assert replay.replayed("PS")["abandoned"] == 1


def test_who_still_waits_when_the_last_agent_has_gone_is_counted_as_unserved(
    recorder: Recorder, replay: Replay
) -> None:
    # In the recording she serves both at once.
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("PS", "8:00:30", 0, 30, "ANNA")

    figures = replay.replayed("PS")

    assert (figures["calls"], figures["answered"], figures["unserved"]) == (2, 1, 1)


def test_a_call_of_the_night_that_nobody_named_served_has_a_stand_in(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("NW", "0:01:00", 0, 200, "NO_SERVER")
    recorder.served("NW", "0:02:00", 3, 60, "NO_SERVER")
    recorder.served("NW", "8:00:00", 0, 60, "ANNA")

    report = replay.report()

    assert report["notes"]["agents"] == 3
    assert report["queues"]["NW"]["replayed"]["p99_wait_ms"] == 3_000


def test_phantoms_are_left_out_and_flaws_are_counted(recorder: Recorder, replay: Replay) -> None:
    recorder.served("PS", "23:59:50", 0, 60, "ANNA", customer_id="12")
    recorder.phantom("PS", "9:00:00")

    report = replay.report()

    assert report["contacts"] == 1
    notes = report["notes"]
    assert (notes["phantoms"], notes["unknown_customers"], notes["past_midnight"]) == (1, 0, 1)


def test_each_day_is_run_by_itself_and_all_of_them_summed(
    recorder: Recorder, replay: Replay
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("PS", "8:00:00", 0, 60, "ANNA", date="990203")
    recorder.hung_up("NW", "8:00:00", 7, date="990203")

    report = replay.report("all")

    assert report["dates"] == ["990201", "990203"]
    assert [day["contacts"] for day in report["days"]] == [1, 2]
    assert (report["contacts"], report["answered"], report["abandoned"]) == (3, 2, 1)
    assert report["contacts_per_second"] > 0


def test_a_replay_leaves_no_key_in_the_store(
    recorder: Recorder, replay: Replay, server_url: str
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")

    replay.report()

    with redis.Redis.from_url(server_url) as client:
        assert [key for key in client.scan_iter() if b"replay" in key] == []
        assert not [t for t in client.smembers("acd:tenants") if b"replay" in t]


def test_the_report_stands_beside_the_recording_in_a_table(
    recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")

    assert run(recorder.write(tmp_path / "calls.tsv"), ["990201"])

    printed = capsys.readouterr().out
    for word in ("replayed", "recorded", "SL 20 s", "strict", "Promises held", "contacts/s"):
        assert word in printed


def test_a_day_is_drawn(recorder: Recorder, tmp_path: Path, server_url: str) -> None:
    pytest.importorskip("matplotlib")
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    calls, picture = recorder.write(tmp_path / "calls.tsv"), tmp_path / "day.png"

    run(calls, ["990201"], store_url=server_url, plot=picture)

    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_the_library_that_draws_the_remedy_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(PlotUnavailable, match=r"--plot needs matplotlib: pip install"):
        run(tmp_path / "none.tsv", ["all"], plot=tmp_path / "day.png")


def test_a_date_without_calls_is_refused_with_those_that_have_some(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")

    with pytest.raises(
        UnknownDate, match="--date 990202: expected all or a date in the file: 9902"
    ):
        run(recorder.write(tmp_path / "calls.tsv"), ["990202"])


@pytest.mark.parametrize("url", ["redis+cluster://localhost:1", "http://localhost", "elsewhere"])
def test_a_store_that_is_not_one_server_is_refused(
    recorder: Recorder, tmp_path: Path, url: str
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")

    with pytest.raises(BadStore, match="--store"):
        run(recorder.write(tmp_path / "calls.tsv"), ["990201"], store_url=url)
