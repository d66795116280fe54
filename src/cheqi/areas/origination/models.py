"""What an application is before it is sent: answers, saved as they are given."""

from django.db import models

from cheqi.foundation.privacy.fields import SealedTextField
from cheqi.foundation.privacy.models import Sealed


class Draft(Sealed):
    """The answers to `questions` as JSON, sealed. `application_id` is set when they were sent."""

    case_id = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=24)
    party_id = models.BigIntegerField(db_index=True)
    branch_id = models.BigIntegerField()
    answers = SealedTextField(default="{}")
    application_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft of case {self.case_id}"
