"""What a customer is shown of the movements of his conversation."""

from typing import Any

from router.gateways.chat.transcript import Entry, Phase, Transcript


def told(*events: dict[str, Any]) -> Transcript:
    """A transcript of events, each at the position of its number."""
    transcript = Transcript()
    for number, event in enumerate(events):
        transcript.take(f"{number}-0.0", number, event)
    return transcript


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"e": "contact.activity", "author": "agent", "text": text} | more


ADMITTED = {"e": "contact.admitted", "state": "queued", "queue": "sales"}
ASSIGNED = {"e": "contact.assigned"}
QUEUED = {"e": "contact.queued", "queue": "sales"}
CLOSED = {"e": "contact.closed", "result": "handled", "survey_requested": True}


def kinds(transcript: Transcript) -> list[str]:
    return [entry.kind for entry in transcript.entries]


def test_a_movement_counts_once_however_often_it_is_told() -> None:
    transcript = told(ADMITTED, ASSIGNED, said("Hello"))

    again = transcript.take("2-0.0", 2, said("Hello"))
    new = transcript.take("3-0.0", 3, said("Hello"))

    assert again is None
    assert new == Entry("3-0.0", 3, "message", "agent", "Hello")
    assert kinds(transcript) == ["joined", "message", "message"]


def test_what_is_not_public_is_not_there() -> None:
    transcript = told(
        ADMITTED,
        said("a note", visibility="internal"),
        said(""),
        {"e": "offer.made", "agent": "ann"},
        {"e": "contact.monitored", "supervisor": "sam"},
    )

    assert transcript.entries == []


def test_who_leaves_a_conversation_is_told_of_only_when_he_was_there() -> None:
    transcript = told(ADMITTED, QUEUED, ASSIGNED, QUEUED, QUEUED, ASSIGNED)

    assert kinds(transcript) == ["joined", "left", "joined"]
    assert transcript.phase is Phase.TALKING


def test_an_end_is_one_with_and_without_a_wrap_up() -> None:
    written = told(ADMITTED, ASSIGNED, {"e": "contact.wrap_up"})
    before = (written.phase, written.has_survey, written.is_written_up)
    written.take("9-0.0", 9, CLOSED)

    assert before == (Phase.ENDED, False, True)
    assert kinds(written) == kinds(told(ADMITTED, ASSIGNED, CLOSED)) == ["joined", "ended"]
    assert (written.has_survey, written.is_written_up) == (True, False)


def test_what_goes_on_is_not_over() -> None:
    same = told(ADMITTED, CLOSED, {"e": "contact.reopened", "state": "queued"})
    follower = told(ADMITTED, CLOSED, ADMITTED)

    for transcript in (same, follower):
        assert transcript.phase is Phase.WAITING
        assert not transcript.has_survey
        assert kinds(transcript) == ["ended", "again"]


def test_a_page_gets_what_came_after_its_last_entry_or_everything() -> None:
    transcript = told(ADMITTED, ASSIGNED, said("One"), said("Two"))

    assert transcript.since("2-0.0") == (False, transcript.entries[-1:])
    assert transcript.since("3-0.0") == (False, [])
    assert transcript.since("0-0.0") == (True, transcript.entries)
    assert transcript.since(None) == (True, transcript.entries)
