"""The ASGI application that uvicorn serves."""

import os

from django.core.asgi import get_asgi_application

import edu.celery  # noqa: F401  (what pages hint at goes to our broker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edu.settings.demo")

application = get_asgi_application()
