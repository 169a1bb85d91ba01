"""What the index knows of an event besides its record: one row a column."""

from __future__ import annotations

from typing import Final, NamedTuple


class Column(NamedTuple):
    """A column of the index.

    Attributes:
        name: its name in the index.
        type: its type in DuckDB's SQL.
        field: what filters, `--columns` and JSON call it: the record's own name, or LookupEvents' in that spelling.
        attribute: LookupEvents' AttributeKey for it, empty where it has none.
        many: whether a value is several texts, joined and enclosed by newlines; empty when there are none.
    """

    name: str
    type: str
    field: str
    attribute: str = ""
    many: bool = False


COLUMNS: Final = (
    Column("event_time", "BIGINT", "eventTime"),  # seconds since 1970
    Column("event_id", "VARCHAR", "eventID", "EventId"),
    Column("event_name", "VARCHAR", "eventName", "EventName"),  # of insights, what they are about; eventSource, too
    Column("event_source", "VARCHAR", "eventSource", "EventSource"),
    Column("user_name", "VARCHAR", "userName", "Username"),
    Column("access_key_id", "VARCHAR", "accessKeyId", "AccessKeyId"),
    Column("read_only", "BOOLEAN", "readOnly", "ReadOnly"),
    Column("error_code", "VARCHAR", "errorCode"),
    Column("source_ip", "VARCHAR", "sourceIPAddress"),
    Column("region", "VARCHAR", "awsRegion"),
    Column("account", "VARCHAR", "recipientAccountId"),
    Column("category", "VARCHAR", "eventCategory"),
    Column("role", "VARCHAR", "role"),  # name of an assumed role
    Column("session", "VARCHAR", "session"),  # name of a role's or federated user's session
    Column("principal", "VARCHAR", "userIdentity.arn"),  # of an assumed role's session the role's own ARN
    Column("resource_name", "VARCHAR", "resourceName", "ResourceName", many=True),
    Column("resource_type", "VARCHAR", "resourceType", "ResourceType", many=True),
)
"""Empty text stands for what a record does not say."""
