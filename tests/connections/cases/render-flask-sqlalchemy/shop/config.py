import os


class Config:
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]


class Development(Config):
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 1, "max_overflow": 0}


class Production(Config):
    SQLALCHEMY_ENGINE_OPTIONS = {
        "pool_size": 3,
        "max_overflow": 1,
        "pool_recycle": 300,
    }
