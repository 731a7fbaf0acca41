#!/bin/sh
# Validate every golden verdict against the schemas, and check that every
# invalid one is rejected; prints TAP. Needs a python3 with jsonschema.
cd "$(dirname "$0")/.." || exit 2
for python in python3 /usr/bin/python3; do
	if "$python" -c 'from jsonschema import Draft202012Validator' 2>/dev/null; then
		exec "$python" test/schema.py
	fi
done
echo 'not ok 1 - no python3 with jsonschema 4 (Debian: python3-jsonschema)'
exit 1
