"""Tokens that were taken back, and until when that is remembered. Pure."""

from router.calls import Revoke
from tests.model.hours import Hours
from tests.model.records import Result


class Tokens(Hours):
    """What was taken back."""

    def revoke(self, call: Revoke) -> Result:
        ended = sorted((own["until"], name) for name, own in self.revoked.items())
        for _, name in [one for one in ended if one[0] <= call.at][:100]:
            del self.revoked[name]
        name = f"s|{call.subject}" if call.id is None else f"t|{call.id}"
        known = self.revoked.get(name, {})
        told = {
            "id": call.id,
            "subject": call.subject,
            "before": None if call.before is None else max(call.before, known.get("before", 0)),
            "until": max(call.until, known.get("until", 0)),
            "reason": call.reason,
        }
        self.revoked[name] = {**told, "at": call.at}
        self.emit("token.revoked", **told)
        return Result("ok")
