"""IAM's wildcards: what a pattern covers, and how text is written so that it stays text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ESCAPES: Final = re.compile(r"\$\{([*?$])\}|(\*)|(\?)|\$\{[^}]*\}")
_SPECIAL: Final = re.compile(r"[*?]|\$(?=\{)")


def literal(text: str) -> str:
    """Text that a policy takes as it is, with `${*}`, `${?}` and `${$}` (IAM user guide, policy variables)."""
    return _SPECIAL.sub(lambda found: f"${{{found[0]}}}", text)


@lru_cache(maxsize=8192)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    out, end = "", 0
    for found in _ESCAPES.finditer(pattern):
        out += re.escape(pattern[end : found.start()])
        # A variable such as ${aws:username} has a value that only the request tells.
        out += re.escape(f"${{{found[1]}}}") if found[1] else "." if found[3] else ".*"
        end = found.end()
    return re.compile(out + re.escape(pattern[end:]), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def covers(pattern: str, what: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern with `*` and `?` covers a text, or all that another pattern covers."""
    return pattern == "*" or _compiled(pattern, ignore_case).fullmatch(what) is not None


def covers_arn(pattern: str, arn: str) -> bool:
    """Whether the pattern of a statement's Resource covers an ARN.

    The region and account of a need may be unknown (`*`), and so are the six characters at the end of a secret's ARN:
    then whatever the pattern says there is taken for the right one.
    """
    if covers(pattern, arn):
        return True
    theirs, ours = pattern.split(":", 5), arn.split(":", 5)
    if len(theirs) < 6 or len(ours) < 6:
        return False
    for place in (3, 4):
        if ours[place] == "*":
            ours[place] = theirs[place]
    if ours[5].endswith("-??????") and not theirs[5].endswith(("*", "?")):
        ours[5] = ours[5][:-6] + theirs[5][-6:]
    return covers(pattern, ":".join(ours))
