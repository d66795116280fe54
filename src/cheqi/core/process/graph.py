"""What a set of ordered steps looks like as a graph: order, circles, ancestors, what can never open.

`after` must not run in a circle; going back is what outcomes are for.

>>> cycles({"a": ("b",), "b": ("a",), "c": ()})
(('a', 'b'),)
>>> ordered({"b": ("a",), "a": ()})
('a', 'b')
"""

from collections.abc import Collection, Mapping

After = Mapping[str, tuple[str, ...]]


def ordered(after: After) -> tuple[str, ...]:
    """The steps with each behind what it is after, keeping the given order otherwise.

    Steps in a circle, and those behind one, are left out.
    """
    done: dict[str, None] = {}
    waiting = list(after)
    while waiting:
        ready = [key for key in waiting if all(before in done for before in after[key])]
        if not ready:
            break
        done[ready[0]] = None
        waiting.remove(ready[0])
    return tuple(done)


def ancestors(after: After, key: str) -> frozenset[str]:
    """Everything that has to be done before the step."""
    found: set[str] = set()
    todo = list(after[key])
    while todo:
        before = todo.pop()
        if before not in found and before in after:
            found.add(before)
            todo += after[before]
    return frozenset(found)


def cycles(after: After) -> tuple[tuple[str, ...], ...]:
    """The groups of steps that wait for each other in a circle, each once."""
    reach = {key: ancestors(after, key) for key in after}
    groups = {
        tuple(sorted(other for other in reach[key] if key in reach[other]))
        for key in after
        if key in reach[key]
    }
    return tuple(sorted(groups))


def unreachable(after: After, dead_ends: Collection[str]) -> tuple[str, ...]:
    """The steps that can never open because they come behind one that can never be done."""
    return tuple(key for key in after if not ancestors(after, key).isdisjoint(dead_ends))
