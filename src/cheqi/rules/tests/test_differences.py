"""What changed between two versions of a pack, in sentences."""

from cheqi.rules import Pack, load_pack
from cheqi.rules.differences import differences

PACK = """
pack: a_pack
kind: HOUSE
version: {version}
effective_from: 2026-0{version}-01
title: {{zh: 期限, en: Term}}
source: {{title: 信贷政策, clause: {clause}}}
parameters: {{months: {months}}}
decisions:
  - key: term
    title: {{zh: 期限, en: Term}}
    inputs: {{is_used: {{kind: boolean}}, km: {{kind: number}}}}
    outputs: {{months: {{kind: number}}}}
    rows:
{rows}
cases:
  - {{name: 新车, decision: term, given: {{is_used: false, km: 1}}, rows: [new], expect: {{months: 60}}}}
"""
NEW = "      - {key: new, then: {months: 60}, message: {zh: 新车60期, en: New 60}}"


def a_rule(key: str, when: str, months: int, said: str) -> str:
    then = f"{{months: {months}}}, message: {{zh: {said}, en: {said}}}"
    return f"      - {{key: {key}, when: {{{when}}}, then: {then}}}\n"


USED = a_rule("used", "is_used: true", 36, "旧车36期")
SHORTER = a_rule("used", "is_used: true", 30, "旧车30期")
SILENT = a_rule("used", "is_used: true", 24, "旧车36期")
WORN = a_rule("worn", 'km: "> 100000"', 12, "老车12期")


def a_pack(version: int, rows: str, *, months: int = 1, clause: str = "第一条") -> Pack:
    found = load_pack(PACK.format(version=version, rows=rows + NEW, months=months, clause=clause))
    assert isinstance(found, Pack), found
    return found


def changed(before: Pack, after: Pack) -> list[str]:
    return [text.zh for text in differences(before, after)]


def test_the_same_rules_on_another_day_differ_in_nothing() -> None:
    assert changed(a_pack(1, USED), a_pack(2, USED)) == []


def test_rules_are_added_dropped_and_said_otherwise() -> None:
    assert changed(a_pack(1, USED), a_pack(2, USED + WORN)) == ["新增：老车12期"]
    assert changed(a_pack(1, USED + WORN), a_pack(2, WORN)) == ["取消：旧车36期"]
    assert changed(a_pack(1, USED), a_pack(2, SHORTER)) == ["改为：旧车30期（原：旧车36期）"]
    assert changed(a_pack(1, USED), a_pack(2, SILENT)) == ["条件或结果有变：旧车36期"]


def test_numbers_and_the_source_are_named_with_both_sides() -> None:
    found = differences(a_pack(1, USED), a_pack(2, USED, months=2, clause="第二条"))
    assert [text.zh for text in found] == ["months：1 → 2", "依据改为：信贷政策 第二条"]
    assert [text.en for text in found] == ["months: 1 → 2", "Now rests on: 信贷政策 第二条"]
