"""docs/trails.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bototrail.errors import TrailsFileError
from bototrail.trails import limits
from bototrail.trails.file import load_trails
from bototrail.trails.shapes import S3_OPTIONS, trail_shapes

PAGE = (Path(__file__).parent.parent.parent / "docs" / "trails.md").read_text(encoding="utf-8")
EXAMPLE, DELIVERY = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_has_no_faults(tmp_path):
    (tmp_path / "trails.toml").write_text(EXAMPLE)
    loaded = load_trails(tmp_path / "trails.toml", {})
    assert ([trail.Name for trail in loaded.trails], loaded.notes) == (["all", "writes", "reports"], ())
    (tmp_path / "trails.toml").write_text(EXAMPLE + DELIVERY)
    assert load_trails(tmp_path / "trails.toml", {}).trails[2].delivery["profile_name"] == "audit"


@pytest.mark.parametrize("name", [*trail_shapes(), *S3_OPTIONS])
def test_every_key_is_told(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [name for name in vars(limits) if name.isupper()])
def test_every_limit_is_told(name):
    assert re.search(rf"\| {getattr(limits, name)}[;\n ]", PAGE)


def test_the_faults_shown_are_what_is_printed(tmp_path, monkeypatch):
    shown = re.search(r"```\n(trails.toml:4: .*?)\n```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    trail = '\n\n[[trailList]]\nName = "ab"\nS3BucketName = "bucket"\n'
    Path("trails.toml").write_text(trail + "\n\n\nEventSelectors = [{ ReadWriteTyp = 'All' }]")
    with pytest.raises(TrailsFileError) as caught:
        load_trails("trails.toml")
    assert str(caught.value) == shown[1]
