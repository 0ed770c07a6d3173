"""Who gets which event, and that a reader who catches up misses none and gets none twice."""

from hypothesis import given
from hypothesis import strategies as st

from router.journal.entry import Event, Key
from router.journal.fanout import HELD_MAX, Audience, Fanout, Subscription
from tests.journal.events import entry, offer, state


class Reader:
    def __init__(self, audience: Audience) -> None:
        self.got: list[Event] = []
        self.losses = 0
        self.subscription = Subscription(audience, self.got.append, self._lose)

    def _lose(self) -> None:
        self.losses += 1

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.got]


def join(fanout: Fanout, audience: Audience) -> Reader:
    reader = Reader(audience)
    fanout.add(reader.subscription)
    reader.subscription.release(fanout.position)
    return reader


def test_agents_get_what_names_them_gateways_contacts_and_watchers_all() -> None:
    fanout = Fanout()
    ann, bob = (join(fanout, Audience(agent=name)) for name in ("ann", "bob"))
    gateway, watcher = join(fanout, Audience()), join(fanout, Audience(is_watcher=True))

    fanout.publish(entry(1, offer("ann"), state("ann")))
    fanout.publish(entry(2, state("bob")))

    assert ann.names == ["offer.made", "agent.state"]
    assert bob.names == ["agent.state"]
    assert gateway.names == ["offer.made"]
    assert watcher.names == ["offer.made", "agent.state", "agent.state"]


def test_each_desktop_of_an_agent_gets_the_event() -> None:
    fanout = Fanout()
    first, second = (join(fanout, Audience(agent="ann")) for _ in range(2))

    fanout.publish(entry(1, offer("ann")))

    assert first.names == second.names == ["offer.made"]


def test_a_reader_who_left_gets_nothing_more() -> None:
    fanout = Fanout()
    readers = [join(fanout, Audience(agent="ann")), join(fanout, Audience())]

    for reader in readers:
        fanout.remove(reader.subscription)
        fanout.remove(reader.subscription)
    fanout.publish(entry(1, offer("ann")))

    assert [reader.got for reader in readers] == [[], []]
    assert len(fanout) == 0


def test_a_held_reader_that_is_never_released_is_told_that_it_lost_the_flow() -> None:
    fanout = Fanout()
    reader = Reader(Audience(is_watcher=True))
    fanout.add(reader.subscription)

    for ms in range(HELD_MAX + 1):
        fanout.publish(entry(ms, offer("ann")))

    assert reader.losses == 1
    assert reader.got == []


def test_a_lost_journal_is_told_to_every_reader() -> None:
    fanout = Fanout()
    readers = [join(fanout, Audience(agent="ann")), join(fanout, Audience(is_watcher=True))]

    fanout.lose()

    assert [reader.losses for reader in readers] == [1, 1]


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 3))
def test_after_a_hand_over_at_any_point_every_later_event_comes_once(
    joined: int, released: int, after: int, nth: int
) -> None:
    """The reader joins before entry `joined`, is released before `released`, at `after.nth`."""
    fanout = Fanout()
    reader = Reader(Audience(is_watcher=True))
    flow = [entry(ms, *[offer("ann")] * 3) for ms in range(1, 21)]
    seen: list[Key] = []

    for number, one in enumerate(flow):
        if number == joined:
            fanout.add(reader.subscription)
        if number == max(joined, released):
            reader.subscription.release(Key(after, 0, nth))
        fanout.publish(one)

    for number, one in enumerate(flow):
        if number >= joined:
            seen.extend(event.key for event in one.events if event.key > Key(after, 0, nth))
    was_released = max(joined, released) < len(flow)
    assert [event.key for event in reader.got] == (seen if was_released else [])
