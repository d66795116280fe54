"""The rows of papers: the paper, who signs it, and what a customer consented to.

The PDF is in the file store under its own hash; each signature makes a new file, and the row points to the
newest. Names and devices are personal and lie sealed.
"""

from django.db import models

from cheqi.foundation.paper.choices import PaperKind, PaperState
from cheqi.foundation.privacy.fields import SealedTextField
from cheqi.foundation.privacy.models import Sealed


class Paper(models.Model):
    """One PDF of one case. `sha256` is also its key in the file store."""

    kind = models.CharField(max_length=24, choices=PaperKind.choices)
    number = models.CharField(max_length=40)
    case_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    branch_id = models.BigIntegerField()
    agreement_ref = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=20, choices=PaperState.choices, default=PaperState.DRAFT)
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, default="", blank=True)
    request_key = models.CharField(max_length=100, unique=True)

    class Meta:
        """One paper in force a kind and number."""

        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"], name="paper_once", condition=~models.Q(state="VOID")
            )
        ]
        indexes = [models.Index(fields=["case_id", "id"], name="paper_by_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.state}"


class ConsentRecord(Sealed):
    """What a customer had before their eyes when they agreed, and how the agreement was given. Never changed.

    `record_sha256` is the hash of the canonical JSON of all of it; the signature's reason repeats it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="consents")
    party_id = models.BigIntegerField()
    text = models.TextField()
    pdf_sha256 = models.CharField(max_length=64)
    code_reference = models.CharField(max_length=80)
    shown_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    address = SealedTextField(default="", blank=True)
    device = SealedTextField(default="", blank=True)
    record_sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"consent of party {self.party_id} to paper {self.paper_id}"


class SignatureRow(Sealed):
    """A side that signs, in the order of the signing page; filled in when it has.

    `shown_sha256` is the version of the PDF that this person had before their eyes last, `shown_at` when.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20)
    field = models.CharField(max_length=20)
    title = models.CharField(max_length=30)
    name = SealedTextField()
    detail = SealedTextField(default="", blank=True)
    party_id = models.BigIntegerField(null=True)
    shown_at = models.DateTimeField(null=True)
    shown_sha256 = models.CharField(max_length=64, default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    certificate_sha256 = models.CharField(max_length=64, default="", blank=True)
    before_sha256 = models.CharField(max_length=64, default="", blank=True)
    after_sha256 = models.CharField(max_length=64, default="", blank=True)
    consent = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, null=True)
    actor_kind = models.CharField(max_length=10, default="", blank=True)
    actor_id = models.CharField(max_length=40, default="", blank=True)
    request_key = models.CharField(max_length=100, unique=True, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "field"], name="paper_signs_once")]
        indexes = [models.Index(fields=["party_id"], name="signature_by_party")]

    def __str__(self) -> str:
        return f"signature {self.role} of paper {self.paper_id}"
