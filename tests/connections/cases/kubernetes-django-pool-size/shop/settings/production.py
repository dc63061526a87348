from .base import *

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["DB_NAME"],
        "HOST": HOST,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 7}},
    }
}
