"""What a case is about in money, once it is known: queues put the larger one first among equally urgent."""

from django.db import transaction

from cheqi.foundation.workflow.models import Case, StepRow


def value_case(*, case_id: int, value_fen: int) -> None:
    """Sets the value of a case and of its open steps, with the caller; steps to come take it over."""
    with transaction.atomic():
        Case.objects.filter(pk=case_id).update(value_fen=value_fen)
        StepRow.objects.filter(case_id=case_id, status="OPEN").update(value_fen=value_fen)
