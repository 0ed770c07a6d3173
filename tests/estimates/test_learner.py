"""What the learner makes of a journal: places, paces, promises and their end."""

from itertools import pairwise

import pytest

from router.estimates.learner import PUT_EVERY_MS, Kept, between
from router.estimates.pace import PLACES, quantile
from tests.estimates.journal import LINE, Story, admitted, offered


@pytest.fixture
def story() -> Story:
    return Story()


def test_of_a_line_that_nobody_has_left_nothing_is_told(story: Story) -> None:
    story.admit("c-1")

    assert story.learner.told(LINE, 1) is None


def test_a_later_place_and_a_higher_quantile_are_never_told_sooner(story: Story) -> None:
    story.moving(10_000, departures=40)

    told = [story.learner.told(LINE, place) for place in range(1, 200)]

    for before, after in pairwise(told):
        assert before
        assert after
        assert before[50] <= before[80]
        assert before[50] <= after[50]
        assert before[80] <= after[80]


def test_a_line_that_moves_half_as_fast_is_told_to_take_longer(story: Story) -> None:
    story.moving(10_000, departures=60)
    before = story.learner.told(LINE, 4)
    story.moving(40_000, departures=60)
    after = story.learner.told(LINE, 4)

    assert before
    assert after
    assert after[80] > 2 * before[80]


def test_a_line_that_has_stopped_is_believed_before_anybody_leaves_it(story: Story) -> None:
    story.moving(5_000, departures=20)
    before = story.learner.told(LINE, 1)
    story.admit("c-1")
    story.now += 600_000
    story.admit("c-2")
    story.now += 2_000
    story.tell()
    after = story.learner.told(LINE, 1)

    assert before
    assert after
    assert after[50] > 3 * before[50]


def test_a_line_without_a_pace_of_its_own_is_told_that_of_its_queue(story: Story) -> None:
    story.moving(10_000)

    skilled = story.learner.told(f"{LINE}en=5", 2)

    assert skilled == story.learner.told(LINE, 2)
    assert story.learner.told("sales|chat|", 2) is None


def test_who_is_offered_at_once_is_promised_nothing(story: Story) -> None:
    story.moving(10_000)
    story.tell(admitted("c-1", story.now, LINE), offered("c-1"))

    assert "c-1" not in story.learner.promises


def test_who_waits_for_one_agent_alone_is_promised_something_when_that_is_over(
    story: Story,
) -> None:
    story.moving(10_000)
    story.admit("c-1", f"{LINE}@ann")
    assert "c-1" not in story.learner.promises

    back = {"e": "contact.queued", "contact": "c-1", "line": LINE, "due": 1, "entered": 1}
    story.tell(back)

    assert "c-1" in story.learner.promises


def test_the_promise_is_that_of_the_place_by_due_time_and_tier(story: Story) -> None:
    story.moving(10_000)
    for number in range(3):
        story.admit(f"c-{number}")
    story.admit("first", due=0)
    story.admit("before-all", tier=1)
    story.tell(
        {"e": "contact.updated", "contact": "c-2", "line": LINE, "due": story.now, "tier": 2}
    )
    story.now += 3_000
    story.admit("last")

    promise = story.learner.promises.get("last")

    assert promise
    assert promise.told == story.learner.told(LINE, 6)
    waits = story.learner.promises.get("before-all")
    assert waits
    assert waits.told == story.learner.told(LINE, 1)


def test_a_promise_is_kept_when_the_call_comes_in_time(story: Story) -> None:
    story.moving(10_000)
    story.admit("c-1")
    promise = story.learner.promises.get("c-1")
    assert promise
    story.now += promise.told[50]

    assert story.call("c-1") == [Kept("sales", 50, is_kept=True), Kept("sales", 80, is_kept=True)]


def test_a_promise_is_broken_when_its_time_is_over_before(story: Story) -> None:
    story.moving(10_000)
    story.admit("c-1")
    promise = story.learner.promises.get("c-1")
    assert promise
    story.now += promise.told[50] + 1

    assert story.call("c-1") == [Kept("sales", 50, is_kept=False), Kept("sales", 80, is_kept=True)]


def test_who_leaves_before_says_nothing_and_who_leaves_after_was_promised_wrongly(
    story: Story,
) -> None:
    story.moving(10_000)
    story.admit("early")
    assert story.leave("early") == []

    story.admit("late")
    promise = story.learner.promises.get("late")
    assert promise
    story.now += promise.told[50] + 1
    assert story.leave("late") == [Kept("sales", 50, is_kept=False)]


def test_a_declined_offer_does_not_end_the_promise(story: Story) -> None:
    story.moving(10_000)
    story.admit("c-1")
    promise = story.learner.promises.get("c-1")
    story.tell(offered("c-1"))
    story.now += 1_000
    again = {"e": "contact.queued", "contact": "c-1", "line": LINE, "due": 1, "entered": 1}
    story.tell({"e": "offer.declined", "contact": "c-1"}, again)

    assert story.learner.promises.get("c-1") is promise


def test_a_transfer_that_rings_is_no_departure(story: Story) -> None:
    story.moving(10_000)
    before = story.learner.told(LINE, 1)
    story.tell(offered("c-9", kind="transfer"))
    story.now += 5_000
    story.tell()

    assert story.learner.told(LINE, 1) == before


def test_the_share_of_kept_promises_is_that_of_the_last_ones(story: Story) -> None:
    story.moving(10_000, departures=300)

    coverage = story.learner.promises.coverage

    assert coverage["sales", 80] > 0.7
    assert 0.3 < coverage["sales", 50] < 0.7


def test_two_routers_that_read_the_same_tell_the_same() -> None:
    first, second = Story(), Story()
    for one in (first, second):
        one.moving(7_000, departures=30)

    assert first.learner.told(LINE, 5) == second.learner.told(LINE, 5)


def test_what_was_put_out_is_put_out_again_only_when_it_has_changed(story: Story) -> None:
    story.moving(10_000, departures=200)
    story.learner.put_out(story.now + PUT_EVERY_MS)
    story.now += 2 * PUT_EVERY_MS

    assert story.learner.put_out(story.now) == {}

    story.admit("c-1")
    story.now += 900_000
    rows = story.learner.put_out(story.now)

    assert list(rows) == [LINE]
    assert [len(row) for row in rows[LINE]] == [len(PLACES)] * 2
    assert story.learner.put_out(story.now + PUT_EVERY_MS - 1) == {}


def test_between_its_places_a_row_is_straight() -> None:
    row = [10, 20, 40, 80, 160, 320, 640]

    assert [between(row, place) for place in (1, 2, 3, 4, 6, 64, 128)] == [
        *(10, 20, 30, 40, 60, 640, 1280),
    ]


@pytest.mark.parametrize("percent", [50, 80])
def test_the_model_is_close_to_the_gamma_quantiles(percent: int) -> None:
    exact = {50: {1: 0.6931, 4: 3.6721, 16: 15.668}, 80: {1: 1.6094, 4: 5.5150, 16: 19.235}}

    for place, value in exact[percent].items():
        assert quantile(place, percent) == pytest.approx(value, rel=0.03)
