"""The published FastAPI and SQLAlchemy demo, ported to Debian's releases and to file databases that exist already.

It does what the demo does for every request: one session over two bases, made anew, of two scoped sessions; each row
validated by a response model that the handler makes from it, and once more by FastAPI, which serialises it. Two things
are spelled as the older releases want them: models are made with `from_orm`, bases with `declarative_base()`.
`GET /users/{id}` is an addition in the demo's manner.

BLEND_DATA names the folder with accounts.db and sales.db. With BLEND_TUNED=1 two things are done better than in the demo:
connections are kept in a pool, where the demo has all threads share one, and the sessions are plain ones. (A scoped session
belongs to a thread, and FastAPI opens, uses and closes it in whichever thread is free: its connection comes back when the
garbage is collected, and a pool runs dry.)
"""

import os
from pathlib import Path
from typing import Any, Iterator, Union

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, EmailStr, Field
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Query, Session, declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool, StaticPool

TUNED = os.environ.get("BLEND_TUNED") == "1"
# Each of FastAPI's 40 threads may hold a connection: nobody waits for the pool.
POOL: dict[str, Any] = {"poolclass": QueuePool, "pool_size": 40} if TUNED else {"poolclass": StaticPool}


def open_sessions(file_name: str) -> sessionmaker:
    path = Path(os.environ["BLEND_DATA"]) / file_name
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False}, **POOL)
    return sessionmaker(autocommit=False, autoflush=False, bind=engine)


AccountsBase: Any = declarative_base()
SalesBase: Any = declarative_base()
account_sessions = open_sessions("accounts.db")
sales_sessions = open_sessions("sales.db")


class User(AccountsBase):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True, index=True)
    name = Column(String)
    email = Column(String, index=True, unique=True)


class Order(SalesBase):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True, index=True)
    item = Column(String, index=True)
    quantity = Column(Integer)


class UserModel(BaseModel):
    id: int = Field(description="The user's number", gt=0, examples=[7])
    name: str = Field(description="The user's full name", examples=["Grace Hopper"])
    email: EmailStr = Field(description="Where the user reads mail", examples=["grace.hopper@example.com"])

    class Config:
        orm_mode = True


class OrderModel(BaseModel):
    id: int = Field(description="The order's number", gt=0, examples=[3])
    item: str = Field(description="What was ordered", examples=["Lamp"])
    quantity: int = Field(description="How many of it", examples=[2])

    class Config:
        orm_mode = True


class VirtualSession:
    """Looks like a session and sends each model to the session of its base."""

    def __init__(self) -> None:
        self.accounts = account_sessions() if TUNED else scoped_session(account_sessions)
        self.sales = sales_sessions() if TUNED else scoped_session(sales_sessions)

    def __enter__(self) -> "VirtualSession":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _session_of(self, model: type) -> Union[Session, scoped_session]:
        if model.__base__ is AccountsBase:
            return self.accounts
        if model.__base__ is SalesBase:
            return self.sales
        raise ValueError(f"{model.__name__} belongs to no known base")

    def query(self, model: type) -> Query:
        return self._session_of(model).query(model)

    def add(self, row: Any) -> None:
        self._session_of(type(row)).add(row)

    def commit(self) -> None:
        self.accounts.commit()
        self.sales.commit()

    def close(self) -> None:
        self.accounts.close()
        self.sales.close()


def virtual_session() -> Iterator[VirtualSession]:
    with VirtualSession() as session:
        yield session


app = FastAPI(title="Blend demo")


@app.get("/users")
def read_users(session: VirtualSession = Depends(virtual_session)) -> list[UserModel]:
    """All users of the accounts."""
    return [UserModel.from_orm(user) for user in session.query(User).all()]


@app.get("/users/{user_id}")
def read_user(user_id: int, session: VirtualSession = Depends(virtual_session)) -> UserModel:
    """One user of the accounts."""
    user = session.query(User).filter(User.id == user_id).first()
    if user is None:
        raise HTTPException(status_code=404)
    return UserModel.from_orm(user)


@app.get("/orders")
def read_orders(session: VirtualSession = Depends(virtual_session)) -> list[OrderModel]:
    """All orders of the sales."""
    return [OrderModel.from_orm(order) for order in session.query(Order).all()]
