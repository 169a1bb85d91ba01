"""Changes in the text of a TOML file that leave everything else as it stands, comments and order too.

Tables are changed line by line: tomlkit takes what stands before a header for the end of the table before it, and moves
tables that stand between those of an array. Within a value it keeps all as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from bototrail.errors import MissingExtraError
from bototrail.trails.lines import Path, Statement, toml_statements

_WIDTH: Final = 100  # of a value that stands on one line
_TRAIL: Final = 2  # names in the path of a trail: the list, and its number


def put(text: str, path: Path, value: Any) -> str:
    """The text with a value at `path`, where there may have been another one or none.

    Raises:
        LookupError: there is no table that a pair could be added to.
    """
    for each in toml_statements(text):
        if not each.is_header and each.path == path:
            return text[: each.value] + rendered(value) + text[each.end :]
        if not each.is_header and _below(path, each.path):
            return _within(text, each, path, lambda item, key: item.update({key: _toml().value(rendered(value))}))
    return _insert(drop(text, path), path, f"{path[-1]} = {rendered(value)}")


def drop(text: str, path: Path) -> str:
    """The text without what is at `path`; of a table the comments right above it go, too, of a whole trail all."""
    statements = toml_statements(text)
    for each in statements:
        if not each.is_header and each.path != path and _below(path, each.path):
            return _within(text, each, path, lambda item, key: item.pop(key))
    for first, last in reversed(_runs([_below(each.path, path) for each in statements])):
        begin, end = _region(text, statements, first, last, len(path) <= _TRAIL)
        text = text[:begin] + text[end:]
    return text


def add(text: str, name: str, fields: dict[str, Any]) -> str:
    """The text with another table in the array of tables `name`, behind all others."""
    for each in toml_statements(text):
        if not each.is_header and each.path == (name,):
            if not _toml().value(text[each.value : each.end]):
                text = drop(text, (name,)).lstrip("\n")
                break
            return _within(text, each, (name, None), lambda array, _: array.append(_toml().value(rendered(fields))))
    pairs = "".join(f"{key} = {rendered(value)}\n" for key, value in fields.items())
    before = f"{text.rstrip()}\n\n" if text.strip() else text
    return f"{before}[[{name}]]\n{pairs}"


def rendered(value: Any, depth: int = 0) -> str:
    """A value of texts, booleans, lists and dicts with bare keys, as TOML."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {rendered(inner, depth + 1)}" for key, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if not isinstance(value, list):
        return str(_toml().item(value).as_string())
    parts = [rendered(each, depth + 1) for each in value]
    if sum(map(len, parts)) <= _WIDTH and not any("\n" in part for part in parts):
        return f"[{', '.join(parts)}]"
    indent = "  " * (depth + 1)
    return "[\n" + "".join(f"{indent}{part},\n" for part in parts) + "  " * depth + "]"


def _toml() -> Any:
    try:
        import tomlkit
    except ImportError:
        raise MissingExtraError("changing a trails file in TOML", "history") from None
    return tomlkit


def _below(path: tuple[Any, ...], above: Path) -> bool:
    return path[: len(above)] == above


def _within(text: str, each: Statement, path: tuple[Any, ...], change: Callable[[Any, Any], object]) -> str:
    """Change something in the value of a pair."""
    document = _toml().parse(f"v = {text[each.value : each.end]}")
    item: Any = document
    *parents, last = ("v", *path[len(each.path) :])
    for name in parents:
        item = item[name]
    change(item, last)
    return text[: each.value] + str(document.as_string()).removeprefix("v = ") + text[each.end :]


# ---- lines
def _begin(text: str, at: int) -> int:
    """Where the line of a position begins."""
    return text.rfind("\n", 0, at) + 1


def _end(text: str, at: int) -> int:
    """Where the line after that of a position begins."""
    return text.find("\n", at) + 1 or len(text)


def _line(text: str, at: int) -> str:
    return text[at : _end(text, at)].strip()


def _lead(text: str, statements: Sequence[Statement], index: int) -> int:
    """Where the comments begin that stand right above a header."""
    at = _begin(text, statements[index].start)
    before = _end(text, statements[index - 1].end) if index else 0
    while at > before and _line(text, _begin(text, at - 1)).startswith("#"):
        at = _begin(text, at - 1)
    return at


def _runs(chosen: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last index of each run of those that are chosen."""
    edges = [False, *chosen, False]
    firsts = [index for index in range(len(chosen)) if edges[index + 1] and not edges[index]]
    lasts = [index for index in range(len(chosen)) if edges[index + 1] and not edges[index + 2]]
    return list(zip(firsts, lasts, strict=True))


def _region(text: str, statements: Sequence[Statement], first: int, last: int, whole: bool) -> tuple[int, int]:
    """What goes with some statements: whole lines, of tables the comments above and one gap, and those that end it."""
    end = _end(text, statements[last].end)
    if not statements[first].is_header:
        return _begin(text, statements[first].start), end
    begin = _lead(text, statements, first)
    following = _lead(text, statements, last + 1) if last + 1 < len(statements) else len(text)
    while whole and end < following and _line(text, end).startswith("#"):
        end = _end(text, end)
    while end < following and not _line(text, end) and (not begin or not _line(text, _begin(text, begin - 1))):
        end = _end(text, end)
    while end == len(text) and begin and not _line(text, _begin(text, begin - 1)):
        begin = _begin(text, begin - 1)
    return begin, end


def _insert(text: str, path: Path, pair: str) -> str:
    """A pair behind the last one of its table."""
    statements = toml_statements(text)
    headers = [index for index, each in enumerate(statements) if each.is_header]
    begin = 0 if len(path) == 1 else 1 + next(i for i in [*headers, -2] if i < 0 or statements[i].path == path[:-1])
    if begin < 0:
        raise LookupError(path)
    end = next((index for index in headers if index >= begin), len(statements))
    if end:
        before = statements[end - 1]
        at, indent = _end(text, before.end), text[_begin(text, before.start) : before.start]
    else:
        at, indent = (_lead(text, statements, 0) if statements else len(text)), ""
    gap = "\n" if at and text[at - 1] != "\n" else ""
    after = "\n" if not end and statements else ""
    return f"{text[:at]}{gap}{indent}{pair}\n{after}{text[at:]}"
