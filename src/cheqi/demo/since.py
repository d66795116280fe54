"""Lets the demo lender have existed for longer than it has: people and products since before its history.

Only what says since when somebody may do something is moved; what happened is not touched.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from cheqi.demo.lender import DemoLender
from cheqi.foundation.staff.models import RoleAssignment
from cheqi.records.products.models import ProductVersion

EXISTS_FOR = timedelta(days=200)


def exist_for_months(lender: DemoLender, now: datetime) -> None:
    """Roles and products of the demo count from 200 days ago on, if they did not already."""
    since = now - EXISTS_FOR
    day = since.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    members = [member.pk for member in lender.members.values()]
    RoleAssignment.objects.filter(member_id__in=members, granted_at__gt=since).update(granted_at=since)
    versions = [version.pk for version in lender.products.values()]
    ProductVersion.objects.filter(pk__in=versions, effective_from__gt=day).update(effective_from=day)
