"""Binds ports to adapters. The one place that knows which outside system answers.

Each `bind_…` function stands alone, so that a test can wire what it needs.
"""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from cheqi.adapters.esign.simulator import TestCaSimulator
from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.adapters.keys.environment import EnvironmentKeys
from cheqi.adapters.keys.files import FileKeys
from cheqi.adapters.webhooks.client import LOOPBACK, HttpWebhookPoster
from cheqi.config.outside import bind_outside
from cheqi.foundation.access.hooks import CaseDirectory, CodeSender, PartyDirectory
from cheqi.ports import bind
from cheqi.ports.esign import SigningService
from cheqi.ports.file_store import FileStore
from cheqi.ports.keys import KeyProvider
from cheqi.ports.ocr import Ocr
from cheqi.ports.webhooks import WebhookPoster


def wire() -> None:
    """Binds every port. Called once when the apps are ready."""
    bind_keys()
    bind_outside()
    bind_files()
    bind_esign()
    bind_access()
    bind_ocr()


def bind_keys() -> None:
    """Keys from the environment where it names some, else from files of the home."""
    if os.environ.get("CHEQI_KEYS"):
        bind(KeyProvider, lambda: EnvironmentKeys.from_environment(os.environ))
    else:
        bind(KeyProvider, lambda: FileKeys(settings.CHEQI_HOME / "keys"))


def bind_files() -> None:
    """Files on a disk of this machine, in the home."""
    bind(FileStore, lambda: DiskFileStore(settings.MEDIA_ROOT))


def bind_access() -> None:
    """How codes and webhooks leave the house, who has which number, and how messages reach a party.

    These answer from the apps, which are loaded once wiring is called; hence the imports here.
    """
    from cheqi.config import directories
    from cheqi.foundation.messages import people
    from cheqi.foundation.messages.codes import MessageCodeSender

    bind(CodeSender, MessageCodeSender)
    bind(PartyDirectory, directories.PartiesByMobile)
    bind(CaseDirectory, directories.TrackedCases)
    people.resolver(directories.reach)
    bind(
        WebhookPoster,
        lambda: HttpWebhookPoster(is_at_home=urlsplit(settings.PUBLIC_URL).hostname in LOOPBACK),
    )


def bind_esign() -> None:
    """A simulator with a test CA in the home; a licensed service takes its place in production."""
    bind(
        SigningService,
        lambda: TestCaSimulator(settings.CHEQI_HOME / "keys" / "esign", settings.LENDER_NAME),
    )


def bind_ocr() -> None:
    """The recogniser, imported at first use: its libraries take a second that no other command should pay."""
    bind(Ocr, _recogniser)


def _recogniser() -> Ocr:
    made: Ocr = import_string("cheqi.adapters.ocr.rapid.RapidOcr")()
    return made
