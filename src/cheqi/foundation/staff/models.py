"""Branches and members of staff."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Branch(models.Model):
    """An office of the lender: cases belong to one, and members see the cases of theirs."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Member(AbstractBaseUser):
    """A person of the lender or of an agency who logs in at the desk."""

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager["Member"]()

    def __str__(self) -> str:
        return self.name
