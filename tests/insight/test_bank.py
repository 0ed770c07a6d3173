"""What is read out of a file of recorded calls, and what is said about a bad one."""

from pathlib import Path

import pytest

from router.insight.bank import COLUMNS, BadRecording, Ending, read_calls
from tests.insight.recording import Recorder, at


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def test_a_call_that_waited_arrives_when_it_joined_the_queue(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("NE", "8:00:30", 12, 90, "ANNA", priority="2", customer_id="4711")

    (call,) = read_calls(recorder.write(tmp_path / "calls.tsv")).calls

    assert (call.queue, call.priority, call.customer) == ("NE", 2, "4711")
    assert (call.arrived, call.waited) == (at("8:00:30"), 12)
    assert (call.served_at, call.service, call.server) == (at("8:00:42"), 90, "ANNA")


def test_a_call_that_did_not_wait_arrives_when_it_left_the_voice_unit(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "8:00:30", 0, 90, "ANNA")

    (call,) = read_calls(recorder.write(tmp_path / "calls.tsv")).calls

    assert (call.arrived, call.waited, call.customer) == (at("8:00:30"), 0, "")


def test_what_happens_after_midnight_is_counted_on_from_the_day_before(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "23:59:50", 20, 60, "ANNA")
    recorder.hung_up("PS", "0:00:05", 9, vru_entry="23:59:55")

    served, hung_up = read_calls(recorder.write(tmp_path / "calls.tsv")).calls

    assert (served.arrived, served.served_at) == (86_390, 86_410)
    assert hung_up.arrived == 86_405


def test_a_served_call_may_lack_its_server_and_its_times(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.served("PS", "9:00:00", 0, 5, "NO_SERVER")
    recorder.served("PS", "9:01:00", 3, 0, "ANNA", ser_start="0:00:00", ser_exit="0:00:00")

    unnamed, untimed = read_calls(recorder.write(tmp_path / "calls.tsv")).calls

    assert (unnamed.ending, unnamed.server, unnamed.service) == (Ending.SERVED, None, 5)
    assert (untimed.server, untimed.served_at) == ("ANNA", None)


def test_a_customer_id_that_a_spreadsheet_has_rounded_is_nobody(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.hung_up("PS", "9:00:00", 5, customer_id="6.02701E+11")

    (call,) = read_calls(recorder.write(tmp_path / "calls.tsv")).calls

    assert call.customer == ""


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("vru+line", "AA 0101", "1 to 32 of: letters, digits, and _ . -"),
        ("call_id", "", "1 to 32 of: letters, digits, and _ . -"),
        ("customer_id", "many", "1 to 12 digits"),
        ("priority", "3", "a whole number from 0 to 2"),
        ("type", "XX", "one of PS, PE, IN, NE, NW, TT"),
        ("date", "990230", "a date, yymmdd"),
        ("vru_entry", "noon", "a time of day, h:mm:ss"),
        ("vru_exit", "24:00:00", "a time of day, h:mm:ss"),
        ("q_start", "8:60:00", "a time of day, h:mm:ss"),
        ("q_time", "-4", "a whole number from 0 to 86400"),
        ("outcome", "LOST", "one of AGENT, HANG, PHANTOM"),
        ("ser_start", "", "a time of day, h:mm:ss"),
        ("ser_exit", "8:00", "a time of day, h:mm:ss"),
        ("ser_time", "1.5", "a whole number from 0 to 86400"),
        ("server", "", "1 to 32 of: letters, digits, and _ . -"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_what_was_expected(
    recorder: Recorder, tmp_path: Path, column: str, value: str, expected: str
) -> None:
    recorder.hung_up("PS", "9:00:00", 5)
    recorder.served("PS", "9:01:00", 0, 60, "ANNA")
    recorder.rows[-1][column] = value
    path = recorder.write(tmp_path / "calls.tsv")

    with pytest.raises(BadRecording) as refused:
        read_calls(path)

    assert str(refused.value) == f"{path}:3: {column}: {value!r}: expected {expected}"


def test_a_line_with_a_column_missing_is_refused(recorder: Recorder, tmp_path: Path) -> None:
    recorder.hung_up("PS", "9:00:00", 5)
    path = recorder.write(tmp_path / "calls.tsv")
    path.write_text(path.read_text().replace("\tNO_SERVER", ""))

    with pytest.raises(BadRecording, match=r":2: expected 17 columns separated by tabs, found 16"):
        read_calls(path)


def test_an_id_may_come_once_on_a_date(recorder: Recorder, tmp_path: Path) -> None:
    recorder.hung_up("PS", "9:00:00", 5)
    recorder.hung_up("PS", "9:00:00", 5, call_id="1")

    with pytest.raises(BadRecording, match=r":3: .* not used before on this date \(line 2 has it"):
        read_calls(recorder.write(tmp_path / "calls.tsv"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1: column 1: '': expected the header 'vru[+]line'"),
        ("\t".join(COLUMNS), "no calls; expected at least one line"),
        (
            "\t".join(COLUMNS).replace("type", "kind"),
            "column 5: 'kind': expected the header 'type'",
        ),
        ("\t".join([*COLUMNS, "more"]), "column 18: 'more': expected 17 columns"),
    ],
)
def test_a_file_without_the_right_header_or_calls_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "calls.tsv"
    path.write_text(text)

    with pytest.raises(BadRecording, match=sentence):
        read_calls(path)


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "calls.tsv").write_bytes(b"\xff\xfe")

    with pytest.raises(BadRecording, match=r"none\.tsv: no such file"):
        read_calls(tmp_path / "none.tsv")
    with pytest.raises(BadRecording, match=r"calls\.tsv: cannot be read as UTF-8 text"):
        read_calls(tmp_path / "calls.tsv")
