"""Rule packs: parse, validate, pick by date, evaluate, explain. Pure.

`load_pack(text)` gives a `Pack`, or all its problems at once; `pick(packs, name, on)` the version in force;
`evaluate(pack, inputs)` a decision that names its rule and clause; `run_cases(pack)` the cases that fail.
"""

from cheqi.rules.evaluation import WrongInputs, as_text, evaluate, evaluate_all
from cheqi.rules.loading import load_pack
from cheqi.rules.model import Decision, Pack, PackKind
from cheqi.rules.selection import pick, run_cases

__all__ = [
    "Decision",
    "Pack",
    "PackKind",
    "WrongInputs",
    "as_text",
    "evaluate",
    "evaluate_all",
    "load_pack",
    "pick",
    "run_cases",
]
