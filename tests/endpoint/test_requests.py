"""Who may ask, and requests that no SDK sends."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from importlib import import_module

import pytest
from botocore.exceptions import ClientError
from integrity.made import bucket_folder

from bototrail.endpoint import server as server_module
from bototrail.endpoint.guard import check_token, hosts_of
from bototrail.endpoint.json_api import MAX_BODY
from bototrail.endpoint.operations import OPERATIONS
from bototrail.endpoint.requests import read_request
from bototrail.endpoint.server import listen
from bototrail.errors import ConfigError, ServiceError

TOKEN = "a-token-of-some-length"


def code(answer):
    return answer.status, json.loads(answer.body)["__type"]


# ---- the protocol
@pytest.mark.parametrize("target", ["CloudTrail_20131101.DescribeTrails", "com.amazonaws.cloudtrail.v1.DescribeTrails"])
def test_an_answer_is_json_1_1(target, serve, tmp_path):
    answer = serve(tmp_path).ask("POST", "/", b"{}", X_Amz_Target=target)
    assert (answer.status, json.loads(answer.body)) == (200, {"trailList": []})
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert len(answer.headers["x-amzn-requestid"]) == 36
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("operation", ["LookupQuery", "ListQueries", "", "../x", "x" * 9000, "describetrails"])
def test_unknown_operations(operation, serve, tmp_path):
    answer = serve(tmp_path).call(operation)
    assert code(answer) == (400, "UnknownOperationException")
    assert len(answer.body) < 1000


@pytest.mark.parametrize(
    "target", ["CloudTrail_20131101.DescribeOrganization", "AWSOrganizationsV20161128.LookupEvents"]
)
def test_operations_of_another_service(target, serve, tmp_path):
    answer = serve(tmp_path).ask("POST", "/", b"{}", X_Amz_Target=target)
    assert code(answer) == (400, "UnknownOperationException")


def test_no_target(serve, tmp_path):
    assert code(serve(tmp_path).ask("POST", "/", b"{}")) == (400, "UnknownOperationException")


BODIES = [
    # operation, body, exception, what its message begins with
    ("GetTrail", b"{", "SerializationException", "expected JSON"),
    ("GetTrail", b'{"Name": "\xff"}', "SerializationException", "expected JSON"),
    ("GetTrail", b"<Name>audit</Name>", "SerializationException", "expected JSON"),
    ("GetTrail", b"[" * 100_000, "SerializationException", "expected JSON"),
    ("GetTrail", b'{"Name":' * 2000 + b"1" + b"}" * 2000, "SerializationException", "expected JSON"),
    ("GetTrail", b'{"Name":' * 200 + b"1" + b"}" * 200, "SerializationException", "expected text for Name; found an o"),
    ("GetTrail", b"[]", "SerializationException", "expected an object for the request; found a list"),
    ("GetTrail", b"null", "SerializationException", "expected an object for the request; found null"),
    ("GetTrail", b'{"Name": 7}', "SerializationException", "expected text for Name; found a number"),
    ("GetTrail", b"", "ValidationException", 'Missing required parameter in input: "Name"'),
    ("GetTrail", b'{"Name": null}', "ValidationException", 'Missing required parameter in input: "Name"'),
    ("DescribeTrails", b'{"trailNameList": "a"}', "SerializationException", "expected a list for trailNameList; found"),
    ("DescribeTrails", b'{"trailNameList": ["a", {}]}', "SerializationException", "expected text for trailNameList[1]"),
    ("DescribeTrails", b'{"includeShadowTrails": 1}', "SerializationException", "expected true or false for include"),
    ("ListPublicKeys", b'{"StartTime": true}', "SerializationException", "expected a time in seconds since 1970 for S"),
    ("ListPublicKeys", b'{"StartTime": -1}', "SerializationException", "expected a time in seconds since 1970 for S"),
    ("ListPublicKeys", b'{"StartTime": 1e300}', "SerializationException", "expected a time in seconds since 1970"),
    (
        "ListPublicKeys",
        b'{"StartTime": 1795145404000}',
        "SerializationException",
        "expected a time in seconds since 1970 for StartTime, up to the year 9999; found 1795145404000",
    ),
    (
        "DescribeTrails",
        b'{"trailNameList": [null]}',
        "SerializationException",
        "expected text for trailNameList[0]; found null",
    ),
    ("ListPublicKeys", b'{"EndTime": "tomorrow"}', "SerializationException", "expected a time in seconds since 1970"),
]


@pytest.mark.parametrize(("operation", "body", "exception", "message"), BODIES)
def test_bodies_that_cannot_be(operation, body, exception, message, serve, tmp_path):
    answer = serve(tmp_path).call(operation, body)
    assert code(answer) == (400, exception)
    assert json.loads(answer.body)["Message"].startswith(message)


def test_what_the_model_does_not_have_is_left_out():
    body = b'{"StartTime": "2026-09-21T12:00:00.5Z", "EndTime": 1789992001, "NextToken": null, "New": {"deep": [1]}}'
    found = read_request("CloudTrail_20131101.ListPublicKeys", body)
    assert found == {"StartTime": 1789992000.5, "EndTime": 1789992001}


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "DescribeOrganization"])
def test_every_operation_is_one_of_the_service(operation):
    with pytest.raises(ServiceError) as caught:
        read_request(f"CloudTrail_20131101.{operation}", b"7")
    assert caught.value.code == "SerializationException"


def test_bodies_that_are_too_long(serve, tmp_path):
    served = serve(tmp_path)
    assert served.call("DescribeTrails", b" " * (MAX_BODY - 2) + b"{}").status == 200
    assert code(served.call("DescribeTrails", b" " * (MAX_BODY - 1) + b"{}")) == (413, "RequestEntityTooLargeException")


def test_our_own_faults_are_logged_and_not_told(serve, tmp_path, monkeypatch, caplog):
    def broken(request, context):
        raise RuntimeError("secret reason")

    monkeypatch.setitem(OPERATIONS, "DescribeTrails", broken)
    answer = serve(tmp_path).call("DescribeTrails")
    assert code(answer) == (500, "InternalFailure")
    assert ("secret" in answer.body.decode(), "secret reason" in caplog.text) == (False, True)


# ---- who may ask
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""])
@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("GET", "/b")])
def test_other_names_of_hosts_are_refused(host, method, path, serve, tmp_path):
    served = serve(tmp_path)
    answer = served.ask(method, path, b"{}", Host=host.format(port=served.port), X_Amz_Target="x.DescribeTrails")
    assert (answer.status, b"AccessDenied" in answer.body) == (403, True)


def test_two_hosts_are_refused(serve, tmp_path):
    served = serve(tmp_path)
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nHost: evil.example\r\n\r\n".encode())
        assert client.recv(100).split()[1] in (b"400", b"403")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "[::1]"])
def test_names_of_this_machine_are_taken(host, serve, tmp_path):
    served = serve(tmp_path)
    assert served.call("DescribeTrails", Host=f"{host}:{served.port}").status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", "http://localhost:{port}.evil"])
def test_pages_of_others_may_not_ask(origin, serve, tmp_path):
    served = serve(tmp_path)
    assert served.call("DescribeTrails", Origin=origin.format(port=served.port)).status == 403
    assert served.call("DescribeTrails", Origin=served.url).status == 200


def test_with_a_token_only_those_who_have_it_may_ask(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    served = serve(tmp_path / "b", token=TOKEN)
    assert served.client("cloudtrail", TOKEN).describe_trails()["trailList"]
    assert served.client("s3", TOKEN).list_objects(Bucket="my-trail-bucket")["Contents"]
    for scheme in ("Bearer", "bearer"):
        assert served.call("DescribeTrails", Authorization=f"{scheme} {TOKEN}").status == 200
    for key in ("any", TOKEN[:-1], TOKEN + "x"):
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            served.client("cloudtrail", key).describe_trails()
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            served.client("s3", key).list_objects(Bucket="my-trail-bucket")
    for text in ("", "Bearer ", "Bearer ünsinn", f"Basic {TOKEN}", "AWS4-HMAC-SHA256 Credential=/x"):
        assert served.call("DescribeTrails", Authorization=text.encode().decode("latin-1")).status == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "trails.example"])
def test_others_are_let_in_with_a_token_only(host):
    with pytest.raises(ConfigError, match="set BOTOTRAIL_TOKEN"):
        check_token(host, None)
    check_token(host, TOKEN)


@pytest.mark.parametrize("token", ["", "short", "with/slash/in/the/token", "with blanks in the token", "ü" * 20])
def test_tokens_that_clients_cannot_send(token):
    with pytest.raises(ConfigError, match="a token of 16 to 128"):
        check_token("127.0.0.1", token)


def test_hosts_of_addresses():
    assert hosts_of("192.0.2.1", 80) == {"192.0.2.1:80", "192.0.2.1"}
    assert hosts_of("Trails.Example", 8390) == {"trails.example:8390"}
    assert hosts_of("::1", 1) == {"localhost:1", "127.0.0.1:1", "[::1]:1"}
    assert hosts_of("0.0.0.0", 1) == hosts_of("::", 1) == frozenset()


def test_on_all_addresses_every_name_goes_with_a_token(serve, tmp_path):
    served = serve(tmp_path, host="0.0.0.0", token=TOKEN)
    assert served.call("DescribeTrails", Host="any.example", Authorization=f"Bearer {TOKEN}").status == 200
    assert served.call("DescribeTrails", Host="any.example").status == 403


# ---- the connection
def test_heads_that_are_too_long(serve, tmp_path):
    served = serve(tmp_path)
    for path, header in (("/" + "x" * 1_000_000, ""), ("/b", "x" * 1_000_000)):
        with suppress(ConnectionError):  # the client may still be sending when it is told
            assert served.ask("GET", path, X_Long=header).status == 400
    assert served.call("DescribeTrails").status == 200


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\n"])
def test_clients_that_do_not_go_on_are_left(sent, serve, tmp_path, monkeypatch):
    monkeypatch.setattr(server_module, "HEAD_SECONDS", 0.3)
    served = serve(tmp_path)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as client:
        client.sendall(sent)
        assert client.recv(100) == b""


def test_a_body_that_does_not_come_to_its_end(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(import_module("bototrail.endpoint.json_api"), "BODY_SECONDS", 0.3)
    answer = serve(tmp_path).call("DescribeTrails", b"{", Content_Length="99")
    assert code(answer) == (408, "RequestTimeoutException")


def test_answers_do_not_wait_for_acknowledgements(serve, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a").write_bytes(b"x")
    client = serve(tmp_path / "b").client("s3")
    client.get_object(Bucket="b", Key="a")["Body"].read()
    times = []
    for _ in range(20):
        begin = time.monotonic()
        client.get_object(Bucket="b", Key="a")["Body"].read()
        times.append(time.monotonic() - begin)
    assert min(times) < 0.03  # each takes 40 ms with Nagle's algorithm


def test_a_port_in_use():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"a port to listen on at 127.0.0.1:{port}; found Address already in use"):
            listen("127.0.0.1", port)


def test_a_host_that_is_none():
    with pytest.raises(ConfigError, match=r"a port to listen on at 203\.0\.113\.1:8390"):
        listen("203.0.113.1", 8390)
