"""The command `acd demo --story`: a day of a team, told while real clients play it.

Each story has a tenant of its own on the running router, takes seconds, and fails with what it saw
when the router does anything else than what is told.
"""

import secrets
from collections.abc import Callable
from types import ModuleType

import aiohttp

from router.api.roles import Role
from router.insight.stories import chat, portal, returns, school, team_inbox
from router.insight.stories.scene import Scene, StoryError

__all__ = ["STORIES", "StoryError", "play"]

STORIES: dict[str, ModuleType] = {
    "inbox": team_inbox,
    "school": school,
    "portal": portal,
    "returns": returns,
    "chat": chat,
}


async def play(
    name: str,
    base: str,
    token: Callable[[str, Role, str], str],
    tell: Callable[[str], None],
    *,
    tenant: str | None = None,
) -> None:
    """Plays a story against the router at `base`; `token` signs for a tenant, a role and a name.

    Without `tenant` it makes one of its own.
    Raises: StoryError.
    """
    own = tenant or f"story-{name}-{secrets.token_hex(3)}"
    async with aiohttp.ClientSession(base) as http:
        scene = Scene(http, lambda role, who: token(own, role, who), tell)
        try:
            await STORIES[name].play(scene)
        except aiohttp.ClientError as error:
            raise StoryError(f"the router at {base} went away: {error}") from None
        finally:
            await scene.end()
