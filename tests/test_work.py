import errno

import polars as pl
import pytest

from paperlake import work
from paperlake.work import make_once, read_work, rules_version, work_name


def test_a_folder_that_stands_is_not_made_again(tmp_path):
    first = make_once(tmp_path / "a", lambda: {"x": pl.DataFrame({"n": [1]})})
    again = make_once(tmp_path / "a", lambda: pytest.fail("made again"))
    assert first == again
    assert read_work(first, "x")["n"].to_list() == [1]


def test_a_maker_that_fails_leaves_no_half_folder(tmp_path):
    with pytest.raises(ZeroDivisionError):
        make_once(tmp_path / "a", lambda: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_half_folder(tmp_path, monkeypatch):
    def write_half(path, write):
        path.write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(work, "write_file", write_half)
    with pytest.raises(OSError, match="No space left"):
        make_once(tmp_path / "a", lambda: {"x": pl.DataFrame({"n": [1]})})
    assert list(tmp_path.iterdir()) == []


def test_two_makers_of_one_folder_both_get_it(tmp_path):
    def make():
        make_once(tmp_path / "a", lambda: {"x": pl.DataFrame({"n": [1]})})
        return {"x": pl.DataFrame({"n": [1]})}

    make_once(tmp_path / "a", make)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_name_tells_what_it_was_made_from():
    assert work_name("x", "a") == work_name("x", "a")
    assert len({work_name("x", "a"), work_name("x", "b"), work_name("y", "a"), work_name("x", "a", "b")}) == 4


def test_other_rules_are_other_names(monkeypatch):
    before = work_name("x", "a")
    monkeypatch.setattr(work, "rules_version", lambda: "another")
    assert work_name("x", "a") != before


def test_every_module_is_a_rule_but_those_that_decide_nothing(tmp_path, monkeypatch):
    root = work.Path(work.__file__).parent
    assert all((root / room).exists() for room in work._NO_RULES)
    assert len(rules_version()) == 12
    monkeypatch.setattr(work, "files", lambda _: tmp_path)
    (tmp_path / "layouts").mkdir()
    versions = set()
    for name, content in (("titles.py", "a"), ("titles.py", "b"), ("layouts/new.py", "a"), ("weights.csv", "a")):
        (tmp_path / name).write_text(content)
        versions.add(rules_version.__wrapped__())
    assert len(versions) == 4
    (tmp_path / "cli.py").write_text("a")
    assert rules_version.__wrapped__() in versions
