"""What a person may turn off, and what was never turned on.

Codes, what a contract or the law asks us to say, and collection have rules of their own and no switch.
Progress notices come until somebody turns them off; commercial ones only after somebody turned them on:

>>> chosen = {(Purpose.PROGRESS, Channel.SMS): False}
>>> [channel.value for purpose, channel in OPTIONAL if (purpose, channel) in opted_out(chosen)]
['SMS', 'SMS', 'MAIL', 'CALL']
"""

from collections.abc import Mapping

from cheqi.core.contact.contact import Channel, Purpose

Choice = tuple[Purpose, Channel]
OPTIONAL: tuple[Choice, ...] = (
    (Purpose.PROGRESS, Channel.SMS),
    (Purpose.PROGRESS, Channel.MAIL),
    (Purpose.MARKETING, Channel.SMS),
    (Purpose.MARKETING, Channel.MAIL),
    (Purpose.MARKETING, Channel.CALL),
)
OPTIONAL_PURPOSES = frozenset(purpose for purpose, _ in OPTIONAL)
WITH_CONSENT_ONLY = frozenset({Purpose.MARKETING})


def is_wanted(chosen: Mapping[Choice, bool], choice: Choice) -> bool:
    """What the person said, or what holds until they say something."""
    return chosen.get(choice, choice[0] not in WITH_CONSENT_ONLY)


def opted_out(chosen: Mapping[Choice, bool]) -> frozenset[Choice]:
    """What may not be sent to somebody who chose so."""
    return frozenset(choice for choice in OPTIONAL if not is_wanted(chosen, choice))
