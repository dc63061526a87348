import os

from databases import Database
from starlette.applications import Starlette

database = Database(os.environ["DATABASE_URL"], min_size=3, max_size=9)
app = Starlette(on_startup=[database.connect], on_shutdown=[database.disconnect])
