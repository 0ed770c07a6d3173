"""All the scenes: what walks hardly ever come by, told step by step to both sides."""

from typing import Final

from tests.model.administering import ADMINISTERING
from tests.model.answering import ANSWERING
from tests.model.arriving import ARRIVING
from tests.model.bells import BELLS
from tests.model.busy import BUSY
from tests.model.calling import CALLING
from tests.model.coming import COMING
from tests.model.connected import CONNECTED
from tests.model.conversing import CONVERSING
from tests.model.handing_on import HANDING_ON
from tests.model.moving import MOVING
from tests.model.ordering import ORDERING
from tests.model.refusing import REFUSING
from tests.model.returning import RETURNING
from tests.model.scenes import SCENES, Scene
from tests.model.speaking import SPEAKING
from tests.model.strangers import STRANGERS
from tests.model.taking import TAKING
from tests.model.telling import TELLING
from tests.model.waiting import WAITING

STORIES: Final[tuple[Scene, ...]] = (
    *ADMINISTERING,
    *ANSWERING,
    *ARRIVING,
    *BELLS,
    *BUSY,
    *CALLING,
    *COMING,
    *CONNECTED,
    *CONVERSING,
    *HANDING_ON,
    *MOVING,
    *ORDERING,
    *REFUSING,
    *RETURNING,
    *SCENES,
    *SPEAKING,
    *STRANGERS,
    *TAKING,
    *TELLING,
    *WAITING,
)
