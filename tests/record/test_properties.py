"""What holds for any value a program may pass or a service may answer, however far from the model."""

from __future__ import annotations

import json
import math
from typing import Any

import botocore.session
import orjson
import pytest
from hostile import anything, json_values, keys, odd, snapshot, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bototrail.record.rules import rules_for
from bototrail.record.services import KNOWN
from bototrail.record.values import blob, document, encoded, iso_date, locale_date, parsed_json, partiql, plain, text

SECRET = "s3cret-value"
LARGEST = 256 * 1024
LIMITS = {
    "additionalEventData": 28 * 1024,
    "requestParameters": 100 * 1024,
    "responseElements": 100 * 1024,
    "errorCode": 1024,
    "errorMessage": 1024,
    "requestID": 1024,
    "userAgent": 1024,
}
# Of every protocol and dialect, and of what is recursive, hidden, hoisted, gathered, wrapped or parsed.
OPERATIONS = [
    ("apigateway", "CreateStage"),
    ("apigatewayv2", "CreateAuthorizer"),
    ("bedrock-agent-runtime", "Retrieve"),
    ("cloudfront", "CreateDistribution"),
    ("cognito-idp", "AdminCreateUser"),
    ("dynamodb", "ExecuteStatement"),
    ("dynamodb", "TransactWriteItems"),
    ("ec2", "CreateLaunchTemplate"),
    ("ec2", "RequestSpotInstances"),
    ("ec2", "RunInstances"),
    ("emr", "RunJobFlow"),
    ("eks", "CreateNodegroup"),
    ("iam", "CreateLoginProfile"),
    ("iam", "CreateRole"),
    ("kms", "CreateCustomKeyStore"),
    ("lambda", "CreateFunction"),
    ("rds", "CreateDBInstance"),
    ("s3", "CopyObject"),
    ("s3", "PutBucketLifecycleConfiguration"),
    ("s3", "PutBucketPolicy"),
    ("s3", "PutObject"),
    ("secretsmanager", "CreateSecret"),
    ("ssm", "GetParameters"),
    ("ssm", "PutParameter"),
    ("sts", "AssumeRoleWithSAML"),
    ("wafv2", "CreateRuleGroup"),
]
EVERY = settings(deadline=None, suppress_health_check=list(HealthCheck))


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
        free = [name for name in chosen if name not in secret and f"*.{name}" not in shown]
        made = {name: draw(arguments(shape.members[name], shown, depth + 1)) for name in [*free, *sorted(secret)]}
        return {**made, draw(keys): draw(anything)} if draw(st.integers(0, 9)) == 0 else made
    if shape.type_name == "list":
        return draw(st.lists(arguments(shape.member, shown, depth + 1), max_size=2))
    if shape.type_name == "map":
        return draw(st.dictionaries(keys, arguments(shape.value, shown, depth + 1), max_size=2))
    return draw(anything)


def drawn(data: Any, shape: Any, shown: frozenset[str]) -> dict[Any, Any]:
    value = data.draw(arguments(shape, shown)) if shape is not None else {}
    return value if type(value) is dict else {}


def refuse(constant: str) -> Any:
    raise AssertionError(f"{constant} is no JSON")


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def check(raw: bytes) -> dict[str, Any]:
    """A record that every reader of JSON reads, and that is no larger than CloudTrail's."""
    assert len(raw) <= LARGEST
    whole: dict[str, Any] = json.loads(raw, parse_constant=refuse)
    orjson.loads(raw)
    for field, limit in LIMITS.items():
        value = whole.get(field)
        size = len(value.encode()) if isinstance(value, str) else len(compact(value)) if value else 0
        assert size <= limit, field
    return whole


def is_json(value: Any) -> bool:
    """Whether a value is of JSON's types and of nothing derived from them."""
    if type(value) is dict:
        return all(type(key) is str and is_json(item) for key, item in value.items())
    if type(value) is list:
        return all(map(is_json, value))
    return value is None or type(value) in (str, int, float, bool)


@settings(EVERY, max_examples=400)
@given(operation=st.sampled_from(OPERATIONS), data=st.data())
def test_any_arguments_become_json_without_secrets(
    line: Any, plan: Any, service_model: Any, operation: tuple[str, str], data: Any
) -> None:
    model = service_model(operation[0]).operation_model(operation[1])
    params = drawn(data, model.input_shape, rules_for(operation[0]).shown)
    before = snapshot(params)
    raw = line(*operation, params)
    assert snapshot(params) == before
    assert SECRET.encode() not in raw
    check(raw)
    assert is_json(plan(*operation).request_parameters(params))


@settings(EVERY, max_examples=250)
@given(operation=st.sampled_from(OPERATIONS), data=st.data())
def test_any_result_becomes_json_without_secrets(
    line: Any, plan: Any, service_model: Any, operation: tuple[str, str], data: Any
) -> None:
    model = service_model(operation[0]).operation_model(operation[1])
    parsed = drawn(data, model.output_shape, rules_for(operation[0]).shown)
    before = snapshot(parsed)
    raw = line(*operation, {}, parsed)
    assert snapshot(parsed) == before
    assert SECRET.encode() not in raw
    check(raw)
    assert is_json(plan(*operation).response_elements(parsed, {}))


@settings(EVERY, max_examples=60)
@given(service=st.sampled_from(sorted(botocore.session.Session().get_available_services())), data=st.data())
def test_any_operation_of_any_service_can_be_recorded(line: Any, service_model: Any, service: str, data: Any) -> None:
    model = service_model(service)
    operation = model.operation_model(data.draw(st.sampled_from(list(model.operation_names))))
    shown = rules_for(service).shown
    params, parsed = drawn(data, operation.input_shape, shown), drawn(data, operation.output_shape, shown)
    before = snapshot([params, parsed])
    raw = line(service, operation.name, params, parsed)
    assert snapshot([params, parsed]) == before
    assert SECRET.encode() not in raw
    check(raw)


@settings(EVERY, max_examples=150)
@given(operation=st.sampled_from(OPERATIONS), value=odd, data=st.data())
def test_one_odd_value_in_the_place_of_an_argument(
    line: Any, service_model: Any, operation: tuple[str, str], value: Any, data: Any
) -> None:
    members = service_model(operation[0]).operation_model(operation[1]).input_shape.members
    params = {data.draw(st.sampled_from(sorted(members))): value}
    before = snapshot(params)
    check(line(*operation, params))
    assert snapshot(params) == before


sizes = st.sampled_from([0, 1, 1000, 1100, 20_000, 90_000, 101_000, 400_000])
letters = st.sampled_from("aé\u2028\ud800\x00")


@settings(EVERY, max_examples=40)
@given(st.sampled_from(["s3", "ssm", "dynamodb", "ec2"]), sizes, sizes, sizes, sizes, letters)
def test_no_record_is_larger_than_cloudtrails(
    line: Any, service: str, names: int, values: int, answer: int, message: int, letter: str
) -> None:
    operation, params = {
        "dynamodb": ("BatchGetItem", {"RequestItems": {f"{letter}{n}": {} for n in range(names // 10)}}),
        "ec2": ("RunInstances", {"UserData": letter * values, "KeyName": letter * names}),
        "s3": ("CopyObject", {"Bucket": "b", "Key": letter * names, "CopySource": f"c/{letter * values}"}),
        "ssm": ("GetParameters", {"Names": [f"{letter}{n}" for n in range(names // 10)], "WithDecryption": values}),
    }[service]
    seen = {
        "error_code": letter * message,
        "error_message": letter * message,
        "labels": {letter * (values // 10): letter * message},
        "request_id": letter * answer,
        "response_elements": {"a": letter * answer},
        "user_agent": letter * values,
    }
    check(line(service, operation, params, **seen))
    check(line(service, operation, params, **{**seen, "error_code": None}))


@settings(EVERY, max_examples=150)
@given(json_values)
def test_plain_values_come_through_as_they_are(value: Any) -> None:
    assert document(value) == value
    assert plain(value) == value if not isinstance(value, (dict, list)) else isinstance(plain(value), str)


@pytest.mark.parametrize("convert", [blob, document, encoded, iso_date, locale_date, parsed_json, partiql, plain, text])
@settings(EVERY, max_examples=40)
@given(value=anything)
def test_every_conversion_gives_json(convert: Any, value: Any) -> None:
    before = snapshot(value)
    try:
        made = convert(value)
    except (KeyError, RuntimeError):  # the value's own, to be caught where a whole tree is converted
        made = None
    assert is_json(made)
    assert snapshot(value) == before


@pytest.mark.parametrize("convert", [document, iso_date, locale_date, plain, text])
@settings(EVERY, max_examples=40)
@given(value=json_values | texts)
def test_converting_twice_is_converting_once(convert: Any, value: Any) -> None:
    once = convert(value)
    assert convert(once) == once or (isinstance(once, float) and math.isnan(once))


small = st.text(max_size=4)
tasks = st.fixed_dictionaries(
    {"taskDefinition": small},
    optional={
        "cluster": small,
        "count": st.integers(0, 9),
        "enableExecuteCommand": st.booleans(),
        "overrides": st.fixed_dictionaries({}, optional={"cpu": small, "containerOverrides": st.just([{"name": "c"}])}),
        "tags": st.lists(st.fixed_dictionaries({"key": small, "value": small}), max_size=2),
    },
)


@settings(EVERY, max_examples=60)
@given(tasks)
def test_what_is_spelt_already_stays_so(plan: Any, params: Any) -> None:
    assert plan("ecs", "RunTask").request_parameters(params) == params


@pytest.mark.parametrize("service", sorted(KNOWN))
def test_no_rule_stumbles_over_nothing(line: Any, service_model: Any, service: str) -> None:
    model = service_model(service)
    for name in model.operation_names:
        check(line(service, name, {}, {}))
        check(line(service, name, {}, {}, error_code="AccessDeniedException", error_message="m", status=403))
