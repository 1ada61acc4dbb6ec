#!/usr/bin/env python3
"""Django's command line for this site."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sarcoma_site.settings")
    if sys.argv[1:2] == ["quickstart"]:
        from sarcoma_site.env import make_env_file

        make_env_file()  # before the settings, which refuse to load without a secret key
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
