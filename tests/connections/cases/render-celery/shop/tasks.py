from celery import Celery

from shop import db

app = Celery('shop')
