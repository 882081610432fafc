"""The same work as the C programs beside it, through SQLAlchemy's ORM: same options, same JSON lines."""

import argparse
import json
import sys
import time
from typing import Callable

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, event
from sqlalchemy.orm import Session, declarative_base, relationship, selectinload

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    email = Column(String, nullable=False)


class Parent(Base):
    __tablename__ = "parents"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    children = relationship("Child", order_by="Child.id")


class Child(Base):
    __tablename__ = "children"
    id = Column(Integer, primary_key=True)
    parent_id = Column(Integer, ForeignKey("parents.id"), nullable=False)
    name = Column(String, nullable=False)


class Watch:
    """Seconds of the part inside `with`."""

    def __enter__(self) -> "Watch":
        self._began = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds = time.monotonic() - self._began


def check(user: User) -> int:
    return user.id + len(user.name.encode()) + len(user.email.encode())


def load(session: Session, rows: int) -> tuple[float, int]:
    with Watch() as watch:
        users = session.query(User).order_by(User.id).all()
    return watch.seconds, sum(map(check, users))


def iterate(session: Session, rows: int) -> tuple[float, int]:
    with Watch() as watch:
        total = sum(check(user) for user in session.query(User).order_by(User.id).yield_per(1000))
    return watch.seconds, total


def get(session: Session, rows: int) -> tuple[float, int]:
    total = 0
    with Watch() as watch:
        for number in range(rows):
            total += check(session.get(User, number * 7919 % rows + 1))
    return watch.seconds, total


def insert(session: Session, rows: int) -> tuple[float, int]:
    users = [User(name=f"Name of user {i}", email=f"user.{i}@example.com") for i in range(1, rows + 1)]
    with Watch() as watch:
        session.add_all(users)
        session.flush()
        # Read before the commit, which would make each object load itself again.
        ids = [user.id for user in users]
        session.commit()
    return watch.seconds, sum(ids)


def update(session: Session, rows: int) -> tuple[float, int]:
    users = session.query(User).limit(rows).all()
    with Watch() as watch:
        for user in users:
            user.name = "Renamed"
        session.commit()
    return watch.seconds, len(users)


def load_relation(session: Session, rows: int) -> tuple[float, int]:
    with Watch() as watch:
        parents = session.query(Parent).order_by(Parent.id).options(selectinload(Parent.children)).all()
    total = sum(parent.id for parent in parents)
    return watch.seconds, total + sum(c.id + len(c.name.encode()) for parent in parents for c in parent.children)


CASES: dict[str, Callable[[Session, int], tuple[float, int]]] = {
    "load": load,
    "rows": iterate,
    "rows-copied": iterate,  # which its objects always are
    "get": get,
    "insert": insert,
    "update": update,
    "relation": load_relation,
}


def durable(connection, record) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", required=True, choices=CASES)
    parser.add_argument("--db", required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    engine = create_engine(f"sqlite:///{arguments.db}")
    event.listen(engine, "connect", durable)
    warm_up = 1 if arguments.repeat > 1 else 0
    for number in range(arguments.repeat + warm_up):
        with Session(engine) as session:
            seconds, total = CASES[arguments.case](session, arguments.rows)
        if number >= warm_up:
            print(json.dumps({"case": arguments.case, "seconds": round(seconds, 6), "check": total, "bytes": 0}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
