import os

from asyncpg import create_pool
from fastapi import FastAPI

app = FastAPI()


async def connect():
    app.state.pool = await create_pool(dsn=os.environ["DATABASE_URL"])
