"""Amazon FSx."""

REQUESTS = [
    (
        "CreateFileSystem",
        {
            "WindowsConfiguration": {
                "SelfManagedActiveDirectoryConfiguration": {"DomainJoinServiceAccountSecret": "arn"}
            }
        },
        {
            "windowsConfiguration": {
                "selfManagedActiveDirectoryConfiguration": {"domainJoinServiceAccountSecret": "arn"}
            }
        },
    ),
]

RECORDS = [
    ("DescribeFileSystems", {}, {"apiVersion": "2018-03-01"}),
]
