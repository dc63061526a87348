from shop.db import engine

print(engine)
