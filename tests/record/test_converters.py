"""What holds for any value a program may pass: nothing raises, changes, is shared, or leaks."""

from __future__ import annotations

import copy
import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bototrail.record import plan_for
from bototrail.record.rules import rules_for

SECRET = "s3cret-value"
OPERATIONS = [
    ("apigatewayv2", "CreateAuthorizer"),
    ("cognito-idp", "AdminCreateUser"),
    ("dynamodb", "TransactWriteItems"),
    ("ec2", "CreateLaunchTemplate"),
    ("ec2", "RequestSpotInstances"),
    ("ec2", "RunInstances"),
    ("emr", "RunJobFlow"),
    ("iam", "CreateLoginProfile"),
    ("kms", "CreateCustomKeyStore"),
    ("lambda", "CreateFunction"),
    ("s3", "PutBucketLifecycleConfiguration"),
    ("s3", "PutObject"),
    ("secretsmanager", "CreateSecret"),
    ("ssm", "PutParameter"),
    ("sts", "AssumeRoleWithSAML"),
]

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.datetimes()
    | st.decimals()
    | st.builds(object)
    | st.builds(MagicMock),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def is_secret(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))


@st.composite
def arguments(draw: Any, shape: Any, shown: frozenset[str], depth: int = 0) -> Any:
    """A value for a shape: mostly of its type, sometimes of any other; what is sensitive is always the secret."""
    if is_secret(shape) and shape.type_name in ("string", "blob"):
        return SECRET if shape.type_name == "string" else SECRET.encode()
    if depth > 5 or draw(st.integers(0, 9)) == 0:
        return draw(anything)
    if shape.type_name == "structure":
        members = sorted(shape.members)
        chosen = draw(st.lists(st.sampled_from(members), max_size=5, unique=True)) if members else []
        secret = {name for name in members if is_secret(shape.members[name]) and f"*.{name}" not in shown}
        plain = [name for name in chosen if name not in secret and f"*.{name}" not in shown]
        return {name: draw(arguments(shape.members[name], shown, depth + 1)) for name in [*plain, *sorted(secret)]}
    if shape.type_name == "list":
        return draw(st.lists(arguments(shape.member, shown, depth + 1), max_size=2))
    if shape.type_name == "map":
        return draw(st.dictionaries(st.text(max_size=4), arguments(shape.value, shown, depth + 1), max_size=2))
    return draw(anything)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_arguments_become_json_without_secrets(
    plan: Any, record: Any, service_model: Any, service: str, operation: str, data: Any
) -> None:
    model = service_model(service).operation_model(operation)
    params = data.draw(arguments(model.input_shape, rules_for(service).shown))
    params = params if isinstance(params, dict) else {}
    before = repr(params)
    made = record(service, operation, params)
    assert repr(params) == before
    assert SECRET not in json.dumps(made)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_result_becomes_json_without_secrets(
    record: Any, service_model: Any, service: str, operation: str, data: Any
) -> None:
    model = service_model(service).operation_model(operation)
    parsed = (
        data.draw(arguments(model.output_shape, rules_for(service).shown)) if model.output_shape is not None else {}
    )
    parsed = parsed if isinstance(parsed, dict) else {}
    before = repr(parsed)
    made = record(service, operation, {}, parsed)
    assert repr(parsed) == before
    assert SECRET not in json.dumps(made)


class Untouchable(io.RawIOBase):
    """A body that may only be read by the SDK."""

    def read(self, *_: Any) -> Any:
        raise AssertionError("the body was read")

    readinto = seek = tell = __iter__ = __next__ = read  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [("lambda", "Invoke", "Payload"), ("s3", "PutObject", "Body"), ("rekognition", "DetectFaces", "Image")],
)
def test_a_body_is_never_touched(plan: Any, service: str, operation: str, member: str) -> None:
    value: Any = Untouchable() if member != "Image" else {"Bytes": Untouchable()}
    plan(service, operation).request_parameters({member: value})


def test_an_iterator_is_left_to_the_program(plan: Any) -> None:
    numbers = iter(["a", "b"])
    made = plan("iam", "ListUserTags").request_parameters({"UserName": numbers})
    assert made == {"userName": "<list_iterator>"}
    assert list(numbers) == ["a", "b"]


def test_a_mapping_that_cannot_be_read_still_makes_a_record(plan: Any) -> None:
    class Broken(dict[str, Any]):
        def items(self) -> Any:
            raise RuntimeError("no")

    made = plan("iam", "CreateUser").request_parameters(Broken(UserName="u"))
    assert made == {"reason": "could not be read", "omitted": True}


def test_odd_scalars_become_text(plan: Any) -> None:
    class Loud:
        def __str__(self) -> str:
            raise RuntimeError("no")

    made = plan("iam", "CreateUser").request_parameters
    assert made({"UserName": Decimal("1.50")}) == {"userName": "1.50"}
    assert made({"UserName": Loud()}) == {"userName": "<Loud>"}
    assert made({"UserName": {"a": 1}}) == {"userName": "<dict>"}
    assert made({"UserName": None}) is None


def test_defaults_are_not_shared_between_records(plan: Any) -> None:
    made = plan("ec2", "RunInstances").request_parameters({})
    kept = copy.deepcopy(made)
    made["monitoring"]["enabled"] = "changed"
    made["blockDeviceMapping"]["x"] = 1
    assert plan("ec2", "RunInstances").request_parameters({}) == kept


def test_a_plan_is_compiled_once(plan: Any) -> None:
    assert plan("iam", "CreateUser") is plan("iam", "CreateUser")


def test_many_threads_may_ask_for_the_same_plan(service_model: Any) -> None:
    model = service_model("dynamodb")
    operation = model.operation_model("TransactWriteItems")
    params = {"TransactItems": [{"Put": {"TableName": "t", "Item": {"a": {"L": [{"S": "v"}]}}}}]}
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: plan_for(model, operation).request_parameters(params), range(64)))
    assert made == [{"requestItems": [{"operation": "Put", "tableName": "t", "items": ["a"]}]}] * 64


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT b FROM \"A-T\".idx WHERE a='x''y' AND b2 > -1.5e3", 'SELECT b FROM "A-T".idx WHERE a=* AND b2 > *'),
        ("INSERT INTO t VALUE {'k': 'v', 'n': 7}", "INSERT INTO t VALUE {*: *, *: *}"),
        ("SELECT a FROM t WHERE b = `2007-02-23T`", "SELECT a FROM t WHERE b = *"),
        ("UPDATE t SET a = ? WHERE k = 'open", "*"),
        ('SELECT a FROM "t', "*"),
        ("SELECT a FROM t -- 'secret'", "*"),
        ("SELECT a /* x */ FROM t", "*"),
    ],
)
def test_a_statement_is_written_without_its_values(plan: Any, statement: str, expected: str) -> None:
    made = plan("dynamodb", "ExecuteStatement").request_parameters({"Statement": statement})
    assert made == {"statement": expected.replace("*", "***(Redacted)")}
