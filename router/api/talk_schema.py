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

    def __post_init__(self) -> None:
        """Holds that who speaks is named, and that customers are heard and asked in public."""
        if self.author != "agent" and (self.agent is not None or self.wait):
            raise ValueError('`agent` and `wait` with author = "agent" only')
        if self.visibility == "internal" and (self.author == "customer" or self.wait):
            raise ValueError("a customer's message and a question with `wait` are public")
