"""The ASGI application that uvicorn serves."""

import os
import sys
import threading
from importlib import import_module

from django.core.asgi import get_asgi_application

import edu.celery  # noqa: F401  (what pages hint at goes to our broker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edu.settings.demo")

application = get_asgi_application()

# The first learner who opens a unit should not wait until the problem block has loaded sympy and scipy; nor should the
# first page wait for that.
PRELOAD_AFTER_S = 10
_preload = threading.Timer(PRELOAD_AFTER_S, import_module, args=("xblocks_contrib",))
_preload.daemon = True
if "xblocks_contrib" not in sys.modules:  # edu.serving has loaded it before it forks
    _preload.start()
