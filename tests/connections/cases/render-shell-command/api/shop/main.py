from fastapi import FastAPI

from shop import db

app = FastAPI()
