import os

from fastapi import FastAPI
from redis import BlockingConnectionPool, Redis

app = FastAPI()
pool = BlockingConnectionPool.from_url(os.environ["REDIS_URL"], max_connections=15)
cache = Redis(connection_pool=pool)
