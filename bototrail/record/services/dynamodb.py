"""Amazon DynamoDB."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, OMITTED, Resource, Service


def _table(path: str) -> Resource:
    return Resource(
        "AWS::DynamoDB::Table", f"arn:{{partition}}:dynamodb:{{region}}:{{account}}:table/{{request.{path}}}"
    )


SERVICE: Final = Service(
    # [rules.md §1]
    api_version="2012-08-10",
    # [facts §4.5]
    data_events=frozenset(
        {
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    # [records of 2021]
    writes=frozenset(
        {
            "DescribeKinesisStreamingDestination",
            "ListContributorInsights",
        }
    ),
    # Results of item operations are null in all of AWS's examples; they could hold values. [AWS developer guide]
    silent=frozenset(
        {
            "BatchExecuteStatement",
            "BatchWriteItem",
            "DeleteItem",
            "DescribeKinesisStreamingDestination",
            "ExecuteStatement",
            "ExecuteTransaction",
            "ListContributorInsights",
            "PutItem",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    # "Non key attribute values do not appear": an item is the list of its names, a key is without types. [same]
    forms={
        "*.ExclusiveStartKey": "untyped",
        "*.Item": "names",
        "*.Statement": "partiql",
        "ConditionCheck.Key": "untyped",
        "Delete.Key": "untyped",
        "DeleteItemInput.Key": "untyped",
        "DeleteRequest.Key": "untyped",
        "Get.Key": "untyped",
        "GetItemInput.Key": "untyped",
        "KeysAndAttributes.Keys": "untyped",
        "Update.Key": "untyped",
        "UpdateItemInput.Key": "untyped",
    },
    # A transaction is logged as a list of requests that name their operation. [AWS developer guide, log file entries]
    choices={"TransactWriteItem": "operation"},
    # [same]
    renames={
        "BatchExecuteStatementInput.Statements": "requestItems",
        "Put.Item": "items",
        "TransactWriteItemsInput.TransactItems": "requestItems",
    },
    # [same; facts §1.9]
    hidden={
        "*.AttributeUpdates": OMITTED,
        "*.Expected": OMITTED,
        "*.ExpressionAttributeValues": OMITTED,
        "*.KeyConditions": OMITTED,
        "*.Parameters": OMITTED,
        "*.QueryFilter": OMITTED,
        "*.ScanFilter": OMITTED,
        "ExecuteStatementInput.NextToken": HIDDEN,  # holds values of the statement
    },
    # [rules.md §10]
    resources={
        "*": (_table("tableName,request.resourceArn"),),
        "BatchExecuteStatement": (_table("requestItems.*.statement|from"),),
        "BatchGetItem": (_table("requestItems.*"),),
        "BatchWriteItem": (_table("requestItems.*"),),
        "ExecuteStatement": (_table("statement|from"),),
        "ExecuteTransaction": (_table("transactStatements.*.statement|from"),),
        "TransactGetItems": (_table("transactItems.*.get.tableName"),),
        "TransactWriteItems": (_table("requestItems.*.tableName"),),
    },
)
