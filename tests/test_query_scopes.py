"""Every query takes its asker: a public function of `queries` has an `actor` and uses it, or says why not.

What stands in `UNSCOPED` gives nothing that belongs to a customer, computes on rows that the caller was given
within their scope, or is asked by the system before there is anybody whose scope could be applied.
"""

import ast
from pathlib import Path

from tests.test_tidy import SOURCE, parsed

LAYERS = {"foundation", "records", "areas", "insight", "web"}
ASKERS = {"actor", "scope"}
UNSCOPED = {
    "areas.origination.queries.answers_of": "computes on a draft that the caller was given",
    "areas.origination.queries.case_id_of": "the key of a number; what is read by it asks for the scope",
    "areas.origination.queries.declined_in": "of a case that the caller was given",
    "areas.origination.queries.has_declined": "of a case that the caller was given",
    "areas.origination.queries.offices": "where to apply is public",
    "foundation.access.queries.actor_for_key": "makes the actor",
    "foundation.access.queries.actor_for_session": "makes the actor",
    "foundation.access.queries.actor_of_session": "makes the actor",
    "foundation.access.queries.client_for_key": "makes the actor",
    "foundation.access.queries.forget_kept_keys": "reads no row",
    "foundation.access.queries.pending_challenge": "for operations, which know whose act it is",
    "foundation.documents.queries.contents_of": "of a document that the caller was given",
    "foundation.eventlog.queries.consistency_proof": "hashes of the tree are public",
    "foundation.eventlog.queries.inclusion_proof": "hashes of the tree are public",
    "foundation.eventlog.queries.inclusion_proofs": "hashes of the tree are public",
    "foundation.eventlog.queries.latest_checkpoint": "signed statements of the tree are public",
    "foundation.eventlog.queries.proved": "of an event that the caller was given",
    "foundation.eventlog.queries.sealed_size": "the size of the tree is public",
    "foundation.paper.queries.file_of": "of a paper that the caller was given",
    "foundation.paper.queries.is_ours": "who asks holds the very bytes; the answer is yes or no",
    "foundation.paper.queries.verify": "reads no row, only the bytes it is given",
    "foundation.rulebook.queries.calendar": "rules hold for everybody",
    "foundation.rulebook.queries.pack": "rules hold for everybody",
    "foundation.rulebook.queries.packs": "rules hold for everybody",
    "foundation.staff.queries.actor_for": "makes the actor",
    "foundation.staff.queries.holders": "for assignment and notices, by the system",
    "foundation.staff.queries.ids_named": "ids of colleagues; the log that they filter asks for the scope",
    "foundation.staff.queries.names_of": "who did something is no secret of a branch",
    "foundation.workflow.queries.lines.lines_of": "draws rows that the caller was given",
    "foundation.workflow.queries.lines.owner_names": "who did something is no secret of a branch",
    "foundation.workflow.queries.lines.standing_of": "reads no row",
    "insight.estimates.queries.kept_share": "a share over at least thirty cases names nobody",
    "insight.estimates.queries.usual": "a usual time over many cases names nobody",
    "insight.estimates.queries.usuals": "usual times over many cases name nobody",
    "records.agreements.queries.schedule": "computes on an agreement that the caller was given",
    "records.applications.queries.borrower": "for operations and notices, by the system",
    "records.applications.queries.dealers": "which dealers there are is the same for everybody",
    "records.applications.queries.takes_part": "of a case that the caller was given; yes or no",
    "records.ledger.queries.open_date": "the business date is the same for everybody",
    "records.products.queries.conditions": "computes on a product that the caller was given",
    "records.products.queries.fees": "computes on a product that the caller was given",
    "records.products.queries.in_force": "products are the same for everybody",
    "records.products.queries.on_offer": "products are the same for everybody",
    "records.products.queries.version": "products are the same for everybody",
    "web.desk.queries.queue_line": "draws a row that the caller was given",
    "web.desk.queries.time_bar": "reads no row",
}


def queries() -> dict[str, ast.FunctionDef]:
    """Every public function of a `queries` module or package of the layers that read rows, by its name."""
    found = {}
    for path, tree in parsed():
        module = path.relative_to(SOURCE).with_suffix("")
        if module.parts[0] in LAYERS and "queries" in module.parts:
            found |= functions(module, tree)
    assert len(found) > 100, "the check looks at nothing"
    return found


def functions(module: Path, tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The public functions of a module."""
    nodes = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {".".join((*module.parts, node.name)): node for node in nodes if not node.name.startswith("_")}


def is_scoped(function: ast.FunctionDef) -> bool:
    """Whether it takes who asks, and does something with them."""
    arguments = function.args
    taken = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)} & ASKERS
    body = ast.Module(body=function.body, type_ignores=[])
    return any(isinstance(node, ast.Name) and node.id in taken for node in ast.walk(body))


def test_every_query_takes_a_scope_or_says_why_it_needs_none() -> None:
    unscoped = sorted(name for name, function in queries().items() if not is_scoped(function))
    assert [name for name in unscoped if name not in UNSCOPED] == []


def test_what_needs_no_scope_is_there_and_has_none() -> None:
    known = queries()
    assert [name for name in UNSCOPED if name not in known or is_scoped(known[name])] == []


def test_a_query_that_only_takes_the_actor_does_not_pass() -> None:
    def first(text: str) -> ast.FunctionDef:
        return next(iter(functions(Path("x"), ast.parse(text)).values()))

    assert is_scoped(first("def rows(actor): return visible(Row, actor)"))
    assert not is_scoped(first("def rows(actor): return Row"))
    assert not is_scoped(first("def rows(case_id): return case_id"))
