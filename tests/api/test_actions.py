"""What a request becomes: the content that an admission is known by."""

from typing import Any

from msgspec import Struct

from queues.calls import Admit
from router.api.actions import admit
from router.api.auth import Identity
from router.api.roles import Role
from router.api.schema import AdmitBody

PBX = Identity(tenant="t-1", subject="pbx", role=Role.GATEWAY, expires=0)


class TomorrowBody(AdmitBody, Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body as the next release may have it."""

    colour: str = ""


def fingerprint(body: AdmitBody) -> str:
    call = admit(PBX, body, None)
    assert isinstance(call, Admit)
    return call.fp


def test_a_new_field_does_not_make_a_repeat_a_conflict() -> None:
    given: dict[str, Any] = {"contact": "c-1", "channel": "voice", "requirements": {"english": 5}}

    assert fingerprint(TomorrowBody(**given)) == fingerprint(AdmitBody(**given))
    assert fingerprint(TomorrowBody(**given, colour="red")) != fingerprint(AdmitBody(**given))


def test_what_stands_there_by_default_may_also_be_said() -> None:
    said = AdmitBody(contact="c-1", channel="voice", tier=0, requirements={}, subject="")

    assert fingerprint(said) == fingerprint(AdmitBody(contact="c-1", channel="voice"))
    assert fingerprint(said) != fingerprint(AdmitBody(contact="c-1", channel="voice", priority=1))
