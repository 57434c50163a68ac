"""Exit status 0 once the portal answers on this machine: `bin/answers.py PORT`."""

import sys
from http.client import HTTPConnection, HTTPException

connection = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
try:
    connection.request("GET", "/")
    sys.exit(connection.getresponse().status >= 500)
except (OSError, HTTPException):
    sys.exit(1)
