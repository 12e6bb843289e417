"""Folders of a run, as they are given and as every process finds them."""

from pathlib import Path

import pytest

from paperlake.settings import Settings


@pytest.mark.parametrize("work", [None, Path("work")])
def test_absolute_folders_are_the_same_from_everywhere(tmp_path, monkeypatch, work):
    monkeypatch.chdir(tmp_path)
    given = Settings(raw=Path("raw"), store=Path("store"), work_folder=work)
    here = given.absolute()
    expected = tmp_path / (work or "store/.work")
    assert (here.raw, here.store, here.work) == (tmp_path / "raw", tmp_path / "store", expected)
    monkeypatch.chdir("/")
    assert here.absolute() == here
    assert here.limits == given.limits


def test_a_bucket_stays_as_it_is_and_its_work_folder_does_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = Settings(raw=Path("raw"), store="s3://kettles/papers")
    here = given.absolute()
    assert here.store == given.store
    assert here.work == tmp_path / given.work
