import gzip
import json
from datetime import date

import pytest

from paperlake import open_release
from paperlake.errors import SettingsError
from paperlake.inspection import inspect_dump
from paperlake.layouts import LAYOUTS
from paperlake.settings import Settings
from tests.conftest import SAMPLES

ABSTRACT = "Kettles boil and nobody asks why. " * 12
BANNER = "Get trending papers in your email inbox!"
COMPACT = f"{BANNER}\nSubscribeOn Socks\n{ABSTRACT}\nOn Snails and their Kettles\n{ABSTRACT}"
SPACED = f"{BANNER}\n\nSubscribe\n\nOn Socks\n\n{ABSTRACT}\n\nOn Snails and their Kettles\n\n{ABSTRACT}"
NO_PAPERS = f"{BANNER}\nSubscribe\nSubmitted by\nmira-k\nSubmitted by\npotter9"
SAMPLE_FILES = sorted(SAMPLES.glob("*.txt"))


def inspect(folder, text, name="page.txt", layout=None, n_records=3, **settings):
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return inspect_dump(folder / name, Settings(raw=folder, **settings), layout, n_records)


def rows_of(release, table, dump_id, *others):
    frame = release.read(table)
    return frame.filter(frame["dump_id"] == dump_id).drop(others).to_dicts()


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
def test_what_is_seen_is_what_a_build_publishes(path, sample_store):
    seen = inspect_dump(path, Settings(raw=SAMPLES), n_records=10_000)
    release = open_release(sample_store)
    dump_id = seen.dump["dump_id"]
    assert [seen.dump] == rows_of(release, "dumps", dump_id, "sequence")
    assert seen.rejects == rows_of(release, "rejects", dump_id)
    appearances = rows_of(release, "appearances", dump_id)
    assert [record.appearance_id for record in seen.records] == [row["appearance_id"] for row in appearances]
    for record, row in zip(seen.records, appearances, strict=True):
        assert record.raw == {name: row[name] for name in record.raw}
        assert (record.line_start, record.line_end) == (row["line_start"], row["line_end"])
    papers = [block for block in seen.blocks if block.kind == "paper"]
    assert [block.is_published for block in papers] == [True] * len(appearances)


def test_clean_values_and_links_are_those_of_the_tables(sample_store):
    release = open_release(sample_store)
    once = release.papers.join(release.metrics, on="paper_id").collect().filter(n_appearances=1)
    papers = {row["first_appearance_id"]: row for row in once.to_dicts()}
    links = release.read("links").to_dicts()
    names = ("title", "title_key", "abstract", "arxiv_id", "doi", "published_on")
    n_compared = n_linked = 0
    for path in SAMPLE_FILES:
        for record in inspect_dump(path, Settings(raw=SAMPLES), n_records=10_000).records:
            if paper := papers.get(record.appearance_id):
                assert {name: record.clean[name] for name in names} == {name: paper[name] for name in names}
                urls = [link["url"].lower() for link in links if link["paper_id"] == paper["paper_id"]]
                assert list(dict.fromkeys(link["url"].lower() for link in record.links)) == urls
                n_compared += 1
                n_linked += bool(urls)
    assert n_compared > 20
    assert n_linked > 5


def test_the_first_records_and_no_more(tmp_path):
    assert [record.line_start for record in inspect(tmp_path, COMPACT, n_records=1).records] == [2]
    assert inspect(tmp_path, COMPACT, n_records=0).records == []


def test_a_dump_nobody_knows_shows_what_each_layout_expected(tmp_path):
    seen = inspect(tmp_path, "\nnothing known\n\nhere\n")
    assert (seen.dump["status"], seen.dump["reason"]) == ("rejected", "unknown_layout")
    [part] = seen.parts
    assert (part.layout, part.is_read, part.line_start, part.line_end) == (None, False, 1, 4)
    assert list(part.answers) == [layout.name for layout in LAYOUTS]
    assert all("expected" in answer.why and not answer.is_known for answer in part.answers.values())
    assert part.first_lines == {2: "nothing known", 4: "here"}
    [block] = seen.blocks
    assert (block.kind, block.label, block.text) == ("reject", "unknown_layout", "nothing known")
    assert (seen.records, seen.coverage) == ([], [])


def test_rejects_stand_among_the_blocks_and_the_rejects(tmp_path):
    seen = inspect(tmp_path, f"{BANNER}\nSubscribeOn Socks\n{ABSTRACT}\nOn Snails")
    assert [(block.line_start, block.line_end, block.kind, block.label) for block in seen.blocks] == [
        (1, 1, "furniture", "banner"),
        (2, 3, "paper", None),
        (4, 4, "reject", "missing_abstract"),
    ]
    [reject] = seen.rejects
    assert (reject["line_start"], reject["reason"], reject["text"]) == (4, "missing_abstract", "On Snails")
    assert [block.text for block in seen.blocks[1:]] == ["On Socks", "On Snails"]


def test_blocks_of_a_dump_without_papers_are_those_of_its_layout(tmp_path):
    seen = inspect(tmp_path, NO_PAPERS)
    assert seen.dump["reason"] == "no_papers"
    assert {block.kind for block in seen.blocks} == {"furniture"}
    assert (seen.parts[0].layout, seen.parts[0].is_read) == ("compact", False)
    assert seen.parts[0].answers["compact"].is_known


def test_blocks_of_a_part_without_papers_keep_their_lines(tmp_path):
    seen = inspect(tmp_path, f"{COMPACT}\nOn Kites\n{ABSTRACT}\nOn Corks\n{ABSTRACT}\n{NO_PAPERS}")
    assert [(part.layout, part.is_read, part.line_start) for part in seen.parts] == [
        ("compact", True, 1),
        ("compact", False, 10),
    ]
    assert seen.dump["n_papers"] == 4
    below = [(block.line_start, block.label) for block in seen.blocks if block.line_start > 9]
    assert below == [(10, "banner"), (11, "banner"), (12, "submitter"), (14, "submitter")]


def test_a_paper_over_a_limit_is_seen_and_not_published(tmp_path):
    text = f"{BANNER}\nSubscribeOn Socks\n{ABSTRACT}\nOn Snails\n{ABSTRACT * 2}"
    seen = inspect(tmp_path, text, max_value_chars=len(ABSTRACT) + 10)
    assert [block.is_published for block in seen.blocks if block.kind == "paper"] == [True, False]
    assert [reject["reason"] for reject in seen.rejects] == ["value_too_long"]


@pytest.mark.parametrize(("content", "reason"), [(b" \n", "empty"), (bytes(1000), "not_text")])
def test_a_file_without_text_has_no_parts(tmp_path, content, reason):
    seen = inspect(tmp_path, content)
    assert (seen.dump["reason"], seen.parts, seen.blocks) == (reason, [], [])
    assert [reject["reason"] for reject in seen.rejects] == [reason]


def test_limits_hold(tmp_path):
    assert inspect(tmp_path, COMPACT, max_dump_lines=2).dump["reason"] == "too_many_lines"


def test_a_forced_layout_is_used_whatever_the_dump_looks_like(tmp_path):
    assert inspect(tmp_path, SPACED).dump["layout"] == "spaced"
    seen = inspect(tmp_path, SPACED, layout="compact")
    assert (seen.dump["layout"], seen.parts[0].why, seen.note["layout"]) == ("compact", "told so", "compact")
    assert seen.parts[0].answers["spaced"].is_known


def test_an_archive_is_read_as_what_it_holds(tmp_path):
    plain = inspect(tmp_path, COMPACT)
    packed = inspect(tmp_path, gzip.compress(COMPACT.encode()), "page.gz")
    assert (packed.blocks, packed.parts) == (plain.blocks, plain.parts)
    assert packed.dump["dump_id"] != plain.dump["dump_id"]


def test_the_day_of_capture_says_where_it_comes_from(tmp_path):
    assert inspect(tmp_path, COMPACT).captured_from is None
    seen = inspect(tmp_path, f"---\ncaptured: 2026-01-03\n---\n{COMPACT}")
    assert (seen.dump["captured_on"], seen.captured_from) == (date(2026, 1, 3), "text")
    seen = inspect(tmp_path, f"---\ncaptured: 2026-01-03\n---\n{COMPACT}", "2026-01-02.txt")
    assert (seen.dump["captured_on"], seen.captured_from) == (date(2026, 1, 2), "file name")
    (tmp_path / "dumps.toml").write_text('["2026-01-02.txt"]\ncaptured_on = 2026-01-01\nlicence = "CC0-1.0"\n')
    seen = inspect(tmp_path, COMPACT, "2026-01-02.txt")
    assert (seen.dump["captured_on"], seen.captured_from) == (date(2026, 1, 1), "dumps.toml")
    assert (seen.note["licence"], seen.dump["licence"]) == ("CC0-1.0", "CC0-1.0")


def test_notes_go_with_the_bytes_and_stay_in_the_raw_folder(tmp_path):
    raw = tmp_path / "raw"
    (raw / "more").mkdir(parents=True)
    (raw / "dumps.toml").write_text('["a.txt"]\nlayout = "compact"\n')
    (raw / "a.txt").write_text(SPACED)
    copy = inspect_dump(_written(raw / "more" / "b.txt"), Settings(raw=raw))
    assert (copy.dump["path"], copy.dump["layout"]) == ("more/b.txt", "compact")
    outside = inspect_dump(_written(tmp_path / "c.txt"), Settings(raw=raw))
    assert (outside.dump["path"], outside.dump["layout"]) == ("c.txt", "spaced")


def _written(path):
    path.write_text(SPACED)
    return path


def test_coverage_is_beside_what_every_layout_promises(tmp_path):
    shares = {field.field: (field.share, field.is_promised) for field in inspect(tmp_path, COMPACT).coverage}
    assert shares["abstract_raw"] == (1.0, True)
    assert shares["arxiv_id"] == (0.0, False)


@pytest.mark.parametrize("name", ["nowhere.txt", ".", "no/such/folder.txt"])
def test_what_is_no_file_is_said_in_a_sentence(tmp_path, name):
    with pytest.raises(SettingsError, match="expected a file, found"):
        inspect_dump(tmp_path / name, Settings(raw=tmp_path))


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "page.txt").write_text(COMPACT)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("paperlake.dumps.FileIO", refuse)
    with pytest.raises(SettingsError, match="Permission denied: make it readable"):
        inspect_dump(tmp_path / "page.txt", Settings(raw=tmp_path))


def test_it_is_one_json_document(tmp_path):
    seen = inspect(tmp_path, COMPACT)
    document = json.loads(json.dumps(seen.as_dict(), default=str))
    assert [block["kind"] for block in document["blocks"]] == [block.kind for block in seen.blocks]
    assert document["parts"][0]["answers"]["compact"]["is_known"]
