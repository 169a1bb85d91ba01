"""An example of a record, and of its `resources` as templates, made by what makes records."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any, Final

import orjson

from bototrail.model import Call, Connection, Owner
from bototrail.record.assemble import assemble
from bototrail.record.converters import Shape
from bototrail.record.explain.changes import dotted
from bototrail.record.explain.samples import EXAMPLE_KEY, likely, placeholder, whole
from bototrail.record.identity import Identity, caller_of_unsigned
from bototrail.record.plan import Plan
from bototrail.record.rules import Resource
from bototrail.record.values import type_text

_ACCOUNT: Final = "111122223333"
_NO_ACCOUNT: Final = "000000000000"
_REGION: Final = "us-east-1"
_TIME: Final = 1688907903.0
_KEY_ID: Final = "AKIAIOSFODNN7EXAMPLE"
_ALICE: Final = Identity("IAMUser", "AIDAEXAMPLE", f"arn:aws:iam::{_ACCOUNT}:user/alice", _ACCOUNT, _KEY_ID, "alice")
_CONNECTION: Final = Connection("192.0.2.10", "TLSv1.3", "TLS_AES_128_GCM_SHA256")
_EVENT_ID: Final = "00000000-0000-4000-8000-000000000001"
_REQUEST_ID: Final = "00000000-0000-4000-8000-000000000002"
# Taken for an ARN by what makes the entries of `resources`, and taken out again.
_ARN: Final = "arn:::::"


def example(plan: Plan, service_model: Any, operation_model: Any) -> bytes:
    """A record of a successful call, with placeholders for what the caller gave and the service answered.

    Args:
        plan: the operation's.
        service_model: botocore's ServiceModel.
        operation_model: botocore's OperationModel.
    """
    params = _arguments(plan, operation_model.input_shape)
    parsed = _result(operation_model.output_shape, _REQUEST_ID)
    headers = _headers(operation_model.output_shape, parsed)
    identity, account = _ALICE, _ACCOUNT
    if getattr(operation_model, "auth_type", None) == "none":
        identity = caller_of_unsigned(plan.service_name, plan.operation_name, params, parsed)
        account = _NO_ACCOUNT
    call = Call(
        plan=plan,
        region=_REGION,
        access_key_id=_KEY_ID if identity is _ALICE else None,
        url=f"https://{_host(service_model)}/",
        user_agent="Boto3/1.44.5 md/Botocore#1.44.5",
        request_parameters=plan.request_parameters(params),
        response_headers=headers,
        response_elements=plan.response_elements(parsed, headers),
        parsed=parsed,
        status=200,
        request_id=_REQUEST_ID,
        connection=_CONNECTION,
        time=_TIME,
    )
    return assemble(call, _EVENT_ID, Owner(identity.json(), account.encode()))


def templates(plan: Plan, operation_model: Any) -> tuple[Mapping[str, Any], ...]:
    """The entries of `resources`, with `{requestParameters.key}` where a value goes.

    Entries that not every record of the operation has say when they are there, as `when`.
    """
    if plan.entries is None:
        return ()
    rows = plan.rules.resources.get(plan.operation_name, plan.rules.resources.get("*", ()))
    if any(_PICKED.search(row.arn) for row in rows):
        return tuple(_described(row) for row in rows)
    found = _entries(plan, operation_model)
    needed = operation_model.input_shape.required_members if operation_model.input_shape is not None else ()
    sure = [(entry.keys(), entry.get("type")) for entry in _entries(plan, operation_model, members=needed)]
    given = [e if (e.keys(), e.get("type")) in sure else {**e, "when": "the caller gives it"} for e in found]
    for start in dict.fromkeys(row.only for row in rows if row.only):
        more = [entry for entry in _entries(plan, operation_model, start=start) if entry not in found]
        given += [{**entry, "when": f"it begins with {start}"} for entry in more]
        found += more
    failed = [entry for entry in _entries(plan, operation_model, failed=True) if entry not in found]
    return (*given, *({**entry, "when": "the result does not tell"} for entry in failed))


# What is picked out of a text, which no placeholder shows.
_WORDS: Final = {
    "from": "the table in",
    "function": "the function's name in",
    "queue": "account and name of the queue in",
    "source_bucket": "the bucket in",
    "source_object": "bucket and key in",
}
_PICKED: Final = re.compile(rf"\{{request\.([^}}|]+)\|({'|'.join(_WORDS)})\}}")


def _described(row: Resource) -> dict[str, str]:
    """The entry of a row, with words for what is picked out."""
    picked = _PICKED.sub(lambda found: f"{{{_WORDS[found[2]]} requestParameters.{found[1]}}}", row.arn)
    named = {row.key: picked.replace("{request.", "{requestParameters.")}
    return {**({"accountId": "{account}"} if row.account else {}), **({"type": row.type} if row.type else {}), **named}


def _entries(
    plan: Plan,
    operation_model: Any,
    members: Container[str] | None = None,
    start: str = "",
    failed: bool = False,
) -> list[dict[str, Any]]:
    """The entries for a call with the arguments `members` (None: all), each text beginning with `start`."""
    params = _arguments(plan, operation_model.input_shape)
    params = {name: value for name, value in params.items() if members is None or name in members}
    parsed = _result(operation_model.output_shape, "requestID")
    answered = plan.response_elements(parsed, _headers(operation_model.output_shape, parsed))
    start = _ARN if start == "arn:" else start
    call = Call(
        plan=plan,
        partition="{partition}",
        region="{region}",
        request_parameters=_named(plan.request_parameters(params), ("requestParameters",), start),
        response_elements=None if failed else _named(answered, ("responseElements",)),
        parsed={} if failed else _named(parsed, ("result",)),
        error_code="Failed" if failed else None,
    )
    record = orjson.loads(assemble(call, _EVENT_ID, Owner(b"{}", b"{account}")))
    return [
        {key: value.replace(_ARN, "").replace(start + "{request", "{request") for key, value in entry.items()}
        for entry in record.get("resources", ())
    ]


def _named(tree: Any, path: tuple[Any, ...], start: str = "") -> Any:
    """The same tree with the name of its place for every text."""
    if isinstance(tree, dict):
        return {key: _named(value, (*path, key), start) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_named(value, (*path, index), start) for index, value in enumerate(tree)]
    if not isinstance(tree, str):
        return tree
    is_arn = path[0] == "result" or str(path[-1]).lower().endswith("arn")
    return f"{_ARN if is_arn else start}{{{dotted(path)}}}"


def _arguments(plan: Plan, shape: Shape | None) -> dict[str, Any]:
    """Arguments that a program could have given."""
    if shape is None:
        return {}
    params: dict[str, Any] = likely(shape, placeholder)
    lean = likely(shape, placeholder, lean=True)
    for name, value in params.items():
        # Where one member of several must be chosen, such as the type of a value in DynamoDB.
        if type_text({}) in str(plan.request_parameters({name: value})):
            params[name] = lean[name]
    return params


def _result(shape: Shape | None, request_id: str) -> dict[str, Any]:
    found: dict[str, Any] = whole(shape, placeholder, EXAMPLE_KEY) if shape is not None else {}
    return {**found, "ResponseMetadata": {"RequestId": request_id}}


def _headers(shape: Shape | None, parsed: Mapping[str, Any]) -> dict[str, str]:
    """The headers that the members of a result come from."""
    found = {}
    for name, member in shape.members.items() if shape is not None else ():
        if member.serialization.get("location") == "header" and name in parsed:
            found[str(member.serialization.get("name", name)).lower()] = str(parsed[name])
    return found


def _host(service_model: Any) -> str:
    metadata = service_model.metadata
    return str(metadata.get("globalEndpoint") or f"{service_model.endpoint_prefix}.{_REGION}.amazonaws.com")


def failure(plan: Plan, code: str, status: int) -> dict[str, Any]:
    """The record of a call that failed.

    Args:
        plan: the operation's.
        code: the code in the answer.
        status: its HTTP status.
    """
    call = Call(
        plan=plan,
        error_code=code,
        error_message="message",
        error_fields={"message": "message"},
        request_parameters={"given": True},
        status=status,
    )
    record: dict[str, Any] = orjson.loads(assemble(call, _EVENT_ID, Owner(_ALICE.json(), _ACCOUNT.encode())))
    return record
