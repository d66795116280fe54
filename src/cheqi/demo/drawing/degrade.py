"""What a camera does to a document: turn, perspective, blur, contrast, glare, noise, JPEG.

Three levels. CLEAN only lays it on a table. PHONE is an ordinary photograph. HARD is one that a clerk would
send back, and its glare can wipe text out, so nobody reads all of it.
"""

import io
import random
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float32]


class Level(StrEnum):
    """How good the photograph is."""

    CLEAN = "CLEAN"
    PHONE = "PHONE"
    HARD = "HARD"


@dataclass(frozen=True, slots=True)
class _Camera:
    degrees: float
    perspective: float
    blur: float
    contrast: float
    scale: float
    noise: float
    glare: float
    jpeg: int


_CAMERAS = {
    Level.PHONE: _Camera(4, 0.03, 0.7, 0.9, 1.0, 3, 0.25, 75),
    Level.HARD: _Camera(9, 0.07, 1.4, 0.55, 0.62, 11, 0.5, 45),
}


def on_a_table(image: Image.Image, seed: int) -> tuple[Image.Image, int, int]:
    """`image` laid on a table under uneven light, and how far right and down it lies, in pixels.

    Nothing is turned or bent, so that places on the document are still known; two people's documents of one
    kind do not look like copies of one photograph any more.
    """
    dice = random.Random(f"table {seed}")
    colour = dice.choice(((206, 196, 176), (120, 92, 70), (90, 96, 104), (225, 225, 222)))
    left, top, right, bottom = (round(max(image.size) * dice.uniform(0.03, 0.14)) for _ in range(4))
    table = Image.new("RGB", (image.width + left + right, image.height + top + bottom), colour)
    table.paste(image, (left, top))
    across, down = np.meshgrid(np.linspace(-1, 1, table.width), np.linspace(-1, 1, table.height))
    light = 0.93 + 0.05 * (dice.uniform(-1, 1) * across + dice.uniform(-1, 1) * down)
    lit = np.asarray(table, dtype=np.float32) * light[:, :, None]
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), left, top


def degrade(image: Image.Image, level: Level, seed: int) -> Image.Image:
    """The photograph of `image` at this level; the same for the same seed."""
    dice = random.Random(f"camera {level} {seed}")
    table = _on_table(image, dice)
    camera = _CAMERAS.get(level)
    if camera is None:
        return Image.fromarray(table.astype(np.uint8))
    pixels = _tilted(table, camera, dice)
    pixels = cv2.GaussianBlur(pixels, (0, 0), camera.blur * dice.uniform(0.8, 1.1))
    if dice.random() < camera.glare:
        pixels = _glare(pixels, dice)
    middle = float(pixels.mean())
    pixels = (pixels - middle) * camera.contrast + middle * dice.uniform(0.85, 1.0)
    size = (round(pixels.shape[1] * camera.scale), round(pixels.shape[0] * camera.scale))
    pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(seed).normal(0, camera.noise, pixels.shape)
    photo = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    return _jpeg(photo, camera.jpeg)


def _on_table(image: Image.Image, dice: random.Random) -> Pixels:
    """A margin of wood, cloth or stone around the document."""
    colour = dice.choice(((206, 196, 176), (120, 92, 70), (90, 96, 104), (225, 225, 222)))
    margin = round(max(image.size) * dice.uniform(0.05, 0.09))
    table = Image.new("RGB", (image.width + 2 * margin, image.height + 2 * margin), colour)
    table.paste(image, (margin, margin))
    return np.asarray(table, dtype=np.float32)


def _tilted(pixels: Pixels, camera: _Camera, dice: random.Random) -> Pixels:
    height, width = pixels.shape[:2]
    angle = np.radians(dice.uniform(-camera.degrees, camera.degrees))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    centre = corners.mean(axis=0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (corners - centre) @ turn.T
    shift = [[dice.uniform(-1, 1) * camera.perspective for _ in range(2)] for _ in range(4)]
    moved += np.array(shift) * np.array([width, height])
    moved -= moved.min(axis=0)
    size = (int(moved[:, 0].max()) + 1, int(moved[:, 1].max()) + 1)
    transform = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    edge = tuple(float(value) for value in pixels[2, 2])
    tilted = cv2.warpPerspective(
        pixels, transform, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=edge
    )
    return np.asarray(tilted, dtype=np.float32)


def _glare(pixels: Pixels, dice: random.Random) -> Pixels:
    height, width = pixels.shape[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    at_x, at_y = dice.uniform(0.2, 0.8) * width, dice.uniform(0.2, 0.8) * height
    wide, tall = dice.uniform(0.08, 0.2) * width, dice.uniform(0.08, 0.2) * height
    spot = np.exp(-(((x - at_x) / wide) ** 2 + ((y - at_y) / tall) ** 2))
    strength = dice.uniform(0.5, 0.9)
    lit = pixels + (255 - pixels) * (spot * strength)[:, :, None]
    return np.asarray(lit, dtype=np.float32)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=quality)
    return Image.open(io.BytesIO(packed.getvalue())).convert("RGB")
