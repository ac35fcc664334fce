"""The edge of the process: every commit, call and fetch crosses it, is numbered there, and can go wrong there."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy import Engine, event


class Died(BaseException):
    """The process is gone. Whatever of it still runs finds every way out closed."""


class Fault(Enum):
    """What can happen to a process at a step."""

    DEATH = "it is killed"
    FULL = "the database cannot write, and nothing was written"
    LOST = "the database has committed, and says that the connection was lost"
    DROPPED = "the database's connection is dropped"


Fate = Callable[[str], Fault | None]
COMMITTING, COMMITTED = "before a commit", "after a commit"
_STATEMENT = "statement: "


def is_statement(step: str) -> bool:
    """Whether this is a statement of a transaction."""
    return step.startswith(_STATEMENT)


def kindly(_step: str) -> None:
    """The fate of a process to which nothing happens."""


class Boundary:
    """The steps of one process after the other. `fate` is asked at each; a statement of a transaction is no step of
    its own, since what was not committed never was, but it can fail."""

    def __init__(self, fate: Fate = kindly) -> None:
        self.fate = fate
        self.steps: list[str] = []
        self.statements: list[str] = []
        self.dead = False

    def cross(self, step: str) -> Fault | None:
        """Number a step. Raises `Died` when it is the last one."""
        if self.dead:
            raise Died(step)
        self.steps.append(step)
        fault = self.fate(step)
        if fault is Fault.DEATH:
            self.dead = True
            raise Died(step)
        return fault

    def guard(self, engine: Engine) -> None:
        """Let the engine's statements and commits cross here."""
        failure = engine.dialect.loaded_dbapi.OperationalError  # type: ignore[attr-defined]
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            match self.cross(COMMITTING):
                case Fault.FULL:
                    raise failure("database or disk is full")
                case Fault.DROPPED:
                    connection.dbapi_connection.close()
            commit(connection)
            if self.cross(COMMITTED) is Fault.LOST:
                raise failure("the connection was lost at the commit")

        def do_execute(cursor: Any, statement: str, *_: Any) -> None:
            if self.dead:
                raise Died(statement)
            self.statements.append(_STATEMENT + statement)
            match self.fate(self.statements[-1]):
                case Fault.FULL if not statement.startswith("SELECT"):
                    raise failure("database is locked" if statement.startswith("BEGIN") else "disk is full")
                case Fault.DROPPED:
                    cursor.connection.close()

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            event.listen(engine, name, do_execute)
