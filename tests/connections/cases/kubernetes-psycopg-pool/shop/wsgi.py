from shop.db import pool


def application(environ, start_response):
    with pool.connection() as connection:
        connection.execute("SELECT 1")
    start_response("204 No Content", [])
    return []
