"""Databases of a test run: one template, built once per state of the schema, and copies made from it."""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from uuid import uuid4

from config.services.stack import Stack

ROOT = Path(__file__).resolve().parents[1]
# A template is built again when anything that shapes it has changed.
SHAPES = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/services/defaults.py",
    "forces/services/provisioning.py",
    "forces/postgres/*.py",
    "tests/people.py",
    "tests/template.py",
    "requirements.txt",
)


def template_name(stack: Stack) -> str:
    """Return the template's name: a digest of what shapes it and of the keys of passwords and secrets."""
    keys = stack.environment["SIGHTLINE_DB_KEY"] + stack.environment["SIGHTLINE_SECRET_KEY"]
    digest = hashlib.sha256(keys.encode())
    for path in sorted(path for pattern in SHAPES for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


@cache
def ensure_template(stack: Stack) -> str:
    """Return the template's name; builds it when it is missing and drops those of other states."""
    name = template_name(stack)
    known = stack.run_sql("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").split()
    if name in known:
        return name
    for old in known:
        if old.startswith("template_") and len(old) == len(name):
            stack.run_sql(f'DROP DATABASE "{old}" WITH (FORCE)')
    building = f"building_{uuid4().hex[:12]}"
    stack.run_sql(f'CREATE DATABASE "{building}" OWNER sightline_owner')
    run_as_owner(stack, building, "build")
    stack.run_sql(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def copy_database(stack: Stack) -> str:
    """Return the name of a fresh copy, with the database-level rights a copy lacks."""
    name = f"copy_{uuid4().hex[:12]}"
    # By files: twice as fast as by the log, where no checkpoint has to wait for a disk.
    stack.run_sql(
        f'CREATE DATABASE "{name}" TEMPLATE "{ensure_template(stack)}" STRATEGY file_copy OWNER sightline_owner'
    )
    logins = ["sightline_platform", "force_herts", "force_beds", "force_cambs"]
    stack.run_sql(
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC; GRANT CONNECT ON DATABASE "{name}" TO {", ".join(logins)}'
    )
    return name


def drop_database(stack: Stack, name: str) -> None:
    """Drop a copy, whoever is still connected."""
    stack.run_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run_as_owner(stack: Stack, database: str, act: str) -> None:
    """Run ``tests.template`` with the owner's rights; raises with its output when it fails."""
    environment = {**os.environ, **stack.owner_environment, "SIGHTLINE_DB_NAME": database}
    done = subprocess.run(
        [sys.executable, "-m", "tests.template", act],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"tests.template {act} failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
