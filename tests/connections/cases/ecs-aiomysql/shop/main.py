import os

import aiomysql
from fastapi import FastAPI

app = FastAPI()


async def connect():
    app.state.pool = await aiomysql.create_pool(host=os.environ["MYSQL_HOST"], db="shop", autocommit=True)
