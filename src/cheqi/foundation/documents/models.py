"""The rows of uploaded documents: the document, its pages, what was read, and what clerks changed.

What was read is personal and lies sealed. Pictures are in the file store under `file_key`.
"""

from django.db import models

from cheqi.foundation.documents.choices import DocumentState, FieldVerdict
from cheqi.foundation.privacy.fields import SealedTextField
from cheqi.foundation.privacy.models import Sealed


class Document(models.Model):
    """One upload of one person for one slot of one case."""

    case_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    branch_id = models.BigIntegerField()
    slot = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=DocumentState.choices, default=DocumentState.RECEIVED)
    kind = models.CharField(max_length=40, default="", blank=True)
    file_type = models.CharField(max_length=4)
    original_sha256 = models.CharField(max_length=64)
    original_bytes = models.PositiveIntegerField()
    page_count = models.PositiveSmallIntegerField()
    findings = models.JSONField(default=list)
    request_key = models.CharField(max_length=100, unique=True)
    received_at = models.DateTimeField()
    received_by_kind = models.CharField(max_length=10)
    received_by_id = models.CharField(max_length=40)
    read_at = models.DateTimeField(null=True)
    model_version = models.CharField(max_length=60, default="", blank=True)
    reason_code = models.CharField(max_length=30, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.CharField(max_length=40, default="", blank=True)
    decided_by_name = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        """One photograph counts once for a person, a slot and a case."""

        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "party_id", "slot", "original_sha256"], name="document_once"
            ),
        ]
        indexes = [
            models.Index(fields=["original_sha256"], name="document_by_content"),
            models.Index(fields=["case_id", "id"], name="document_by_case"),
            models.Index(fields=["party_id"], name="document_by_party"),
            models.Index(
                fields=["branch_id", "received_at"],
                name="document_for_clerk",
                condition=models.Q(state__in=["NEEDS_CLERK", "UNREADABLE"]),
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk} {self.slot} {self.state}"


class DocumentPage(models.Model):
    """One page as a JPEG of our own making, with its fingerprint."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    file_key = models.CharField(max_length=64)
    thumbnail_key = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    coarse = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=576, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of document {self.document_id}"


class PageBand(models.Model):
    """One index entry of a page's fingerprint; eight a page (see `fingerprint`)."""

    page = models.ForeignKey(DocumentPage, on_delete=models.CASCADE, related_name="bands")
    value = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"band {self.value} of page {self.page_id}"


class FieldValue(Sealed):
    """What a field of a document reads, how sure, where, and what follows.

    `polygon` is a list of [x, y] in pixels of the kept page; `candidates` a sealed JSON list of other
    readings; `why` a list of {rule, zh, en}. Confidence is in thousandths.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=40)
    page = models.PositiveSmallIntegerField(default=1)
    value = SealedTextField(default="", blank=True)
    confidence_permille = models.PositiveSmallIntegerField(default=0)
    polygon = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=FieldVerdict.choices)
    why = models.JSONField(default=list)
    candidates = SealedTextField(default="", blank=True)
    model_version = models.CharField(max_length=60)
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.CharField(max_length=40, default="", blank=True)
    settled_by_name = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "page", "name"], name="document_field_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} of document {self.document_id}"


class FieldChange(Sealed):
    """A clerk's word on a field: what it was, what it is, who said so and why. Never changed."""

    field = models.ForeignKey(FieldValue, on_delete=models.CASCADE, related_name="changes")
    old_value = SealedTextField(default="", blank=True)
    new_value = SealedTextField(default="", blank=True)
    reason = models.CharField(max_length=200)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    request_key = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return f"change of field {self.field_id} at {self.at:%Y-%m-%d %H:%M}"
