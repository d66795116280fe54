"""What a test committed is gone before the next one begins."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cheqi.demo.lender import found_lender
from tests.emptying import empty

KEPT = {"django_content_type", "auth_permission"}


@pytest.mark.django_db
def test_every_table_is_empty_afterwards_but_what_django_writes_after_a_migration() -> None:
    found_lender(timezone.now())
    before = ContentType.objects.count()
    empty()
    rows = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
    assert {table for table, count in rows.items() if count} == KEPT
    assert ContentType.objects.count() == before
