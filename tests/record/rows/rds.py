"""Amazon RDS."""

from record.rows import HIDDEN

EVENTS = """
DownloadDBLogFilePortion Management read
"""

REQUESTS = [
    ("CreateDBCluster", {"MasterUserPassword": "p"}, {"masterUserPassword": HIDDEN}),
    ("DescribeDBSnapshots", {}, {"includePublic": False, "includeShared": False}),
    ("ModifyDBInstance", {"TdeCredentialPassword": "p"}, {"tdeCredentialPassword": HIDDEN}),
]

RESULTS = [
    ("CreateDBProxy", {"DBProxy": {"DBProxyName": "p"}}, {"dBProxy": {"dBProxyName": "p"}}),
    ("CreateDBProxyEndpoint", {"DBProxyEndpoint": {"Status": "s"}}, {"dBProxyEndpoint": {"status": "s"}}),
    ("DeleteDBInstance", {"DBInstance": {"DBInstanceArn": "a"}}, {"dBInstanceArn": "a"}),
    ("ModifyDBInstance", {"DBInstance": {"PendingModifiedValues": {}}}, {"pendingModifiedValues": {}}),
    (
        "ModifyDBInstance",
        {"DBInstance": {"PendingModifiedValues": {"Port": 1, "MasterUserPassword": "p"}}},
        {"pendingModifiedValues": {"port": 1, "masterUserPassword": HIDDEN}},
    ),
]
