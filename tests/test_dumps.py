import codecs
from datetime import date

import pytest

from paperlake.dumps import Dump, decode, find_dumps, read_lines
from paperlake.errors import DumpError, SettingsError
from paperlake.settings import Settings

TEXT = "Getränk und Tülle\nEine naïve Untersuchung über Kännchen, in zwei Sätzen. Später mehr davon, für Kühle.\n" * 5


def test_find_dumps_gives_paths_in_order_and_leaves_what_is_no_dump(tmp_path):
    for name in ("b.txt", "a/c.md", ".hidden.txt", "half.txt.part", "dumps.toml", "curation/judgements.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [dump.path for dump in find_dumps(tmp_path)] == ["a/c.md", "b.txt"]


def test_same_bytes_under_two_paths_are_one_dump(tmp_path):
    for name in ("2.txt", "1.txt"):
        (tmp_path / name).write_text("same")
    assert [dump.path for dump in find_dumps(tmp_path)] == ["1.txt"]


def test_missing_raw_folder_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match="Make it and put text captures"):
        find_dumps(tmp_path / "none")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2026-03-02-socks.txt", date(2026, 3, 2)),
        ("folder/capture_2026-12-31.txt", date(2026, 12, 31)),
        ("2025-01-01/socks.txt", None),
        ("2026-13-45.txt", None),
        ("x12026-03-021.txt", None),
    ],
)
def test_captured_on_comes_from_the_file_name(path, day):
    assert Dump(path, "0" * 64, 1).captured_on == day


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big-endian", "utf-32", "legacy"],
)
def test_decode_reads_what_people_have(content):
    assert decode(content, "d.txt") == TEXT


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + bytes(500), codecs.BOM_UTF16_LE + b"\x00\xd8a"]
)
def test_decode_refuses_what_is_no_text(content):
    with pytest.raises(DumpError) as caught:
        decode(content, "d.txt")
    assert caught.value.reason == "not_text"


def test_only_newlines_end_a_line(tmp_path):
    (tmp_path / "d.txt").write_bytes("a\r\nb\rc\n\x0cd\u2028e\x85f\n".encode())
    assert read_lines(tmp_path / "d.txt", "d.txt", Settings()) == ["a", "b", "c", "\x0cd\u2028e\x85f"]


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (b"", {}, "empty"),
        (b" \n\r\n", {}, "empty"),
        (b"12345", {"max_dump_bytes": 4}, "too_large"),
        (b"a\nb\nc", {"max_dump_lines": 2}, "too_many_lines"),
        (b"a\nbcdef", {"max_line_chars": 4}, "line_too_long"),
    ],
)
def test_a_limit_passed_is_a_named_reject(tmp_path, content, limits, reason):
    (tmp_path / "d.txt").write_bytes(content)
    with pytest.raises(DumpError) as caught:
        read_lines(tmp_path / "d.txt", "d.txt", Settings(**limits))
    assert caught.value.reason == reason
    assert "expected" in str(caught.value)
    assert "d.txt" in str(caught.value)


@pytest.mark.parametrize(
    "content", [TEXT.encode() + "ç".encode()[:1], TEXT.encode() + b"\xff bad"], ids=["cut inside a letter", "bad byte"]
)
def test_a_bad_byte_does_not_spoil_the_rest(content):
    text = decode(content, "d.txt")
    assert text.startswith(TEXT)
    assert text.count("\ufffd") == 1


def test_a_file_that_cannot_be_read_or_named_is_told(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("a")
    monkeypatch.setattr("paperlake.dumps.Path.open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(SettingsError, match=r"a\.txt.*\n.*denied: make it readable"):
        find_dumps(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "\udcff.txt")
    with pytest.raises(SettingsError, match="Rename the file"):
        find_dumps(tmp_path)
