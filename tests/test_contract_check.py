"""What differs between two contracts, and how much of that a reader feels: a table of cases, and properties."""

import copy
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.contract_check.bump import check_bump, compare_versions, declared_size, next_version, refuse_undeclared
from paperlake.contract_check.changes import RULES, Move, Size
from paperlake.contract_check.compare import compare_contracts
from paperlake.errors import BreakingContractError, ContractFileError
from paperlake.release.contract import contract_text
from tests.contract_documents import CONTRACTS, as_yaml, column_of, contract_of, table_of

CASES = tomllib.loads((Path(__file__).parent / "cases" / "contract_changes.toml").read_text())["case"]
FEW = settings(max_examples=50)
OPPOSITE = {Move.LESS: Move.MORE, Move.MORE: Move.LESS, Move.OTHER: Move.OTHER, Move.SAME: Move.SAME}


def contract_with(case, side):
    if case["on"] == "column":
        return contract_of(table_of(column_of(**case[side])))
    if case["on"] == "table":
        return contract_of({**table_of(), **case[side]})
    return {**contract_of(), **case[side]}


def found(old, new):
    return [f"{change.size} {change.subject} {change.move}" for change in compare_contracts(old, new)]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_case(case):
    old, new = contract_with(case, "old"), contract_with(case, "new")
    assert Counter(found(old, new)) == Counter(case["there"])
    assert Counter(found(new, old)) == Counter(case["back"]), "from new to old"


def test_every_rule_has_a_case_and_no_two_rules_are_of_one_thing():
    rows = [f"{rule.size} {rule.subject} {rule.move}" for rule in RULES]
    assert set(rows) == {expected for case in CASES for expected in case["there"] + case["back"]}
    assert len({(rule.subject, rule.move) for rule in RULES}) == len(RULES)
    assert all(rule.says and rule.why for rule in RULES)


def test_less_and_other_break_a_reader_more_does_not_and_words_are_patches():
    sizes = {Move.LESS: Size.MAJOR, Move.OTHER: Size.MAJOR, Move.MORE: Size.MINOR, Move.SAME: Size.PATCH}
    assert all(rule.size == sizes[rule.move] for rule in RULES)


@FEW
@given(CONTRACTS)
def test_a_contract_does_not_differ_from_itself(contract):
    assert compare_contracts(contract, copy.deepcopy(contract)) == []
    assert compare_contracts(contract, yaml.safe_load(as_yaml(contract))) == []
    assert compare_contracts(contract, turned_around(contract)) == []


def turned_around(thing):
    """The same with its fields in another order."""
    if isinstance(thing, dict):
        return {name: turned_around(value) for name, value in reversed(thing.items())}
    return [turned_around(one) for one in thing] if isinstance(thing, list) else thing


@FEW
@given(CONTRACTS, CONTRACTS)
def test_every_difference_is_told_once_and_goes_the_other_way_from_new_to_old(old, new):
    there, back = compare_contracts(old, new), compare_contracts(new, old)
    assert len({(change.table, change.column, change.fact) for change in there}) == len(there)
    assert Counter((c.table, c.column, c.fact, OPPOSITE[c.move], json.dumps([c.after, c.before])) for c in there) == (
        Counter((c.table, c.column, c.fact, c.move, json.dumps([c.before, c.after])) for c in back)
    )


@FEW
@given(CONTRACTS, st.data())
def test_no_field_comes_or_goes_unsaid(contract, data):
    fields = list(fields_of(contract))
    whole, name = data.draw(st.sampled_from(fields)) if fields else (contract, "status")
    before, said = copy.deepcopy(contract), whole.pop(name, None)
    changes = compare_contracts(before, contract)
    assert bool(changes) == (said is not None)
    for change in changes:
        assert change.size != Size.NONE
        assert str(change).startswith(f"{change.size!s:5}  {change.place}: ")
        assert "\n" not in str(change)
        json.dumps(change.as_dict())


def fields_of(thing):
    """Every field at any depth, as the mapping that has it and its name."""
    if isinstance(thing, dict):
        yield from ((thing, name) for name in thing if name not in ("name", "version", "schema", "properties"))
    for one in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        if not (isinstance(one, list) and one and isinstance(one[0], dict) and "rule" in one[0]):
            yield from fields_of(one)


@FEW
@given(CONTRACTS, CONTRACTS, CONTRACTS)
def test_what_breaks_a_reader_breaks_it_by_way_of_a_third_contract_too(first, second, third):
    if any(change.size == Size.MAJOR for change in compare_contracts(first, third)):
        steps = compare_contracts(first, second) + compare_contracts(second, third)
        assert any(change.size == Size.MAJOR for change in steps)


def test_words_tell_where_what_and_between_which_values():
    old = contract_of(
        table_of(
            column_of("size", required=True, logicalTypeOptions={"minimum": 1}),
            column_of("yarn", quality=[{"rule": "validValues", "validValues": ["wool"]}]),
        )
    )
    new = contract_of(
        table_of(
            column_of("size", required=False, logicalTypeOptions={"minimum": 1, "exclusiveMinimum": True}),
            column_of("yarn", quality=[{"rule": "validValues", "validValues": ["silk", "tin\x1b[2J"]}]),
            column_of("hue", physicalType="int32"),
        )
    )
    assert [str(change) for change in compare_contracts(old, new)] == [
        "major  socks.size: may now be null: required true -> false",
        "minor  socks.size: lets fewer values through: minimum >= 1 -> > 1",
        "major  socks.yarn: keeps to other values: gains silk, tin [2J and loses wool",
        "minor  socks.hue: column added: type int32",
    ]


def test_long_words_are_shown_around_what_differs():
    old, new = ("Socks " * 50 + end for end in ("of wool.", "of silk."))
    [change] = compare_contracts(contract_of(status=old), contract_of(status=new))
    assert change.before == old
    assert change.words == ("says it in other words: status …ocks Socks Socks of wool. -> …ocks Socks Socks of silk.")


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ({}, "schema: expected a list of tables, found None"),
        (contract_of("socks"), "schema: expected a `name` in entry 1, found 'socks'"),
        (contract_of({"name": True}), "expected a `name` in entry 1"),
        (contract_of(table_of(), table_of()), "schema: expected 'socks' once, found it again in entry 2"),
        (contract_of(table_of(column_of(), column_of())), "socks: expected 'size' once"),
        (contract_of({"name": "socks", "properties": "all"}), "socks: expected a list of `properties`, found 'all'"),
        (contract_of(table_of(column_of(required="yes"))), "socks.size: expected true or false as `required`"),
        (contract_of(table_of(column_of(unique=1))), "socks.size: expected true or false as `unique`"),
        (contract_of(table_of(column_of(primaryKeyPosition="1"))), "expected a number as `primaryKeyPosition`"),
        (contract_of(table_of(column_of(logicalTypeOptions=[1]))), "expected options by name"),
        (contract_of(table_of(column_of(quality=["x"]))), "expected a list of checks"),
    ],
)
def test_what_is_no_contract_is_an_error_that_says_where(contract, said):
    for pair in ((contract, contract_of()), (contract_of(), contract)):
        with pytest.raises(ContractFileError) as raised:
            compare_contracts(*pair)
        assert said in str(raised.value)
        assert raised.value.exit_code == 1
        assert ("the old contract" if pair[0] is contract else "the new contract") in str(raised.value)


def test_all_faults_of_a_contract_are_told_at_once():
    with pytest.raises(ContractFileError) as raised:
        compare_contracts(contract_of(table_of(column_of(required=0, unique=0)), 7), contract_of())
    assert len(raised.value.faults) == 3


BREAKING = (contract_of(table_of(column_of(required=True))), contract_of(table_of(column_of())))
ADDING = (contract_of(table_of()), contract_of(table_of(column_of())))
WORDING = (contract_of(status="draft"), contract_of(status="active"))
SAME = (contract_of(), contract_of())


@pytest.mark.parametrize(
    ("pair", "enough", "too_little"),
    [
        (BREAKING, ["2.0.0", "7.1.2"], ["1.0.0", "1.0.1", "1.1.0", "0.9.0"]),
        (ADDING, ["1.1.0", "1.2.3", "2.0.0"], ["1.0.0", "1.0.1", "0.9.0"]),
        (WORDING, ["1.0.1", "1.1.0", "2.0.0"], ["1.0.0", "0.9.9"]),
        (SAME, ["1.0.0", "1.0.1", "2.0.0", "0.9.9"], []),
    ],
)
def test_the_version_must_declare_what_differs(pair, enough, too_little):
    old, new = pair
    for version in enough:
        assert check_bump(old, {**new, "version": version}).refusal is None
        refuse_undeclared(as_yaml(old), as_yaml({**new, "version": version}))
    for version in too_little:
        with pytest.raises(BreakingContractError) as raised:
            refuse_undeclared(as_yaml(old), as_yaml({**new, "version": version}))
        assert raised.value.least == enough[0]
        check_bump(old, {**new, "version": raised.value.least})


def test_a_refusal_keeps_its_facts_and_says_what_to_do():
    old, new = BREAKING
    with pytest.raises(BreakingContractError) as raised:
        check_bump(old, {**new, "version": "1.1.0"})
    error = raised.value
    assert (error.exit_code, error.declared, error.found, len(error.changes)) == (4, "minor", "major", 1)
    assert str(error).splitlines() == [
        "contract 1.0.0 -> 1.1.0: expected at most a minor difference, as the versions say, found a major difference:",
        "  major  socks.size: may now be null: required true -> nothing",
        (
            "Set CONTRACT_VERSION in paperlake/schemas.py to 2.0.0 or later and run `make contract`, "
            "or take back what differs. No build publishes it as it is."
        ),
    ]


@pytest.mark.parametrize("version", [None, 1, 1.0, "1", "1.0", "v1.0.0", "1.0.0-rc.1", "01.0.0", "1.0.٠", "1.0.0\n"])
def test_a_version_that_is_none_is_an_error(version):
    for pair in ((contract_of(), contract_of(version=version)), (contract_of(version=version), contract_of())):
        with pytest.raises(ContractFileError, match="version: expected one like '2.1.0'"):
            compare_versions(*pair)


def test_the_parts_of_a_version_are_numbers():
    assert declared_size("1.9.0", "1.10.0") == Size.MINOR
    assert declared_size("1.10.0", "1.9.0") == Size.NONE
    assert [declared_size("9.9.9", next_version("9.9.9", size)) for size in Size] == list(Size)


def test_a_parent_whose_contract_cannot_be_read_is_told_apart_from_the_new_one():
    with pytest.raises(ContractFileError, match="the contract of the release before"):
        refuse_undeclared("- socks", as_yaml(contract_of()))
    with pytest.raises(ContractFileError, match="the new contract"):
        refuse_undeclared(as_yaml(contract_of()), "socks: [")


def test_our_own_contract_taken_apart_breaks_where_it_should():
    ours = yaml.safe_load(contract_text())
    assert compare_versions(ours, yaml.safe_load(contract_text())).found == Size.NONE
    papers, links = ours["schema"][0], next(table for table in ours["schema"] if table["name"] == "links")
    for table, column, fields in (
        (papers, "title", {"required": False}),
        (papers, "repository_confidence", {"logicalTypeOptions": {"minimum": 0, "maximum": 2}}),
        (papers, "n_authors", {"physicalType": "int64"}),
        (papers, "paper_id", {"logicalTypeOptions": {}}),
        (links, "role", {"quality": []}),
        (links, "url", {"primaryKey": False}),
    ):
        other = copy.deepcopy(ours)
        of_table = next(one for one in other["schema"] if one["name"] == table["name"])
        next(one for one in of_table["properties"] if one["name"] == column).update(fields)
        changes = compare_contracts(ours, other)
        assert [change.size for change in changes] == [Size.MAJOR], changes
        assert changes[0].place in (f"{table['name']}.{column}", table["name"])
