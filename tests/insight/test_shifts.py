"""What is inferred about a day's agents from the services they gave."""

from pathlib import Path

import pytest

from router.insight.bank import read_calls
from router.insight.shifts import TURNAROUND_S, Staffing, staffing
from tests.insight.recording import Recorder, at


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def staff_of(recorder: Recorder, tmp_path: Path) -> Staffing:
    return staffing(read_calls(recorder.write(tmp_path / "calls.tsv")).day("990201"))


def test_an_agent_is_there_from_his_first_service_to_the_end_of_his_last(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("NE", "8:10:00", 0, 60, "ANNA")

    (shift,) = staff_of(recorder, tmp_path).shifts

    assert shift.queues == {"PS", "NE"}
    assert shift.ready == [(at("8:00:00"), at("8:11:00"))]


def test_who_let_a_customer_of_his_wait_was_at_after_call_work(
    recorder: Recorder, tmp_path: Path
) -> None:
    first = recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("PS", "8:00:30", 70, 60, "ANNA")

    staff = staff_of(recorder, tmp_path)

    assert staff.after_call == {first: 40}
    assert len(staff.shifts[0].ready) == 1


def test_a_wait_for_somebody_else_says_nothing(recorder: Recorder, tmp_path: Path) -> None:
    first = recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.hung_up("NE", "8:00:30", 60)
    recorder.served("PS", "8:01:40", 0, 60, "ANNA")

    assert staff_of(recorder, tmp_path).after_call == {first: TURNAROUND_S}


def test_a_long_time_away_while_somebody_waits_is_a_break(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.hung_up("PS", "8:05:00", 120)
    recorder.served("PS", "8:20:00", 0, 60, "ANNA")

    (shift,) = staff_of(recorder, tmp_path).shifts

    assert shift.ready == [(at("8:00:00"), at("8:01:00")), (at("8:07:00"), at("8:21:00"))]


def test_a_gap_of_more_than_half_an_hour_is_a_break_whoever_waited(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:00", 0, 60, "ANNA")
    recorder.served("PS", "8:31:01", 0, 60, "ANNA")

    (shift,) = staff_of(recorder, tmp_path).shifts

    assert shift.ready == [(at("8:00:00"), at("8:01:00")), (at("8:31:01"), at("8:32:01"))]


def test_services_that_overlap_in_the_recording_leave_no_gap(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:00", 0, 300, "ANNA")
    recorder.served("PS", "8:01:00", 0, 60, "ANNA")
    recorder.served("PS", "8:05:30", 0, 60, "ANNA")

    (shift,) = staff_of(recorder, tmp_path).shifts

    assert shift.ready == [(at("8:00:00"), at("8:06:30"))]
