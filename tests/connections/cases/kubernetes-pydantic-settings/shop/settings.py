from functools import lru_cache

from pydantic import PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    database_url: PostgresDsn
    db_pool_size: int = 5
    db_max_overflow: int = 0


@lru_cache
def get_settings() -> Settings:
    return Settings()
