from os import getenv

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(getenv("DATABASE_URL", ""), pool_size=int(getenv("DB_POOL_SIZE") or 4))
sessions = async_sessionmaker(engine)
