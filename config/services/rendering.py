"""Fill in the templates of configuration files that lie beside the code of each daemon."""

import re
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# Nginx and Postgres have dollars and ats of their own, so only this form is a gap to fill.
_GAP = re.compile(r"@\{([a-z_]+)\}")


def render(template: str, **values: object) -> str:
    """Return ``template`` (a path below config/services) with every ``@{name}`` filled in.

    Raises ``KeyError`` for a name without a value: a half-filled configuration is never written.
    """
    text = (_HERE / template).read_text(encoding="utf-8")
    return _GAP.sub(lambda gap: str(values[gap[1]]), text)
