#!/usr/bin/env python3
"""Django's management commands; schemas are made and migrated with ``DB_ROLE=owner``."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    from config.environment import load_environment

    load_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
