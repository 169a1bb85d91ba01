"""AWS CodeCommit."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service


def _repository(path: str) -> Resource:
    return Resource(
        "AWS::CodeCommit::Repository", f"arn:{{partition}}:codecommit:{{region}}:{{account}}:{{request.{path}}}"
    )


_REPOSITORIES: Final = (_repository("repositoryNames.*"),)

SERVICE: Final = Service(
    # Files are content. [PutFile of 2021]
    hidden={
        "*.fileContent": OMITTED,
        "ReplaceContentEntry.content": OMITTED,
    },
    # [rules.md §1]
    api_version="2015-04-13",
    # [records of 2021]
    resources={
        "*": (_repository("repositoryName"),),
        "BatchAssociateApprovalRuleTemplateWithRepositories": _REPOSITORIES,
        "BatchDisassociateApprovalRuleTemplateFromRepositories": _REPOSITORIES,
        "BatchGetRepositories": _REPOSITORIES,
        "CreatePullRequest": (_repository("targets.*.repositoryName"),),
    },
)
