"""What Python sends is what the Lua headers promise: names, arguments, outcomes, events."""

import re
from pathlib import Path

import msgspec
import pytest

import presence.calls
import queues.calls
import router.calls
import router.queries
from presence.settings import AgentDefinition
from queues.settings import QueueSettings
from router.engine.library import ROOT, Header, header_of, lua_files
from router.engine.reply import Outcome
from router.settings import TenantSettings

OWNERS = (presence.calls, queues.calls, router.calls)
EVERYWHERE = {"no_tenant", "bad_clock", "key_reused"}
LUA = {path: path.read_text("utf-8") for path in lua_files()}


def structs(*modules: object) -> dict[str, type[msgspec.Struct]]:
    return {
        value.transition: value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and hasattr(value, "transition")
    }


HEADERS: dict[str, Header] = {
    header.name: header
    for path in LUA
    if (header := header_of(path)) and f"transition.{header.name} " in LUA[path]
}
CALLS = structs(*OWNERS)


def registered(group: str) -> set[str]:
    text = Path(ROOT, "router/lua/register.lua").read_text("utf-8")
    found = re.search(rf"local {group} = \{{([^}}]*)\}}", text)
    assert found
    return set(re.findall(r"'([a-z_]+)'", found[1]))


def test_every_transition_has_a_call_and_is_registered() -> None:
    assert set(HEADERS) == set(CALLS)
    assert registered("BRINGS_MORE") | registered("GOES_ON") == set(CALLS)
    assert not registered("BRINGS_MORE") & registered("GOES_ON")


def test_every_query_has_a_struct_and_is_registered() -> None:
    assert registered("READS") == set(structs(router.queries))


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_a_call_has_the_arguments_of_its_header(name: str) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(CALLS[name])}
    assert set(fields) == set(HEADERS[name].args)
    optional = {field for field in fields if fields[field].default is None}
    assert optional == set(HEADERS[name].optional_args)


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_the_outcomes_of_a_header_are_known(name: str) -> None:
    assert set(HEADERS[name].outcomes) <= set(Outcome)


def test_every_outcome_is_promised_by_some_header() -> None:
    promised = {outcome for header in HEADERS.values() for outcome in header.outcomes}
    assert promised | EVERYWHERE == set(Outcome)


def test_every_event_is_promised_by_some_header_and_made_by_some_code() -> None:
    promised = {event for path in LUA if (h := header_of(path)) for event in h.events}
    made = {name for text in LUA.values() for name in re.findall(r"'([a-z]+\.[a-z_]+)'", text)}
    assert promised == made


@pytest.mark.parametrize("folder", ["presence", "queues"])
def test_an_owners_lua_calls_nothing_of_the_router_or_of_the_other_owner(folder: str) -> None:
    theirs = {
        "presence": r"\b(contact|line|queue|offer|ringing|ending|match|lines)\.\w+\(",
        "queues": r"\b(agent|offer|ringing|ending|match|lines)\.\w+\(",
    }
    transitions = {"open_session.lua"}  # ends by naming whom to match
    for path, text in LUA.items():
        if path.parent.parent.name == folder and path.name not in transitions:
            assert not re.findall(theirs[folder], text), path


def lua_defaults(path: str, table: str) -> dict[str, object]:
    text = Path(ROOT, path).read_text("utf-8")
    body = text.split(f"{table} = {{", 1)[1].split("\n}", 1)[0]
    found: dict[str, object] = {}
    for name, value in re.findall(r"^  (\w+) = (.+),$", body, re.MULTILINE):
        if value.startswith("'"):
            found[name] = value.strip("'")
        else:
            found[name] = {"true": True, "false": False}[value] if value.isalpha() else int(value)
    return found


def test_defaults_are_the_same_in_lua_and_in_python() -> None:
    settings = msgspec.to_builtins(QueueSettings())
    flat = {key: value for key, value in settings.items() if not isinstance(value, list | tuple)}
    assert lua_defaults("queues/lua/queue.lua", "queue.DEFAULTS") == flat
    agent = msgspec.to_builtins(AgentDefinition())
    plain = {key: value for key, value in agent.items() if not isinstance(value, dict)}
    assert lua_defaults("presence/lua/definition.lua", "agent.DEFAULTS") == plain
    tenant = msgspec.to_builtins(TenantSettings())
    plain = {key: value for key, value in tenant.items() if not isinstance(value, dict)}
    assert lua_defaults("router/lua/config.lua", "config.DEFAULTS") == plain


def test_an_agent_definition_is_what_put_agent_takes() -> None:
    fields = set(AgentDefinition.__struct_fields__)
    assert fields | {"agent"} == set(presence.calls.PutAgent.__struct_fields__)
    text = Path(ROOT, "presence/lua/definition.lua").read_text("utf-8")
    maps = re.search(r"agent\.MAPS = \{([^}]*)\}", text)
    assert maps
    own = set(lua_defaults("presence/lua/definition.lua", "agent.DEFAULTS"))
    assert own | set(re.findall(r"'(\w+)'", maps[1])) == fields
