"""Whether the site answers on a port of this machine: `python deploy/answers.py 8001 [seconds to wait]`. Exit status 0 or 1.

Needs nothing but Python. It asks by the name in SITE_URL: the site answers to no other, and not to 127.0.0.1.
"""

import http.client
import os
import sys
import time
from urllib.parse import urlsplit


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        name = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    port, patience = int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0
    end = time.monotonic() + patience
    while not answers(port):
        if time.monotonic() >= end:
            return 1
        time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
