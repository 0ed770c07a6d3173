"""Owns a tenant's configuration as one plain document: its objects, and how two differ. Pure.

An object is the tenant's settings, a calendar's, a queue's or an agent's; kinds and fields are
those of the settings structs, so that a new field needs nothing here.
"""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, field

from presence.settings import AgentDefinition
from queues.settings import Id, QueueSettings
from router import calendars
from router.calendars import CalendarSettings
from router.config.check import field_types
from router.settings import TenantSettings

Plain = dict[str, Any]
Kind = Literal["tenant", "calendar", "queue", "agent"]
Target = tuple[Kind, str]
"""An object: its kind and id; the tenant's id is empty."""

STRUCTS: Final[dict[Kind, type[Struct]]] = {
    "tenant": TenantSettings,
    "calendar": CalendarSettings,
    "queue": QueueSettings,
    "agent": AgentDefinition,
}
ORDER: Final[tuple[Kind, ...]] = ("tenant", "calendar", "queue", "agent")
"""What is named comes before what names it."""
NOTHING: Final[dict[Kind, Struct]] = {
    "tenant": TenantSettings(),
    "calendar": CalendarSettings(time_zone=""),
    "queue": QueueSettings(),
    "agent": AgentDefinition(),
}
"""What a new object is compared with."""
CHANGES_MAX: Final = 200
"""Changes that one step may bring; the store refuses more."""


class ConfigChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Objects to put, whole, or to remove (null), on top of a version of the configuration."""

    base: Annotated[int, Meta(ge=0, description="the version that the changes were made for")] | (
        None
    ) = None
    note: Annotated[str, Meta(max_length=500, description="why, for who reads the history")] = ""
    from_file: Annotated[
        bool, Meta(description="whether these are the words of the router's file, to be remembered")
    ] = False
    tenant: TenantSettings | None = None
    calendars: Annotated[
        dict[Id, CalendarSettings | None],
        Meta(max_length=1_000, description="calendar id -> hours, or null to remove it"),
    ] = field(default_factory=dict)
    queues: Annotated[
        dict[Id, QueueSettings | None],
        Meta(max_length=5_000, description="queue id -> settings, or null to remove it"),
    ] = field(default_factory=dict)
    agents: Annotated[
        dict[Id, AgentDefinition | None],
        Meta(max_length=20_000, description="agent id -> definition, or null to remove him"),
    ] = field(default_factory=dict)

    def wanted(self) -> dict[Target, Plain | None]:
        """The objects by kind and id; None removes one."""
        found: dict[Target, Plain | None] = {}
        if self.tenant is not None:
            found["tenant", ""] = plain_of(self.tenant)
        found |= {("calendar", name): _plain_or_none(own) for name, own in self.calendars.items()}
        found |= {("queue", name): _plain_or_none(own) for name, own in self.queues.items()}
        found |= {("agent", name): _plain_or_none(own) for name, own in self.agents.items()}
        return found


class Whole(Struct, frozen=True, kw_only=True):
    """A whole configuration as of one version; `hash` is the store's, over all objects."""

    version: int
    hash: str
    objects: dict[Target, Plain]

    def of(self, kind: Kind) -> dict[str, Plain]:
        """The objects of one kind, by id."""
        return {name: own for (other, name), own in self.objects.items() if other == kind}

    def document(self) -> Plain:
        """As it is shown: the tenant's settings, calendars, queues and agents."""
        return {
            "version": self.version,
            "hash": self.hash,
            "tenant": self.objects.get(("tenant", ""), {}),
            "calendars": self.of("calendar"),
            "queues": self.of("queue"),
            "agents": self.of("agent"),
        }


class FieldChange(Struct, frozen=True, omit_defaults=True):
    """One setting that differs; None where there was or will be none."""

    field: str
    old: Any = None
    new: Any = None


class Change(Struct, frozen=True):
    """One object that differs, before and after; None where there is none."""

    kind: Kind
    id: str
    before: Plain | None
    after: Plain | None

    @property
    def what(self) -> str:
        """`added`, `changed` or `removed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    def fields(self) -> list[FieldChange]:
        """What differs, by the setting's path; of a new object what is not the default."""
        if self.after is None:
            return []
        old = flat(self.before or plain_of(NOTHING[self.kind]))
        new = flat(self.after)
        paths = [*new, *(path for path in old if path not in new)]
        return [
            FieldChange(path, old.get(path), new.get(path))
            for path in paths
            if old.get(path) != new.get(path)
        ]

    def call(self, wall_ms: int) -> Plain:
        """As `put_config` takes it; a calendar's edges begin on the day of the instant."""
        target: Plain = {"kind": self.kind, "id": self.id}
        if self.after is None:
            return target | {"remove": True}
        if self.kind == "calendar":
            made = calendars.put(self.id, calendars.settings_of(self.after), wall_ms)
            target |= {"edges": made.edges, "until": made.until}
        return target | {"settings": self.after}


def differences(
    objects: Mapping[Target, Plain], wanted: Mapping[Target, Plain | None]
) -> list[Change]:
    """What must change so that the wanted objects are there, each with its kind's fields."""
    return [
        Change(kind, name, objects.get((kind, name)), own)
        for (kind, name), own in wanted.items()
        if own is None or objects.get((kind, name)) != own
    ]


def after(objects: Mapping[Target, Plain], changes: list[Change]) -> dict[Target, Plain]:
    """The objects once all changes are made, with the default queue that comes with its tenant."""
    made = {**objects, **{(change.kind, change.id): change.after for change in changes}}
    named = str((made.get(("tenant", "")) or {}).get("default_queue", ""))
    if named and any(c.kind == "tenant" for c in changes) and ("queue", named) not in made:
        made["queue", named] = plain_of(QueueSettings())
    return {target: own for target, own in made.items() if own is not None}


def undone(objects: Mapping[Target, Plain], records: list[Plain]) -> dict[Target, Plain]:
    """The objects as they were before the recorded versions, which are newest first."""
    earlier = dict(objects)
    for record in records:
        for change in record["changes"]:
            target = (change["kind"], change["id"])
            if change.get("before") is None:
                earlier.pop(target, None)
            else:
                earlier[target] = tidy(change["kind"], change["before"])
    return earlier


def tidy(kind: Kind, stored: Plain) -> Plain:
    """Settings out of the store, where an empty map and an empty list are alike."""
    fixed: Plain = _fix(stored, STRUCTS[kind])
    return fixed


def plain_of(settings: Struct) -> Plain:
    """Settings as plain data; what is null is not there, as in the store."""
    plain: Plain = _without_null(msgspec.json.decode(msgspec.json.encode(settings)))
    return plain


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every setting by its dotted path; an empty table is a setting of its own."""
    if not isinstance(value, dict) or not (value or path):
        return {path: value}
    if not value:
        return {path: {}}
    found: dict[str, Any] = {}
    for name, item in value.items():
        found |= flat(item, f"{path}.{name}" if path else name)
    return found


def named_queues(settings: Plain) -> Iterator[tuple[str, str]]:
    """The settings of a queue that name another one, with its id."""
    diverts = ("closed_to",) if settings.get("closed") == "divert" else ()
    for name in ("escalate_to", "overflow_to", *diverts):
        if settings.get(name):
            yield name, settings[name]
    for index, step in enumerate(settings.get("steps") or ()):
        if step.get("to_queue"):
            yield f"steps[{index}].to_queue", step["to_queue"]


def _plain_or_none(settings: Struct | None) -> Plain | None:
    return None if settings is None else plain_of(settings)


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if isinstance(value, list) else value


def _fix(value: Any, hint: Any) -> Any:
    kind = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(kind) in (Union, UnionType):
        kind = next(arm for arm in get_args(kind) if arm is not type(None))
    if isinstance(kind, type) and issubclass(kind, Struct):
        types = field_types(kind)
        return {name: _fix(item, types.get(name)) for name, item in dict(value or {}).items()}
    if get_origin(kind) is dict:
        return {name: _fix(item, get_args(kind)[1]) for name, item in dict(value or {}).items()}
    if get_origin(kind) in (tuple, list):
        return [_fix(item, get_args(kind)[0]) for item in list(value or [])]
    return value
