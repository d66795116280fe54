"""Promising, moving and judging estimates."""

from cheqi.insight.estimates.operations.judging import close_case, decide, set_aside
from cheqi.insight.estimates.operations.learning import learn
from cheqi.insight.estimates.operations.promising import refresh, refresh_passing, refresh_round, refresh_step
from cheqi.insight.estimates.operations.relearning import learn_all

__all__ = [
    "close_case",
    "decide",
    "learn",
    "learn_all",
    "refresh",
    "refresh_passing",
    "refresh_round",
    "refresh_step",
    "set_aside",
]
