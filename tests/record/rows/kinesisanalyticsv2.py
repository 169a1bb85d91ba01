"""Amazon Managed Service for Apache Flink."""

REQUESTS = [
    (
        "CreateApplication",
        {"ApplicationConfiguration": {"ApplicationCodeConfiguration": {"CodeContent": {"ZipFileContent": b"z"}}}},
        {"applicationConfiguration": {"applicationCodeConfiguration": {"codeContent": {}}}},
    ),
    (
        "UpdateApplication",
        {
            "ApplicationConfigurationUpdate": {
                "ApplicationCodeConfigurationUpdate": {"CodeContentUpdate": {"ZipFileContentUpdate": b"z"}}
            }
        },
        {"applicationConfigurationUpdate": {"applicationCodeConfigurationUpdate": {"codeContentUpdate": {}}}},
    ),
]

RECORDS = [
    ("ListApplications", {}, {"apiVersion": "2018-05-23"}),
]
