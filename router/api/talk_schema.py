"""Owns the bodies that tell what is said in a contact, with their limits. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queues.settings import Id


class ReportBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something was said; an agent's own token names nobody else."""

    author: Literal["customer", "agent", "system"]
    agent: Id | None = None
    visibility: Annotated[
        Literal["public", "internal"],
        Meta(
            description="internal: a note that the customer does not see, and that answers nothing"
        ),
    ] = "public"
    text: Annotated[str, Meta(max_length=4_000)] | None = None
    attachments: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=256)]],
        Meta(max_length=10, description="references; the engine does not follow them"),
    ] = field(default_factory=list)
    id: (
        Annotated[str, Meta(min_length=1, max_length=128, description="the message's own")] | None
    ) = None
    wait: Annotated[
        bool, Meta(description="the owner asks something: from here on it waits for its customer")
    ] = False

    follow_up: Annotated[
        Id | None, Meta(description="the id of a new contact, where what is over goes on in one")
    ] = None

    def __post_init__(self) -> None:
        """Holds that who speaks is named, and that customers are heard and asked in public."""
        if self.author != "agent" and (self.agent is not None or self.wait):
            raise ValueError('`agent` and `wait` with author = "agent" only')
        if self.visibility == "internal" and (self.author == "customer" or self.wait):
            raise ValueError("a customer's message and a question with `wait` are public")


class ReopenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it goes on, and the id of a new contact where it does so in one."""

    follow_up: Id | None = None
    reason: Annotated[str, Meta(max_length=256)] | None = None


class ScoreBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the customer says of a contact that has ended."""

    score: Annotated[int, Meta(ge=0, le=10)]
    comment: Annotated[str, Meta(max_length=1024)] | None = None
