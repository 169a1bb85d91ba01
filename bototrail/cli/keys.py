"""`bototrail keys`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import orjson

from bototrail.cli.options import keys_option, signing_key_option, state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.clock import event_time, now
from bototrail.errors import ConfigError
from bototrail.settings import load

if TYPE_CHECKING:
    from bototrail.integrity.kept import Kept
    from bototrail.integrity.keys import KeyFolder
    from bototrail.integrity.public import PublicKey

_Function = TypeVar("_Function", bound=Callable[..., Any])
_STANDARD = "-"


def _folder_options(function: _Function) -> _Function:
    return state_option(keys_option(function))


def _folder(state: Path | None, folder: Path | None, signing_key: str | None = None) -> KeyFolder:
    from bototrail.integrity.keys import open_keys

    settings = load(os.curdir, state=state_directory(state), keys=folder, signing_key=signing_key)
    return open_keys(settings.state, settings.keys, settings.signing_key)


def _public_folder(state: Path | None, folder: Path | None) -> KeyFolder:
    """The folder alone, whatever the signing key is."""
    from bototrail.integrity.keys import open_keys

    settings = load(os.curdir, state=state_directory(state), keys=folder)
    return open_keys(settings.state, settings.keys)


@click.group()
def keys() -> None:
    """The keys that digest files are signed and checked with."""


@keys.command("list")
@_folder_options
@signing_key_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_(state: Path | None, folder: Path | None, signing_key: str | None, form: str) -> None:
    """Show the known keys: from when to when they are valid, and where their private halves are.

    With --format json it is what `aws cloudtrail list-public-keys` prints.
    """
    known = _folder(state, folder, signing_key)
    if form == "json":
        click.echo(_json(known.public_keys().as_json()))
        return
    found, used = known.kept(), known.in_use(now())
    if not found:
        click.echo(shown(f"no keys in {known.path}; one is made when the first digest file is signed"), err=True)
        return
    click.echo(f"{'fingerprint':<32}  {'from':<20}  {'to':<20}  private half")
    for kept in found:
        signs = "; signs now" if used and kept.fingerprint == used.fingerprint else ""
        click.echo(shown(f"{_line(kept.public)}  {_holder(kept)}{signs}"))


def _line(key: PublicKey) -> str:
    fields = key.fields()
    times = (fields.get(f"Validity{which}Time", "always") for which in ("Start", "End"))
    return "  ".join([key.fingerprint, *(f"{time:<20}" for time in times)])


def _holder(kept: Kept) -> str:
    """Where the private half is."""
    from bototrail.integrity.kept import FOLDER
    from bototrail.integrity.signers import SETTING

    if kept.here:
        return "here"
    words = {FOLDER: "deleted", SETTING: "in the signing key's file", "": "elsewhere; imported"}
    return words.get(kept.held_by, kept.held_by)


@keys.command()
@_folder_options
@click.option("--format", "form", type=click.Choice(["json", "pem", "der"]), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="File to write.  [default: the standard output]")
@click.argument("fingerprints", nargs=-1, metavar="[FINGERPRINT]...")
def export(
    state: Path | None, folder: Path | None, form: str, output: Path | None, fingerprints: tuple[str, ...]
) -> None:
    """Print public keys, for whoever checks digest files: all, or some.

    json is what `aws cloudtrail list-public-keys` prints, and has the validity; pem is for openssl; der is PKCS#1, of
    one key. Private keys are never printed.
    """
    from bototrail.integrity.public_keys import PublicKeys

    chosen = _chosen(_public_folder(state, folder), fingerprints)
    if form == "der" and len(chosen) != 1:
        raise ConfigError("one key for --format der", f"{len(chosen)}", "name its fingerprint: bototrail keys list")
    if form == "json":
        data = f"{_json(PublicKeys(chosen).as_json())}\n".encode()
    else:
        data = chosen[0].value if form == "der" else _pem(chosen)
    if output is None:
        click.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"a file that can be written at {output}", str(error.strerror), "name another") from None


def _chosen(known: KeyFolder, fingerprints: tuple[str, ...]) -> list[PublicKey]:
    found = known.public_keys()
    if not found:
        todo = "one is made when the first digest file is signed, or now by bototrail keys rotate"
        raise ConfigError("a key to export", f"none in {known.path}", todo)
    for each in fingerprints:
        if each not in found:
            raise ConfigError(f"a key of {known.path}", repr(each), "name one of bototrail keys list")
    return [found[each] for each in dict.fromkeys(fingerprints or found)]


def _pem(chosen: list[PublicKey]) -> bytes:
    from bototrail.integrity.key_files import as_pem

    return "".join(map(as_pem, chosen)).encode()


@keys.command("import")
@_folder_options
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def import_(state: Path | None, folder: Path | None, files: tuple[str, ...]) -> None:
    """Take up public keys of others, to check their digest files with.

    FILE is what `bototrail keys export` or `aws cloudtrail list-public-keys` prints, a public key in PEM or DER, a
    folder of such files, or - for the standard input. Take them from somebody whom you trust, not out of the bucket.
    """
    from bototrail.integrity.key_files import MOST_BYTES, load_public_keys, parse_public_keys

    found: list[PublicKey] = []
    for file in files:
        if file == _STANDARD:
            found += parse_public_keys(sys.stdin.buffer.read(MOST_BYTES + 1), "the standard input")
        else:
            found += load_public_keys([file]).values()
    taken = {key.fingerprint for key in _public_folder(state, folder).import_keys(found)}
    for fingerprint in dict.fromkeys(key.fingerprint for key in found):
        click.echo(f"{fingerprint}  {'imported' if fingerprint in taken else 'known already'}")


@keys.command()
@_folder_options
@signing_key_option
@click.option("--discard", is_flag=True, help="Delete the private halves of former keys, which end now.")
def rotate(state: Path | None, folder: Path | None, signing_key: str | None, discard: bool) -> None:
    """Sign with a new key from now on.

    The former keys stay valid for two hours, in which the hour that has begun is signed. With --signing-key the new key
    is that one.
    """
    signer = _folder(state, folder, signing_key).rotate(now(), discard=discard)
    click.echo(f"{signer.public.fingerprint}  signs from {event_time(signer.public.start)} on")


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
