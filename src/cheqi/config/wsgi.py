"""The WSGI application that the web server loads: the short way of the hot look-up, then Django."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
_django = get_wsgi_application()
application = import_string("cheqi.web.api.hot.in_front_of")(_django)  # imported once the apps are ready
