"""`bototrail policy`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from bototrail.cli.records import Choice, record_options
from bototrail.cli.shown import shown
from bototrail.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bototrail.policy.document import Policy
    from bototrail.policy.gather import Needs

# With a backspace, click leaves the lines as they are.
_EXAMPLES = """\b
Examples:
  bototrail policy --bucket ./audit
  bototrail policy --bucket ./audit --role arn:aws:iam::111122223333:role/worker --since 7d
  bototrail policy --bucket ./audit --generalize --format terraform
  bototrail policy --bucket ./audit --check policy.json
  bototrail policy --bucket ./audit --diff policy.json
"""


@click.command(epilog=_EXAMPLES)
@record_options
@click.option("--generalize", is_flag=True, help="Write table-* where table-17 and table-18 were used.")
@click.option("--conditions/--no-conditions", default=True, help="Write conditions where they are certain.")
@click.option("--allowed-only", is_flag=True, help="Leave out calls that were refused.")
@click.option("--account", metavar="ID", help="Write this account in the place of the recorded ones, such as moto's.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "terraform", "cloudformation", "text"]),
    help="Output format.  [default: json; with --check and --diff text]",
)
@click.option(
    "--name", default="bototrail", show_default=True, help="Name of the policy in Terraform and CloudFormation."
)
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="POLICY.json",
    help="Compare this policy with what was used; exit code 1 when it lacks something.",
)
@click.option(
    "--diff", "old", type=click.Path(path_type=Path), metavar="OLD.json", help="Show what changes against this policy."
)
def policy(
    *,
    generalize: bool,
    conditions: bool,
    allowed_only: bool,
    account: str | None,
    form: str | None,
    name: str,
    checked: Path | None,
    old: Path | None,
    **choice: Any,
) -> None:
    """Make the smallest IAM policy that allows the calls in a bucket, or check a policy by them.

    Reads bototrail's log files and AWS CloudTrail's own. Actions and ARNs are real ones; what could not be found out is
    said on stderr, and actions that AWS's reference does not know stand in statements whose Sid begins with Unverified.
    """
    from bototrail.policy.build import policy_of

    _usable(account, form, checked, old, name)
    needs = _gathered(Choice(**choice), allowed_only)
    made = policy_of(needs, generalize=generalize, conditions=conditions, account=account)
    for remark in made.remarks:
        click.echo(shown(remark), err=True)
    if checked is not None:
        _check(checked, made, form)
    elif old is not None:
        _diff(old, made, form)
    else:
        other = {"terraform": made.terraform, "cloudformation": made.cloudformation}.get(form or "")
        click.echo(other(name) if other else made.json())


def _gathered(choice: Choice, allowed_only: bool) -> Needs:
    """What the chosen records needed."""
    from bototrail.history.denials import is_denied
    from bototrail.policy.gather import Needs

    needs, count, unread = Needs(), 0, 0
    for record in choice.records():
        count += 1
        if not (allowed_only and is_denied(record)):
            unread += not _taken(needs, record)
    if not count:
        raise click.UsageError("no records in the bucket are chosen: look at --role, --since and the bucket's name")
    if unread:
        click.echo(f"{unread} records could not be understood and are left out", err=True)
    return needs


def _taken(needs: Needs, record: Mapping[str, Any]) -> bool:
    """Take in a record; one that is too strange must not hide the others."""
    try:
        needs.add(record)
    except MissingExtraError:
        raise
    except Exception:  # noqa: BLE001 whatever a file holds
        return False
    return True


def _usable(account: str | None, form: str | None, checked: Path | None, old: Path | None, name: str) -> None:
    """See to it that options fit together before anything is read."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+=,.@_-]{0,119}", name):
        raise ConfigError("a name of letters, digits and +=,.@_- for --name", repr(name), "choose another")
    if account is not None and not (len(account) == 12 and account.isdecimal()):
        raise ConfigError("12 digits for --account", repr(account), "correct it")
    if checked is not None and old is not None:
        raise click.UsageError("--check and --diff are two questions: ask them one after the other")
    compares = checked is not None or old is not None
    allowed = (None, "text", "json") if compares else (None, "json", "terraform", "cloudformation")
    if form not in allowed:
        raise click.UsageError(
            f"--format {form} does not go {'with --check or --diff' if compares else 'without them'}"
        )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"a policy in {path}", what, "name a file with a policy document") from None


def _check(path: Path, made: Policy, form: str | None) -> None:
    from bototrail.cli.policy_text import check_page
    from bototrail.policy.check import check
    from bototrail.policy.evaluate import read_policy

    found = check(read_policy(_read(path), str(path)), made.needs)
    _show(found.to_dict(), form, check_page(found))
    if found.missing:
        raise SystemExit(1)


def _diff(path: Path, made: Policy, form: str | None) -> None:
    from bototrail.policy.check import difference
    from bototrail.policy.evaluate import read_policy

    added, removed = difference(read_policy(_read(path), str(path)), made.statements)
    lines = [*(f"+ {line}" for line in added), *(f"- {line}" for line in removed)]
    _show({"added": added, "removed": removed}, form, lines or ["no difference"])


def _show(value: dict[str, Any], form: str | None, lines: list[str]) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if form == "json" else shown("\n".join(lines)))
