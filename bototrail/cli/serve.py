"""`bototrail serve`."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.errors import BototrailError, ConfigError, MissingExtraError
from bototrail.integrity.public import PublicKey
from bototrail.settings import bucket_location, load

if TYPE_CHECKING:
    from bototrail.endpoint.book import Book
    from bototrail.endpoint.library import KnownTrail, Library, Place

_PATH = click.Path(path_type=Path)
_MOST_DAYS = 36_500


@click.command()
@click.option(
    "--bucket", metavar="FOLDER|URL", help="Bucket to serve.  [default: those of the trails, else $BOTOTRAIL]"
)
@click.option(
    "--trails",
    "file",
    type=_PATH,
    help="Trails file, which CreateTrail and so on change; CreateTrail makes one that is not there yet.  "
    "[default: $BOTOTRAIL_TRAILS without --bucket]",
)
@click.option("--read-only", is_flag=True, help="Refuse what would change the trails file.")
@click.option("--port", type=click.IntRange(0, 65535), default=8390, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Name or address to listen on.")
@click.option("--token", envvar="BOTOTRAIL_TOKEN", help="What clients must send as access key.  [env: BOTOTRAIL_TOKEN]")
@click.option(
    "--public-keys",
    "keys",
    type=_PATH,
    multiple=True,
    help="Public keys that ListPublicKeys answers; repeatable.  [default: $BOTOTRAIL_KEYS, else keys in the state "
    "directory]",
)
@click.option(
    "--days", type=click.IntRange(1, _MOST_DAYS), default=90, show_default=True, help="How far back events are found."
)
@click.option("--management-only", is_flag=True, help="LookupEvents finds management events only, as in AWS.")
@state_option
def serve(
    *,
    bucket: str | None,
    file: Path | None,
    read_only: bool,
    port: int,
    host: str,
    token: str | None,
    keys: tuple[Path, ...],
    days: int,
    management_only: bool,
    state: Path | None,
) -> None:
    """Answer AWS's own clients from a bucket, offline: CloudTrail's API, and the reads of S3.

    So `aws cloudtrail lookup-events` finds what was recorded, calls of a moment ago too, and
    `aws cloudtrail validate-logs` checks a plain folder. Nothing is written but the trails file, when CreateTrail,
    StartLogging and so on change it: programs that record by it take that in with their next delivery. On the loopback
    interface no credentials are checked; to listen elsewhere a token is needed.
    """
    try:
        import_module("uvicorn")  # needed at the very end only, and its lack told before
        from bototrail.endpoint.guard import check_token
        from bototrail.endpoint.server import listen, url_of
        from bototrail.endpoint.server import serve as answer
    except ImportError:
        raise MissingExtraError("bototrail serve", "history") from None
    check_token(host, token)
    book = _book(bucket, file, read_only)
    library = _library(
        _places(bucket, book),
        keys,
        state_directory(state),
        days=days,
        book=book,
        read_only=read_only,
        management_only=management_only,
    )
    _log_to_stderr()
    with listen(host, port) as listening:
        for line in _greeting(library, url_of(listening, host), guarded=token is not None):
            click.echo(shown(line))
        answer(library, listening, host, token)
    if library.live is not None and library.live.hangs:
        sys.stdout.flush()
        os._exit(0)  # Python would wait for threads that wait for a network, and packages would complain of them


def _book(bucket: str | None, file: Path | None, read_only: bool) -> Book | None:
    from bototrail.endpoint.book import Book

    if file is not None:
        return Book(file, new=not read_only)
    named = os.environ.get("BOTOTRAIL_TRAILS") if bucket is None else None
    return Book(Path(named)) if named else None


def _library(places: Iterable[Place], keys: tuple[Path, ...], state: Path, *, days: int, **options: Any) -> Library:
    from bototrail.endpoint.library import Library
    from bototrail.endpoint.live import Live

    live = Live(places, days=days, state=state)
    library = Library(places, lambda: _public_keys(keys, state), state, live=live, **options)
    if keys:
        library.keys()  # what cannot be used is told now
    return library


def _public_keys(paths: tuple[Path, ...], state: Path) -> Mapping[str, PublicKey]:
    from bototrail.integrity.key_files import load_public_keys
    from bototrail.integrity.keys import open_keys

    if paths:
        return load_public_keys(paths)
    return open_keys(state, load(os.curdir, state=state).keys).public_keys()


def _places(bucket: str | None, book: Book | None) -> Iterable[Place]:
    """A bucket given here is served under the names that the trails have for theirs."""
    from bototrail.endpoint.file_places import FilePlaces
    from bototrail.endpoint.library import Place

    if book is not None and bucket is None:
        return FilePlaces(book)
    location = bucket or os.environ.get("BOTOTRAIL", "")
    if not location:
        todo = "give --bucket FOLDER or an URL"
        raise ConfigError("a bucket to serve", "neither --bucket, --trails nor $BOTOTRAIL", todo)
    location = bucket_location(location)
    place = Place(location)
    _ = place.store  # what cannot be opened is told now
    return (place,) if book is None else FilePlaces(book, location)


def _greeting(library: Library, url: str, *, guarded: bool) -> Iterator[str]:
    """What to set and to call. The token itself is in nobody's scrollback."""
    yield f"CloudTrail and S3 (read only) at {url}; signatures of requests are not checked"
    yield f"export AWS_ENDPOINT_URL_CLOUDTRAIL={url} AWS_ENDPOINT_URL_S3={url}"
    if guarded:
        yield 'export AWS_ACCESS_KEY_ID="$BOTOTRAIL_TOKEN" AWS_SECRET_ACCESS_KEY=any  # the token is asked for'
    else:
        yield "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any  # unless there are some"
    yield from _trails(library, url)
    yield "aws cloudtrail lookup-events --region us-east-1 --max-items 10  # events of all regions, in any"
    yield f"the page: {url}/"


def _trails(library: Library, url: str) -> Iterator[str]:
    try:
        trails = library.trails()
    except BototrailError as error:
        yield f"the trails cannot be told: {error}"
        return
    if any(trail.organization for trail in trails):
        yield f"export AWS_ENDPOINT_URL_ORGANIZATIONS={url}"
    for trail in trails:
        yield from _commands(trail)
    if not any(trail.spans for trail in trails):
        yield "no digest files yet"
    if library.book is not None and not library.book.is_there:
        yield f"no trails file {library.book.path} yet: CreateTrail makes it"


def _commands(trail: KnownTrail) -> Iterator[str]:
    """How to validate a trail, for each region that has digest files; for organization trails also each account."""
    for span in trail.spans:
        words = ["aws", "cloudtrail", "validate-logs", "--region", span.chain.region, "--trail-arn", trail.arn]
        if trail.organization:
            words += ["--account-id", span.chain.account]
        # The first digest file begins about an hour before its end.
        start = f"{span.oldest[:11]}00:00:00Z"
        yield shlex.join([*words, "--start-time", start])


class _Shown(logging.Formatter):
    """What clients send stands in messages."""

    def format(self, record: logging.LogRecord) -> str:
        return shown(super().format(record))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Shown("%(asctime)s %(message)s"))
    for name in ("bototrail.endpoint", "uvicorn"):
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.WARNING)
