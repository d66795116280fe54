"""A sheet to draw a document on: paper with a pattern, text with tracking, rules, stamps, a portrait."""

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from cheqi.demo.drawing.fonts import Face, font

Colour = tuple[int, int, int]
INK: Colour = (28, 28, 32)
LABEL: Colour = (40, 70, 120)
RED: Colour = (196, 40, 44)


class Canvas:
    """Draws with the dice of one document, so that the same seed gives the same picture.

    `written` is every text with its left, top, right and bottom: what a perfect recogniser would see.
    """

    def __init__(self, size: tuple[int, int], paper: Colour, dice: random.Random) -> None:
        self.dice = dice
        self.image = Image.new("RGB", size, paper)
        self.pen = ImageDraw.Draw(self.image)
        self.paper = paper
        self.written: list[tuple[str, tuple[float, float, float, float]]] = []

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        *,
        face: Face = Face.SANS,
        fill: Colour = INK,
        tracking: float = 0.0,
    ) -> float:
        """Draws from the left middle of `at`, with `tracking` pixels between characters; returns the end."""
        x, y = at
        letters = font(face, size)
        if tracking == 0:
            self.pen.text((x, y), text, font=letters, fill=fill, anchor="lm")
            end = x + letters.getlength(text)
        else:
            for character in text:
                self.pen.text((x, y), character, font=letters, fill=fill, anchor="lm")
                x += letters.getlength(character) + tracking
            end = x - tracking
        self.written.append((text, (at[0], y - size * 0.6, end, y + size * 0.6)))
        return end

    def wrapped(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        width: float,
        *,
        leading: float,
        face: Face = Face.SANS,
    ) -> int:
        """Lines of at most `width` pixels, `leading` apart; returns how many."""
        letters = font(face, size)
        lines, line = [], ""
        for character in text:
            if letters.getlength(line + character) > width:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
        for number, words in enumerate(lines):
            self.text((at[0], at[1] + number * leading), words, size, face=face)
        return len(lines)

    def pattern(self, strength: int = 7) -> None:
        """Fine waves, as security paper has them."""
        width, height = self.image.size
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        phase = self.dice.uniform(0, 6)
        waves = np.sin(x / 5 + 6 * np.sin(y / 90 + phase)) + np.sin(y / 6 + 5 * np.sin(x / 120 + phase))
        pixels = np.asarray(self.image, dtype=np.float64) + (waves * strength / 2)[:, :, None]
        self.image.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], fill: Colour = (130, 130, 140)
    ) -> None:
        """A printed line."""
        self.pen.line((start, end), fill=fill, width=2)

    def square_stamp(self, at: tuple[float, float], lines: list[str], size: int) -> None:
        """The square red stamp of a traffic authority."""
        side = (size + 14) * max(len(line) for line in lines) + 14
        self.pen.rectangle(
            (at[0], at[1], at[0] + side, at[1] + (size + 20) * len(lines) + 10), outline=RED, width=3
        )
        for number, line in enumerate(lines):
            y = at[1] + 18 + size / 2 + number * (size + 20)
            self.text((at[0] + 12, y), line, size, face=Face.SERIF, fill=RED, tracking=13)

    def round_stamp(self, centre: tuple[float, float], words: str, radius: int = 90) -> None:
        """A round red stamp over what is printed, half transparent."""
        layer = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        x, y = centre
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(*RED, 150), width=5)
        pen.text((x, y), "★", font=font(Face.SANS, radius // 2), fill=(*RED, 140), anchor="mm")
        pen.text(
            (x, y + radius * 0.6), words, font=font(Face.SANS, radius // 5), fill=(*RED, 150), anchor="mm"
        )
        self.image.paste(Image.alpha_composite(self.image.convert("RGBA"), layer).convert("RGB"))
        self.pen = ImageDraw.Draw(self.image)

    def portrait(self, at: tuple[int, int], size: tuple[int, int]) -> None:
        """A grey head and shoulders, nobody's."""
        width, height = size
        picture = Image.new("RGB", size, (222, 226, 232))
        pen = ImageDraw.Draw(picture)
        skin = (205, 180, 160)
        pen.ellipse((width * 0.05, height * 0.68, width * 0.95, height * 1.5), fill=(70, 74, 88))
        pen.ellipse((width * 0.28, height * 0.2, width * 0.72, height * 0.72), fill=skin)
        pen.pieslice((width * 0.25, height * 0.12, width * 0.75, height * 0.62), 180, 360, fill=(40, 38, 40))
        self.image.paste(picture.filter(ImageFilter.GaussianBlur(2)), at)
