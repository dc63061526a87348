import os

from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI()
client = MongoClient(os.environ["MONGO_URL"], maxPoolSize=int(os.environ.get("MONGO_POOL", 50)))
