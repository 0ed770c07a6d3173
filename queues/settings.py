"""The settings of a queue: names, ranges, defaults, and what does not go together. Pure.

The same struct reads the configuration file and the body of a PUT: what one refuses, so does
the other. All durations are whole milliseconds, as their names say.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct, field

Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.:-]{1,64}$(?!\n)",
        description="1 to 64 of: letters, digits, and _ . : -",
    ),
]
IdOrNone = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.:-]{0,64}$(?!\n)",
        description='an id, or "" for none',
    ),
]
DAY_MS = 86_400_000
AfterMs = Annotated[
    int, Meta(ge=1, le=DAY_MS, description="how long after the contact came to its queue")
]
Skills = Annotated[tuple[Id, ...], Meta(max_length=20, description="skills not asked any more")]
Lowered = Annotated[
    dict[Id, Annotated[int, Meta(ge=1, le=100, description="by how much")]],
    Meta(max_length=20, description="skill -> by how much less of it is asked; 1 is left"),
]
StepText = Annotated[str, Meta(max_length=256)]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What becomes of a contact that has waited in its queue for a time."""

    after_ms: AfterMs
    when: Annotated[
        Literal["always", "nobody_logged_in", "nobody_ready"],
        Meta(description="left out when it is not so at that instant"),
    ] = "always"
    tier: Annotated[
        int, Meta(ge=0, le=100, description="strict priority from here on, where it was lower")
    ] = 0
    drop: Skills = ()
    lower: Lowered = field(default_factory=dict)
    notify: StepText = ""
    to_queue: IdOrNone = ""
    hand_back: StepText = ""

    def __post_init__(self) -> None:
        """Holds that something happens, and that the contact goes one way at most."""
        if self.to_queue and self.hand_back:
            raise ValueError("at most one of `to_queue` and `hand_back`")
        changes = self.tier or self.drop or self.lower
        if not (changes or self.notify or self.to_queue or self.hand_back):
            raise ValueError(
                "at least one of `tier`, `drop`, `lower`, `notify`, `to_queue` and `hand_back`"
            )


class Disposition(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One reason why customers get in touch, as an entry of a queue's catalogue."""

    code: Id
    label: Annotated[str, Meta(max_length=100, description='what people read; "": the code')] = ""
    active: Annotated[
        bool, Meta(description="false: not given any more, but known in what was closed with it")
    ] = True


Steps = Annotated[tuple[Step, ...], Meta(max_length=20, description="what happens when, in a wait")]


class QueueSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How contacts wait in one queue, and what becomes of offers that fail."""

    name: Annotated[
        str,
        Meta(max_length=100, description="display name; empty: the queue's id is shown"),
    ] = ""
    handles: Annotated[
        bool, Meta(description="whether the queue takes contacts; false: none comes in")
    ] = True
    external: Annotated[
        bool, Meta(description="whether it takes contacts that customers make themselves")
    ] = True
    target_ms: Annotated[
        int,
        Meta(ge=0, le=DAY_MS, description="wait after which a contact without priority is due"),
    ] = 20_000
    priority_credit_ms: Annotated[
        int,
        Meta(ge=0, le=3_600_000, description="waiting time credited for each point of priority"),
    ] = 60_000
    ring_ms: Annotated[
        int,
        Meta(ge=100, le=3_600_000, description="how long an offer stays pending"),
    ] = 20_000
    broadcast_to: Annotated[
        int,
        Meta(ge=1, le=100, description="agents whom a contact rings at once; 1: one after another"),
    ] = 1
    broadcast_step_ms: Annotated[
        int,
        Meta(ge=0, le=3_600_000, description="more agents are rung each time this passes; 0: no"),
    ] = 0
    broadcast_add: Annotated[
        int,
        Meta(ge=0, le=100, description="agents who join at each broadcast_step_ms"),
    ] = 1
    decline_ms: Annotated[
        int,
        Meta(ge=100, le=DAY_MS, description="first cool-down after an agent declines"),
    ] = 15_000
    miss_ms: Annotated[
        int,
        Meta(ge=100, le=DAY_MS, description="first cool-down after an agent lets an offer expire"),
    ] = 30_000
    unreachable_ms: Annotated[
        int,
        Meta(ge=100, le=DAY_MS, description="first cool-down after an agent could not be reached"),
    ] = 5_000
    cooldown_max_ms: Annotated[
        int,
        Meta(ge=100, le=DAY_MS, description="a cool-down doubles each time, up to this"),
    ] = 240_000
    offers_max: Annotated[
        int,
        Meta(ge=0, le=1_000, description="failed offers before a contact escalates; 0: no limit"),
    ] = 0
    escalate_to: IdOrNone = ""
    wrap_up: Annotated[
        Literal["off", "on_request", "optional", "forced", "forced_limit"],
        Meta(description="who decides whether and how long an agent writes a contact up"),
    ] = "optional"
    length_max: Annotated[
        int,
        Meta(ge=0, le=1_000_000, description="contacts that may wait here at once; 0: no limit"),
    ] = 0
    estimated_wait_max_ms: Annotated[
        int,
        Meta(
            ge=0, le=7 * DAY_MS, description="an arrival whose P80 is longer may not join; 0: any"
        ),
    ] = 0
    join_when: Literal["always", "logged_in", "ready"] = "always"
    overflow_to: IdOrNone = ""
    wait_max_ms: Annotated[
        int,
        Meta(ge=0, le=7 * DAY_MS, description="longest wait in this queue; 0: no limit"),
    ] = 0
    leave_when: Literal["never", "nobody_logged_in", "nobody_ready"] = "never"
    steps: Steps = ()
    wrap_up_ms: Annotated[
        int,
        Meta(ge=0, le=DAY_MS, description="longest wrap-up after a close; 0: none"),
    ] = 0
    distribution: Annotated[
        Literal["push", "pull", "hybrid"],
        Meta(description="whether contacts are offered to agents, claimed by them, or both"),
    ] = "push"
    take_over: Annotated[
        Literal["members", "supervisors", "nobody"],
        Meta(description="who may take a contact from its owner"),
    ] = "supervisors"
    strategy: Annotated[
        Literal[
            "longest_idle",
            "round_robin",
            "least_occupied",
            "top_down",
            "best_skill",
            "specialists_first",
            "weighted_random",
        ],
        Meta(description="which of the agents who are ready is called first"),
    ] = "longest_idle"
    idle_since: Annotated[
        Literal["contact", "activity"],
        Meta(description="what ends an agent's idle time: a contact, or a return to ready too"),
    ] = "contact"
    seed: Annotated[
        int,
        Meta(ge=0, le=2**31 - 1, description="of weighted_random: the same draws again"),
    ] = 0
    credit_ms: Annotated[
        int,
        Meta(
            ge=-DAY_MS, le=DAY_MS, description="agents of several queues see it due so much earlier"
        ),
    ] = 0
    transfer_position: Literal["keep", "front", "back"] = "keep"
    transfer_requires: Annotated[
        Literal["ready", "ready_or_busy_with_capacity"],
        Meta(description="whether who is asked by a colleague must be ready, or has room only"),
    ] = "ready"
    sticky: Literal["off", "if_ready", "wait"] = "off"
    sticky_wait_ms: Annotated[
        int,
        Meta(ge=0, le=DAY_MS, description="how long a contact waits for its last agent alone"),
    ] = 60_000
    sticky_memory_ms: Annotated[
        int,
        Meta(ge=1_000, le=366 * DAY_MS, description="how long a customer's last agent is known"),
    ] = 7 * DAY_MS
    resume_ms: Annotated[
        int,
        Meta(
            ge=0, le=DAY_MS, description="who hung up and is back in time keeps his place; 0: never"
        ),
    ] = 0
    orphan: Literal["requeue", "close"] = "requeue"
    calendar: IdOrNone = ""
    closed: Literal["refuse", "hold", "divert", "callback"] = "refuse"
    closed_to: IdOrNone = ""
    callback_retry_ms: Annotated[
        int,
        Meta(ge=100, le=30 * DAY_MS, description="when a customer not reached is called again"),
    ] = 900_000
    callback_attempts_max: Annotated[
        int,
        Meta(ge=1, le=100, description="attempts to call a customer back, before the contact ends"),
    ] = 3
    dispositions: Annotated[
        tuple[Disposition, ...],
        Meta(max_length=200, description="the codes that contacts are closed with; empty: any"),
    ] = ()
    disposition_required: Annotated[
        bool, Meta(description="whether a contact that was served is closed with a code only")
    ] = False
    resolved_required: Annotated[
        bool, Meta(description="whether a contact that was served is closed only with `resolved`")
    ] = False
    disposition_at: Annotated[
        Literal["close", "wrap_up"],
        Meta(description="until when that must be told: the close, or the end of the wrap-up"),
    ] = "close"
    survey: Annotated[
        bool, Meta(description="whether customers are asked what they say of it at the end")
    ] = False
    close_by: Annotated[
        Literal["owner", "members"], Meta(description="which agents may close a contact")
    ] = "owner"
    waiting_frees: Annotated[
        bool, Meta(description="whether a contact that waits for its customer leaves the slot free")
    ] = True
    waiting_customer_ms: Annotated[
        int,
        Meta(
            ge=1_000, le=90 * DAY_MS, description="how long a customer has to answer; then it ends"
        ),
    ] = 3 * DAY_MS
    return_position: Literal["keep", "front", "back"] = "keep"
    first_response_ms: Annotated[
        int,
        Meta(ge=0, le=30 * DAY_MS, description="within which a customer has a first answer; 0: no"),
    ] = 0
    next_response_ms: Annotated[
        int,
        Meta(ge=0, le=30 * DAY_MS, description="within which he has each later answer; 0: no"),
    ] = 0
    response_warn_pct: Annotated[
        int,
        Meta(ge=1, le=100, description="part of that time after which is warned; 100: no warning"),
    ] = 80
    reopen: Annotated[
        Literal["reopen", "new_linked_contact", "locked"],
        Meta(description="what becomes of a contact that is over when it is spoken of again"),
    ] = "reopen"
    reopen_by: Annotated[
        tuple[Literal["customer", "agent"], ...],
        Meta(max_length=2, description="who may bring it back; supervisors may always"),
    ] = ("customer", "agent")
    reopen_window_ms: Annotated[
        int, Meta(ge=0, le=366 * DAY_MS, description="for how long they may; 0: for ever")
    ] = 0


class Unfit(NamedTuple):
    """A value that does not go with the others: the path of its setting, and what was expected."""

    path: tuple[str, ...]
    value: Any
    expected: str


def unfit(settings: QueueSettings) -> Iterator[Unfit]:
    """The values, each right by itself, that do not go together."""
    if settings.wrap_up in ("on_request", "forced_limit") and settings.wrap_up_ms == 0:
        expected = f'above 0 with wrap_up = "{settings.wrap_up}"'
        yield Unfit(("wrap_up_ms",), settings.wrap_up_ms, expected)
    if settings.closed == "divert" and not settings.closed_to:
        yield Unfit(("closed_to",), settings.closed_to, 'a queue with closed = "divert"')
    yield from _unfit_dispositions(settings)


def _unfit_dispositions(settings: QueueSettings) -> Iterator[Unfit]:
    codes = [one.code for one in settings.dispositions]
    for code in dict.fromkeys(codes):
        if codes.count(code) > 1:
            yield Unfit(("dispositions",), code, "each code once")
    is_empty = bool(codes) and not any(one.active for one in settings.dispositions)
    if is_empty and settings.disposition_required:
        expected = "an active code with disposition_required = true"
        yield Unfit(("dispositions",), ", ".join(codes), expected)


def targets(settings: QueueSettings) -> list[tuple[tuple[str | int, ...], str]]:
    """The queues that a queue sends contacts on to, each with the path of the setting."""
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("escalate_to",), settings.escalate_to),
        (("overflow_to",), settings.overflow_to),
        (("closed_to",), settings.closed_to if settings.closed == "divert" else ""),
    ]
    for index, step in enumerate(settings.steps):
        named.append((("steps", index, "to_queue"), step.to_queue))
    return [(path, queue) for path, queue in named if queue]
