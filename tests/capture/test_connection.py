"""What the socket tells: our address, TLS version and cipher; and headers as they went over the wire."""

from __future__ import annotations

import datetime
import http.server
import ssl
import threading

import pytest
from border import STS_OK
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import bototrail


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    closes = False

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(STS_OK)))
        if self.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(STS_OK)

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def server(request, certificate):
    tls, closes = request.param
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("H", (Handler,), {"closes": closes}))
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.maximum_version = tls
        served.socket = context.wrap_socket(served.socket, server_side=True)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http{'s' * bool(tls)}://localhost:{served.server_address[1]}"
    served.shutdown()
    served.server_close()


@pytest.mark.parametrize("server", [(ssl.TLSVersion.TLSv1_3, False), (ssl.TLSVersion.TLSv1_3, True)], indirect=True)
def test_tls_is_told_even_when_the_server_closes(server, client, certificate):
    sts = client("sts", endpoint_url=server, verify=str(certificate))
    with bototrail.recording() as trail:
        for _ in range(2):
            sts.get_caller_identity()
    for record in trail.records:
        assert record["sourceIPAddress"] == "127.0.0.1"
        assert record["tlsDetails"]["tlsVersion"] == "TLSv1.3"
        assert record["tlsDetails"]["cipherSuite"].startswith("TLS_")
        assert record["tlsDetails"]["clientProvidedHostHeader"] == server.partition("//")[2]
    sts.close()


@pytest.mark.parametrize("server", [(ssl.TLSVersion.TLSv1_2, False)], indirect=True)
def test_an_older_tls_has_its_own_name(server, client, certificate):
    sts = client("sts", endpoint_url=server, verify=str(certificate))
    with bototrail.recording() as trail:
        sts.get_caller_identity()
    assert trail.records[0]["tlsDetails"]["tlsVersion"] == "TLSv1.2"
    assert trail.records[0]["tlsDetails"]["cipherSuite"].startswith("ECDHE-")
    sts.close()


@pytest.mark.parametrize("server", [(None, False)], indirect=True)
def test_without_tls_there_are_no_details(server, client):
    sts = client("sts", endpoint_url=server)
    with bototrail.recording() as trail:
        sts.get_caller_identity()
    assert "tlsDetails" not in trail.records[0]
    assert trail.records[0]["sourceIPAddress"] == "127.0.0.1"
    sts.close()


@pytest.mark.parametrize("server", [(None, False)], indirect=True)
def test_headers_are_those_that_were_sent(server, client):
    s3 = client("s3", endpoint_url=server, config=Config(s3={"addressing_style": "path"}))

    def rename(request, **_):
        del request.headers["User-Agent"]
        request.headers["User-Agent"] = "renamed/1.0"

    s3.meta.events.register("request-created", rename)
    with bototrail.recording() as trail:
        s3.put_object(Bucket="bucket", Key="k", Body=b"12345", ChecksumAlgorithm="CRC32")
    (record,) = trail.records
    assert record["userAgent"] == "[renamed/1.0]"
    assert record["additionalEventData"]["bytesTransferredIn"] >= 5.0
    assert record["requestParameters"]["Host"] == server.partition("//")[2]
    s3.close()


@pytest.mark.parametrize("server", [(None, False)], indirect=True)
def test_an_address_of_your_own_choice(server, client, tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_SOURCE_IP", "192.0.2.77")
    bototrail.start(tmp_path / "audit", identity="offline")
    sts = client("sts", endpoint_url=server)
    with bototrail.recording() as trail:
        sts.get_caller_identity()
    assert trail.records[0]["sourceIPAddress"] == "192.0.2.77"
    sts.close()


@pytest.mark.parametrize("server", [(None, False)], indirect=True)
def test_an_emulator_is_asked_itself_who_calls(server, client):
    dynamodb = client("dynamodb", endpoint_url=server)
    with bototrail.recording() as trail:
        dynamodb.list_tables()
        found = trail.records
    assert found[0]["userIdentity"]["userName"] == "alice"
    assert found[0]["recipientAccountId"] == "111122223333"
    dynamodb.close()
