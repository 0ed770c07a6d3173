"""Every outcome of the engine has its own answer."""

import pytest

from router.api import problems
from router.engine.reply import Outcome, Reply

LOOP = ["q1", "q2", "q1"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_an_answer(outcome: Outcome) -> None:
    reply = Reply(outcome=outcome, what="agent", state="queued", fields=["x"], path=LOOP)
    problem = problems.of_reply(reply)

    if outcome in (Outcome.OK, Outcome.PENDING):
        assert problem is None
    else:
        assert problem is not None
        assert 400 <= problem.status < 500
        assert problem.type.startswith("urn:vez:problem:")
        assert problem.title.endswith(".")


def test_no_two_outcomes_are_told_alike() -> None:
    refusals = [problems.of_reply(Reply(outcome=one, path=LOOP)) for one in Outcome]
    told = [problem.type for problem in refusals if problem is not None]

    assert len(set(told)) == len(told) == len(Outcome) - 2


def test_what_is_unknown_and_what_is_missing_is_named() -> None:
    unknown = problems.of_reply(Reply(outcome=Outcome.UNKNOWN, what="queue"))
    missing = problems.of_reply(Reply(outcome=Outcome.MISSING_FIELDS, fields=["subject"]))

    assert unknown is not None
    assert unknown.type == "urn:vez:problem:unknown-queue"
    assert missing is not None
    assert missing.errors[0].field == "subject"
