"""The transitions of settings: single ones, and many in one step. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Any

from presence.calls import PutAgent
from queues.calls import PutQueue
from router.calls import PutCalendar, PutConfig, PutTenant
from router.doctor.state import past_shape
from tests.model.defaults import AGENT_DEFAULTS, CHANNEL_DEFAULTS, QUEUE_DEFAULTS, TENANT_DEFAULTS
from tests.model.hours import Hours
from tests.model.records import Agent, Plain, Result, World

CHANGES_MAX = 200
TOLD_MAX = 20
NAMED_MAX = 20
Object = tuple[str, str]


def settings_of(world: World) -> dict[Object, Plain]:
    """Every object of the configuration, by its kind and id."""
    found: dict[Object, Plain] = {}
    if world.exists:
        found["tenant", ""] = world.settings
    found |= {("calendar", name): own["settings"] for name, own in world.calendars.items()}
    found |= {("queue", queue): rules for queue, rules in world.queues.items()}
    found |= {("agent", agent.id): agent.settings() for agent in world.agents.values()}
    return found


def text(value: Any) -> str:
    """One text for one value, whatever the order of its maps."""
    if isinstance(value, str):
        return f"{len(value.encode())}:{value}"
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int | float):
        return f"{value:.17g};"
    if isinstance(value, list | tuple) and value:
        return f"[{''.join(map(text, value))}]"
    pairs = sorted((dict(value) or {}).items())
    return "{" + "".join(text(key) + text(item) for key, item in pairs if item is not None) + "}"


def fingerprint(objects: dict[Object, Plain]) -> str:
    """The exclusive or of the hashes of all objects."""
    whole = 0
    for (kind, name), settings in objects.items():
        told = text(kind) + text(name) + text(settings)
        whole ^= int(hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest(), 16)
    return f"{whole:040x}"


class ConfigCalls(Hours):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def put_tenant(self, call: PutTenant) -> Result:
        if self.exists and call.simulated != self.simulated:
            return Result("bad_clock")
        self.simulated = call.simulated
        self.change([{"kind": "tenant", "settings": call.settings}])
        return Result("ok", {"version": self.version})

    def put_queue(self, call: PutQueue) -> Result:
        change = {"kind": "queue", "id": call.queue, "settings": call.settings}
        found = self.hindrance(change, self.intended([change]))
        if found is not None:
            return Result("loop", {"path": found["path"], "what": found["what"]})
        self.change([change])
        return Result("ok", {"version": self.version})

    def put_agent(self, call: PutAgent) -> Result:
        names = [name for name in call.__struct_fields__ if name != "agent"]
        settings = {name: getattr(call, name) for name in names}
        change = {"kind": "agent", "id": call.agent, "settings": settings}
        found = self.hindrance(change, self.intended([change]))
        if found is not None:
            return Result("unknown", {"what": found["what"]})
        self.change([change])
        return Result("ok", {"version": self.version})

    def put_config(self, call: PutConfig) -> Result:
        if call.base not in (None, self.version):
            return Result("stale", {"version": self.version})
        if max(len(call.changes), len(call.file or ())) > CHANGES_MAX:
            return Result("too_many_changes")
        intended = self.intended(call.changes)
        found: list[Plain] = []
        seen: set[Object] = set()
        for n, change in enumerate(call.changes):
            target = (change["kind"], change.get("id", ""))
            known = settings_of(self)
            why: Plain | None
            if target in seen:
                why = {"why": "twice"}
            elif change.get("remove") and target not in known:
                why = {"why": "unknown", "what": target[0], "name": target[1]}
            else:
                why = self.hindrance(change, intended)
            seen.add(target)
            if why is not None:
                found.append({"n": n, "kind": target[0], "id": target[1], **why})
        if found:
            return Result("blocked", {"problems": found[:TOLD_MAX]})
        if call.changes:
            count = len(self.with_default(call.changes))
            self.emit("config.applied", version=self.version + 1, changes=count, note=call.note)
            self.change(call.changes, call.note)
        self.note_file(call.file or ())
        return Result("ok", {"version": self.version, "hash": fingerprint(settings_of(self))})

    def note_file(self, words: Iterable[Plain]) -> None:
        """What a file says of objects; what it says nothing of any more is forgotten."""
        for said in words:
            name, settings = f"{said['kind']}|{said['id']}", said.get("settings")
            self.file.pop(name, None)
            if settings is not None:
                self.file[name] = settings
            self.emit("config.file", kind=said["kind"], id=said["id"], settings=settings)

    def with_default(self, changes: list[Plain]) -> list[Plain]:
        """The changes, with that of the default queue, which comes with who names it."""
        default = ""
        for change in changes:
            if change["kind"] == "tenant":
                default = default or str(complete(change)["default_queue"])
        named = [change.get("id") for change in changes if change["kind"] == "queue"]
        if not default or default in self.queues or default in named:
            return list(changes)
        return [*changes, {"kind": "queue", "id": default, "settings": {}}]

    def intended(self, changes: list[Plain]) -> dict[Object, Plain]:
        """The configuration as it would be with all of the changes; of two, the first counts."""
        objects = settings_of(self)
        seen: set[Object] = set()
        for change in self.with_default(changes):
            target = (change["kind"], change.get("id", ""))
            if target in seen:
                continue
            seen.add(target)
            if change.get("remove"):
                objects.pop(target, None)
            else:
                objects[target] = complete(change)
        return objects

    def hindrance(self, change: Plain, intended: dict[Object, Plain]) -> Plain | None:
        """Why the change can not be made, if all others are."""
        kind, name = change["kind"], change.get("id", "")
        tenant = intended["tenant", ""]
        if kind == "agent" and not change.get("remove"):
            settings = complete(change)
            for queue in sorted(settings["memberships"]):
                if ("queue", queue) not in intended:
                    return {"why": "unknown", "what": "queue", "name": queue}
            for channel in sorted(settings["slots"]):
                if channel not in tenant["channels"]:
                    return {"why": "unknown", "what": "channel", "name": channel}
        if kind == "queue" and not change.get("remove"):
            queues = {other: rules for (kind, other), rules in intended.items() if kind == "queue"}
            circle = self.circle(name, complete(change), queues)
            return {"why": "loop", "what": circle[1], "path": circle[0]} if circle else None
        if not change.get("remove"):
            return None
        if kind == "calendar":
            users = [
                q for (k, q), own in intended.items() if k == "queue" and own["calendar"] == name
            ]
            return {"why": "used", "names": sorted(users)[:NAMED_MAX]} if users else None
        return self.agent_stays(name) if kind == "agent" else self.queue_stays(name, intended)

    def agent_stays(self, name: str) -> Plain | None:
        """Why the agent can not be removed."""
        agent = self.agents[name]
        if agent.presence != "offline" or agent.sessions:
            return {"why": "not_offline"}
        if agent.work:
            return {"why": "in_use"}
        if any(name in (c.direct or ()) for c in self.contacts.values() if c.state == "queued"):
            return {"why": "awaited"}
        return None

    def queue_stays(self, name: str, intended: dict[Object, Plain]) -> Plain | None:
        """Why the queue can not be removed."""
        if intended["tenant", ""]["default_queue"] == name:
            return {"why": "default_queue"}
        if any(c.queue == name for c in self.contacts.values() if c.state != "closed"):
            return {"why": "in_use"}
        for (kind, other), settings in sorted(intended.items()):
            if kind == "queue" and name in [to for _, to in self.targets_of(settings)]:
                return {"why": "referred", "what": "queue", "name": other}
        for subject, leads in sorted(intended["tenant", ""]["subjects"].items()):
            if leads.get("queue") == name:
                return {"why": "referred", "what": "subject", "name": subject}
        for (kind, other), settings in sorted(intended.items()):
            member = self.agents.get(other)
            if kind != "agent" or member is None or name not in member.memberships:
                continue  # who would newly be a member is refused for naming what is not there
            if name in settings["memberships"]:
                return {"why": "referred", "what": "agent", "name": other}
        return None

    def change(self, changes: list[Plain], note: str = "") -> None:
        """Makes the changes, which nothing stands in the way of, under one new version."""
        before = settings_of(self)
        changes = self.with_default(changes)
        self.exists = True
        self.version += 1
        were = self.settings.get("channels", {})
        for kind, remove in PASSES:
            for change in changes:
                if (change["kind"], bool(change.get("remove"))) != (kind, remove):
                    continue
                if kind == "calendar":
                    self.set_hours(change)
                else:
                    self.put(kind, change.get("id", ""), None if remove else complete(change))
        channels = self.settings["channels"]
        if any(rules(were, c) != rules(channels, c) for c in were.keys() | channels):
            self.touched_agents.update(self.agents)
            for _, agent in sorted(self.agents.items()):
                self.tell_interruptions(agent)
        for change in changes:
            if change["kind"] == "agent" and not change.get("remove"):
                self.resettle(self.agents[change["id"]])
        after = settings_of(self)
        told = []
        for change in changes:
            target = (change["kind"], change.get("id", ""))
            told.append(
                {
                    "kind": target[0],
                    "id": target[1],
                    "before": before.get(target),
                    "after": after.get(target),
                }
            )
        self.keep_version(note, told)

    def keep_version(self, note: str, told: list[Plain]) -> None:
        """What the version changed, for as long as it is among the last ones."""
        record = {
            "version": self.version,
            "at": self.now,
            "note": note,
            "hash": fingerprint(settings_of(self)),
            "changes": told,
        }
        self.history[self.version] = past_shape(record)
        oldest = self.version - int(self.settings["config_history"])
        self.history = {v: record for v, record in self.history.items() if v > oldest}

    def put(self, kind: str, name: str, settings: Plain | None) -> None:
        """Gives one object its settings, or takes it away."""
        version = self.version
        if kind == "tenant" and settings is not None:
            self.settings = settings
            self.emit("config.tenant", version=version, settings=settings)
        elif kind == "queue" and settings is not None:
            earlier = self.queues.get(name)
            self.queues[name] = settings
            self.other_rules(name, earlier)
            self.review(name)
            self.emit("config.queue", version=version, queue=name, settings=settings)
        elif kind == "queue":
            self.remove_queue(name)
        elif settings is not None:
            agent = self.agents.setdefault(name, Agent(name, "", {}, {}, {}, 0, since=self.now))
            self.keep_marks(agent, settings["memberships"])
            agent.stands = []
            for field, value in settings.items():
                setattr(agent, field, value)
            self.touched_agents.add(name)
            self.emit("agent.put", version=version, agent=name, **settings)
        else:
            del self.agents[name]
            self.touched_agents.discard(name)
            self.emit("agent.removed", version=version, agent=name)

    def resettle(self, agent: Agent) -> None:
        """Contacts that wait for him in queues that he left wait for others, or in line."""
        for contact in sorted(self.waiting(), key=lambda c: c.line):
            if agent.id in (contact.direct or ()) and not agent.is_member(contact.queue):
                self.requeue(contact, "direct_over", failed=agent.id)

    def put_calendar(self, call: PutCalendar) -> Result:
        """A version, unless the same hours are only known for longer."""
        own = {"settings": call.settings, "edges": call.edges, "until": call.until}
        change = {"kind": "calendar", "id": call.calendar, **own}
        known = self.calendars.get(call.calendar)
        if known is not None and text(known["settings"]) == text(call.settings):
            self.set_hours(change)
        else:
            self.change([change])
        return Result("ok", {"version": self.version})

    def set_hours(self, change: Plain) -> None:
        """The calendar has these hours from now on, or there is none any more."""
        name = change["id"]
        if change.get("remove"):
            del self.calendars[name]
            self.emit("config.calendar_removed", version=self.version, calendar=name)
            return
        own = {field: change[field] for field in ("settings", "edges", "until")}
        self.calendars[name] = own
        for queue, rules in self.queues.items():
            if rules["calendar"] == name:
                self.review(queue)
        told = {"settings": own["settings"], "until": own["until"]}
        self.emit("config.calendar", version=self.version, calendar=name, **told)

    def remove_queue(self, name: str) -> None:
        """The queue goes, and its lines with it."""
        for line in sorted(line for line, (queue, _, _) in self.lines.items() if queue == name):
            del self.lines[line], self.line_idle[line]
            self.emit("line.dropped", line=line)
        del self.queues[name]
        self.counts.pop(name, None)
        self.looks.pop(name, None)
        known = self.estimates.items()
        self.estimates = {line: row for line, row in known if line.split("|")[0] != name}
        self.emit("config.queue_removed", version=self.version, queue=name)


PASSES = (
    ("tenant", False),
    ("calendar", False),
    ("queue", False),
    ("agent", False),
    ("agent", True),
    ("queue", True),
    ("calendar", True),
)


def complete(change: Plain) -> Plain:
    """The settings of a change with all that they do not say."""
    if change["kind"] == "agent":
        return {**AGENT_DEFAULTS, **change["settings"]}
    if change["kind"] == "queue":
        return {**QUEUE_DEFAULTS, **change["settings"]}
    if change["kind"] == "calendar":
        return dict(change["settings"])
    settings = {**TENANT_DEFAULTS, **change["settings"]}
    settings["channels"] = settings["channels"] or CHANNEL_DEFAULTS
    return settings


def rules(channels: Plain, channel: str) -> tuple[int, bool, tuple[str, ...]]:
    """What decides who has room: the same rules make nobody routable who was not."""
    own = channels.get(channel, {})
    return own.get("cost", 1), bool(own.get("exclusive")), tuple(own.get("interrupts", ()))
