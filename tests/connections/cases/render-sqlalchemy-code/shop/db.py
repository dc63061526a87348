import os

import sqlalchemy as sa

POOL_SIZE = 8
OPTIONS = {"pool_size": POOL_SIZE, "max_overflow": POOL_SIZE // 4, "pool_pre_ping": True}

engine = sa.create_engine(os.getenv("DATABASE_URL"), **OPTIONS)
