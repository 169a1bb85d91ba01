"""Real servers of the tests' own: moto for all of AWS, SeaweedFS for S3, and small ones that misbehave on purpose."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from support import once, read_log_file, script, until

CALLER = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/tester</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>12345678-0000-4000-8000-000000000000</RequestId>
</ResponseMetadata></GetCallerIdentityResponse>"""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def answers(url: str, *codes: int) -> bool:
    """Whether a server answers with one of `codes`."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status in codes
    except urllib.error.HTTPError as error:
        error.close()
        return error.code in codes
    except OSError:
        return False


class Server(ABC):
    """A server process on ports of its own; started again it has the same ports and the same data."""

    def __init__(self, folder: Path, ports: int) -> None:
        self.folder = folder
        self.ports = free_ports(ports)
        self._moved = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.ports[0]}"

    @abstractmethod
    def command(self) -> list[str]:
        """What to run."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers."""

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            process = self._process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environ())
        until(lambda: process.poll() is not None or self.ready(), 90, f"its start, see {self.folder / 'log'}")
        if process.returncode is not None and not self._moved:  # somebody was faster to take one of the ports
            self._moved, self.ports = True, free_ports(len(self.ports))
            self.start()

    def environ(self) -> dict[str, str]:
        """Its environment."""
        return {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "BOTO"))}

    def end(self) -> None:
        """SIGTERM, and wait."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Moto(Server):
    """All of AWS, in memory; accepts every secret."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 1)

    def command(self) -> list[str]:
        """See `Server`."""
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.ports[0])]

    def ready(self) -> bool:
        """See `Server`."""
        return answers(f"{self.url}/moto-api/", 200)

    def client(self, service: str, **options: Any) -> Any:
        """A client of the tests' own."""
        return _client(service, self.url, "tester", "tester-secret", **options)


class SeaweedFS(Server):
    """S3 with its own storage and access control.

    Of its users `reader` reads, `porter` writes too, `writer` may do all; `one` and `two` what a bucket's policy says.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 8)
        (folder / "data").mkdir()
        reader = ["Read:trail", "List:trail"]
        porter = _identity("porter", ["Read", "Write", "List"])
        writer = _identity("writer", ["Admin", "Read", "List", "Tagging", "Write"])
        others = [_identity("one", []), _identity("two", [])]
        identities = [porter, writer, _identity("reader", reader), *others]
        (folder / "s3.json").write_text(json.dumps({"identities": identities}))

    def environ(self) -> dict[str, str]:
        """See `Server`."""
        return super().environ() | {"WEED_S3_SSE_KEK": secrets.token_hex(32)}

    def command(self) -> list[str]:
        """See `Server`."""
        data = self.folder / "data"
        s3, *others = self.ports
        flags = {
            "dir": data,
            "filer.localSocket": data / "f.sock",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "s3.config": self.folder / "s3.json",
            "s3.localSocket": data / "s.sock",
            "s3.port": s3,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "volume.max": 100,
            "volume.preStopSeconds": 1,
        }
        parts = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"]
        flags |= dict(zip([*parts, "s3.port.grpc"], others, strict=True))
        return [script("weed"), "-logtostderr=true", "server", "-filer", "-s3"] + [
            f"-{name}={value}" for name, value in flags.items()
        ]

    def ready(self) -> bool:
        """See `Server`; after a crash it answers before it can read and write."""
        if not answers(self.url, 403):
            return False
        client = self.client(retries={"total_max_attempts": 1}, read_timeout=5)
        try:
            with suppress(client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou):
                client.create_bucket(Bucket="trail")
            client.put_object(Bucket="trail", Key="ready", Body=b"")
        except (BotoCoreError, ClientError):
            return False
        return True

    def client(self, **config: Any) -> Any:
        """A client of the tests' own, with all rights."""
        return _client("s3", self.url, "writer", "writer-secret", **config)

    def location(self, prefix: str, bucket: str = "trail", **options: str) -> str:
        """What BOTOTRAIL is set to."""
        query = "".join(f"&{name}={value}" for name, value in options.items())
        return f"s3://{bucket}/{prefix}?endpoint_url={self.url}{query}"

    def keys(self, prefix: str, bucket: str = "trail") -> list[str]:
        """The keys below a prefix."""
        client = self.client(retries={"total_max_attempts": 8})
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [row["Key"] for page in pages for row in page.get("Contents", ())]

    def objects(self, prefix: str, bucket: str = "trail") -> dict[str, Any]:
        """What is below a prefix: the answers of GetObject, with their bodies read."""
        client = self.client(retries={"total_max_attempts": 8})
        found = {key: client.get_object(Bucket=bucket, Key=key) for key in self.keys(prefix, bucket)}
        return {key: {**answer, "Body": answer["Body"].read()} for key, answer in found.items()}

    def records(self, prefix: str, bucket: str = "trail") -> list[dict[str, Any]]:
        """The records below a prefix; none stands there twice."""
        files = [o["Body"] for key, o in self.objects(prefix, bucket).items() if key.endswith(".gz")]
        return once(record for body in files for record in read_log_file(body))


def _identity(name: str, actions: list[str]) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": name, "secretKey": f"{name}-secret"}], "actions": actions}


def _client(service: str, url: str, key: str, secret: str, **config: Any) -> Any:
    import boto3
    from botocore.config import Config

    session = boto3.Session(key, secret, region_name="us-east-1")
    return session.client(service, endpoint_url=url, config=Config(**config))


class Hanging:
    """Accepts connections and never answers."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Close it."""
        self._listening.close()


class Http:
    """A small HTTP server in a thread.

    Args:
        answer: gets the method and the path, and returns a status, a body, and perhaps headers.

    Attributes:
        requests: method and path of every request so far.
        headers: the headers of every request so far.
    """

    def __init__(self, answer: Callable[[str, str], tuple[Any, ...]] = lambda *_: (200, CALLER)) -> None:
        self.requests: list[tuple[str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self._answer, self._port = answer, 0
        self.open()

    def open(self) -> None:
        """Listen; after `close`, at the same address again."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._server.daemon_threads = True
        self._port = self._server.server_port
        self.url = f"http://127.0.0.1:{self._port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.requests.append((self.command, self.path))
                server.headers.append(self.headers)
                server.handle(self, body)

            do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = handle_one

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer a request."""
        self.send(request, *self._answer(request.command, request.path))

    @staticmethod
    def send(
        request: BaseHTTPRequestHandler, status: int, body: bytes, headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Send an answer."""
        request.send_response(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()
