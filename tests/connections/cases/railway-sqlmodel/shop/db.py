import os

from sqlmodel import Session, create_engine

engine = create_engine(os.environ["DATABASE_URL"], pool_size=7, max_overflow=3)


def session() -> Session:
    return Session(engine)
