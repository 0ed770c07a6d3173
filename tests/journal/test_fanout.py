"""Who gets which event, and that a reader who catches up misses none and gets none twice."""

from hypothesis import given
from hypothesis import strategies as st

from router.journal.entry import Event, Key
from router.journal.fanout import HELD_MAX, Audience, Fanout, Subscription
from router.journal.watching import NOTHING, Wish
from tests.journal.events import entry, offer, put, queued, state


class Reader:
    def __init__(self, audience: Audience, wish: Wish = NOTHING) -> None:
        self.got: list[Event] = []
        self.losses = 0
        self.subscription = Subscription(audience, self.got.append, self._lose, wish)

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


def watch(fanout: Fanout, agent: str, wish: Wish, **memberships: object) -> Reader:
    """A desktop of an agent that has joined, and watches what it may."""
    reader = Reader(Audience(agent=agent), wish)
    fanout.add(reader.subscription)
    fanout.look_at(reader.subscription, memberships)
    reader.subscription.release(fanout.position)
    return reader


def test_a_desktop_watches_the_queues_it_asked_for_and_those_that_notify() -> None:
    fanout = Fanout()
    every = watch(fanout, "ann", "all", a={}, b={})
    some = watch(fanout, "ann", frozenset({"a", "c"}), a={}, b={"notify": True})
    nothing = watch(fanout, "bob", NOTHING, a={})

    for ms, queue in enumerate("abc", 1):
        fanout.publish(entry(ms, queued(queue)))

    assert [event.fields["queue"] for event in every.got] == ["a", "b"]
    assert [event.fields["queue"] for event in some.got] == ["a", "b"]
    assert nothing.got == []


def test_what_names_an_agent_and_his_queues_comes_once() -> None:
    fanout = Fanout()
    ann = watch(fanout, "ann", "all", a={}, b={})

    fanout.publish(entry(1, queued("a", agent="ann"), queued("b", **{"from": "a"})))

    assert ann.names == ["contact.queued"] * 2


def test_what_an_agent_watches_follows_his_memberships_from_that_entry_on() -> None:
    fanout = Fanout()
    ann = watch(fanout, "ann", "all", a={})

    fanout.publish(entry(1, put("ann", b={}), queued("a"), queued("b")))
    fanout.publish(entry(2, put("ann"), queued("b")))

    assert ann.names == ["agent.put", "contact.queued", "agent.put"]
    assert [event.fields.get("queue") for event in ann.got] == [None, "b", None]


def test_what_is_not_for_members_is_not_watched() -> None:
    fanout = Fanout()
    ann = watch(fanout, "ann", "all", a={})

    for ms, name in enumerate(("contact.monitored", "contact.notified", "offer.made"), 1):
        fanout.publish(entry(ms, queued("a") | {"e": name}))

    assert ann.got == []


def test_a_desktop_that_left_watches_nothing_more() -> None:
    fanout = Fanout()
    ann = watch(fanout, "ann", "all", a={})

    fanout.remove(ann.subscription)
    fanout.publish(entry(1, queued("a")))

    assert (ann.got, len(fanout)) == ([], 0)


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
