"""What can be wrong with what is said about a party; everything at once."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cheqi.core.base.dates import age_on
from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers import (
    check_bank_card,
    check_id_number,
    check_mobile,
    check_uscc,
    normalise_id_number,
    normalise_mobile,
)
from cheqi.records.common import finding
from cheqi.records.parties.choices import Channel, Language, PartyKind

OLDEST = 120


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "name": str.strip,
    "id_number": normalise_id_number,
    "mobile": normalise_mobile,
}


def spelt(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and names as they are compared and kept: no spaces, half-width; the rest as it is."""
    return {
        name: _SPELLINGS[name](str(value)) if name in _SPELLINGS and value else value
        for name, value in values.items()
    }


def check_party(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Findings about the given fields of a party; fields that are not given are not looked at."""
    found: list[Finding] = []
    name, kind = values.get("name"), values.get("kind")
    if "name" in values and not str(name or "").strip():
        found.append(finding("party.name", "name", "请填写姓名或名称", "Please give a name"))
    if "kind" in values and kind not in PartyKind.values:
        found.append(finding("party.kind", "kind", "请选择个人或公司", "Choose a person or a company"))
    if number := str(values.get("id_number") or ""):
        check = check_uscc(number) if kind == PartyKind.COMPANY else check_id_number(number)
        found += _about("id_number", check)
    if mobile := str(values.get("mobile") or ""):
        found += _about("mobile", check_mobile(mobile))
    if values.get("language", Language.ZH) not in Language.values:
        found.append(finding("party.language", "language", "不支持该语言", "This language is not available"))
    if values.get("channel", Channel.IN_APP) not in Channel.values:
        found.append(finding("party.channel", "channel", "不支持该渠道", "This channel is not available"))
    return found + _check_birth_date(values, today)


def _check_birth_date(values: Mapping[str, Any], today: date) -> list[Finding]:
    born, number = values.get("birth_date"), str(values.get("id_number") or "")
    if not isinstance(born, date):
        return []
    if born > today or age_on(born, today) > OLDEST:
        return [finding("party.birth_date", "birth_date", "出生日期不可能", "The birth date is impossible")]
    if len(number) == 18 and number[6:14].isdigit() and number[6:14] != f"{born:%Y%m%d}":
        return [
            finding(
                "party.birth_date_differs",
                "birth_date",
                "出生日期与身份证号码不一致",
                "The birth date differs from the ID number",
            )
        ]
    return []


def check_account(number: str, bank_name: str, holder_name: str) -> list[Finding]:
    """Findings about a bank account."""
    found = _about("number", check_bank_card(number))
    if not bank_name.strip():
        found.append(finding("account.bank", "bank_name", "请填写开户银行", "Please give the bank"))
    if not holder_name.strip():
        found.append(finding("account.holder", "holder_name", "请填写户名", "Please give the holder's name"))
    return found


def _about(field: str, findings: tuple[Finding, ...]) -> list[Finding]:
    """The findings with the field that they are about here."""
    return [Finding(each.rule, each.message, field, each.clause, each.data) for each in findings]
