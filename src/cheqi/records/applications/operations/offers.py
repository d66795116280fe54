"""The calculated offer of an application, and the snapshot that a decision is made on."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.dates import add_months
from cheqi.core.base.findings import Finding, Refused
from cheqi.core.events.lending import OfferCalculated
from cheqi.core.evidence.canonical import dumps
from cheqi.core.loan.offer import Offer, Request, calculate
from cheqi.core.loan.terms import to_data
from cheqi.foundation.eventlog.operations import record
from cheqi.records.applications.models import Application, OfferSnapshot
from cheqi.records.applications.operations.entering import locked, missing
from cheqi.records.applications.queries import application
from cheqi.records.common import lender_date
from cheqi.records.products.queries import conditions, fees


def calculate_offer(
    *, application_id: int, actor: Actor, now: datetime, disbursement_date: date | None = None
) -> Offer | Refused:
    """The offer as of now, nothing kept. Limits of product and law that are passed are its findings."""
    row = application(application_id, actor)
    return missing() if row is None else _offer(row, disbursement_date or lender_date(now))


def keep_offer(
    *, application_id: int, actor: Actor, now: datetime, disbursement_date: date | None = None
) -> OfferSnapshot | Refused:
    """Calculates the offer and keeps it whole with its hash, for the decision and the agreement."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        offer = _offer(row, disbursement_date or lender_date(now))
        if isinstance(offer, Refused):
            return offer
        data = as_data(offer)
        digest = hashlib.sha256(dumps(data)).hexdigest()
        snapshot = OfferSnapshot.objects.create(application=row, data=data, sha256=digest, calculated_at=now)
        what = OfferCalculated(
            application_id=row.pk,
            amount_fen=row.amount_fen,
            installment_fen=offer.installment_fen,
            annual_rate=offer.annual_rate,
            findings=tuple(each.rule for each in offer.findings),
            sha256=digest,
        )
        record(what, actor=actor, now=now, case_id=row.case_id)
    return snapshot


def _offer(row: Application, on: date) -> Offer | Refused:
    car = row.vehicle
    request = Request(
        price_fen=row.price_fen,
        down_payment_fen=row.down_payment_fen,
        amount_fen=row.amount_fen,
        term_months=row.term_months,
        disbursement_date=on,
        first_due_date=first_due(on, row.due_day),
        due_day=row.due_day,
        balloon_fen=row.balloon_fen,
    )
    terms = conditions(
        row.product_version, on=on, is_used=car.condition == "USED", usage=car.usage, energy=car.energy
    )
    return calculate(request, terms, fees(row.product_version, row.amount_fen))


def first_due(disbursement_date: date, due_day: int | None) -> date:
    """The due day of the next month; without one, the same day of the next month."""
    return add_months(disbursement_date, 1, day=due_day)


def as_data(offer: Offer) -> dict[str, Any]:
    """The offer as plain data: terms, figures, fees, schedule, findings."""
    return {
        "terms": to_data(offer.schedule.terms),
        "installment_fen": offer.installment_fen,
        "total_interest_fen": offer.total_interest_fen,
        "total_fees_fen": offer.total_fees_fen,
        "total_cost_fen": offer.total_cost_fen,
        "annual_rate": str(offer.annual_rate),
        "effective_rate": str(offer.effective_rate),
        "loan_to_value": str(offer.loan_to_value),
        "down_payment_share": str(offer.down_payment_share),
        "fees": [
            {
                "code": fee.code,
                "zh": fee.title.zh,
                "en": fee.title.en,
                "amount_fen": fee.amount_fen,
                "timing": fee.timing.value,
            }
            for fee in offer.fees
        ],
        "installments": [
            [row.number, row.due_date.isoformat(), row.principal_fen, row.interest_fen, row.balance_after_fen]
            for row in offer.schedule.installments
        ],
        "findings": [_finding_data(each) for each in offer.findings],
    }


def _finding_data(each: Finding) -> dict[str, Any]:
    return {"rule": each.rule, "zh": each.message.zh, "en": each.message.en, "clause": each.clause}
