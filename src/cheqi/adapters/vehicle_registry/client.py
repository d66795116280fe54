"""Files at the registry over signed HTTP. A filing is accepted (202) and decided later."""

from cheqi.adapters.vehicle_registry.mapping import body_of, status_from
from cheqi.adapters.wire.http_client import Account, Answered, Failures, SignedClient
from cheqi.adapters.wire.pushed import SignedPushReader
from cheqi.ports.vehicle_registry import (
    FilingBusiness,
    FilingStatus,
    LienFiling,
    UnableToReachVehicleRegistry,
    VehicleRegistryDeclined,
    VehicleRegistryOutcomeUnknown,
)

FILINGS = "/api/filings"
FAILURES = Failures(UnableToReachVehicleRegistry, VehicleRegistryOutcomeUnknown, VehicleRegistryDeclined)


class HttpVehicleRegistry:
    """`ports.vehicle_registry.VehicleRegistry` over HTTP."""

    def __init__(self, account: Account) -> None:
        self._client = SignedClient(account, FAILURES)

    def register_lien(self, filing: LienFiling) -> FilingStatus:
        """Files a lien under its key. Raises the port's three failures."""
        return self._file(filing, FilingBusiness.REGISTER_LIEN)

    def release_lien(self, filing: LienFiling) -> FilingStatus:
        """Files a release under its key. Raises the port's three failures."""
        return self._file(filing, FilingBusiness.RELEASE_LIEN)

    def ask(self, key: str) -> FilingStatus | None:
        """The present status, or None. Raises UnableToReachVehicleRegistry."""
        answered = self._client.ask(FILINGS, key=key)
        return None if answered is None else self._status(answered)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _file(self, filing: LienFiling, business: FilingBusiness) -> FilingStatus:
        if filing.business is not business:
            raise ValueError(f"a filing of {filing.business} is not for {business}")
        return self._status(self._client.post(FILINGS, key=filing.key, body=body_of(filing)))

    def _status(self, answered: Answered) -> FilingStatus:
        try:
            return status_from(answered.data)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self._client.unreadable(answered, error)


def push_reader(secret: bytes, *, path: str) -> SignedPushReader:
    """Reads the registry's pushes of results, sent to our address `path`."""
    return SignedPushReader(secret, status_from, path=path)
