"""botocore's plug-in mechanism: `BOTOCORE_EXPERIMENTAL__PLUGINS=bototrail=bototrail.plugin` with `BOTOTRAIL=...`."""

from __future__ import annotations

from typing import Any

from bototrail.recorder import attach, start_from_environment

_started = False


def initialize_client_plugin(client: Any) -> None:
    """Called by botocore with every client it makes; the first call starts the recorder."""
    global _started
    if not _started:  # not again after a stop(), nor one complaint per client
        _started = True
        start_from_environment()
    attach(client)
