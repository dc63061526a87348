from sqlalchemy import create_engine

engine = create_engine('postgresql://x/y', pool_size=40)
