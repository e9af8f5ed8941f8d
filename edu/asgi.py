"""The ASGI application that uvicorn serves."""

import os
import threading
from importlib import import_module

from django.core.asgi import get_asgi_application

import edu.celery  # noqa: F401  (what pages hint at goes to our broker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edu.settings.demo")

application = get_asgi_application()

# The first learner who opens a unit should not wait until the problem block has loaded sympy and scipy.
threading.Thread(target=import_module, args=("xblocks_contrib",), name="preload", daemon=True).start()
