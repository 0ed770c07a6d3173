"""The rules that random walks hardly ever meet."""

from collections.abc import Callable

import pytest
import redis

from router.engine.library import Library
from tests.model.meetings import MEETINGS
from tests.model.rare import CHECKS, Tenant
from tests.model.repairs import REPAIRS
from tests.model.scenes import Scene, Stage
from tests.model.stories import STORIES


@pytest.mark.parametrize("check", [*CHECKS, *MEETINGS, *REPAIRS], ids=lambda check: check.__name__)
def test_a_rare_rule_holds(
    check: Callable[[Tenant], None], client: "redis.Redis", library: Library, tenant: str
) -> None:
    client.function_load(library.code, replace=True)

    check(Tenant(client, library, tenant))


@pytest.mark.parametrize("scene", STORIES, ids=lambda scene: scene.tell.__name__)
def test_both_sides_agree_on_a_rare_scene(
    scene: Scene, client: "redis.Redis", library: Library, tenant: str
) -> None:
    with Stage(client, library, tenant) as stage:
        scene.tell(stage)

        assert sorted(set(scene.reaches) - set(stage.pair.reached)) == []
