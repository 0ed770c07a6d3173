"""All the scenes: what walks hardly ever come by, told step by step to both sides."""

from typing import Final

from tests.model.answering import ANSWERING
from tests.model.bells import BELLS
from tests.model.busy import BUSY
from tests.model.calling import CALLING
from tests.model.coming import COMING
from tests.model.conversing import CONVERSING
from tests.model.handing_on import HANDING_ON
from tests.model.moving import MOVING
from tests.model.ordering import ORDERING
from tests.model.refusing import REFUSING
from tests.model.returning import RETURNING
from tests.model.scenes import SCENES, Scene
from tests.model.speaking import SPEAKING
from tests.model.taking import TAKING
from tests.model.telling import TELLING

STORIES: Final[tuple[Scene, ...]] = (
    *(*SCENES, *RETURNING, *SPEAKING),
    *(*TAKING, *HANDING_ON, *CONVERSING, *ANSWERING),
    *(*ORDERING, *CALLING, *BUSY, *REFUSING),
    *(*COMING, *BELLS, *TELLING, *MOVING),
)
