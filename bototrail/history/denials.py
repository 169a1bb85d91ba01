"""What means that somebody may not do something."""

from __future__ import annotations

from typing import Final

DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedOperation"}
)
DENIED_PATTERNS: Final = ("*AccessDenied*",)
