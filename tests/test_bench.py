"""Every benchmark runs, small and short, and prints its figures; they are not judged here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read CPU time from /proc"),
]


def figures_of(name: str) -> dict[str, Any]:
    """What the benchmark prints: one JSON object and nothing else."""
    program = [sys.executable, str(ROOT / f"bench/{name}.py"), "--quick", "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "engine",
            ["xadds_per_contact", "growth", "contacts_per_second", "bytes_per_waiting_contact"],
        ),
        (
            "latency",
            ["p50_ms", "p99_ms", "floor_p50_ms", "floor_p99_ms", "ratio_p50", "ratio_p99"],
        ),
        ("features", ["everything_ratio", "everything_growth", "default_growth"]),
        ("inbox", ["worst_growth", "worst_ms"]),
        ("lifecycle", ["lifecycles_per_second"]),
        ("loss", ["answered"]),
        ("places", ["ratio_ms", "ratio_cpu"]),
        ("archive", ["ratio", "bytes_per_contact"]),
        pytest.param(
            "wall",
            ["floor_percent", "busy_percent", "list_percent", "scroll_frame_ms"],
            marks=pytest.mark.skipif(which("chromium") is None, reason="Chromium is not installed"),
        ),
    ],
)
def test_a_benchmark_prints_its_figures(name: str, keys: list[str]) -> None:
    figures = figures_of(name)

    assert all(figures[key] > 0 for key in keys)
    if name == "loss":
        assert figures["lost"] == 0
    if name == "lifecycle":
        assert figures["cpu_us_per_lifecycle"].keys() == {"router", "store", "generator"}
