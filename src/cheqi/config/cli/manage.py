"""`cheqi manage …` hands over to Django's own commands (migrate, makemigrations, shell)."""

import argparse

from django.core.management import execute_from_command_line

HELP = "Django's own commands, such as migrate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the name goes on as it is."""
    parser.add_argument("rest", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Runs the Django command; its own errors end the process with their status."""
    execute_from_command_line(["cheqi manage", *arguments.rest])
    return 0
