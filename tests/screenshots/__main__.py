"""Walk through the product with a camera.

``SIZES=all OUT=DIRECTORY`` takes each page at every size into a directory; ``ONLY=NAME,NAME`` walks some of the walks.
"""

import os
import sys
from pathlib import Path

from config.services.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "docs" / "screenshots"


def main() -> int:
    """Start a system, take the walks, and say what was taken; 1 where a page is wider than its window."""
    directory, every_size = _wanted()
    directory.mkdir(parents=True, exist_ok=True)
    with Stack.start() as stack:
        os.environ.update(stack.environment)
        from tests.screenshots.walks import WALKS, walk

        only = [name for name in os.environ.get("ONLY", "").split(",") if name]
        if unknown := set(only) - set(WALKS):
            sys.exit(f"ONLY names {', '.join(sorted(unknown))}; there are {', '.join(WALKS)}")
        camera = walk(stack, directory, every_size=every_size, only=only or list(WALKS))
    sys.stdout.write(f"{len(camera.taken)} pages are in {directory}\n")
    for name in camera.too_wide:
        sys.stdout.write(f"wider than its window: {name}\n")
    return 1 if camera.too_wide else 0


def _wanted() -> tuple[Path, bool]:
    """Return where pictures go, and whether every size is wanted: such pictures are for looking, not for keeping."""
    sizes, out = os.environ.get("SIZES", ""), os.environ.get("OUT", "")
    if sizes not in {"", "all"}:
        sys.exit("SIZES is all, or not given")
    if not sizes:
        return (Path(out) if out else DOCUMENTS), False
    if not out or Path(out).resolve().is_relative_to(ROOT):
        sys.exit("SIZES=all needs OUT, a directory outside of the repository")
    return Path(out), True


if __name__ == "__main__":
    sys.exit(main())
