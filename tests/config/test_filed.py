"""What a start makes of the file's words, of what it said before, and of what was changed since."""

from typing import Any

from presence.settings import AgentDefinition, Membership
from queues.settings import QueueSettings
from router.calendars import CalendarSettings
from router.config.filed import at_start, news, told, words_of
from router.config.whole import Plain, Target, plain_of

SALES: Target = ("queue", "sales")
ANN: Target = ("agent", "ann")


def sales(**settings: Any) -> Plain:
    return plain_of(QueueSettings(**settings))


def ann(**memberships: int) -> Plain:
    levels = {queue: Membership(level=level) for queue, level in memberships.items()}
    return plain_of(AgentDefinition(memberships=levels))


def start(target: Target, *, then: Plain | None, said: Plain, now: Plain | None) -> Plain | None:
    """The object after a start; None: it is left as it is not there."""
    before = {} if then is None else {target: words_of(target, then)}
    objects = {} if now is None else {target: now}
    return at_start(objects, {target: said}, before).get(target)


def test_what_the_file_says_for_the_first_time_is_put() -> None:
    now = sales(ring_ms=9_000)

    assert start(SALES, then=None, said=sales(name="Sales"), now=now) == sales(name="Sales")
    assert start(SALES, then=None, said=sales(), now=None) == sales()


def test_what_it_says_as_before_stays_as_it_was_changed() -> None:
    now = sales(ring_ms=9_000, target_ms=1)

    assert start(SALES, then=sales(ring_ms=5_000), said=sales(ring_ms=5_000), now=now) == now


def test_what_it_says_anew_is_put_and_the_rest_stays() -> None:
    then, said = sales(ring_ms=5_000), sales(ring_ms=6_000, name="Sales")
    now = sales(ring_ms=9_000, target_ms=1)

    made = start(SALES, then=then, said=said, now=now)

    assert made == sales(ring_ms=6_000, target_ms=1, name="Sales")


def test_a_line_that_goes_from_the_file_is_the_default_again() -> None:
    then = sales(ring_ms=5_000, target_ms=7_000)

    made = start(SALES, then=then, said=sales(target_ms=7_000), now=then | {"target_ms": 1})

    assert made == sales(target_ms=1)


def test_members_of_a_table_are_settings_of_their_own() -> None:
    then, said = ann(sales=5, night=1), ann(sales=6, night=1, day=3)
    now = ann(sales=5, late=2)

    assert start(ANN, then=then, said=said, now=now) == ann(sales=6, late=2, day=3)
    assert start(ANN, then=then, said=ann(night=1), now=now) == ann(late=2)


def test_what_was_removed_comes_back_only_when_the_file_says_more_of_it() -> None:
    then = sales(ring_ms=5_000)

    assert start(SALES, then=then, said=then, now=None) is None
    assert start(SALES, then=then, said=sales(), now=None) == sales()


def test_what_does_not_go_together_is_as_the_file_says() -> None:
    then = sales(wrap_up="forced_limit", wrap_up_ms=5_000)
    said, now = then | {"wrap_up": "on_request"}, then | {"wrap_up": "off", "wrap_up_ms": 0}

    assert start(SALES, then=then, said=said, now=now) == said
    hours: Target = ("calendar", "shop")
    shop = plain_of(CalendarSettings(time_zone="UTC"))
    assert start(hours, then=shop, said=shop, now=None) is None


def test_words_leave_the_defaults_out_and_only_news_is_told() -> None:
    file = {SALES: sales(ring_ms=5_000), ANN: ann()}

    assert news(file, {}) == [
        {"kind": "queue", "id": "sales", "settings": {"ring_ms": 5_000}},
        {"kind": "agent", "id": "ann", "settings": {}},
    ]
    assert news(file, {SALES: {"ring_ms": 5_000}, ANN: {}, ("queue", "old"): {}}) == [
        {"kind": "queue", "id": "old"}
    ]


def test_what_differs_is_told_with_both_sides() -> None:
    objects = {SALES: sales(ring_ms=9_000), ("queue", "own"): sales()}

    found = told(objects, {SALES: {"ring_ms": 5_000}, ("queue", "gone"): {}})

    assert [(one["id"], one["what"]) for one in found] == [("sales", "changed"), ("gone", "added")]
    assert found[0]["fields"] == [{"field": "ring_ms", "old": 9_000, "new": 5_000}]
    assert found[0]["settings"] == sales(ring_ms=5_000)
