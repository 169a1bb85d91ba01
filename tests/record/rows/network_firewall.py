"""AWS Network Firewall."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateFirewall", {"Description": "d"}, {"description": HIDDEN}),
    ("CreateFirewallPolicy", {"FirewallPolicyName": "n"}, {"firewallPolicyName": "n", "dryRun": False}),
]
