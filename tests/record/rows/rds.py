"""Amazon RDS."""

from record.rows import HIDDEN

EVENTS = """
DownloadDBLogFilePortion Management read
"""

REQUESTS = [
    ("CreateDBCluster", {"MasterUserPassword": "p"}, {"masterUserPassword": HIDDEN}),
    ("ModifyDBInstance", {"TdeCredentialPassword": "p"}, {"tdeCredentialPassword": HIDDEN}),
]

RESULTS = [
    ("DeleteDBInstance", {"DBInstance": {"DBInstanceArn": "a"}}, {"dBInstanceArn": "a"}),
    ("ModifyDBInstance", {"DBInstance": {"PendingModifiedValues": {}}}, {"pendingModifiedValues": {}}),
    ("StopDBInstance", {"DBInstance": {"PendingModifiedValues": {"Port": 1}}}, {"pendingModifiedValues": HIDDEN}),
]
