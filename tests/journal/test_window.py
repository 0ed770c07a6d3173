"""The window of a journal: without a hole, bounded, and the same for an agent as for all."""

from hypothesis import given
from hypothesis import strategies as st

from router.journal.entry import WHOLE, Key
from router.journal.window import Window
from tests.journal.events import entry, offer, queued, state

AGENTS = ("ann", "bob", "cid")


def filled(size: int, count: int) -> Window:
    window = Window(size)
    window.reset(Key(0, 0, WHOLE))
    for ms in range(1, count + 1):
        waits = queued("ab"[ms % 2], agent=AGENTS[ms % 2], **{"from": "b"})
        window.append(entry(ms, offer(AGENTS[ms % 3]), state("ann"), waits))
    return window


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 2))
def test_what_an_agent_missed_is_what_the_entries_have_for_him(
    count: int, wanted_ms: int, nth: int
) -> None:
    window = filled(20, count)
    wanted = Key(wanted_ms, 0, nth)

    if window.holds(wanted):
        events = [event for one in window.entries_from(wanted) for event in one.events]
        for agent in AGENTS:
            later = [event for event in events if event.key > wanted]
            his = [event for event in later if agent in event.agents]
            assert window.events_of(agent, wanted) == his
            for queues in ({"a"}, {"b"}, {"a", "b", "c"}):
                watched = [e for e in later if agent in e.agents or queues & set(e.queues)]
                assert window.events_of(agent, wanted, frozenset(queues)) == watched
    assert window.holds(wanted) == (max(count - 20, 0) < wanted_ms <= count)


def test_a_full_window_drops_its_oldest_and_says_where_it_begins() -> None:
    window = filled(3, 10)

    assert (len(window), window.base, window.end) == (3, Key(7, 0, WHOLE), Key(10, 0, WHOLE))
    assert window.events_of("dan", Key(8, 0, 0)) == []


def test_older_entries_go_in_front() -> None:
    window = Window(10)
    window.reset(Key(2, 0, WHOLE))
    window.append(entry(3, offer("ann")))

    window.prepend([entry(1, offer("ann")), entry(2, offer("bob"))], Key(0, 5, WHOLE))

    assert window.base == Key(0, 5, WHOLE)
    assert [one.id for one in window.entries_from(Key(1, 0, WHOLE))] == ["1-0", "2-0", "3-0"]
    assert [one.key.ms for one in window.events_of("ann", Key(1, 0, -1))] == [1, 3]


def test_nobody_before_an_unreadable_entry_has_a_whole_gap() -> None:
    window = filled(10, 5)

    window.break_off(Key(6, 0, WHOLE))
    window.append(entry(7, offer("ann")))

    assert not window.holds(Key(5, 0, WHOLE))
    assert window.is_too_far(Key(5, 0, 0), 10_000)
    assert window.holds(Key(7, 0, WHOLE))
