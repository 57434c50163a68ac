"""Exit status 0 once the portal answers on this machine: `bin/answers.py PORT [ADDRESS]`."""

import sys
from http.client import HTTPConnection, HTTPException

port, address = [*sys.argv[1:], "/"][:2]
connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
try:
    connection.request("GET", address)
    sys.exit(connection.getresponse().status >= 500)
except (OSError, HTTPException):
    sys.exit(1)
