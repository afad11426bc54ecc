"""A file that the command line cannot read is an error in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli_files import read_file
from reelcast.errors import InputError
from reelcast.plans import CampaignPlan


@pytest.mark.parametrize("written", [b"a: 2026-13-45", b"a: [", b"\xff\xfe\xfa"])
def test_what_is_no_yaml_is_said_to_be_none(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(written)
    with pytest.raises(InputError, match="neither JSON nor YAML"):
        read_file(CampaignPlan, file)
