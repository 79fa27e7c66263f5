"""Holds each line of a JSON Lines file against a JSON Schema, and names the lines that do not fit.

usage: validate.py SCHEMA FILE
"""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
wrong = 0
kinds = {}
for number, line in enumerate(open(sys.argv[2], encoding="utf-8", newline="\n"), 1):
    value = json.loads(line)
    kind = value.get("kind")
    kinds[kind] = kinds.get(kind, 0) + 1
    # The schema of the line's own kind says best what is wrong.
    part = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]} if kind in schema["$defs"] else schema
    for validator in {id(schema): schema, id(part): part}.values():
        for error in jsonschema.Draft202012Validator(validator).iter_errors(value):
            wrong += 1
            print(f"line {number}: {error.json_path}: {error.message[:300]}", file=sys.stderr)
print(json.dumps(kinds))
sys.exit(1 if wrong or not kinds else 0)
