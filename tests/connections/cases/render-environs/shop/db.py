from environs import Env
from sqlalchemy import create_engine

env = Env()
env.read_env()

engine = create_engine(
    env.str("DATABASE_URL"),
    pool_size=env.int("SHOP_POOL", 10),
    max_overflow=env.int("SHOP_OVERFLOW", 1),
)
