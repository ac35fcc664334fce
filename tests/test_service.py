"""The systemd unit that config/ offers to operators."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crosspost.cli import app
from crosspost.settings.models import Delivery

UNIT = Path(__file__).parent.parent / "config" / "crosspost.service"


@pytest.fixture
def service() -> dict[str, str]:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    return dict(unit["Service"])


def test_it_starts_a_command_that_exists(service: dict[str, str]) -> None:
    program, *arguments = shlex.split(service["ExecStart"])
    assert Path(program).name == "crosspost"
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


def test_it_gives_the_post_in_hand_its_time(service: dict[str, str]) -> None:
    assert float(service["TimeoutStopSec"].removesuffix("s")) > Delivery().timeout.total_seconds() + 2


def test_a_mistake_in_the_config_is_not_tried_again(service: dict[str, str]) -> None:
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", "2")


def test_systemd_understands_it(tmp_path: Path) -> None:
    if not (analyze := shutil.which("systemd-analyze")):
        pytest.skip("there is no systemd-analyze on this machine")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/crosspost/bin/crosspost", sys.executable))
    told = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")
