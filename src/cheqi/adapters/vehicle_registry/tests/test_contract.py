"""The client against the simulated registry in a process of its own, and the registry's pushes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cheqi.adapters.vehicle_registry.client import HttpVehicleRegistry, push_reader
from cheqi.adapters.vehicle_registry.mapping import status_from
from cheqi.adapters.wire.tests.running import SECRET, Running, running
from cheqi.ports.pushes import PushRefused
from cheqi.ports.vehicle_registry import (
    ApplicationType,
    Failure,
    FilingBusiness,
    FilingState,
    FilingStatus,
    LienFiling,
    Mortgagor,
    VehicleRegistryDeclined,
    VehicleRegistryOutcomeUnknown,
)

PATH = "/api/v1/pushes/vehicle_registry"


def a_filing(key: str = "lien-1", *, batch_count: int = 1, certificate: str = "320012345678") -> LienFiling:
    return LienFiling(
        key=key,
        business=FilingBusiness.REGISTER_LIEN,
        application_type=ApplicationType.LENDER_FOR_PERSON,
        plate_number="苏A12345",
        plate_kind="02",
        vin="LSVAA4182E2184847",
        certificate_number=certificate,
        main_contract_number="HT2026-1",
        lien_contract_number="DY2026-1",
        lender_code="91320000X",
        agent="王芳",
        mortgagor=Mortgagor("李雷", "110101199003071014"),
        batch_number="P1",
        batch_count=batch_count,
    )


@pytest.fixture
def client(registry: Running) -> Iterator[HttpVehicleRegistry]:
    made = HttpVehicleRegistry(registry.account())
    yield made
    made.close()


def test_a_filing_is_accepted_first_and_endorsed_later(
    client: HttpVehicleRegistry, registry: Running
) -> None:
    filed = client.register_lien(a_filing())
    assert (filed.state, filed.is_settled) == (FilingState.FILED, False)
    registry.control("advance", steps=4)
    endorsed = client.ask("lien-1")
    assert endorsed is not None
    assert (endorsed.state, endorsed.is_endorsed, endorsed.courier_number) == (FilingState.ENDORSED, True, "")
    registry.control("advance")
    shipped = client.ask("lien-1")
    assert shipped is not None
    assert shipped.courier_number == f"EX{shipped.filing_number[-6:]}CN"


def test_a_filing_returned_by_the_registry_says_why(client: HttpVehicleRegistry, registry: Running) -> None:
    client.register_lien(a_filing(certificate="320012345600"))
    registry.control("advance", steps=9)
    status = client.ask("lien-1")
    assert status is not None
    assert (status.failure, status.state, status.is_endorsed) == (
        Failure.AT_REGISTRY,
        FilingState.UNDER_REVIEW,
        False,
    )
    assert status.return_reason.startswith("登记证书编号与车辆信息不一致")


def test_a_filing_returned_by_the_post_is_told_apart(client: HttpVehicleRegistry, registry: Running) -> None:
    client.register_lien(replace(a_filing(), lien_contract_number="DY-YT"))
    registry.control("advance", steps=9)
    status = client.ask("lien-1")
    assert status is not None
    assert status.failure is Failure.AT_POST


def test_a_batch_waits_for_all_its_filings(client: HttpVehicleRegistry, registry: Running) -> None:
    client.register_lien(a_filing("lien-1", batch_count=2))
    registry.control("advance", steps=5)
    waiting = client.ask("lien-1")
    client.register_lien(a_filing("lien-2", batch_count=2))
    registry.control("advance")
    moved = client.ask("lien-1")
    assert waiting is not None
    assert moved is not None
    assert (waiting.state, moved.state) == (FilingState.PAPERS_WITH_REGISTRY, FilingState.UNDER_REVIEW)


def test_a_release_is_filed_as_a_release(client: HttpVehicleRegistry, registry: Running) -> None:
    release = replace(a_filing("release-1"), business=FilingBusiness.RELEASE_LIEN)
    assert client.release_lien(release).state is FilingState.FILED
    assert registry.look("/_control/records")["records"][0]["filing"]["ywlx"] == "JY"
    with pytest.raises(ValueError, match="is not for"):
        client.register_lien(release)
    assert registry.effects == {"release-1": 1}


def test_an_incomplete_filing_is_declined_with_the_fields_that_lack(
    client: HttpVehicleRegistry, registry: Running
) -> None:
    with pytest.raises(VehicleRegistryDeclined, match="缺少必填项：djzsbh、jbr") as caught:
        client.register_lien(replace(a_filing(), certificate_number="", agent=" "))
    assert caught.value.code == "FIELD_MISSING"
    assert registry.effects == {}


def test_a_lost_acceptance_is_found_by_asking(client: HttpVehicleRegistry, registry: Running) -> None:
    registry.fault("DROP_AFTER")
    with pytest.raises(VehicleRegistryOutcomeUnknown):
        client.register_lien(a_filing())
    found = client.ask("lien-1")
    assert found is not None
    assert found.state is FilingState.FILED
    assert client.ask("lien-2") is None
    assert client.register_lien(a_filing()).filing_number == found.filing_number
    assert registry.effects == {"lien-1": 1}


def test_a_return_without_a_reason_is_not_understood() -> None:
    data = {
        "requestNumber": "k",
        "filingNo": "D1",
        "state": 3,
        "failure": "CT",
        "returnReason": "",
        "emsNo": "",
        "changedAt": "2026-11-23T08:00:00+08:00",
    }
    with pytest.raises(ValueError, match="says why"):
        status_from(data)


class Taken:
    """What arrived at our address."""

    def __init__(self) -> None:
        self.pushes: list[tuple[dict[str, str], bytes]] = []
        self.status = 204


@contextmanager
def our_address() -> Iterator[tuple[str, Taken]]:
    """A listener where pushes arrive."""
    taken = Taken()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.pushes.append((dict(self.headers.items()), body))
            self.send_response(taken.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/api/v1/pushes", taken
    server.shutdown()
    server.server_close()
    thread.join()


def read(push: tuple[dict[str, str], bytes], *, secret: str = SECRET) -> tuple[str, FilingStatus]:
    headers, body = push
    found = push_reader(secret.encode(), path=PATH).read(headers=headers, body=body, now=datetime.now(UTC))
    assert isinstance(found.answer, FilingStatus)
    return found.push_id, found.answer


def test_results_are_pushed_signed_and_with_faults_twice_or_out_of_order() -> None:
    with our_address() as (address, taken), running("vehicle-registry", "--callback-base", address) as system:
        client = HttpVehicleRegistry(system.account())
        client.register_lien(a_filing())
        taken.status = 503
        assert system.control("advance", steps=2) == {"acknowledged": 0}
        taken.status = 204
        taken.pushes.clear()
        system.fault("REVERSED_PUSHES")
        system.fault("DUPLICATE_PUSHES")
        assert system.control("advance") == {"acknowledged": 6}
        client.close()
    ids, answers = zip(*(read(push) for push in taken.pushes), strict=True)
    assert [int(answer.state) for answer in answers] == [3, 3, 2, 2, 1, 1]
    assert len(set(ids)) == 3
    headers, body = taken.pushes[0]
    with pytest.raises(PushRefused, match="SIGNATURE_INVALID"):
        read((headers, body.replace(b'"state": 3', b'"state": 4')))
    with pytest.raises(PushRefused, match="SIGNATURE_INVALID"):
        read((headers, body), secret="another")
