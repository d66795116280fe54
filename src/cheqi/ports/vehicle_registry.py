"""The vehicle registry (车管所): filings that put a lien on a car's certificate, or take it off.

A filing follows the record that registries' own online counters keep: business and application type,
plate, VIN, certificate, both contract numbers, the lender and its agent, and the batch it travels in.
It is accepted first and decided later, so an answer is a status: states 0 to 5 when all goes well, or
a failure at the registry (CT) or at the post (YT), which always carries the reason for the return.

>>> FilingStatus("k-1", "R1", FilingState.UNDER_REVIEW, failure=Failure.AT_REGISTRY)
Traceback (most recent call last):
    ...
ValueError: a returned filing says why
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol

from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach


class UnableToReachVehicleRegistry(UnableToReach):
    """No filing was made."""


class VehicleRegistryOutcomeUnknown(OutcomeUnknown):
    """The filing may have been accepted; ask with the same key."""


class VehicleRegistryDeclined(DeclinedOutside):
    """The counter did not accept the filing at all, for instance because a field is malformed."""


class FilingBusiness(StrEnum):
    """What the filing does: 抵押 or 解除抵押."""

    REGISTER_LIEN = "REGISTER_LIEN"
    RELEASE_LIEN = "RELEASE_LIEN"


class ApplicationType(IntEnum):
    """Who files for whom, in the registry's own numbers."""

    LENDER_FOR_PERSON = 11
    LENDER_FOR_COMPANY = 12
    LENDER_WITH_OWNER_PRESENT = 21
    OWNER = 22


class FilingState(IntEnum):
    """How far the papers are, in the registry's own numbers."""

    FILED = 0
    PICKUP_ARRANGED = 1
    PAPERS_WITH_REGISTRY = 2
    UNDER_REVIEW = 3
    ENDORSED = 4
    SHIPPED = 5


class Failure(StrEnum):
    """Where a filing failed, in the registry's own letters."""

    NONE = ""
    AT_REGISTRY = "CT"
    AT_POST = "YT"


@dataclass(frozen=True, slots=True)
class Mortgagor:
    """The owner who gives the car as security. Personal: never logged."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    mobile: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LienFiling:
    """One filing. `key` is ours, stable over repeats; `plate_kind` is the registry's code, "02" a small car.

    `batch_count` is how many filings travel under `batch_number`: the registry looks at a batch once
    all of them are there.
    """

    key: str
    business: FilingBusiness
    application_type: ApplicationType
    plate_number: str
    plate_kind: str
    vin: str
    certificate_number: str
    main_contract_number: str
    lien_contract_number: str
    lender_code: str
    agent: str
    mortgagor: Mortgagor
    batch_number: str
    batch_count: int = 1
    pickup_address: str = ""
    mail_address: str = ""


@dataclass(frozen=True, slots=True)
class FilingStatus:
    """Where a filing stands. A failure carries `return_reason`; `courier_number` comes with SHIPPED."""

    key: str
    filing_number: str
    state: FilingState
    failure: Failure = Failure.NONE
    return_reason: str = ""
    courier_number: str = ""
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.failure and not self.return_reason.strip():
            raise ValueError("a returned filing says why")

    @property
    def is_endorsed(self) -> bool:
        """The certificate carries the entry: the lien is registered, or released."""
        return not self.failure and self.state >= FilingState.ENDORSED

    @property
    def is_settled(self) -> bool:
        """Nothing more is decided: endorsed, or returned."""
        return bool(self.failure) or self.is_endorsed


class VehicleRegistry(Protocol):
    """Raises UnableToReachVehicleRegistry, VehicleRegistryOutcomeUnknown or VehicleRegistryDeclined only."""

    def register_lien(self, filing: LienFiling) -> FilingStatus:
        """Files a lien (business REGISTER_LIEN); a known key answers with its present status."""
        ...

    def release_lien(self, filing: LienFiling) -> FilingStatus:
        """Files a release (business RELEASE_LIEN); a known key answers with its present status."""
        ...

    def ask(self, key: str) -> FilingStatus | None:
        """The present status, or None when the registry never accepted a filing under `key`."""
        ...
