"""The `cheqi` command: one module of this folder a subcommand.

A module offers `HELP` (one line), `add_arguments(parser)` and `run(arguments) -> int`; its name is the
subcommand's, with `_` for `-`. Modules are imported when they are called for, so `cheqi documents read`
needs no database and starts fast.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

from cheqi.config.environment import quiet_pipes


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status: 0 done, 1 refused or differing, 2 misused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    parser = argparse.ArgumentParser(prog="cheqi", description="车契 · auto-loan operations")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = arguments[0].replace("-", "_") if arguments else ""
    for name in [chosen] if chosen in names else names:
        module = importlib.import_module(f"{__name__}.{name}")
        command = commands.add_parser(name.replace("_", "-"), help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    with quiet_pipes():
        parsed = parser.parse_args(arguments)
        return int(parsed.run(parsed))


if __name__ == "__main__":
    sys.exit(main())
