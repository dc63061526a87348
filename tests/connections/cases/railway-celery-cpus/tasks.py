import os

from celery import Celery
from sqlalchemy import create_engine

app = Celery("tasks")
engine = create_engine(os.environ["DATABASE_URL"], pool_size=1, max_overflow=1)
