"""Done steps are not done again: each leaves the hash of what it was made from."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """Return a hash over the content of files (directories are walked) and over ``words``."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(_files(paths)):
        total.update(f"\0{path}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """The hash a step was last done with, beside what the step made: removing the one removes the other."""

    path: Path

    def is_current(self, digest: str) -> bool:
        """Tell whether the step was done with these inputs."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == digest

    def write(self, digest: str) -> None:
        """Note that the step was done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(digest, encoding="utf-8")


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        elif path.is_file():
            yield path
