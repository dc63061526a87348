import os

from fastapi import FastAPI
from sqlalchemy import create_engine

app = FastAPI()
engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ["DB_POOL_SIZE"]),
    max_overflow=int(os.environ["DB_MAX_OVERFLOW"]),
)
