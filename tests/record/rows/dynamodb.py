"""Amazon DynamoDB."""

from record.rows import HIDDEN

EVENTS = """
BatchExecuteStatement               Data       write
BatchGetItem                        Data       read
BatchWriteItem                      Data       write
CreateTable                         Management write
DeleteItem                          Data       write
DescribeKinesisStreamingDestination Management write
ExecuteStatement                    Data       write
ExecuteTransaction                  Data       write
GetItem                             Data       read
ListContributorInsights             Management write
PutItem                             Data       write
Query                               Data       read
Scan                                Data       read
TransactGetItems                    Data       write
TransactWriteItems                  Data       write
UpdateItem                          Data       write
"""

REQUESTS = [
    (
        "BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT * FROM t WHERE a = 'v'", "Parameters": [{"S": "v"}]}]},
        {"requestItems": [{"statement": "SELECT * FROM t WHERE a = ***(Redacted)"}]},
    ),
    (
        "BatchGetItem",
        {"RequestItems": {"t": {"Keys": [{"a": {"S": "k"}}]}}},
        {"requestItems": {"t": {"keys": [{"a": "k"}]}}},
    ),
    (
        "BatchWriteItem",
        {"RequestItems": {"t": [{"DeleteRequest": {"Key": {"a": {"S": "k"}}}}]}},
        {"requestItems": {"t": [{"deleteRequest": {"key": {"a": "k"}}}]}},
    ),
    ("DeleteItem", {"TableName": "t", "Expected": {"a": {"Exists": False}}}, {"tableName": "t"}),
    ("DeleteItem", {"TableName": "t", "Key": {"a": {"S": "k"}}}, {"tableName": "t", "key": {"a": "k"}}),
    ("ExecuteStatement", {"NextToken": "n"}, {"nextToken": HIDDEN}),
    ("ExecuteStatement", {"Parameters": [{"S": "v"}]}, None),
    ("GetItem", {"TableName": "t", "Key": {"a": {"S": "k"}}}, {"tableName": "t", "key": {"a": "k"}}),
    ("ListExports", {"NextToken": "n"}, {"nextToken": "n"}),
    ("PutItem", {"TableName": "t", "Item": {"a": {"S": "v"}}}, {"tableName": "t", "item": ["a"]}),
    ("Query", {"ExclusiveStartKey": {"a": {"N": "1"}}}, {"exclusiveStartKey": {"a": "1"}}),
    ("Query", {"TableName": "t", "ExpressionAttributeValues": {":a": {"S": "v"}}}, {"tableName": "t"}),
    ("Query", {"TableName": "t", "KeyConditions": {"a": {"ComparisonOperator": "EQ"}}}, {"tableName": "t"}),
    ("Query", {"TableName": "t", "QueryFilter": {"a": {"ComparisonOperator": "EQ"}}}, {"tableName": "t"}),
    ("Scan", {"TableName": "t", "ScanFilter": {"a": {"ComparisonOperator": "EQ"}}}, {"tableName": "t"}),
    (
        "TransactGetItems",
        {"TransactItems": [{"Get": {"TableName": "t", "Key": {"a": {"S": "k"}}}}]},
        {"transactItems": [{"get": {"tableName": "t", "key": {"a": "k"}}}]},
    ),
    (
        "TransactWriteItems",
        {"TransactItems": [{"ConditionCheck": {"TableName": "t", "Key": {"a": {"S": "k"}}}}]},
        {"requestItems": [{"operation": "ConditionCheck", "tableName": "t", "key": {"a": "k"}}]},
    ),
    (
        "TransactWriteItems",
        {"TransactItems": [{"Delete": {"TableName": "t", "Key": {"a": {"S": "k"}}}}]},
        {"requestItems": [{"operation": "Delete", "tableName": "t", "key": {"a": "k"}}]},
    ),
    (
        "TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "t", "Item": {"a": {"S": "v"}}}}, {"Delete": {"TableName": "u"}}]},
        {
            "requestItems": [
                {"operation": "Put", "tableName": "t", "items": ["a"]},
                {"operation": "Delete", "tableName": "u"},
            ]
        },
    ),
    (
        "TransactWriteItems",
        {"TransactItems": [{"Update": {"TableName": "t", "Key": {"a": {"S": "k"}}}}]},
        {"requestItems": [{"operation": "Update", "tableName": "t", "key": {"a": "k"}}]},
    ),
    ("UpdateItem", {"TableName": "t", "AttributeUpdates": {"a": {"Action": "DELETE"}}}, {"tableName": "t"}),
    ("UpdateItem", {"TableName": "t", "Key": {"a": {"B": b"k"}}}, {"tableName": "t", "key": {"a": "aw=="}}),
]

RESULTS = [
    ("BatchExecuteStatement", {"Responses": [{"TableName": "t"}]}, None),
    ("BatchWriteItem", {"UnprocessedItems": {"t": []}}, None),
    ("DeleteItem", {"Attributes": {"a": {"S": "v"}}}, None),
    ("DeleteTable", {"TableDescription": {"TableName": "t"}}, {"tableDescription": {"tableName": "t"}}),
    ("DescribeKinesisStreamingDestination", {"TableName": "t"}, None),
    ("ExecuteStatement", {"Items": [{"a": {"S": "v"}}]}, None),
    ("ExecuteTransaction", {"Responses": [{"Item": {"a": {"S": "v"}}}]}, None),
    ("ListContributorInsights", {"ContributorInsightsSummaries": []}, None),
    ("PutItem", {"Attributes": {"a": {"S": "v"}}}, None),
    ("TransactWriteItems", {"ConsumedCapacity": [{"TableName": "t"}]}, None),
    ("UpdateItem", {"Attributes": {"a": {"S": "v"}}}, None),
]

_TABLE = "111122223333 AWS::DynamoDB::Table arn:aws:dynamodb:us-east-1:111122223333:table/"

RESOURCES = [
    ("BatchExecuteStatement", {"Statements": [{"Statement": "update t set a=1"}]}, {}, [_TABLE + "t"]),
    ("BatchGetItem", {"RequestItems": {"t": {}, "u": {}}}, {}, [_TABLE + "t", _TABLE + "u"]),
    ("BatchWriteItem", {"RequestItems": {"t": []}}, {}, [_TABLE + "t"]),
    ("ExecuteStatement", {"Statement": "DELETE FROM \"t-1\" WHERE a='from x'"}, {}, [_TABLE + "t-1"]),
    ("ExecuteTransaction", {"TransactStatements": [{"Statement": "DELETE FROM t"}]}, {}, [_TABLE + "t"]),
    ("GetItem", {"TableName": "t"}, {}, [_TABLE + "t"]),
    ("TagResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:111122223333:table/t"}, {}, [_TABLE + "t"]),
    ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "t"}}]}, {}, [_TABLE + "t"]),
    (
        "TransactWriteItems",
        {"TransactItems": [{"Delete": {"TableName": "t"}}, {"Update": {"TableName": "t"}}]},
        {},
        [_TABLE + "t"],
    ),
]

RECORDS = [
    ("GetItem", {}, {"apiVersion": "2012-08-10"}),
]
