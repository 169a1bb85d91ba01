"""Headers of gzip files: where they end, and another comment in them."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.integrity.form import comment_of
from bototrail.integrity.gzipped import header_size, inflated, recommented

TEXT = st.binary(max_size=20).map(lambda raw: raw.replace(b"\0", b"x"))


def packed(content, extra=None, name=None, comment=None, checked=False):
    """A gzip file with whatever a header may have (RFC 1952)."""
    flags = 4 * (extra is not None) | 8 * (name is not None) | 16 * (comment is not None) | 2 * checked
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, flags, 1_790_000_000, 2, 3)
    if extra is not None:
        header += struct.pack("<H", len(extra)) + extra
    header += b"".join(text + b"\0" for text in (name, comment) if text is not None)
    if checked:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush()
    return header, body + struct.pack("<II", zlib.crc32(content), len(content))


@given(
    content=st.binary(max_size=500),
    extra=st.none() | st.binary(max_size=300),
    name=st.none() | TEXT,
    comment=st.none() | TEXT,
    checked=st.booleans(),
)
def test_a_comment_is_put_into_any_header_and_the_rest_stays(content, extra, name, comment, checked):
    header, rest = packed(content, extra, name, comment, checked)
    assert gzip.decompress(header + rest) == content
    made = recommented(header + rest, {"signature": "ab", "x": "é\n"})
    assert header_size(header + rest) == len(header)
    assert made.endswith(rest)
    assert (gzip.decompress(made), comment_of(made)) == (content, {"signature": "ab", "x": "é\n"})


@given(st.binary(max_size=40), st.integers(0, 255))
def test_no_header_makes_it_fail(rest, flags):
    data = b"\x1f\x8b\x08" + bytes([flags]) + rest
    end = header_size(data)
    assert end is None or 10 <= end <= len(data)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04" + bytes(20), b"\x1f\x8b\x08\x10\0\0\0\0\0\xffno end"])
def test_what_is_no_gzip_file_gets_no_comment(data):
    assert recommented(data, {"signature": "ab"}) is None


WHOLE = gzip.compress(b"content" * 1000, mtime=0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is cut off"),
        (WHOLE[:-3], "it is cut off"),
        (WHOLE[:-8] + b"\0" * 8, "it is no sound gzip file: .*incorrect data check"),
        (b"{}" + WHOLE, "it is no sound gzip file: .*incorrect header check"),
        (WHOLE + b"\0", "there is something behind the end"),
        (WHOLE + WHOLE, "there is something behind the end"),
        (gzip.compress(bytes(3_000_000)), "it unpacks to more than 2 MB"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data, reason):
    with pytest.raises(ValueError, match=reason):
        list(inflated(data, 2 * 1024 * 1024))


def test_content_comes_in_parts():
    parts = list(inflated(gzip.compress(bytes(5_000_000))))
    assert (sum(map(len, parts)), max(map(len, parts)) <= 1024 * 1024) == (5_000_000, True)
