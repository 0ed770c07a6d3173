"""What a file allows and hardly anybody can mean."""

from typing import Any

import msgspec

from router.config import Config
from router.config.remarks import remarks


def told(tenant: dict[str, Any]) -> list[str]:
    return list(remarks(msgspec.convert({"tenants": {"t": tenant}}, Config)))


def test_who_serves_nobody_and_whom_nobody_serves_is_told() -> None:
    agents = {
        "ann": {
            "memberships": {"sales": {}, "watched": {"role": "supervisor"}},
            "slots": {"voice": 1},
        },
        "bob": {"memberships": {"empty": {}}, "slots": {"voice": 0}},
        "cai": {"slots": {"voice": 1}},
    }
    queues: dict[str, Any] = {"sales": {}, "watched": {}, "empty": {}}
    channels: dict[str, Any] = {"voice": {}, "chat": {}}

    found = told({"agents": agents, "queues": queues, "channels": channels})

    assert [remark.partition(": ")[0] for remark in found] == [
        "tenants.t.queues.watched",
        "tenants.t.queues.empty",
        "tenants.t.channels.chat",
        "tenants.t.agents.cai",
    ]


def test_nothing_is_said_of_a_tenant_whose_agents_come_from_elsewhere() -> None:
    assert told({"queues": {"sales": {}}}) == []
