from .base import *

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": HOST,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 30}},
    }
}
