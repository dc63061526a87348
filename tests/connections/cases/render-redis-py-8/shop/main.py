import os

import redis.asyncio as redis
from fastapi import FastAPI

app = FastAPI()
cache = redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
