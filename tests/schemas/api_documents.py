#!/usr/bin/python3
"""Checks the OpenAPI documents of schemas/api, and lets other tests judge live answers by them:

    from api_documents import Api
    for fault in Api("node").judge("POST", "/api/v1/sales", 201, body): ...
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "schemas/api"
METHODS = ("get", "put", "post", "delete", "patch")


class Api:
    def __init__(self, name):
        self.document = yaml.safe_load((FOLDER / f"{name}.openapi.yaml").read_text(encoding="utf-8"))
        self.paths = [(re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in self.document["paths"]]

    def at(self, reference):
        node = self.document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def follow(self, thing):
        return self.at(thing["$ref"]) if "$ref" in thing else thing

    def operation(self, method, path):
        # A literal path wins over one with a parameter.
        for pattern, template in sorted(self.paths, key=lambda pair: pair[1].count("{")):
            if pattern.match(path.split("?")[0]):
                item = self.document["paths"][template]
                if method.lower() in item:
                    return item[method.lower()]
        return None

    def faults_of(self, schema, body):
        # The document is the base, so that "#/components/…" is found.
        whole = {**schema, "components": self.document["components"]}
        validator = jsonschema.Draft202012Validator(whole)
        return [f"{'/'.join(str(p) for p in error.absolute_path) or 'body'}: {error.message}" for error in validator.iter_errors(body)]

    def judge(self, method, path, status, body, content_type="application/json"):
        """Faults of a live answer, as sentences; `body` is the parsed JSON."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        responses = operation["responses"]
        response = responses.get(str(status), responses.get("default"))
        if response is None or (str(status) not in responses and status < 400):
            return [f"{method} {path} does not answer {status}"]
        content = self.follow(response).get("content", {})
        kind = content_type.split(";")[0].strip()
        if str(status) not in responses and kind == "application/json":
            kind = "application/problem+json"
        if kind not in content:
            return [] if not content else [f"{method} {path} {status} is not {kind}"]
        if "json" not in kind:
            return []
        return [f"{method} {path} {status}: {fault}" for fault in self.faults_of(content[kind]["schema"], body)]

    def judge_request(self, method, path, body):
        operation = self.operation(method, path)
        if operation is None or "requestBody" not in operation:
            return [f"{method} {path} takes no body"]
        schema = self.follow(operation["requestBody"])["content"]["application/json"]["schema"]
        return self.faults_of(schema, body)


def walk(node, path="#"):
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, f"{path}/{key}")
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from walk(value, f"{path}/{i}")


def document_faults(api):
    document = api.document
    if not document["openapi"].startswith("3.1."):
        yield "the document is not OpenAPI 3.1"
    used = set()
    for path, node in walk(document):
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            used.add(node["$ref"])
            try:
                api.at(node["$ref"])
            except KeyError:
                yield f"{path}: {node['$ref']} leads nowhere"
    for kind in ("schemas", "responses", "parameters", "requestBodies"):
        for name in document["components"].get(kind, {}):
            if f"#/components/{kind}/{name}" not in used:
                yield f"components/{kind}/{name} is used by nothing"
    names = set()
    for path, item in document["paths"].items():
        declared = {api.follow(p)["name"] for p in item.get("parameters", []) if api.follow(p)["in"] == "path"}
        if declared != set(re.findall(r"\{([^}]+)\}", path)):
            yield f"{path}: its parameters are {sorted(declared)}"
        for method in METHODS:
            if method in item:
                yield from operation_faults(api, path, method, item[method], names)
    for path, node in walk(document["components"]["schemas"], "#/components/schemas"):
        if isinstance(node, dict) and node.get("type") == "object" and "properties" in node:
            missing = set(node.get("required", [])) - set(node["properties"])
            if missing:
                yield f"{path}: requires {sorted(missing)}, which it does not describe"


def operation_faults(api, path, method, operation, names):
    if operation["operationId"] in names:
        yield f"{path}: {operation['operationId']} is there twice"
    names.add(operation["operationId"])
    if "summary" not in operation:
        yield f"{path} {method}: says nothing"
    for status, response in operation["responses"].items():
        response = api.follow(response)
        if "description" not in response:
            yield f"{path} {method} {status}: has no description"
        for content in response.get("content", {}).values():
            yield from schema_faults(f"{path} {method} {status}", content["schema"])
    if "requestBody" in operation:
        for content in api.follow(operation["requestBody"])["content"].values():
            yield from schema_faults(f"{path} {method} body", content["schema"])
            if content["schema"].get("type") == "object" and content["schema"].get("additionalProperties") is not False:
                yield f"{path} {method}: the body takes unknown keys"
    if path.startswith("/api/") and "default" not in operation["responses"]:
        yield f"{path} {method}: does not say what a problem looks like"


def schema_faults(where, schema):
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f"{where}: {error.message}"


def shared_faults(node, central):
    """Things of one name are one thing."""
    ours, theirs = node.document["components"]["schemas"], central.document["components"]["schemas"]
    differ = {"Session": {"units_left", "units_received"}, "LoginAnswer": {"catalogue_version"}, "Occupancy": {"time"}}
    for name in ours.keys() & theirs.keys():
        left, right = ({**s, "properties": {k: v for k, v in s.get("properties", {}).items() if k not in differ.get(name, ())}}
                       for s in (ours[name], theirs[name]))
        if name in differ:
            left.pop("required", None), right.pop("required", None)
        if left != right:
            yield f"{name} differs between the documents"


SALE = {"id": "s-1", "window": "window-1", "lines": [{"product": "adult-day", "quantity": 2}],
        "tenders": [{"kind": "cash", "amount_minor": 20000}]}
VERDICT = {"verdict": "refuse", "reason": "already_used", "notes": [], "persons": 0, "ticket": "7-1-12-1",
           "first_admission": {"time": "2026-11-21T09:00:00+08:00", "node": "gate-a", "gate": "south", "lane": "lane-1"}}
PROBLEM = {"type": "about:blank", "title": "no units left", "status": 409, "code": "no_units_left"}


def example_faults(node):
    """The judge itself: takes what is right and refuses what is not."""
    def expect(faults, right, what):
        if bool(faults) == right:
            yield f"{what}: {faults}"
    yield from expect(node.judge_request("POST", "/api/v1/sales", SALE), True, "a sale")
    yield from expect(node.judge_request("POST", "/api/v1/sales", {**SALE, "pin": 1}), False, "a sale with an unknown key")
    yield from expect(node.judge("POST", "/api/v1/scans", 200, VERDICT), True, "a verdict")
    yield from expect(node.judge("POST", "/api/v1/scans", 200, {**VERDICT, "reason": "rain"}), False, "an unknown reason")
    yield from expect(node.judge("POST", "/api/v1/scans", 201, VERDICT), False, "another status")
    yield from expect(node.judge("POST", "/api/v1/sales", 409, PROBLEM, "application/problem+json"), True, "a problem")
    yield from expect(node.judge("GET", "/api/v1/sales/7-1-1", 404, PROBLEM, "application/problem+json"), True, "a problem")
    yield from expect(node.judge("GET", "/api/v1/weather", 200, {}), False, "an unknown path")


def catalogue_faults(central):
    """What our reader takes (the corpus of its fuzz target) is what the document describes."""
    corpus = FOLDER.parents[1] / "tests/fuzz/corpus/catalogue_json"
    for name in ("full", "small"):
        body = json.loads((corpus / name).read_text(encoding="utf-8"))
        yield from central.judge_request("PUT", "/api/v1/catalogue", body)
    yield from central.judge("GET", "/api/v1/catalogue", 200, json.loads((corpus / "full").read_text(encoding="utf-8")))


def main():
    node, central = Api("node"), Api("central")
    faults = [f"node: {fault}" for fault in document_faults(node)]
    faults += [f"central: {fault}" for fault in document_faults(central)]
    faults += list(shared_faults(node, central)) + list(example_faults(node)) + list(catalogue_faults(central))
    for fault in faults:
        print("FAULT:", fault)
    operations = sum(method in item for api in (node, central) for item in api.document["paths"].values() for method in METHODS)
    print(f"{operations} operations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
