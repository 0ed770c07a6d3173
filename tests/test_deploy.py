"""What operations are told to watch is what a router exports."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from router.engine.library import ROOT

EXPORTED = set(
    re.findall(
        r'"(acd_[a-z_]+)"',
        "".join(
            Path(ROOT, "router", name).read_text("utf-8")
            for name in (
                *("metrics.py", "gauges.py", "archive/archive.py", "watchdog.py"),
                "gateways/chat/metrics.py",
            )
        ),
    )
)


@pytest.mark.parametrize("page", ["deploy/alerts.yml", "docs/operations.md", "docs/chat.md"])
def test_every_metric_that_is_named_is_exported(page: str) -> None:
    named = set(re.findall(r"\bacd_[a-z_]+", Path(ROOT, page).read_text("utf-8")))

    assert named
    assert {re.sub("_(total|bucket)$", "", name) for name in named} <= EXPORTED


def test_the_alert_rules_are_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    rules = str(Path(ROOT, "deploy/alerts.yml"))

    checked = subprocess.run([promtool, "check", "rules", rules], capture_output=True, check=False)

    assert checked.returncode == 0, checked.stderr
