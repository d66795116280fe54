"""Liens and what goes with them; a change of state is its own row."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.core.events.lending import GpsRecorded, InsuranceRecorded, LienChanged, TitleMoved
from cheqi.foundation.eventlog.operations import record
from cheqi.records.agreements.queries import agreement
from cheqi.records.common import conflict, finding, invalid, lender_date, not_found, not_now, who
from cheqi.records.liens.choices import LienState, TitleHolder
from cheqi.records.liens.models import GpsContract, Insurance, Lien, LienChange, TitleCustody
from cheqi.records.liens.queries import visible_liens

MOVES: dict[str, frozenset[str]] = {
    LienState.PREPARED: frozenset({LienState.FILED}),
    LienState.FILED: frozenset({LienState.REGISTERED, LienState.RETURNED}),
    LienState.RETURNED: frozenset({LienState.FILED}),
    LienState.REGISTERED: frozenset({LienState.RELEASED}),
    LienState.RELEASED: frozenset(),
}


def prepare_lien(*, agreement_id: int, actor: Actor, now: datetime) -> Lien | Refused:
    """The lien of an agreement on its car, to be filed; there already, it comes back.

    Refused while the car carries another loan's lien.
    """
    with transaction.atomic():
        contract = agreement(agreement_id, actor)
        if contract is None:
            return not_found("agreement.missing", "没有这份合同", "There is no such agreement")
        known = Lien.objects.filter(agreement=contract).first()
        if known is not None:
            return known
        vehicle_id = contract.application.vehicle_id
        if Lien.objects.filter(vehicle_id=vehicle_id).exclude(state=LienState.RELEASED).exists():
            return conflict("lien.taken", "该车已有未解除的抵押", "The car carries another lien")
        row = Lien.objects.create(agreement=contract, vehicle_id=vehicle_id, changed_at=now)
        LienChange.objects.create(lien=row, to_state=row.state, changed_at=now, **who(actor))
    return row


def move_lien(
    *,
    lien_id: int,
    to_state: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    reference: str = "",
    on: date | None = None,
) -> Lien | Refused:
    """Moves the lien on; in that state already, it stays as it is.

    Registration needs the registry's reference. Refused for a move that is none.
    """
    with transaction.atomic():
        row = _locked(lien_id, actor)
        if row is None:
            return _missing()
        if row.state == to_state:
            return row
        if to_state not in MOVES[row.state]:
            return not_now("lien.move", "当前状态不能这样办理", "The lien cannot go there from its state")
        if to_state == LienState.REGISTERED and not (reference or row.registry_reference):
            return not_now("lien.reference", "请填写登记编号", "Give the registry's reference")
        before, row.state, row.reason, row.changed_at = row.state, to_state, reason, now
        row.registry_reference = reference or row.registry_reference
        if to_state == LienState.REGISTERED:
            row.registered_date = on or lender_date(now)
        if to_state == LienState.RELEASED:
            row.released_date = on or lender_date(now)
        row.save()
        LienChange.objects.create(
            lien=row, from_state=before, to_state=to_state, reason=reason, changed_at=now, **who(actor)
        )
        what = LienChanged(
            lien_id=row.pk,
            from_state=before,
            to_state=to_state,
            reason=reason,
            reference=row.registry_reference,
        )
        record(what, actor=actor, now=now, case_id=_case_id(row))
    return row


def move_title(
    *,
    lien_id: int,
    holder: str,
    certificate_number: str,
    actor: Actor,
    now: datetime,
    shelf: str = "",
) -> TitleCustody | Refused:
    """Keeps who holds the registration certificate from now on; with the lender it lies on a shelf."""
    findings = []
    if holder not in TitleHolder.values:
        findings.append(finding("title.holder", "holder", "请选择保管方", "Choose who holds it"))
    if not certificate_number.strip():
        findings.append(
            finding("title.number", "certificate_number", "请填写登记证书编号", "Give its number")
        )
    if holder == TitleHolder.LENDER and not shelf.strip():
        findings.append(finding("title.shelf", "shelf", "请填写库位", "Give the shelf"))
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = _locked(lien_id, actor)
        if row is None:
            return _missing()
        stay = TitleCustody.objects.filter(lien=row, until_at__isnull=True).first()
        if stay is not None and (stay.holder, stay.shelf) == (holder, shelf):
            return stay
        TitleCustody.objects.filter(lien=row, until_at__isnull=True).update(until_at=now)
        stay = TitleCustody.objects.create(
            lien=row,
            certificate_number=certificate_number.strip(),
            holder=holder,
            shelf=shelf,
            from_at=now,
            received_by=actor.name,
        )
        record(
            TitleMoved(lien_id=row.pk, holder=holder, shelf=shelf),
            actor=actor,
            now=now,
            case_id=_case_id(row),
        )
    return stay


def record_insurance(
    *,
    lien_id: int,
    insurer: str,
    policy_number: str,
    is_lender_beneficiary: bool,
    sum_fen: int,
    from_date: date,
    until_date: date,
    actor: Actor,
    now: datetime,
) -> Insurance | Refused:
    """Keeps a policy on the car, once per number. Refused with everything that is wrong."""
    findings = _blank(insurer=insurer, policy_number=policy_number)
    findings += _check_policy(sum_fen, from_date, until_date, is_for_lender=is_lender_beneficiary)
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = _locked(lien_id, actor)
        if row is None:
            return _missing()
        known = Insurance.objects.filter(policy_number=policy_number.strip()).first()
        if known is not None:
            same = known.lien_id == row.pk
            return (
                known
                if same
                else conflict("insurance.policy", "保单号已被使用", "The policy number is taken")
            )
        policy = Insurance.objects.create(
            lien=row,
            insurer=insurer.strip(),
            policy_number=policy_number.strip(),
            is_lender_beneficiary=is_lender_beneficiary,
            sum_fen=sum_fen,
            from_date=from_date,
            until_date=until_date,
            recorded_at=now,
        )
        what = InsuranceRecorded(
            lien_id=row.pk,
            policy_number=policy.policy_number,
            until_date=until_date,
            is_lender_beneficiary=is_lender_beneficiary,
        )
        record(what, actor=actor, now=now, case_id=_case_id(row))
    return policy


def _check_policy(sum_fen: int, from_date: date, until_date: date, *, is_for_lender: bool) -> list[Finding]:
    findings = []
    if sum_fen <= 0:
        findings.append(finding("insurance.sum", "sum_fen", "保额须大于零", "The sum must be above zero"))
    if until_date <= from_date:
        findings.append(
            finding("insurance.period", "until_date", "到期日须晚于起始日", "It ends after it starts")
        )
    if not is_for_lender:
        findings.append(
            finding(
                "insurance.beneficiary",
                "is_lender_beneficiary",
                "第一受益人须为本机构",
                "The lender must be the first beneficiary",
            )
        )
    return findings


def record_gps(
    *,
    lien_id: int,
    provider: str,
    contract_number: str,
    device_numbers: Sequence[str],
    from_date: date,
    actor: Actor,
    now: datetime,
    until_date: date | None = None,
) -> GpsContract | Refused:
    """Keeps the GPS contract, once per number. Refused with everything that is wrong."""
    findings = _blank(provider=provider, contract_number=contract_number)
    if not device_numbers or not all(number.strip() for number in device_numbers):
        findings.append(finding("gps.devices", "device_numbers", "请填写设备号", "Give the device numbers"))
    if until_date is not None and until_date <= from_date:
        findings.append(finding("gps.period", "until_date", "到期日须晚于起始日", "It ends after it starts"))
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = _locked(lien_id, actor)
        if row is None:
            return _missing()
        known = GpsContract.objects.filter(contract_number=contract_number.strip()).first()
        if known is not None:
            same = known.lien_id == row.pk
            return (
                known if same else conflict("gps.contract", "合同号已被使用", "The contract number is taken")
            )
        contract = GpsContract.objects.create(
            lien=row,
            provider=provider.strip(),
            contract_number=contract_number.strip(),
            device_numbers=[number.strip() for number in device_numbers],
            from_date=from_date,
            until_date=until_date,
            recorded_at=now,
        )
        what = GpsRecorded(lien_id=row.pk, contract_number=contract.contract_number)
        record(what, actor=actor, now=now, case_id=_case_id(row))
    return contract


def _blank(**values: str) -> list[Finding]:
    """An objection to every text that is empty."""
    return [
        finding(f"lien.{name}", name, "请填写此项", "Please fill this in")
        for name, value in values.items()
        if not value.strip()
    ]


def _case_id(row: Lien) -> int | None:
    return row.agreement.application.case_id


def _locked(lien_id: int, actor: Actor) -> Lien | None:
    seen = visible_liens(actor).filter(pk=lien_id).order_by().values("pk")
    rows = Lien.objects.select_for_update(of=("self",)).select_related("agreement__application")
    return rows.filter(pk__in=seen).first()


def _missing() -> Refused:
    return not_found("lien.missing", "没有这笔抵押", "There is no such lien")
