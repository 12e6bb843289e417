"""datapackage.json, read by frictionless."""

import json
from collections import defaultdict

import frictionless
import pytest

from paperlake import open_release
from paperlake.release import encoding
from paperlake.release.datapackage import datapackage_text
from paperlake.schemas import CONTRACT_VERSION, TABLES
from tests.described_release import parts_of, publish_described
from tests.release_frames import tables_of


@pytest.fixture(scope="module")
def release(sample_store):
    return open_release(sample_store)


@pytest.fixture(scope="module")
def package(release) -> frictionless.Package:
    return frictionless.Package(str(release.path / "datapackage.json"))


def test_the_descriptor_is_valid(release):
    report = frictionless.Package.validate_descriptor(str(release.path / "datapackage.json"))
    assert report.valid, report.to_summary()


def test_it_names_every_file_with_its_hash(release, package):
    expected = {part.path: f"sha256:{part.sha256}" for parts in parts_of(release).values() for part in parts}
    assert {resource.path: resource.hash for resource in package.resources} == expected


def test_it_names_every_column_with_its_description_and_every_key(package):
    for resource in package.resources:
        table = TABLES[resource.name.removesuffix("-00000")]
        assert {field.name: field.description for field in resource.schema.fields} == table.descriptions
        assert resource.schema.primary_key == list(table.key)


def test_frictionless_reads_all_but_what_its_way_through_pandas_changes(package):
    kinds = defaultdict(set)
    for task in package.validate().tasks:
        fields = {field.name: field.type for field in package.get_resource(task.name).schema.fields}
        for error in task.errors:
            kinds[error.type].add(fields[error.field_name])
    assert kinds == {"type-error": {"array", "integer"}}


def test_each_file_of_a_large_table_is_a_resource(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (16, 4))
    release = publish_described(tmp_path, tables_of(27))
    package = frictionless.Package(str(release.path / "datapackage.json"))
    papers = [resource for resource in package.resources if resource.path.startswith("papers/")]
    assert [resource.name for resource in papers] == [f"papers-{number:05d}" for number in range(4)]
    assert [len(resource.read_rows()) for resource in papers] == [16, 4, 4, 3]


@pytest.mark.parametrize(("licence", "told"), [("MIT", [{"name": "MIT"}]), (None, None)])
def test_it_tells_version_and_licence(release, licence, told):
    package = json.loads(datapackage_text(parts_of(release), "abcdef0123456789", licence))
    assert (package["version"], package.get("licenses")) == (f"{CONTRACT_VERSION}+abcdef012345", told)
