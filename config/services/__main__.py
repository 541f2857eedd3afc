"""``python3 -m config.services setup [check|test|demo|all] | demo | up | stop | code WHO``; PORT= moves the port."""

import argparse
import os
import sys

from config.services import demonstration, one_time_codes, preparation
from config.services.programs import ServiceError


def main() -> int:
    """Run one command; returns 1 after telling what failed."""
    arguments = _arguments()
    try:
        _run(arguments)
    except ServiceError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m config.services", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup", help="do all the set-up that is missing")
    setup.add_argument("purpose", nargs="?", choices=preparation.PURPOSES, default="all")
    commands.add_parser("demo", help="start everything with demonstration data and stay")
    commands.add_parser("up", help="start everything in the background")
    commands.add_parser("stop", help="end what demo or up started")
    code = commands.add_parser("code", help="print the one-time code of a demonstration user")
    code.add_argument("who", help="for example herts/supervisor or platform/platform")
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "setup":
        preparation.prepare_for(arguments.purpose)
    elif arguments.command == "stop":
        was_running = demonstration.Demonstration(_public_port()).stop()
        print("Stopped." if was_running else "Nothing was running.")
    elif arguments.command == "code":
        print(one_time_codes.code_for(demonstration.Demonstration(_public_port()).seed_file, arguments.who))
    else:
        preparation.prepare_for("demo")
        start = demonstration.run_in_foreground if arguments.command == "demo" else demonstration.start_in_background
        start(_public_port())


def _public_port() -> int:
    word = os.environ.get("PORT") or str(demonstration.DEFAULT_PORT)
    if not word.isdigit() or not 1024 <= int(word) <= 65535:
        raise ServiceError(f"PORT={word}: a port from 1024 to 65535 is needed")
    return int(word)


if __name__ == "__main__":
    sys.exit(main())
