"""The plain, slow model of the engine: the same calls, the same answers, no indexes. Pure.

It is written from the design, not from the engine's Lua, and is the second opinion on it.
"""

from typing import Any

import msgspec

from queues.calls import Admit, Score
from router.calls import Fork, PutTenant, Reopen, Repair, Report
from tests.model.config_calls import ConfigCalls
from tests.model.contact_calls import ContactCalls
from tests.model.records import Contact, Plain, Result
from tests.model.snapshot import snapshot
from tests.model.timers import Timers
from tests.model.tokens import Tokens


class Model(Timers, ConfigCalls, Tokens, ContactCalls):
    """One tenant of the engine."""

    def call(
        self,
        call: msgspec.Struct,
        now: int | None = None,
        key: str | None = None,
        fp_key: str | None = None,
    ) -> Result:
        """One call: clock, idempotency key, due timers, the transition, matching."""
        transition: str = getattr(call, "transition")  # noqa: B009
        if not self.exists and not isinstance(call, PutTenant):
            return Result("no_tenant")
        simulated = self.simulated if self.exists else bool(getattr(call, "simulated", False))
        if simulated != (now is not None) and not isinstance(call, Repair):
            return Result("bad_clock")
        if key is not None and key in self.answers:
            fingerprint, answer = self.answers[key]
            if fingerprint != fp_key:
                return Result("key_reused")
            return Result(answer.outcome, answer.values, answer.standing, repeated=True)
        if isinstance(call, Repair):
            return self.repair(call)
        assert now is not None
        self.now = max(self.now, now)
        self.events = []
        more = self.run_due() if self.exists else False
        other = self.attached(call)
        if other is not None:
            call = msgspec.structs.replace(call, contact=other)
        result = self.transition(transition, call, more=more)
        if other is not None:
            result.values = {"contact": other} | result.values
        self.match()
        told = result.about or result.values.get("fork") or result.values.get("contact")
        about = str(told or getattr(call, "contact", ""))
        contact = self.contacts.get(about)
        if contact is None:
            contact = self.gone(call, about)
        if contact is not None:
            result.standing = self.standing(contact)
            if transition in ("admit", "fork") and result.outcome == "ok":
                result.values = result.values | result.standing
        result.events = self.events
        if key is not None and fp_key is not None and result.outcome in ("ok", "pending"):
            self.answers[key] = (fp_key, result)
        return result

    def gone(self, call: msgspec.Struct, about: str) -> Contact | None:
        """What is known of a contact that is not in the store, and was not brought there."""
        if isinstance(call, (Admit, Fork)) and about in self.traces:
            return self.traces[about]
        if isinstance(call, (Admit, Reopen, Report, Score)) and call.record:
            return self.from_archive(call.record)
        return None

    def attached(self, call: msgspec.Struct) -> str | None:
        """The contact that a call is about which names it by an admission that attached to it."""
        named = None if isinstance(call, Admit) else getattr(call, "contact", None)
        trace = self.traces.get(named or "")
        return trace.attached if trace else None

    def transition(self, name: str, call: Any, *, more: bool) -> Result:
        if name == "tick":
            return Result("ok", {"more": more})
        answer = getattr(self, name)(call)
        assert isinstance(answer, Result)
        return answer

    def repair(self, call: Repair) -> Result:
        """Nothing is wrong here, so nothing is touched, and time stands."""
        return Result("stale" if call.kind == "counter" and call.mended else "healthy")

    def forget(self, contact: str) -> None:
        """A closed contact's time to live is over."""
        assert self.contacts[contact].state == "closed"
        self.leave_conversation(self.contacts.pop(contact))

    def state(self) -> Plain:
        """The whole tenant, in the shape of `tests.state.read_state`."""
        return snapshot(self)
