"""Draws the documents of fictitious people, and photographs them well or badly.

The same kind, facts and seed give the same picture and the same truth beside it, so demo data, tests and the
recognition benchmark share them:

>>> drawn = draw(Kind.ID_CARD_FRONT, some_facts(1), seed=1)
>>> photo = degrade(drawn.image, Level.PHONE, seed=1)
>>> drawn.truth["id_number"][:6].endswith("0199")
True
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import identity, licences, papers, statement
from cheqi.demo.drawing.canvas import Canvas
from cheqi.demo.drawing.degrade import Level, degrade, on_a_table
from cheqi.demo.drawing.facts import Facts, some_facts

__all__ = ["DRAWERS", "Drawn", "Facts", "Level", "degrade", "draw", "photographed", "some_facts"]

DRAWERS: dict[Kind, Callable[[Facts, random.Random], tuple[Canvas, dict[str, str]]]] = {
    Kind.ID_CARD_FRONT: identity.front,
    Kind.ID_CARD_BACK: identity.back,
    Kind.DRIVING_LICENCE: licences.driving,
    Kind.VEHICLE_LICENCE: licences.vehicle,
    Kind.VEHICLE_LICENCE_BACK: licences.vehicle_back,
    Kind.REGISTRATION_CERTIFICATE: papers.certificate,
    Kind.PURCHASE_INVOICE: papers.invoice,
    Kind.BUSINESS_LICENCE: papers.business,
    Kind.BANK_STATEMENT: statement.statement,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of a document and what it says, by field key; `written` are its texts with their places."""

    image: Image.Image
    truth: dict[str, str]
    written: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()


def draw(kind: Kind, facts: Facts, seed: int) -> Drawn:
    """The document of this kind with these facts; `seed` varies layout, fonts and what facts leave open."""
    canvas, truth = DRAWERS[kind](facts, random.Random(f"{kind} {seed}"))
    return Drawn(canvas.image, truth, tuple(canvas.written))


def photographed(drawn: Drawn, seed: int) -> Drawn:
    """The drawing as a photograph from straight above: on a table, with its texts where they are now."""
    image, left, top = on_a_table(drawn.image, seed)
    moved = tuple(
        (text, (box[0] + left, box[1] + top, box[2] + left, box[3] + top)) for text, box in drawn.written
    )
    return Drawn(image, drawn.truth, moved)
