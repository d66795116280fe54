"""Branches, agencies, members of staff, their second factors and API sessions, roles and absences."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from cheqi.foundation.privacy.fields import BlindIndexField, Last4Field, SealedTextField
from cheqi.foundation.privacy.models import Sealed


class Branch(models.Model):
    """An office of the lender, or a region that holds offices: cases belong to one."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """An outside firm whose people work for the lender; they see no row unless it is given to them."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Member(Sealed, AbstractBaseUser):
    """A person of the lender or of an agency who logs in at the desk."""

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True)
    mobile = SealedTextField(default="", blank=True)
    mobile_index = BlindIndexField(of="mobile")
    mobile_last4 = Last4Field(of="mobile")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    totp_secret = SealedTextField(default="", blank=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)

    USERNAME_FIELD = "login"
    objects = BaseUserManager["Member"]()

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A way in for somebody who lost the second factor: works once."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=43, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.member_id}: {'used' if self.used_at else 'open'}"


class ApiSession(models.Model):
    """A program that works in a member's name for a while; of its token only the SHA-256 is kept."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_sessions")
    public_id = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    program = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    stepped_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "ended_at"])]

    def __str__(self) -> str:
        return f"cs_{self.public_id}"


class RoleAssignment(models.Model):
    """A role held at a branch and everything below it, or at all branches. Ended, never deleted."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "role", "branch"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="staff_one_live_assignment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.branch_id or '*'}"


class RoleChange(models.Model):
    """A change of roles as two people made it: one proposed, another decided."""

    class Kind(models.TextChoices):
        """Give or take."""

        GRANT = "GRANT"
        REVOKE = "REVOKE"

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "PROPOSED"
        CONFIRMED = "CONFIRMED"
        REJECTED = "REJECTED"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="role_changes")
    role = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True)
    reason = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=40)
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, default="")
    decided_by_name = models.CharField(max_length=60, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("proposed_by")),
                name="staff_role_change_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role} {self.state}"


class Absence(models.Model):
    """Somebody is away from `starts_at` until `ends_at`; a delegate who is named carries their roles."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="absences")
    delegate = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="delegations")
    roles = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, default="", blank=True)
    recorded_by = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["delegate", "ends_at"]),
            models.Index(fields=["member", "ends_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="staff_absence_in_order"),
            models.CheckConstraint(
                condition=~Q(delegate=F("member")), name="staff_absence_delegate_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"
