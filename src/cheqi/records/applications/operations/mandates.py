"""The auto-debit mandate of an application's collection account."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.records.applications.choices import MandateState
from cheqi.records.applications.models import Mandate
from cheqi.records.applications.operations.entering import locked, missing
from cheqi.records.common import not_now


def set_mandate(
    *,
    application_id: int,
    state: str,
    actor: Actor,
    now: datetime,
    reference: str = "",
    reason: str = "",
    limit_fen: int = 0,
) -> Mandate | Refused:
    """Keeps where the mandate stands. Refused without a collection account, and live without a reference."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        if row.collection_account_id is None:
            return not_now("mandate.account", "请先填写还款账户", "Give the collection account first")
        if state == MandateState.ACTIVE and not reference:
            return not_now(
                "mandate.reference", "代扣协议须有银行编号", "A live mandate has the bank's reference"
            )
        mandate, _ = Mandate.objects.update_or_create(
            application=row,
            defaults={
                "account_id": row.collection_account_id,
                "state": MandateState(state),
                "reference": reference,
                "reason": reason,
                "limit_fen": limit_fen,
                "changed_at": now,
            },
        )
    return mandate
