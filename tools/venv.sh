#!/bin/sh
# Make .venv with the first Python on this machine that can run the site. PYTHON=/path/to/python is tried first.
set -eu

fits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$python" -c "$fits" 2>/dev/null; then
        exec "$python" -m venv --clear .venv
    fi
done

found=$(python3 --version 2>/dev/null || echo "no python3")
echo "Python 3.11, 3.12 or 3.13 with venv is needed; here is: $found." \
    "Install one (Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python run" >&2
exit 1
