import os

from flask import Flask
from playhouse.pool import PooledPostgresqlDatabase

app = Flask(__name__)
database = PooledPostgresqlDatabase(os.environ["DATABASE_URL"], max_connections=12, stale_timeout=300)
