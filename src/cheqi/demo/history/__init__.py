"""Months of finished and open applications of the demo lender, the same for the same seed.

`walk` sends a case through the real process definition with the real engine, at plausible times; `writing`
puts the walked cases into the rows that the operations would have left, with their events marked as
backfilled; `books` adds the people, cars and applications; `promises` what they were told.
"""

from cheqi.demo.history.loading import Loaded, load_history

__all__ = ["Loaded", "load_history"]
