"""How long validation takes: `bototrail validate` beside `aws cloudtrail validate-logs`, whole processes.

    python tests/benchmarks/validation.py
    python tests/benchmarks/validation.py --places folder --rounds 9
    python tests/benchmarks/validation.py --places none --memory 500 10000

A day of log files of 200 records of 1.3 KB, in 24 digest files: in a folder, which `bototrail serve` serves to the AWS
CLI; in SeaweedFS; in SeaweedFS as if it were 20 ms away, there and back; in moto's S3. Both take turns; the best and
the median of the rounds. Then what memory ours takes at most, by the number of files. Needs the extras `history`,
`integrity` and `integration`.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import orjson

sys.path.append(str(Path(__file__).parent.parent))
sys.path.append(str(Path(__file__).parent.parent.parent / "integration"))

from integrity.made import ACCOUNT, BUCKET, CHAIN, HOUR, NOON, REGION, Made, digest, public_key, write
from servers import Moto, SeaweedFS
from support import Place, script
from validating import Serve

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.integrity.form import LogEntry, sha256
from bototrail.integrity.public_keys import PublicKeys

HOURS, RECORDS, DISTINCT = 24, 200, 500
FAR = "20 ms away"
_WATCHED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""  # a process begins with the memory of the one that starts it
START, END = event_time(NOON - HOUR), event_time(NOON + 23 * HOUR)


def content(number: int) -> bytes:
    """A log file of records as large, and as hard to compress, as those of S3 calls are."""
    some = random.Random(number)

    def text(length: int) -> str:
        return f"{some.getrandbits(4 * length):0{length}x}"

    def record() -> dict[str, object]:
        bucket, key = f"company-data-{some.randrange(9)}", f"reports/2026/09/{some.randrange(30):02d}/{text(4)}.parquet"
        user = f"worker-{some.randrange(20)}"
        return {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": f"AROAEXAMPLEEXAMPLE123:{user}",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/reports/{user}",
                "accountId": ACCOUNT,
                "accessKeyId": "ASIAEXAMPLEEXAMPLE12",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROAEXAMPLEEXAMPLE123",
                        "arn": f"arn:aws:iam::{ACCOUNT}:role/reports",
                        "accountId": ACCOUNT,
                        "userName": "reports",
                    },
                    "attributes": {"creationDate": event_time(NOON), "mfaAuthenticated": "false"},
                },
            },
            "eventTime": event_time(NOON + some.randrange(3600)),
            "eventSource": "s3.amazonaws.com",
            "eventName": some.choice(["GetObject", "PutObject", "HeadObject"]),
            "awsRegion": REGION,
            "sourceIPAddress": f"10.0.0.{some.randrange(250)}",
            "userAgent": "[Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1 lang/python#3.12 cfg/retry-mode#legacy]",
            "requestParameters": {"bucketName": bucket, "Host": f"{bucket}.s3.amazonaws.com", "key": key},
            "responseElements": None,
            "additionalEventData": {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 0,
                "AuthenticationMethod": "AuthHeader",
                "bytesTransferredOut": some.randrange(1 << 20),
            },
            "requestID": text(16).upper(),
            "eventID": f"{text(8)}-{text(4)}-4{text(3)}-8{text(3)}-{text(12)}",
            "readOnly": True,
            "resources": [
                {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"},
                {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"},
            ],
            "eventType": "AwsApiCall",
            "managementEvent": False,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Data",
            "tlsDetails": {"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": f"{bucket}.s3.amazonaws.com"},
        }

    return orjson.dumps({"Records": [record() for _ in range(RECORDS)]})


def gzipped(data: bytes) -> bytes:
    """A gzip file."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def fill(folder: Path, files: int) -> str:
    """Make the bucket; how large it is, in words. With many files the same contents come again."""
    texts = [content(n) for n in range(min(files, DISTINCT))]
    bodies, hashes = [gzipped(text) for text in texts], [sha256(text) for text in texts]
    previous: Made | None = None
    for hour in range(HOURS):
        end, named = NOON + hour * HOUR, []
        for n in range(hour * files // HOURS, (hour + 1) * files // HOURS):
            stamp = event_time(end - HOUR + 60 * (n % 60)).replace("-", "").replace(":", "")
            key = log_file_key(ACCOUNT, "CloudTrail", REGION, f"{stamp[:13]}Z", unique_string("b", str(n)), prefix="")
            write(folder, key, bodies[n % DISTINCT])
            named.append(LogEntry(BUCKET, key, hashes[n % DISTINCT], START, START))
        previous = digest(named, end, previous.link if previous else None)
        write(folder, previous.key, previous.body)
    packed, whole = (sum(len(each[n % DISTINCT]) for n in range(files)) / 1e6 for each in (bodies, texts))
    return f"{files} log files, {HOURS} digest files, {packed:.1f} MB in gzip, {whole:.0f} MB of JSON"


def far(port: int) -> str:
    """The URL of a server on this machine, as if it were far away: all arrives 10 ms later, there and back."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ports: list[int] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 18):
            loop.call_later(0.01, writer.write, data)
        loop.call_later(0.01, writer.close)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

    async def listen() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=loop.run_until_complete, args=(listen(),), daemon=True).start()
    ready.wait()
    return f"http://127.0.0.1:{ports[0]}"


class Bench:
    """A folder for buckets and servers, and the commands that are measured.

    Args:
        folder: an empty one.
    """

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder, "http://127.0.0.1:9")
        self.keys = folder / "keys.json"
        self.keys.write_text(json.dumps(PublicKeys([public_key()]).as_json()))

    def run(self, words: list[str], **environ: str) -> float:
        """Run a command that must find all valid; the seconds it took."""
        begin = time.perf_counter()
        done = subprocess.run(words, env=self.place.environ | environ, capture_output=True, text=True)
        seconds = time.perf_counter() - begin
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        return seconds

    def ours(self, location: str) -> list[str]:
        """`bototrail validate`."""
        times = ["--start", START, "--end", END]
        return [script("bototrail"), "validate", location, "--public-keys", str(self.keys), *times]

    def memory(self, location: str) -> float:
        """At most how many MB ours takes."""
        noted = self.place.folder / "most"
        self.run([sys.executable, "-c", _WATCHED, str(noted), *self.ours(location)])
        return int(noted.read_text()) / 1024

    def theirs(self, cloudtrail: str, s3: str) -> float:
        """`aws cloudtrail validate-logs`."""
        words = ["--region", REGION, "--trail-arn", CHAIN.arn, "--start-time", START, "--end-time", END]
        urls = {"AWS_ENDPOINT_URL_CLOUDTRAIL": cloudtrail, "AWS_ENDPOINT_URL_S3": s3}
        return self.run([script("aws"), "cloudtrail", "validate-logs", "--s3-bucket", BUCKET, *words], **urls)

    @contextlib.contextmanager
    def at(self, kind: str, folder: Path) -> Iterator[tuple[str, str, str]]:
        """The bucket in a place of a kind: its location, and where CloudTrail and S3 are for the AWS CLI."""
        with contextlib.ExitStack() as stack:
            location, s3 = str(folder), ""
            if kind != "folder":
                (self.place.folder / kind).mkdir()
                server = (Moto if kind == "moto" else SeaweedFS)(self.place.folder / kind)
                server.start()
                stack.callback(server.kill)
                client = server.client() if isinstance(server, SeaweedFS) else server.client("s3")
                client.create_bucket(Bucket=BUCKET)
                self.run([script("bototrail"), "sync", str(folder), f"s3://{BUCKET}?endpoint_url={server.url}"])
                s3 = far(server.ports[0]) if kind == FAR else server.url
                location = f"s3://{BUCKET}?endpoint_url={s3}"
            serve = Serve(self.place, location, "--public-keys", self.keys)
            serve.start()
            stack.callback(serve.kill)
            yield location, serve.url, s3 or serve.url


def compare(bench: Bench, kinds: list[str], files: int, rounds: int) -> None:
    """Print the table of times."""
    folder = bench.place.folder / "day" / BUCKET
    print(fill(folder, files))
    print(f"{'':<12}{'':<12}{'best s':>8}{'median s':>10}{'files/s':>9}{'ratio':>8}")
    for kind in kinds:
        taken: dict[str, list[float]] = {"AWS CLI": [], "bototrail": []}
        with bench.at(kind, folder) as (location, cloudtrail, s3):
            for _ in range(rounds):
                taken["AWS CLI"].append(bench.theirs(cloudtrail, s3))
                taken["bototrail"].append(bench.run(bench.ours(location)))
        for name, seconds in taken.items():
            ratio = statistics.median(taken["AWS CLI"]) / statistics.median(seconds)
            times = f"{min(seconds):>8.2f}{statistics.median(seconds):>10.2f}{files / min(seconds):>9.0f}"
            print(f"{kind:<12}{name:<12}{times}{ratio:>8.1f}", flush=True)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    kinds = ["folder", "SeaweedFS", FAR, "moto"]
    parser.add_argument("--files", type=int, default=500, metavar="N", help="log files [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each [%(default)s]")
    parser.add_argument("--places", nargs="+", choices=[*kinds, "none"], default=kinds, help="[all]")
    parser.add_argument("--memory", type=int, nargs="*", default=[500, 10_000], metavar="N", help="[%(default)s]")
    options = parser.parse_args()
    for package in ("awscli", "bototrail"):  # no run is to pay for that
        compileall.compile_dir(str(Path(find_spec(package).origin).parent), quiet=2)  # type: ignore[union-attr,arg-type]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        if "none" not in options.places:
            compare(bench, options.places, options.files, options.rounds)
        for files in options.memory:
            place = Path(folder, f"memory-{files}", BUCKET)
            fill(place, files)
            print(f"{files} log files in a folder: {bench.memory(str(place)):.0f} MB at most")


if __name__ == "__main__":
    sys.exit(main())
