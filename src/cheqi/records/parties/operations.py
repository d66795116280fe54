"""Writing parties: recorded once per ID number, facts with their source, accounts with the bank's word."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.base.identifiers import check_mobile
from cheqi.core.events.lending import PartyFactsVerified, PartyRecorded
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.privacy import blind
from cheqi.records.common import conflict, finding, invalid, lender_date, not_found, who
from cheqi.records.parties.checks import check_account, check_party, spelt
from cheqi.records.parties.choices import Channel, FactOrigin, PartyKind
from cheqi.records.parties.models import BankAccount, Party, PartyBranch, PartyFact
from cheqi.records.parties.queries import visible_parties

CHANGEABLE = frozenset({"mobile", "address", "email", "language", "channel"})
FACTS = frozenset({"name", "id_number", "birth_date", "address", "mobile"})


def record_party(
    *,
    name: str,
    actor: Actor,
    now: datetime,
    kind: str = PartyKind.PERSON,
    id_number: str = "",
    branch_id: int | None = None,
    **details: Any,
) -> Party | Refused:
    """Enters a party, or finds the one with this ID number; `branch_id` will see it from then on.

    `details` are mobile, birth_date, address, email, language, channel; a known party keeps its own.
    Refused with everything that is wrong, and where the ID number belongs to another name.
    """
    if unknown := set(details) - (CHANGEABLE | {"birth_date"}):
        raise TypeError(f"a party has no {sorted(unknown)}")
    values = spelt({"name": name, "kind": kind, "id_number": id_number, **details})
    if (refused := invalid(check_party(values, lender_date(now)))) is not None:
        return refused
    with transaction.atomic():
        known = _with_id_number(str(values["id_number"]))
        if known is not None and known.name != values["name"]:
            return conflict(
                "party.other_name",
                "该证件号码已登记为其他姓名",
                "This ID number is recorded under another name",
            )
        row = known or _new_party(values, actor, now)
        if branch_id is not None:
            PartyBranch.objects.get_or_create(party=row, branch_id=branch_id)
    return row


def _with_id_number(id_number: str) -> Party | None:
    index = blind.index("id_number", id_number)
    return Party.objects.filter(id_number_index=index).first() if index else None


def _new_party(values: Mapping[str, Any], actor: Actor, now: datetime) -> Party:
    row = Party(**values, created_at=now)
    row.save(force_insert=True)
    record(PartyRecorded(party_id=row.pk, name=row.name), actor=actor, now=now, party_id=row.pk)
    return row


def change_contact(*, party_id: int, actor: Actor, now: datetime, **changes: Any) -> Party | Refused:
    """Changes mobile, address, email, language or channel. Refused with everything that is wrong."""
    if unknown := set(changes) - CHANGEABLE:
        raise TypeError(f"not a contact field: {sorted(unknown)}")
    values = spelt(changes)
    if (refused := invalid(check_party(values, lender_date(now)))) is not None:
        return refused
    with transaction.atomic():
        row = _locked(party_id, actor)
        if row is None:
            return _missing()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    return row


def verify_facts(
    *,
    party_id: int,
    facts: Mapping[str, str | date],
    origin: str,
    actor: Actor,
    now: datetime,
    document_id: int | None = None,
    reference: str = "",
    case_id: int | None = None,
) -> Party | Refused:
    """Takes facts over onto the party, each with its source row: which document or system, and who.

    Refused where a value is wrong in itself, names another field, or gives the ID number of somebody else.
    """
    row, facts = visible_parties(actor).filter(pk=party_id).first(), spelt(facts)
    if row is None:
        return _missing()
    findings = [
        finding("party.fact", name, "不可核实的字段", "Not a fact to verify") for name in set(facts) - FACTS
    ]
    if origin == FactOrigin.DOCUMENT and document_id is None:
        findings.append(finding("party.source", "document_id", "请指明来源资料", "Name the source document"))
    known = {"kind": row.kind, "id_number": row.id_number, "birth_date": row.birth_date}
    findings += check_party({**known, **facts}, lender_date(now))
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = _locked(party_id, actor)
        if row is None:
            return _missing()
        other = _with_id_number(str(facts.get("id_number", "")))
        if other is not None and other.pk != row.pk:
            return conflict(
                "party.id_number_taken", "该证件号码属于另一客户", "The ID number is another customer's"
            )
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(update_fields=sorted(facts))
        sources = {"origin": origin, "document_id": document_id, "reference": reference, **who(actor)}
        PartyFact.objects.bulk_create(
            PartyFact(party=row, field=name, verified_at=now, **sources) for name in sorted(facts)
        )
        what = PartyFactsVerified(
            party_id=row.pk, fields=tuple(sorted(facts)), origin=origin, document_id=document_id
        )
        record(what, actor=actor, now=now, party_id=row.pk, case_id=case_id)
    return row


def add_account(
    *,
    party_id: int,
    number: str,
    bank_name: str,
    holder_name: str,
    actor: Actor,
    now: datetime,
    bank_code: str = "",
) -> BankAccount | Refused:
    """Adds an account, or gives back the one with this number. Refused with everything that is wrong."""
    if (refused := invalid(check_account(number, bank_name, holder_name))) is not None:
        return refused
    with transaction.atomic():
        owner = _locked(party_id, actor)
        if owner is None:
            return _missing()
        plain = blind.normalised("account", number)
        known = BankAccount.objects.filter(party=owner, number_index=blind.index("account", plain)).first()
        if known is not None:
            return known
        row = BankAccount(
            party=owner,
            number=plain,
            bank_name=bank_name.strip(),
            bank_code=bank_code,
            holder_name=holder_name.strip(),
            created_at=now,
        )
        row.save(force_insert=True)
    return row


def mark_account_verified(
    *, account_id: int, reference: str, actor: Actor, now: datetime
) -> BankAccount | Refused:
    """Keeps the bank's word that account and holder belong together."""
    with transaction.atomic():
        rows = BankAccount.objects.select_for_update().filter(party__in=visible_parties(actor))
        row = rows.filter(pk=account_id).first()
        if row is None:
            return not_found("account.missing", "没有这个账户", "There is no such account")
        row.is_verified, row.verified_at, row.verified_reference = True, now, reference
        row.save(update_fields=["is_verified", "verified_at", "verified_reference"])
    return row


def _locked(party_id: int, actor: Actor) -> Party | None:
    """The party, locked, where the actor may see it."""
    seen = visible_parties(actor).filter(pk=party_id).values("pk")
    return Party.objects.select_for_update().filter(pk__in=seen).first()


def _missing() -> Refused:
    return not_found("party.missing", "没有这个客户", "There is no such customer")


def party_for_mobile(
    *, mobile: str, actor: Actor, now: datetime, branch_id: int | None = None
) -> Party | Refused:
    """The person with this mobile, or a new one who is known by it alone; `branch_id` sees them from now on.

    Where a family shares a number, it is the person who was entered first. Refused: not a mobile number.
    """
    if (refused := invalid(list(check_mobile(mobile)))) is not None:
        return refused
    with transaction.atomic():
        index = blind.index("mobile", mobile)
        row = Party.objects.filter(mobile_index=index, kind=PartyKind.PERSON).order_by("pk").first()
        if row is None:
            row = Party(kind=PartyKind.PERSON, mobile=mobile, channel=Channel.SMS, created_at=now)
            row.save(force_insert=True)
            record(PartyRecorded(party_id=row.pk, name=""), actor=actor, now=now, party_id=row.pk)
        if branch_id is not None:
            PartyBranch.objects.get_or_create(party=row, branch_id=branch_id)
    return row
