import gzip
import os
import tracemalloc
from datetime import date

import pyarrow as pa
import pytest

from paperlake.dump_lines import _CHUNK_BYTES, read_lines
from paperlake.dumps import Dump, find_dumps
from paperlake.errors import DumpError, SettingsError
from paperlake.settings import Settings

TEXT = "Getränk und Tülle\nEine naïve Untersuchung über Kännchen, in zwei Sätzen. Später mehr davon, für Kühle.\n" * 5


def test_find_dumps_gives_paths_in_order_and_leaves_what_is_no_dump(tmp_path):
    for name in ("b.txt", "a/c.md", ".hidden.txt", "half.txt.part", "dumps.toml", "curation/judgements.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [dump.path for dump in find_dumps(tmp_path)] == ["a/c.md", "b.txt"]


def test_a_folder_that_cannot_be_read_is_told_and_its_dumps_not_passed_over(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return scan(folder)

    monkeypatch.setattr("paperlake.dumps.os.scandir", refuse)
    with pytest.raises(
        SettingsError, match=r"expected folders that can be read, found '.*closed'.\nPermission denied:"
    ):
        find_dumps(tmp_path)


def test_links_to_files_count_and_links_to_folders_do_not(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "elsewhere").mkdir()
    for name in ("elsewhere/a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "raw" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "raw" / "b.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "raw" / "gone.txt").symlink_to(tmp_path / "gone.txt")
    assert [dump.path for dump in find_dumps(tmp_path / "raw")] == ["b.txt"]


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
        ("2026-03-01.txt.gz", date(2026, 3, 1)),
        ("2025-01-01/socks.txt", None),
        ("2026-13-45.txt", None),
        ("x12026-03-021.txt", None),
    ],
)
def test_captured_on_comes_from_the_file_name(path, day):
    assert Dump(path, "0" * 64, 1).captured_on == day


def test_only_newlines_end_a_line(tmp_path):
    (tmp_path / "d.txt").write_bytes("a\r\nb\rc\n\x0cd\u2028e\x85f\n".encode())
    assert read_lines(tmp_path / "d.txt", "d.txt", Settings()) == ["a", "b", "c", "\x0cd\u2028e\x85f"]


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (b"", {}, "empty"),
        (b" \n\r\n", {}, "empty"),
        (b"\xef\xbb\xbf", {}, "empty"),
        (gzip.compress(b"", mtime=0), {}, "empty"),
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
    assert all(limit in str(caught.value) for limit in limits)


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (b"12345", {"max_dump_bytes": 5}),
        (b"a\nb\nc\n", {"max_dump_lines": 3}),
        (b"abcd\nefgh\n", {"max_line_chars": 4}),
    ],
)
def test_what_just_keeps_a_limit_is_read(tmp_path, content, limits):
    (tmp_path / "d.txt").write_bytes(content)
    assert read_lines(tmp_path / "d.txt", "d.txt", Settings(**limits)) == content.decode().split()


def test_every_limit_is_recorded_among_the_limits():
    limits = Settings(max_unpacked_bytes=7).limits
    assert set(limits) == {
        "max_dump_bytes", "max_unpacked_bytes", "max_dump_lines", "max_line_chars", "max_value_chars",
    }  # fmt: skip
    assert limits["max_unpacked_bytes"] == 7


def packed(codec, *members):
    return b"".join(gzip.compress(m) if codec == "gzip" else pa.compress(m, codec, asbytes=True) for m in members)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
@pytest.mark.parametrize("name", ["2026-03-01.txt.gz", "2026-03-01.txt"])
def test_an_archive_is_unpacked_whatever_its_name(tmp_path, codec, name):
    (tmp_path / name).write_bytes(packed(codec, "Kettles\r\nWe study tea, più ".encode("utf-16")))
    assert read_lines(tmp_path / name, name, Settings()) == ["Kettles", "We study tea, più "]
    assert find_dumps(tmp_path)[0].captured_on == date(2026, 3, 1)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_all_members_of_an_archive_are_read(tmp_path, codec):
    long = "".join(f"{number} kettles\n" for number in range(300_000))
    assert len(long) > 3 * _CHUNK_BYTES
    (tmp_path / "d").write_bytes(packed(codec, b"", b"first\n", b"", long.encode(), b"last", b""))
    lines = read_lines(tmp_path / "d", "d", Settings())
    assert (lines[0], lines[1], lines[-2], lines[-1]) == ("first", "0 kettles", "299999 kettles", "last")
    assert len(lines) == 300_002


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_a_cut_or_damaged_archive_is_a_named_reject(tmp_path, codec):
    whole = packed(codec, TEXT.encode(), TEXT.encode())
    for content in (whole[:4], whole[:40], whole[:-1], whole + b"more", whole[:4] + b"\xff" * 9 + whole[13:]):
        (tmp_path / "d").write_bytes(content)
        with pytest.raises(DumpError, match=f"expected a whole {codec} archive") as caught:
            read_lines(tmp_path / "d", "d", Settings())
        assert caught.value.reason == "damaged_archive"


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_an_archive_holds_as_much_as_the_limit_and_no_more(tmp_path, codec):
    (tmp_path / "d").write_bytes(packed(codec, TEXT.encode()))
    size = len(TEXT.encode())
    assert read_lines(tmp_path / "d", "d", Settings(max_unpacked_bytes=size))
    with pytest.raises(DumpError, match=rf"at most {size - 1:,} bytes once unpacked \(max_unpacked_bytes\)") as caught:
        read_lines(tmp_path / "d", "d", Settings(max_unpacked_bytes=size - 1))
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_a_bomb_does_not_fill_the_memory(tmp_path, codec):
    (tmp_path / "bomb").write_bytes(packed(codec, *[bytes(2**24)] * 16))
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    with pytest.raises(DumpError, match="max_unpacked_bytes"):
        read_lines(tmp_path / "bomb", "bomb", Settings(max_unpacked_bytes=2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20
    assert pa.total_allocated_bytes() - before < 2**20


@pytest.mark.parametrize(("outer", "inner"), [("gzip", "zstd"), ("zstd", "gzip"), ("gzip", "gzip")])
def test_an_archive_in_an_archive_is_no_text(tmp_path, outer, inner):
    (tmp_path / "d").write_bytes(packed(outer, packed(inner, TEXT.encode())))
    with pytest.raises(DumpError) as caught:
        read_lines(tmp_path / "d", "d", Settings())
    assert caught.value.reason == "not_text"


def test_a_file_that_cannot_be_read_or_named_is_told(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("a")
    monkeypatch.setattr("paperlake.dumps.FileIO", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(SettingsError, match=r"a\.txt.*\n.*denied: make it readable"):
        find_dumps(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "\udcff.txt")
    with pytest.raises(SettingsError, match="Rename the file"):
        find_dumps(tmp_path)
