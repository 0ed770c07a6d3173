"""The rules that random walks hardly ever meet."""

from collections.abc import Callable

import pytest
import redis

from router.engine.library import Library
from tests.model.conversing import CONVERSING
from tests.model.handing_on import HANDING_ON
from tests.model.meetings import MEETINGS
from tests.model.rare import CHECKS, Tenant
from tests.model.repairs import REPAIRS
from tests.model.returning import RETURNING
from tests.model.scenes import SCENES, Scene, Stage
from tests.model.speaking import SPEAKING
from tests.model.taking import TAKING


@pytest.mark.parametrize("check", [*CHECKS, *MEETINGS, *REPAIRS], ids=lambda check: check.__name__)
def test_a_rare_rule_holds(
    check: Callable[[Tenant], None], client: "redis.Redis", library: Library, tenant: str
) -> None:
    client.function_load(library.code, replace=True)

    check(Tenant(client, library, tenant))


@pytest.mark.parametrize(
    "scene",
    [*SCENES, *RETURNING, *SPEAKING, *TAKING, *HANDING_ON, *CONVERSING],
    ids=lambda scene: scene.tell.__name__,
)
def test_both_sides_agree_on_a_rare_scene(
    scene: Scene, client: "redis.Redis", library: Library, tenant: str
) -> None:
    with Stage(client, library, tenant) as stage:
        scene.tell(stage)

        assert sorted(set(scene.reaches) - set(stage.pair.reached)) == []
