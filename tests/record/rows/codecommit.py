"""AWS CodeCommit."""

REQUESTS = [
    (
        "CreateUnreferencedMergeCommit",
        {"conflictResolution": {"replaceContents": [{"filePath": "f", "content": b"c"}]}},
        {"conflictResolution": {"replaceContents": [{"filePath": "f"}]}},
    ),
    ("PutFile", {"filePath": "f", "fileContent": b"c"}, {"filePath": "f"}),
]

_REPOSITORY = "111122223333 AWS::CodeCommit::Repository arn:aws:codecommit:us-east-1:111122223333:"
_BOTH = [_REPOSITORY + "r", _REPOSITORY + "s"]

RESOURCES = [
    ("BatchAssociateApprovalRuleTemplateWithRepositories", {"repositoryNames": ["r", "s"]}, {}, _BOTH),
    ("BatchDisassociateApprovalRuleTemplateFromRepositories", {"repositoryNames": ["r", "s"]}, {}, _BOTH),
    ("BatchGetRepositories", {"repositoryNames": ["r", "s"]}, {}, _BOTH),
    ("CreatePullRequest", {"targets": [{"repositoryName": "r"}]}, {}, [_REPOSITORY + "r"]),
    ("DeleteBranch", {"repositoryName": "r"}, {}, [_REPOSITORY + "r"]),
]

RECORDS = [
    ("ListRepositories", {}, {"apiVersion": "2015-04-13"}),
]
