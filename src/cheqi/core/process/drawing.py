"""A process as a page of the docs: a picture in Mermaid and a table of its steps.

`cheqi process draw` writes it, and a test compares the page with the pack, so a picture is never old.
Steps stand in their stages; a dashed arrow goes back, a thick border means that a person decides.
"""

from collections.abc import Iterable

from cheqi.core.process.definition import (
    AT_BREACH,
    BreachAction,
    BreachKind,
    Definition,
    Effect,
    Outcome,
    OwnerKind,
    Step,
)

WHO = {OwnerKind.CUSTOMER: "客户", OwnerKind.SYSTEM: "系统"}


def page(definition: Definition) -> str:
    """The Markdown page of a definition, ending in a line feed."""
    title = f"# {definition.title.zh} · {definition.title.en}"
    facts = (
        f"`{definition.process}` version {definition.version}, effective {definition.effective_from}, "
        f"calendar `{definition.calendar}`. Drawn from the pack by `cheqi process draw`; do not edit."
    )
    lines = [title, "", facts, "", "```mermaid", *_picture(definition), "```", "", *_table(definition)]
    return "\n".join(lines) + "\n"


def _picture(definition: Definition) -> Iterable[str]:
    yield "flowchart LR"
    for stage in definition.stages:
        yield f'  subgraph {stage.key}["{stage.title.zh}"]'
        for step in definition.steps:
            if step.stage == stage.key:
                yield f"    {_node(step)}"
        yield "  end"
    for step in definition.steps:
        for before in step.after:
            yield f"  {before} --> {step.key}"
        for outcome in step.outcomes:
            if outcome.effect is Effect.RETURN:
                yield f"  {step.key} -. {outcome.key} .-> {outcome.target}"
            elif outcome.effect is Effect.CLOSE:
                yield f"  {step.key} -- {outcome.key} --> {step.key}_{outcome.key}(({outcome.target}))"


def _node(step: Step) -> str:
    label = f"{step.title.zh}<br/>{_who(step)} · {step.target}"
    if step.owner.kind is OwnerKind.SYSTEM:
        return f'{step.key}[["{label}"]]'
    return f'{step.key}("{label}")' if step.owner.kind is OwnerKind.CUSTOMER else f'{step.key}["{label}"]'


def _who(step: Step) -> str:
    return WHO.get(step.owner.kind, step.owner.role)


def _table(definition: Definition) -> Iterable[str]:
    yield "| step | 名称 | who | after | only when | target | when late | ends with |"
    yield "|---|---|---|---|---|---|---|---|"
    for step in definition.steps:
        barred = f" (not {', '.join(step.owner.barred)})" if step.owner.barred else ""
        ends = "; ".join(map(_outcome, step.outcomes)) or "done"
        if step.awaits:
            ends = f"{ends}, on `{step.awaits}`"
        cells = (
            f"`{step.key}`",
            step.title.zh,
            f"{_who(step)}{barred}",
            ", ".join(step.after) or "–",
            str(step.when or "–"),
            str(step.target),
            "; ".join(map(_late, step.on_breach)) or "–",
            ends,
        )
        yield f"| {' | '.join(cells)} |"


def _late(action: BreachAction) -> str:
    if action.kind is BreachKind.NOTIFY_CUSTOMER:
        return "tell the customer"
    return action.role if action.percent == AT_BREACH else f"{action.role} at {action.percent} %"


def _outcome(outcome: Outcome) -> str:
    if outcome.effect is Effect.DONE:
        return outcome.key
    return f"{outcome.key} → {outcome.target}"
