#!/usr/bin/env python
"""Django's command line. `migrate` connects as the migration role, everything else as the application role."""

import os
import sys
import warnings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edu.settings.demo")
    if len(sys.argv) > 1 and sys.argv[1] == "migrate":
        os.environ["GUIXUE_DATABASE_ROLE"] = "migration"
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")  # of a package; nothing for an operator
    from django.core.management import execute_from_command_line  # noqa: PLC0415  (settings first)

    import edu.celery  # noqa: F401, PLC0415  (what commands hint at goes to our broker)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
