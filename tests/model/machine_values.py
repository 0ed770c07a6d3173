"""The values that Hypothesis gives to the machine's rules."""

from typing import Any

from hypothesis import strategies as st

from tests.model.chance import AGENTS, CALENDARS, CHANNELS, CONTACTS, QUEUES
from tests.model.settings_traffic import STRATEGIES

agents = st.sampled_from([*AGENTS[:3], *AGENTS[:3], "a4", "nobody"])
contacts = st.sampled_from([*CONTACTS, "nothing"])
queues = st.sampled_from([*QUEUES, *QUEUES, *QUEUES, "nowhere"])
open_states = st.sampled_from(["assigned", "assigned", "queued", "offered", "held", "scheduled"])
channels = st.sampled_from([*CHANNELS, *CHANNELS, *CHANNELS, "fax"])
sessions = st.sampled_from(["s1", "s2", "s3"])
requirements = st.dictionaries(st.sampled_from(["en", "pt"]), st.sampled_from([1, 5]), max_size=2)
leases = st.sampled_from([600_000, 600_000, 8_000])
maybe = st.booleans


def or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


clauses = st.dictionaries(
    st.sampled_from(["en", "pt"]), st.sampled_from([1, 5]), min_size=1, max_size=2
)
any_of = or_none(st.lists(clauses, min_size=1, max_size=2))
tenant_settings = st.fixed_dictionaries(
    {
        "grace_ms": st.sampled_from([3_000, 0, 20_000]),
        "held_max_ms": st.sampled_from([2_592_000_000, 2_000]),
        "max_misses": st.sampled_from([2, 1, 3]),
        "max_declines": st.sampled_from([0, 1]),
        "max_unreachable": st.sampled_from([0, 1]),
        "return_ms": st.sampled_from([0, 1_500]),
        "line_idle_ms": st.sampled_from([8_000, 1_000]),
        "line_max": st.sampled_from([50, 1]),
        "max_sessions": st.just(2),
        "default_subject": st.sampled_from(["", "something else"]),
        "channels": st.fixed_dictionaries(
            {"voice": st.sampled_from([{"cost": 1}, {"cost": 3}]), "chat": st.just({"cost": 1})}
        ),
        "intake": st.just({"portal": {"required": ["subject"], "lease_ms": 4_000}}),
    }
)
relaxations = st.lists(
    st.sampled_from(
        [
            {"after_ms": 900, "drop": ["en"]},
            {"after_ms": 2_500, "requirements": {"en": 1}},
            {"after_ms": 2_500, "lower": {"en": 4, "pt": 4}},
        ]
    ),
    max_size=2,
)
queue_steps = st.sampled_from(
    [
        {"after_ms": 1_000, "tier": 1, "drop": ["pt"]},
        {"after_ms": 2_000, "notify": "long wait"},
        {"after_ms": 2_000, "to_queue": "q2"},
        {"after_ms": 3_000, "hand_back": "call back", "when": "nobody_ready"},
    ]
)
onward = st.sampled_from(["", "", "", *QUEUES[1:], "nowhere"])
queue_settings = st.fixed_dictionaries(
    {
        "distribution": st.sampled_from(["hybrid", "push", "pull"]),
        "take_over": st.sampled_from(["members", "supervisors", "nobody"]),
        "strategy": st.sampled_from(STRATEGIES),
        "idle_since": st.sampled_from(["contact", "activity"]),
        "seed": st.sampled_from([0, 7]),
        "credit_ms": st.sampled_from([0, 8_000, -8_000]),
        "target_ms": st.sampled_from([5_000, 0]),
        "priority_credit_ms": st.sampled_from([1_000, 60_000]),
        "ring_ms": st.sampled_from([5_000, 2_000]),
        "decline_ms": st.sampled_from([1_000, 4_000]),
        "miss_ms": st.sampled_from([1_000, 6_000]),
        "unreachable_ms": st.just(500),
        "cooldown_max_ms": st.sampled_from([9_000, 3_000]),
        "offers_max": st.sampled_from([0, 1, 2]),
        "wrap_up": st.sampled_from(["optional", "off", "on_request", "forced", "forced_limit"]),
        "escalate_to": onward,
        "length_max": st.sampled_from([0, 0, 2]),
        "estimated_wait_max_ms": st.sampled_from([0, 0, 9_000]),
        "join_when": st.sampled_from(["always", "always", "logged_in", "ready"]),
        "overflow_to": onward,
        "wait_max_ms": st.sampled_from([0, 0, 6_000]),
        "leave_when": st.sampled_from(["never", "never", "nobody_logged_in", "nobody_ready"]),
        "steps": st.lists(queue_steps, max_size=3),
        "wrap_up_ms": st.sampled_from([0, 4_000]),
        "calendar": st.sampled_from(["", *CALENDARS]),
        "closed": st.sampled_from(["hold", "refuse", "divert", "callback"]),
        "closed_to": st.sampled_from(["", *QUEUES]),
        "callback_retry_ms": st.sampled_from([500, 2_000_000]),
        "callback_attempts_max": st.sampled_from([2, 1]),
        "waiting_frees": st.booleans(),
        "waiting_customer_ms": st.sampled_from([20_000, 3_000]),
        "return_position": st.sampled_from(["keep", "front", "back"]),
        "first_response_ms": st.sampled_from([0, 2_000]),
        "next_response_ms": st.sampled_from([0, 4_000]),
        "response_warn_pct": st.sampled_from([50, 100]),
        "reopen": st.sampled_from(["reopen", "new_linked_contact", "locked"]),
        "sticky": st.sampled_from(["off", "if_ready", "wait"]),
        "sticky_wait_ms": st.just(3_000),
        "resume_ms": st.sampled_from([0, 60_000]),
        "transfer_position": st.sampled_from(["keep", "front", "back"]),
        "orphan": st.sampled_from(["requeue", "close"]),
    }
)
memberships = st.dictionaries(
    queues,
    st.fixed_dictionaries(
        {"role": st.sampled_from(["agent", "agent", "supervisor"])},
        optional={
            "level": st.sampled_from([20, 100]),
            "weight": st.sampled_from([3, 100]),
            "credit_ms": st.sampled_from([4_000, -20_000]),
        },
    ),
)
definitions = st.fixed_dictionaries(
    {
        "memberships": memberships,
        "skills": st.dictionaries(st.sampled_from(["en", "pt"]), st.sampled_from([9, 5, 1])),
        "slots": st.dictionaries(channels, st.sampled_from([1, 2, 3])),
        "capacity": st.sampled_from([8, 4, 2]),
    }
)
removable = st.one_of(
    st.tuples(st.just("queue"), st.sampled_from(QUEUES)),
    st.tuples(st.just("agent"), st.sampled_from(AGENTS)),
)
changes = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("queue"), "id": st.sampled_from(QUEUES), "settings": queue_settings}
        ),
        st.fixed_dictionaries(
            {"kind": st.just("agent"), "id": st.sampled_from(AGENTS), "settings": definitions}
        ),
        removable.map(lambda named: {"kind": named[0], "id": named[1], "remove": True}),
    ),
    max_size=3,
)
