"""The walk around the models: which boxes are read, and how they turn with the page."""

import numpy as np
from numpy.typing import NDArray

from cheqi.adapters.ocr import rapid

Quad = NDArray[np.float32]


def a_box(left: float, top: float, width: float, height: float = 24) -> Quad:
    right, low = left + width, top + height
    return np.array([[left, top], [right, top], [right, low], [left, low]], dtype=np.float32)


def a_table(rows: int) -> list[Quad]:
    """Title, two lines about the account, a table of eight columns, a total."""
    head = [a_box(400, 20, 500), a_box(40, 80, 500), a_box(700, 80, 400), a_box(40, 120, 300)]
    body = [a_box(40 + 200 * column, 200 + 40 * row, 150) for row in range(rows) for column in range(8)]
    return [*head, *body, a_box(40, 240 + 40 * rows, 400)]


def test_every_box_of_an_ordinary_page_is_read() -> None:
    boxes = a_table(8)
    assert rapid._within_budget(boxes) is boxes


def test_of_a_long_table_the_last_rows_are_left_out_but_nothing_around_it() -> None:
    boxes = a_table(60)
    kept = rapid._within_budget(boxes)
    tops = [float(box[0, 1]) for box in kept]
    assert 60 < len(kept) < len(boxes)
    assert sum(map(rapid._width, kept)) <= rapid._MOST_PIXELS
    assert {20.0, 80.0, 120.0, 200.0, float(boxes[-1][0, 1])} <= set(tops)
    body = sorted(top for top in tops if top >= 200)[:-1]
    assert body == [200.0 + 40 * (number // 8) for number in range(len(body))]


def test_boxes_turn_with_a_page_that_stood_on_its_head() -> None:
    image = np.zeros((100, 200, 3), dtype=np.uint8)
    image[10:20, 30:80] = 255
    box = a_box(30, 10, 50, 10)
    turned = rapid._half_turned(box, image)
    upside = image[::-1, ::-1]
    left, top = turned[0]
    right, low = turned[2]
    assert (left, top, right, low) == (120, 80, 170, 90)
    assert upside[int(top) : int(low), int(left) : int(right)].min() == 255


def test_boxes_turn_with_a_page_that_lay_on_its_side() -> None:
    image = np.zeros((200, 100, 3), dtype=np.uint8)
    image[30:80, 10:20] = 255
    turned = rapid._quarter_turned(a_box(10, 30, 10, 50), image.shape[1])
    upright = np.rot90(image)
    left, top = turned[0]
    right, low = turned[2]
    assert (left, top, right, low) == (30, 80, 80, 90)
    assert upright[int(top) : int(low), int(left) : int(right)].min() == 255


def test_a_document_far_away_on_a_large_photograph_is_looked_at_closer() -> None:
    photo = np.zeros((1600, 2400, 3), dtype=np.uint8)
    near = [a_box(100, 100, 2000), a_box(100, 1400, 2000)]
    far = [a_box(900, 600, 400), a_box(900, 800, 500)]
    assert rapid._far_region(photo, near, 1_200_000) is None
    assert rapid._far_region(photo[:900, :1400], far, 1_200_000) is None
    assert rapid._far_region(photo, [], 1_200_000) is None
    assert rapid._far_region(photo, far * 60, 1_200_000) is None
    assert rapid._far_region(photo, far, 1_200_000) == (852, 552, 1448, 872)
