"""The repayment schedule on its own, rendered when it is asked for: nothing is kept, nobody signs it."""

from datetime import datetime

from cheqi.areas.origination.contract import METHODS, lender, person_of, roles_of
from cheqi.foundation.paper.contents import Installment, RepaymentSchedule
from cheqi.foundation.paper.operations import render
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.queries import schedule
from cheqi.records.applications.models import Application


def schedule_pdf(agreement: Agreement, application: Application, now: datetime) -> bytes:
    """The PDF of an agreement's schedule."""
    plan = schedule(agreement)
    role, party = roles_of(application)[0]
    account = application.collection_account
    content = RepaymentSchedule(
        number=agreement.number,
        drawn_at=now,
        lender=lender(),
        borrower=person_of(party, role),
        principal_fen=plan.terms.principal_fen,
        nominal_rate=plan.terms.rate,
        annual_rate=agreement.annual_rate,
        method=METHODS[plan.terms.method],
        account=f"{account.bank_name} 尾号 {account.number_last4}" if account else "",
        installments=tuple(
            Installment(
                number=row.number,
                due_date=row.due_date,
                principal_fen=row.principal_fen,
                interest_fen=row.interest_fen,
                balance_fen=row.balance_after_fen,
            )
            for row in plan.installments
        ),
    )
    return render(content)
