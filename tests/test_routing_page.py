"""The page for those who set routing up names every setting that they have."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from presence.settings import AgentDefinition, Membership
from queues.settings import QueueSettings, Step
from router.settings import ChannelSettings, IntakeSettings, SubjectSettings, TenantSettings

PAGES = [Path(__file__).parent.parent / "docs" / name for name in ("routing.md", "operations.md")]
TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)
STRUCTS = (
    QueueSettings,
    Step,
    ChannelSettings,
    SubjectSettings,
    IntakeSettings,
    TenantSettings,
    AgentDefinition,
    Membership,
)


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_setting_is_explained(struct: Any) -> None:
    missing = [f.name for f in msgspec.structs.fields(struct) if f.encode_name not in TEXT]

    assert missing == []
