"""What a reader expects, against what a contract promises."""

import pytest
import yaml
from hypothesis import given, settings

from paperlake.contract_check.documents import parse_document, read_document
from paperlake.contract_check.expectations import find_unmet, read_expectations
from paperlake.contract_check.facts import read_facts
from paperlake.errors import ContractFileError
from paperlake.release.contract import contract_text
from tests.contract_documents import CONTRACTS, column_of, contract_of, table_of

CHECK = [{"type": "library", "rule": "validValues", "validValues": ["wool", "silk"]}]
OPTIONS = {"minimum": 1, "maximum": 9, "exclusiveMaximum": True}
CONTRACT = contract_of(
    table_of(
        column_of("id", logicalType="integer", physicalType="int32", required=True, unique=True),
        column_of("size", logicalTypeOptions=OPTIONS),
        column_of("yarn", quality=CHECK),
    )
)


def unmet_of(expected, contract=CONTRACT):
    expectations = read_expectations(yaml.safe_load(expected), "mine.yaml")
    return [str(one) for one in find_unmet(expectations, read_facts(contract))]


@pytest.mark.parametrize(
    "wanted",
    [
        "id: {}",
        "id:",
        "id: {type: integer}",
        "id: {type: int32, required: true, unique: true}",
        "yarn: {required: false, unique: false}",
        "yarn: {values: [silk, wool]}",
        "yarn: {values: [wool, linen, silk]}",
        "size: {minimum: 1, maximum: 9}",
        "size: {minimum: -3.5, maximum: 10}",
    ],
)
def test_what_a_contract_promises_is_met(wanted):
    assert unmet_of(f"tables: {{socks: {{{wanted}}}}}") == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("id: {type: string}", "socks.id: expected type string, found type integer, int32. Read it as what it is."),
        ("yarn: {type: string}", "socks.yarn: expected type string, found type nothing. Read it as what it is."),
        ("size: {required: true}", "socks.size: expected required true, found required false. Handle null."),
        ("size: {unique: true}", "socks.size: expected unique true, found unique false. Handle values that repeat: "),
        (
            "yarn: {values: [wool]}",
            "socks.yarn: expected values wool, found values wool, silk. Handle all others, too.",
        ),
        ("id: {values: [1]}", "socks.id: expected values 1, found values nothing. Handle all others, too."),
        ("size: {minimum: 1.5}", "socks.size: expected minimum 1.5, found minimum >= 1. Handle lower values."),
        ("size: {maximum: 8}", "socks.size: expected maximum 8, found maximum < 9. Handle higher values."),
        ("id: {minimum: 0}", "socks.id: expected minimum 0, found minimum nothing. Handle lower values."),
        ("sizes: {}", "socks.sizes: expected this column, found none. Did you mean 'size'?"),
        ("colour: {}", "socks.colour: expected this column, found none. There is id, size, yarn."),
    ],
)
def test_what_a_contract_does_not_promise_is_told(wanted, said):
    [told] = unmet_of(f"tables: {{socks: {{{wanted}}}}}")
    assert told.startswith(said)


def test_tables_that_are_missing_and_several_at_once_in_the_order_of_the_file():
    told = unmet_of("tables: {sock: {id: {}}, kettles: {}, socks: {size: {required: true, minimum: 5}, yarn: {}}}")
    assert told == [
        "sock: expected this table, found none. Did you mean 'socks'?",
        "kettles: expected this table, found none. There is socks.",
        "socks.size: expected required true, found required false. Handle null.",
        "socks.size: expected minimum 5, found minimum >= 1. Handle lower values.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected `key: value` lines, found NoneType"),
        ("- papers", "expected `key: value` lines, found list"),
        ("tables: [", "line 1: expected YAML that says each thing once"),
        ("tables: {}", "tables: expected tables by name, found {}"),
        ("tables: [papers]", "tables: expected tables by name, found ['papers']"),
        ("table: {papers: {}}", "table: expected only `tables` here"),
        ("tables: {papers: [title]}", "papers: expected columns by name (`{}` for the table alone), found ['title']"),
        ("tables: {papers: {title: string}}", "papers.title: expected `{type: ..., required: ...}` or `{}`, found"),
        ("tables: {papers: {title: {requierd: true}}}", "papers.title: expected some of type, required, unique, "),
        ("tables: {papers: {title: {required: 'yes'}}}", "expected true or false as `required`, found 'yes'"),
        ("tables: {papers: {title: {unique: 1}}}", "expected true or false as `unique`, found 1"),
        ("tables: {papers: {title: {type: [string]}}}", "expected the name of a type as `type`"),
        ("tables: {papers: {title: {values: wool}}}", "expected a list of values as `values`, found 'wool'"),
        ("tables: {papers: {title: {values: []}}}", "expected a list of values as `values`, found []"),
        ("tables: {papers: {title: {minimum: .nan}}}", "expected a number as `minimum`, found nan"),
        ("tables: {papers: {title: {maximum: true}}}", "expected a number as `maximum`, found True"),
        ("tables: {papers: {on: {}}}", "papers: expected the name of a column, found True; write it in quotes"),
        ("tables: {2: {}}", "tables: expected the name of a table, found 2; write it in quotes"),
        ("tables:\n  papers: {}\n  papers: {title: {}}", "line 3: expected YAML that says each thing once, found 'pap"),
        ("tables: !!python/object:os.system {}", "expected YAML that says each thing once, could not determine"),
        ("tables: \x01", "expected YAML, found something else"),
        ("tables: 2026-13-41", "expected YAML, found something else: month must be in 1..12"),
        ("[" * 1000, "expected YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_says_where(tmp_path, text, said):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ContractFileError) as raised:
        read_expectations(read_document(file), str(file))
    assert said in str(raised.value)
    assert str(raised.value).startswith(str(file))
    assert raised.value.exit_code == 1


def test_all_faults_of_a_file_are_told_at_once():
    with pytest.raises(ContractFileError) as raised:
        unmet_of("tables: {papers: {title: {typ: x, unique: 1}, on: {}}, links: 3}\nmore: 1")
    assert len(raised.value.faults) == 5


def test_a_file_that_is_missing_or_in_another_encoding_is_an_error_and_a_byte_order_mark_is_none(tmp_path):
    file = tmp_path / "mine.yaml"
    with pytest.raises(ContractFileError, match="No such file"):
        read_document(file)
    file.write_bytes("tables: {käse: {}}".encode("latin-1"))
    with pytest.raises(ContractFileError, match="expected a YAML file in UTF-8"):
        read_document(file)
    file.write_bytes("tables: {käse: {}}".encode("utf-8-sig"))
    assert read_document(file) == {"tables": {"käse": {}}}


def test_yaml_may_repeat_by_reference_what_it_said():
    text = "tables: {a: &one {x: {required: true}}, b: *one, c: {<<: *one, y: {}}}"
    said = read_expectations(parse_document(text, "mine.yaml"), "mine.yaml")
    assert said == {
        "a": {"x": {"required": True}},
        "b": {"x": {"required": True}},
        "c": {"x": {"required": True}, "y": {}},
    }


@settings(max_examples=50)
@given(CONTRACTS)
def test_a_reader_may_expect_all_that_a_contract_promises(contract):
    tables = {
        table: {column: all_of(facts) for column, facts in promised.columns.items()}
        for table, promised in read_facts(contract).tables.items()
    }
    assert find_unmet(tables, read_facts(contract)) == []
    without = contract_of(*contract["schema"][1:])
    gone = contract["schema"][0]["name"] if contract["schema"] else None
    assert [(one.table, one.column) for one in find_unmet(tables, read_facts(without))] == [(gone, "")] * bool(gone)


def all_of(facts):
    wanted = {name: facts[name] for name in ("required", "unique", "values") if name in facts}
    wanted |= {name: facts[name].value for name in ("minimum", "maximum") if name in facts}
    return wanted | ({"type": facts["logicalType"]} if "logicalType" in facts else {})


def test_all_of_our_own_contract_can_be_expected():
    facts = read_facts(yaml.safe_load(contract_text()))
    tables = {
        table: {column: all_of(said) for column, said in promised.columns.items()}
        for table, promised in facts.tables.items()
    }
    assert len(tables) == 9
    assert find_unmet(read_expectations({"tables": tables}, "mine.yaml"), facts) == []
