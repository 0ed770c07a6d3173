"""What each strategy promises, shown on the engine itself: shares, turns, nobody starves."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest
import redis

from router.engine.library import Library
from tests.model.floor import DAY_MS, Floor, random_step
from tests.model.settings_traffic import STRATEGIES
from tests.state import read_state

ALL = sorted(set(STRATEGIES))
BY_TURN = ("longest_idle", "round_robin", "least_occupied")
# Who is equal to whom: agents of the same class, by the last digit of their ids.
CLASSES = 2


@pytest.fixture
def new_floor(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> Callable[[], Floor]:
    loaded: Any = client
    if not loaded.function_list(library.name):
        loaded.function_load(library.code)
    return lambda: Floor(client, library, new_tenant())


def furnish(floor: Floor, strategy: str, agents: int, slots: int = 1) -> None:
    """Agents of two classes: within one, they are equal by every strategy."""
    floor.rules(strategy=strategy, seed=5)
    for number in range(agents):
        rank = number % CLASSES
        skills = {"en": 50 + rank, **({"pt": 1} if rank else {})}
        floor.agent(f"a{number}", slots, level=50 + rank, skills=skills)


class Patience:
    """How often others were called while an agent was ready and had no work."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.passed: dict[str, Counter[str]] = {}
        self.seen = 0

    def look(self) -> None:
        """Takes note of the calls of the last step."""
        for _, called in self.floor.calls[self.seen :]:
            for others in self.passed.values():
                others[called] += 1
            self.passed.pop(called, None)
        self.seen = len(self.floor.calls)
        idle = {agent for agent in self.floor.ready if not self.floor.work[agent]}
        self.passed = {agent: self.passed.get(agent, Counter()) for agent in sorted(idle)}

    def most(self, strategy: str) -> int:
        """How often somebody was called past one who is his equal."""
        return max(
            (
                times
                for agent, others in self.passed.items()
                for other, times in others.items()
                if strategy in BY_TURN or int(agent[1:]) % CLASSES == int(other[1:]) % CLASSES
            ),
            default=0,
        )


@pytest.mark.parametrize("strategy", ALL)
@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_starves_and_equals_take_turns(
    new_floor: Callable[[], Floor], strategy: str, seed: int
) -> None:
    floor, random = new_floor(), Random(seed)
    furnish(floor, strategy, agents=5, slots=2)
    patience = Patience(floor)
    for number in range(300):
        random_step(floor, random)
        patience.look()
        if strategy != "weighted_random":
            assert patience.most(strategy) <= 1, (number, patience.passed)
        if number % 15 == 0:
            floor.keeps_its_promises()  # also: nobody is free while a contact waits that he serves

    assert set(floor.work) == {agent for _, agent in floor.calls}


@pytest.mark.parametrize("strategy", ALL)
def test_the_same_history_calls_the_same_agents(
    new_floor: Callable[[], Floor], strategy: str
) -> None:
    histories = []
    for _ in range(2):
        floor, random = new_floor(), Random(3)
        furnish(floor, strategy, agents=4, slots=2)
        for _ in range(200):
            random_step(floor, random)
        state = read_state(floor.client, floor.tenant)
        histories.append((floor.calls, state["ready"], state["agents"]))

    assert histories[0] == histories[1]
    assert len(histories[0][0]) > 40


@pytest.mark.parametrize("idle_since", ["contact", "activity"])
@pytest.mark.parametrize("strategy", sorted({*ALL} - {"weighted_random"}))
def test_who_comes_back_is_called_once_and_stands_at_the_end(
    new_floor: Callable[[], Floor], strategy: str, idle_since: str
) -> None:
    floor = new_floor()
    floor.rules(strategy=strategy, idle_since=idle_since)
    for number in range(4):
        floor.agent(f"a{number}", slots=3)
    floor.serve_one()
    floor.be("a0", "not_ready")
    for _ in range(50):
        floor.serve_one()
    floor.call("tick", 20 * DAY_MS)

    floor.be("a0", "ready")
    called = [floor.serve_one() for _ in range(12)]

    assert called[:4].count("a0") == 1
    assert called == called[:4] * 3
    at_the_end = idle_since == "activity" and strategy != "round_robin"
    assert called.index("a0") == (3 if at_the_end else 0)


@pytest.mark.parametrize("strategy", sorted({*ALL} - {"weighted_random"}))
def test_what_has_piled_up_is_shared_by_those_who_come(
    new_floor: Callable[[], Floor], strategy: str
) -> None:
    floor = new_floor()
    floor.rules(strategy=strategy)
    for number in range(3):
        floor.agent(f"a{number}", slots=3)
        floor.be(f"a{number}", "not_ready")
    for _ in range(20):
        floor.admit()

    for number in range(3):
        floor.be(f"a{number}", "ready")

    assert Counter(agent for _, agent in floor.calls) == {"a0": 3, "a1": 3, "a2": 3}
    floor.keeps_its_promises()


def chi_square(seen: dict[Any, int], expected: dict[Any, float]) -> float:
    return sum((seen.get(name, 0) - n) ** 2 / n for name, n in expected.items())


WEIGHTS = {"a": 1, "b": 2, "c": 4, "d": 9}


def test_shares_follow_the_weights_and_each_draw_is_a_fresh_one(
    new_floor: Callable[[], Floor],
) -> None:
    floor = new_floor()
    floor.rules(strategy="weighted_random", seed=11)
    for agent, weight in WEIGHTS.items():
        floor.agent(agent, weight=weight)
    total, draws = sum(WEIGHTS.values()), 3_000

    called = floor.draw(draws)

    share = {agent: weight / total for agent, weight in WEIGHTS.items()}
    shares = {agent: draws * part for agent, part in share.items()}
    assert chi_square(Counter(called), shares) < 16.3  # 3 degrees of freedom, 1 in 1,000
    twos = {(x, y): (draws - 1) * share[x] * share[y] for x in WEIGHTS for y in WEIGHTS}
    pairs = Counter(pairwise(called))
    assert chi_square(pairs, twos) < 37.7  # 15 degrees of freedom


def test_the_weights_hold_among_those_who_are_there(new_floor: Callable[[], Floor]) -> None:
    floor, random = new_floor(), Random(4)
    floor.rules(strategy="weighted_random", seed=12)
    for agent, weight in WEIGHTS.items():
        floor.agent(agent, weight=weight)
    seen, expected = Counter[str](), dict.fromkeys(WEIGHTS, 0.0)

    for _ in range(1_000):
        for agent in random.sample(sorted(WEIGHTS), 2):
            floor.be(
                agent, "not_ready" if agent in floor.ready and len(floor.ready) > 1 else "ready"
            )
        total = sum(WEIGHTS[agent] for agent in floor.ready)
        for agent in floor.ready:
            expected[agent] += WEIGHTS[agent] / total
        seen[floor.draw(1)[0]] += 1

    assert chi_square(seen, expected) < 16.3


def test_another_seed_draws_others_and_the_same_seed_the_same(
    new_floor: Callable[[], Floor],
) -> None:
    called = []
    for seed in (1, 1, 2):
        floor = new_floor()
        floor.rules(strategy="weighted_random", seed=seed)
        for agent in "abcd":
            floor.agent(agent)
        called.append(floor.draw(60))

    assert called[0] == called[1]
    assert called[0] != called[2]


def test_the_least_occupied_is_called(new_floor: Callable[[], Floor]) -> None:
    floor, random = new_floor(), Random(6)
    floor.rules(strategy="least_occupied")
    for number in range(4):
        floor.agent(f"a{number}", slots=6)
    for count in range(1, 24):
        floor.admit()
        held = [len(work) for work in floor.work.values()]
        assert (sum(held), max(held) - min(held) <= 1) == (count, True)

    for _ in range(400):
        for contact in sorted(floor.rings):
            floor.accept(contact)
        for contact in random.sample(sorted(floor.busy()), min(2, len(floor.busy()))):
            floor.close(contact)
        before = {agent: len(work) for agent, work in floor.work.items()}
        floor.admit()
        _, agent = floor.calls[-1]
        assert before[agent] == min(before.values())


def jain(shares: list[int]) -> float:
    """1 when all are equal, 1/n when one has it all (Jain, Chiu, Hawe 1984)."""
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


@pytest.mark.parametrize("strategy", BY_TURN)
def test_equals_are_called_equally_often(new_floor: Callable[[], Floor], strategy: str) -> None:
    floor, random = new_floor(), Random(8)
    floor.rules(strategy=strategy)
    for number in range(6):
        floor.agent(f"a{number}", slots=2)
    for _ in range(400):
        if len(floor.busy()) + len(floor.rings) < 8:
            floor.admit()
        for contact in sorted(floor.rings):
            floor.accept(contact)
        if floor.busy() and random.random() < 0.9:
            floor.close(random.choice(sorted(floor.busy())))

    assert jain(list(Counter(agent for _, agent in floor.calls).values())) >= 0.95


def test_scores_are_whole_and_exact_at_their_greatest(new_floor: Callable[[], Floor]) -> None:
    floor = new_floor()
    floor.rules(strategy="best_skill")
    floor.agent("a", skills={f"s{number}": 1 for number in range(7)})
    floor.agent("b", slots=99, skills={f"s{number}": 100 for number in range(7)})
    floor.admit({f"s{number}": 1 for number in range(7)})
    floor.keeps_its_promises()

    floor.rules(strategy="least_occupied")
    for _ in range(60):
        floor.admit()
    floor.keeps_its_promises()
