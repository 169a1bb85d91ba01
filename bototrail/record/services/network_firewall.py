"""AWS Network Firewall."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [CreateFirewall of 2021 and 2023]
    hidden={
        "*.Description": HIDDEN,
    },
    # [CreateFirewallPolicy of 2021]
    defaults={"CreateFirewallPolicyRequest": {"dryRun": False}},
)
