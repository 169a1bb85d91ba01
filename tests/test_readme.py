"""The README's two commands are those that .ci/run runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text() if (ROOT / "README.md").exists() else ""


def test_ci_takes_both_commands_from_the_readme():
    commands = re.findall(r"^python3 -m venv .*", README, re.MULTILINE)
    assert [c.rpartition("&& ")[2].split()[0] for c in commands] == [".venv/bin/bototrail", ".venv/bin/pytest"]
    ci = (ROOT / ".ci" / "run").read_text()
    assert "'^python3 -m venv .*bototrail demo'" in ci
    assert "'^python3 -m venv .*pytest'" in ci


@pytest.mark.parametrize("page", ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / page).read_text()):
        assert link.startswith("http") or (ROOT / page).parent.joinpath(link).exists(), link
