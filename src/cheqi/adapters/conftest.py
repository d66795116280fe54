"""Simulators for the contract tests: each system once a session, forgotten between tests."""

from collections.abc import Iterator

import pytest

from cheqi.adapters.wire.tests.running import Running, running


@pytest.fixture(scope="session")
def running_bureau() -> Iterator[Running]:
    with running("credit-bureau") as system:
        yield system


@pytest.fixture(scope="session")
def running_registry() -> Iterator[Running]:
    with running("vehicle-registry") as system:
        yield system


@pytest.fixture(scope="session")
def running_bank() -> Iterator[Running]:
    with running("payments") as system:
        yield system


@pytest.fixture(scope="session")
def running_sms() -> Iterator[Running]:
    with running("sms") as system:
        yield system


@pytest.fixture(scope="session")
def running_mail() -> Iterator[Running]:
    with running("mail") as system:
        yield system


@pytest.fixture
def bureau(running_bureau: Running) -> Running:
    running_bureau.control("reset")
    return running_bureau


@pytest.fixture
def registry(running_registry: Running) -> Running:
    running_registry.control("reset")
    return running_registry


@pytest.fixture
def bank(running_bank: Running) -> Running:
    running_bank.control("reset")
    return running_bank


@pytest.fixture
def sms(running_sms: Running) -> Running:
    running_sms.control("reset")
    return running_sms


@pytest.fixture
def mail(running_mail: Running) -> Running:
    running_mail.control("reset")
    return running_mail
