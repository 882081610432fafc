"""The published demo's shape on file databases that exist already: two bases, two engines, one session class over both.

BLEND_DATA names the folder with accounts.db and sales.db. Engines are made as the demo makes them, which under
SQLAlchemy 1.4 opens a file database anew for every session; with BLEND_POOL=1 they keep their connections, as
SQLAlchemy 2.0 does by itself.
"""

import os
from pathlib import Path
from typing import Any, Iterator, Optional

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Query, Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

# Each of FastAPI's 40 threads may hold a connection: nobody waits for the pool.
POOL_SIZE = 40


def open_engine(file_name: str) -> Engine:
    path = Path(os.environ["BLEND_DATA"]) / file_name
    pool = {"poolclass": QueuePool, "pool_size": POOL_SIZE} if os.environ.get("BLEND_POOL") == "1" else {}
    return create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False}, **pool)


AccountsBase = declarative_base()
SalesBase = declarative_base()


class User(AccountsBase):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    email = Column(String, nullable=False, unique=True)


class Order(SalesBase):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    item = Column(String, nullable=False)
    quantity = Column(Integer, nullable=False)


open_accounts = sessionmaker(bind=open_engine("accounts.db"), autoflush=False)
open_sales = sessionmaker(bind=open_engine("sales.db"), autoflush=False)


class VirtualSession:
    """Looks like a session and sends each model to the session of its base."""

    def __init__(self) -> None:
        self.accounts = open_accounts()
        self.sales = open_sales()

    def _session_of(self, model: Any) -> Session:
        if issubclass(model, AccountsBase):
            return self.accounts
        if issubclass(model, SalesBase):
            return self.sales
        raise ValueError(f"{model.__name__} belongs to no known base")

    def query(self, model: Any) -> Query:
        return self._session_of(model).query(model)

    def get(self, model: Any, key: int) -> Optional[Any]:
        return self._session_of(model).get(model, key)

    def add(self, row: Any) -> None:
        self._session_of(type(row)).add(row)

    def commit(self) -> None:
        self.accounts.commit()
        self.sales.commit()

    def close(self) -> None:
        try:
            self.accounts.close()
        finally:
            self.sales.close()


def virtual_session() -> Iterator[VirtualSession]:
    session = VirtualSession()
    try:
        yield session
    finally:
        session.close()


app = FastAPI(title="Blend demo")


@app.get("/users")
def read_users(session: VirtualSession = Depends(virtual_session)):
    return session.query(User).order_by(User.id).all()


@app.get("/users/{user_id}")
def read_user(user_id: int, session: VirtualSession = Depends(virtual_session)):
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(status_code=404)
    return user


@app.get("/orders")
def read_orders(session: VirtualSession = Depends(virtual_session)):
    return session.query(Order).order_by(Order.id).all()
