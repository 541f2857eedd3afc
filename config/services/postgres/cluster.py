"""The cluster's life: made once by initdb, configured at every start, roles made when missing."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from config.services.identities import own_directory, service_user, write_private
from config.services.postgres.memory import room_in_memory
from config.services.processes import run_quietly
from config.services.programs import Program, ServiceError
from config.services.rendering import render

OWNER = "sightline_owner"
DATABASE = "sightline"
_LONGEST_SOCKET_PATH = 107  # sun_path of Linux, less its closing zero

_ROLES = """
SELECT 'CREATE ROLE {owner}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
ALTER ROLE {owner} LOGIN CREATEROLE CREATEDB NOSUPERUSER PASSWORD '{password}';
SELECT 'CREATE DATABASE {database} OWNER {owner}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO {owner};
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
\\connect {database}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster below ``directory`` on 127.0.0.1:``port``; unless ``is_durable``, a crash may lose data.

    One that is not durable lies in memory where there is room, and ``data`` leads there.
    """

    directory: Path
    port: int
    superuser_password: str
    owner_password: str
    is_durable: bool = True

    @property
    def data(self) -> Path:
        """Return Postgres's data directory."""
        return self.directory / "data"

    @property
    def socket_directory(self) -> str:
        """Return where the local socket lies, or nothing when the path would be too long for one."""
        longest = f"{self.directory}/.s.PGSQL.{self.port}"
        return str(self.directory) if len(longest) <= _LONGEST_SOCKET_PATH else ""

    def prepare(self) -> None:
        """Make the cluster when there is none, end a left-over server and write the configuration."""
        user = service_user("postgres")
        own_directory(self.directory, user)
        if not self.data.exists():
            self._initialise(user)
        self._end_leftover()
        durable = "on" if self.is_durable else "off"
        text = render(
            "postgres/postgresql.conf",
            port=self.port,
            socket_directory=self.socket_directory,
            durable=durable,
        )
        write_private(self.data / "postgresql.conf", text, user)
        write_private(self.data / "pg_hba.conf", render("postgres/pg_hba.conf"), user)

    def program(self) -> Program:
        """Return the server; SIGINT is its fast shutdown."""
        return Program(
            name="postgres",
            command=(_binary("postgres"), "-D", str(self.data)),
            directory=self.directory,
            user=service_user("postgres"),
            is_ready=self._answers,
            stop_signal=signal.SIGINT,
            ready_seconds=60,
        )

    def establish(self) -> None:
        """Make the owner role and its database when missing, and take away what PUBLIC may do by default."""
        self.run_sql(_ROLES.format(owner=OWNER, password=self.owner_password, database=DATABASE))

    def run_sql(self, sql: str, database: str = "postgres") -> str:
        """Run ``sql`` as the superuser and return psql's bare output; raises its words as ``ServiceError``."""
        return run_quietly(
            [
                _binary("psql"),
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                *self._address(),
                "-U",
                "postgres",
                "-d",
                database,
            ],
            "psql",
            environment={"PGPASSWORD": self.superuser_password, "PGCONNECT_TIMEOUT": "5"},
            given=sql,
        )

    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port)]

    def _answers(self) -> bool:
        try:
            run_quietly([_binary("pg_isready"), "-q", "-t", "1", *self._address()], "pg_isready")
        except ServiceError:
            return False
        return True

    def _initialise(self, user: str | None) -> None:
        home = self.directory if self.is_durable else room_in_memory(self.directory, user) or self.directory
        # initdb makes a directory under another name: one that was interrupted is not taken for a cluster.
        unfinished, finished = home / "unfinished", home / "data"
        for left_over in (unfinished, finished):
            shutil.rmtree(left_over, ignore_errors=True)
        password_file = write_private(self.directory / "password", self.superuser_password, user)
        options = ["--username=postgres", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums"]
        if not self.is_durable:
            options.append("--no-sync")
        self._run_as(user, "initdb", "-D", str(unfinished), *options)
        password_file.unlink()
        unfinished.rename(finished)
        if finished != self.data:
            self.data.unlink(missing_ok=True)
            self.data.symlink_to(finished)

    def _end_leftover(self) -> None:
        # Left by a run that was killed: nobody else uses this directory (the lock on its place is ours).
        if (self.data / "postmaster.pid").exists():
            try:
                self._run_as(service_user("postgres"), "pg_ctl", "stop", "-m", "immediate", "-D", str(self.data))
            except ServiceError:
                (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _run_as(self, user: str | None, binary: str, *words: str) -> None:
        step = Program(binary, (_binary(binary), *words), self.directory, lambda: True, user=user)
        run_quietly(["env", "-C", str(self.directory), *step.command_line()], binary)


def _binary(name: str) -> str:
    # Debian keeps each version's programs apart; the newest one installed is used.
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    word = str(found[-1]) if found else shutil.which(name)
    if word is None:
        raise ServiceError(f"{name} of Postgres is not installed: run `make setup`")
    return word
