"""Owns what the file says of objects, beside what was changed since it last said it. Pure.

A setting that the file says anew is put; one that it says as before stays as it is by now, whoever
changed it. Both are told: what stays is a difference, what is put over is in the history.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from queues.settings import unfit
from router import calendars
from router.config.whole import NOTHING, STRUCTS, Plain, Target, differences, plain_of
from router.settings import unfit_tenant

Words = Mapping[Target, Plain]
"""What the file last said of each object, without what is the default."""

_NONE: Final = object()


def words_of(target: Target, said: Plain) -> Plain:
    """What is kept of an object in the file: defaults may be others in the next release."""
    usual = plain_of(NOTHING[target[0]])
    return {name: value for name, value in said.items() if usual.get(name) != value}


def at_start(
    objects: Mapping[Target, Plain], file: Mapping[Target, Plain], before: Words
) -> dict[Target, Plain]:
    """The objects as a start makes them: what the file says anew, the rest as it is."""
    made: dict[Target, Plain] = {}
    for target, said in file.items():
        then = plain_of(NOTHING[target[0]]) | before[target] if target in before else None
        now = objects.get(target)
        if then is None or (now is None and said != then):
            made[target] = said
        elif now is not None:
            merged = _merged(then, said, now)
            made[target] = merged if _fits(target, merged) else said
    return made


def told(objects: Mapping[Target, Plain], before: Words) -> list[Plain]:
    """Where the objects are not as the file said last: each setting, now and there."""
    said = {target: plain_of(NOTHING[target[0]]) | own for target, own in before.items()}
    return [
        {
            "kind": change.kind,
            "id": change.id,
            "what": change.what,
            "fields": msgspec.to_builtins(change.fields()),
            "settings": change.after,
        }
        for change in differences(objects, said)
    ]


def news(file: Mapping[Target, Plain], before: Words) -> list[Plain]:
    """What is to be remembered of the file, as `put_config` takes it: what it says anew."""
    said = {target: words_of(target, own) for target, own in file.items()}
    changed = [target for target in said if said[target] != before.get(target)]
    words = [{"kind": kind, "id": name, "settings": said[kind, name]} for kind, name in changed]
    return words + [{"kind": kind, "id": name} for kind, name in before if (kind, name) not in said]


def _merged(then: Any, said: Any, now: Any) -> Any:
    """Setting by setting; a list is one setting."""
    if said == then:
        return now
    if not all(isinstance(value, dict) for value in (then, said, now)):
        return said
    names = [*now, *(name for name in said if name not in now)]
    made = {
        name: _merged(then.get(name, _NONE), said.get(name, _NONE), now.get(name, _NONE))
        for name in names
    }
    return {name: value for name, value in made.items() if value is not _NONE}


def _fits(target: Target, settings: Plain) -> bool:
    """Whether settings of two hands go together."""
    made: Any = msgspec.convert(settings, STRUCTS[target[0]])
    match target[0]:
        case "tenant":
            return not list(unfit_tenant(made))
        case "calendar":
            return not list(calendars.unfit(made))
        case "queue":
            return not list(unfit(made))
    return True
