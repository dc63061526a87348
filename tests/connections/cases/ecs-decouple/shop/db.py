from decouple import config
from sqlalchemy import create_engine

engine = create_engine(
    config("DATABASE_URL"),
    pool_size=config("DB_POOL_SIZE", default=5, cast=int),
    max_overflow=config("DB_MAX_OVERFLOW", default=2, cast=int),
)
