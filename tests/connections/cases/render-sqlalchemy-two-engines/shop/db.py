import os

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

URL = os.environ["DATABASE_URL"]

engine = create_engine(URL, pool_size=5, max_overflow=0)
async_engine = create_async_engine(f"{URL}?ssl=require", pool_size=10, max_overflow=0)
