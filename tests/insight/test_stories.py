"""Each story goes as it is told, on a real router; and one that does not says what it saw."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from router.api.roles import Role
from router.cli import main
from router.insight import stories
from router.insight.stories import StoryError
from router.insight.stories.scene import Scene
from tests.clients import Api, token
from tests.routers import archived, http, new_service

__all__ = ["archived", "http", "new_service"]


def signed(tenant: str, role: Role, who: str) -> str:
    return token(tenant, who, role)


@pytest.mark.parametrize("name", stories.STORIES)
async def test_a_story_goes_as_it_is_told(name: str, archived: Api, tenant: str) -> None:
    told: list[str] = []

    await stories.play(name, archived.url, signed, told.append, tenant=tenant)

    assert len(told) >= 5


async def test_a_story_that_goes_another_way_says_what_it_saw(
    archived: Api, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(scene: Scene) -> None:
        await scene.is_refused(Role.ADMIN, "PUT", "/v1/tenant", {})

    monkeypatch.setitem(stories.STORIES, "wrong", SimpleNamespace(play=play))

    with pytest.raises(StoryError, match=r"PUT /v1/tenant was not refused: \{"):
        await stories.play("wrong", archived.url, signed, print, tenant=tenant)


def test_an_unknown_story_names_those_there_are() -> None:
    ended = CliRunner().invoke(main, ["demo", "--story", "opera"])

    assert ended.exit_code == 2
    assert "--story opera: expected one of " in ended.output
    for name in stories.STORIES:
        assert name in ended.output
