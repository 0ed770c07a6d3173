"""Owns the bodies of requests that bring in a colleague or another queue. Pure."""

from typing import Annotated

from msgspec import Meta, Struct, field

from queues.settings import Id
from router.api.schema import AnyOf, Note, Priority, Requirements, Text


class ConsultBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is asked to take part, and what for."""

    to_agent: Id
    note: Note | None = None


class PartBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consult is completed or left: there is nothing more to say."""


class ForkBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new contact; what is left out is as in the one that it is made of."""

    to_queue: Id
    fork: Annotated[Id, Meta(description="its id; left out: one is made")] | None = None
    channel: Id | None = None
    priority: Priority | None = None
    requirements: Requirements = field(default_factory=dict)
    any_of: AnyOf = field(default_factory=list)
    subject: Text | None = None
    note: Note | None = None
