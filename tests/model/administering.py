"""Short stories of administrators: tokens taken back."""

from router.calls import Revoke
from tests.model.chance import START
from tests.model.scenes import Scene, Stage


def tokens_taken_back(stage: Stage) -> None:
    """The latest instant counts and the latest end; what has ended is forgotten."""
    stage.furnish()
    soon, late = START + 5_000, START + 9_000
    stage.play(
        Revoke(id="t1", until=soon, at=START),
        Revoke(subject="ann", before=START - 5, until=late, at=START, reason="lost"),
        Revoke(subject="ann", before=START - 900, until=soon, at=START),
        Revoke(subject="bob", before=START, until=late, at=soon),
        Revoke(id="t2", until=late, at=late),
    )


ADMINISTERING = (Scene(tokens_taken_back, ("token.revoked",)),)
