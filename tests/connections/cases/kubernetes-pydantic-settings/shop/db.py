from sqlalchemy import create_engine

from shop.settings import get_settings

settings = get_settings()
engine = create_engine(
    str(settings.database_url),
    pool_size=settings.db_pool_size,
    max_overflow=settings.db_max_overflow,
)
