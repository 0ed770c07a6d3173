"""What a walk through a tenant reports, and how a finding is named for its repair. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from router.doctor.promises import Finding

Place = tuple[str, str]
"""An index, and a name in it."""


class Target(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a repair is asked for: a thing, and where it was found besides.

    A counter is off by `off_by`, counted when `mended` counters had been repaired before.
    """

    kind: str
    id: str
    places: tuple[Place, ...] = ()
    off_by: int = 0
    mended: int = 0


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A promise that does not hold: which check says so, of what, and in words; `id` for repair."""

    id: str
    check: str
    kind: str
    subject: str
    text: str


class Report(msgspec.Struct, kw_only=True):
    """What was found; `examined` counts what was looked at, by kind.

    `is_whole` is False when there were more findings than one report takes; `is_counted` when the
    tenant was too busy, or its settings changed, so that counts could not be compared.
    """

    findings: list[Found]
    examined: dict[str, int]
    is_whole: bool = True
    is_counted: bool = True


def found(finding: Finding, target: Target) -> Found:
    """A finding as it is reported."""
    return Found(
        id=id_of(target),
        check=finding.check,
        kind=finding.kind,
        subject=finding.subject,
        text=finding.text,
    )


def id_of(target: Target) -> str:
    """The finding's name; opaque to those who send it back."""
    return urlsafe_b64encode(msgspec.json.encode(target)).decode().rstrip("=")


def target_of(name: str) -> Target:
    """What a finding's name means. Raises: ValueError when it is none."""
    blob = urlsafe_b64decode(name + "=" * (-len(name) % 4))
    return msgspec.json.decode(blob, type=Target)
