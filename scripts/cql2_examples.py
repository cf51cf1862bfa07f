"""cql2_examples.py URL CQL2: the examples of the CQL2 standard, its abstract tests and our own, asked of the service; run
by ogc_readers.sh.

CQL2 is the source package `cql2`, unpacked: it carries the published cql2.json, the standard's examples and the
expressions of its abstract test suite (OGC 21-065r2, Annex A). The package itself is a parser that is not ours.
"""

import json
import random
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import cql2
import jsonschema_rs

URL, CQL2 = sys.argv[1], Path(sys.argv[2])
SCHEMA = jsonschema_rs.validator_for(json.loads((CQL2 / "src/cql2.json").read_text()))
FUNCTIONS = {"casei", "accenti", "interval"}
OPERATORS = {"and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "like", "between", "in", "isNull", "div", *"+-*/%^"}
# What stands for a property of the standard's data, by what it holds; none of ours is true or false.
OURS = {"text": "name", "number": "benefit_value", "date": "last_confirmed", "geometry": "geometry", "array": "categories"}


def say(text):
    print(f"cql2_examples.py: {text}", file=sys.stderr)


def queryables():
    with urllib.request.urlopen(f"{URL}/ogc/collections/locations/queryables", timeout=20) as answer:
        properties = json.load(answer)["properties"]
    kinds = {"string": "text", "number": "number", "array": "array"}
    return {
        name: "geometry" if "geometry" in about.get("format", "") else
        "date" if about.get("format") == "date" else kinds[about["type"]]
        for name, about in properties.items()
    }


KNOWN = queryables()


def ask(filter_text, language="cql2-text"):
    """How many match, or the sentence of the refusal. An answer of another kind is a fault of ours."""
    query = urlencode({"filter": filter_text, "filter-lang": language, "limit": 1, "lang": "en"})
    try:
        with urllib.request.urlopen(f"{URL}/ogc/collections/locations/items?{query}", timeout=20) as answer:
            return json.load(answer)["numberMatched"]
    except urllib.error.HTTPError as refusal:
        problem = json.load(refusal)
        assert refusal.code == 400, (refusal.code, filter_text, problem)
        assert [error["parameter"] for error in problem["errors"]] == ["filter"], problem
        return problem["detail"]


def both(text, tree):
    """How many match, told alike by the text and by the object."""
    SCHEMA.validate(tree)
    by_text, by_object = ask(text), ask(json.dumps(tree), "cql2-json")
    assert isinstance(by_text, int) and by_text == by_object, (text, by_text, tree, by_object)
    return by_text


def kind(node):
    if isinstance(node, dict):
        if "op" in node:
            operator = node["op"]
            return "text" if operator in ("casei", "accenti") else "number" if operator in ("div", *"+-*/%^") else None
        if "property" in node:
            return None
        return "date" if node.keys() & {"date", "timestamp", "interval"} else "geometry"
    return {bool: "truth", int: "number", float: "number", str: "text", list: "array"}[type(node)]


def asked_for(operator, args):
    """What an operator wants its parts to be."""
    for letter, wanted in ("s", "geometry"), ("t", "date"), ("a", "array"):
        if operator.startswith(f"{letter}_"):
            return wanted
    if operator in ("casei", "accenti", "like"):
        return "text"
    if operator in ("between", "div", *"+-*/%^"):
        return "number"
    if operator == "in":
        return kind(args[1][0])
    # A comparison with another property alone says nothing; all of the standard's are of numbers.
    return next((k for k in map(kind, args) if k), "number") if operator in ("=", "<>", "<", "<=", ">", ">=") else None


def properties(tree, wanted=None):
    """The properties of a filter with what they have to hold, as far as it can be told."""
    if isinstance(tree, list):
        return [found for part in tree for found in properties(part, wanted)]
    if not isinstance(tree, dict):
        return []
    if "property" in tree:
        return [(tree["property"], wanted)]
    if "interval" in tree:
        return properties(tree["interval"], "date")
    return properties(tree["args"], asked_for(tree["op"], tree["args"])) if "op" in tree else []


def foreign(tree):
    """Functions that are not of the standard."""
    if isinstance(tree, list):
        return {name for part in tree for name in foreign(part)}
    if not isinstance(tree, dict) or "op" not in tree:
        return set()
    own = {tree["op"]} if tree["op"] not in OPERATORS | FUNCTIONS and tree["op"][1] != "_" else set()
    return own | foreign(tree["args"])


def our_names(tree):
    """One of ours for each property, by what it has to hold; what only may be null can be a text."""
    names = {}
    for name, wanted in properties(tree):
        if wanted or name not in names:
            names[name] = OURS.get(wanted or "text", name)
    return names


def renamed(tree, names):
    if isinstance(tree, list):
        return [renamed(part, names) for part in tree]
    if not isinstance(tree, dict):
        return tree
    if "property" in tree:
        return {"property": names.get(tree["property"], tree["property"])}
    return {name: renamed(part, names) for name, part in tree.items()}


def renamed_text(text, names):
    """The same of a text: what stands in single quotes is a value."""
    if not names:
        return text
    every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    parts = re.compile(rf"""('(?:[^']|'')*')|("?)(?<![\w:])({every})(?![\w:(])\2""")
    return parts.sub(lambda found: found[1] or names[found[3]], text)


def names_what_is_wrong(detail, filter_text, tree, names):
    """Whether a refusal stands at one of these names and names it."""
    place, what = re.fullmatch(r"filter: (?:character|at) (\S+): (.*)", detail, re.S).groups()
    if place.isdigit():
        rest = filter_text[int(place) - 1:].lstrip('"')
        return any(rest.startswith(name) and f"{name}" in what for name in names)
    for step in place.strip("/").split("/") if place != "/" else []:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return (tree.get("property") or tree.get("op")) in names


def check(name, text, tree):
    """A filter gives a number, the same in both languages; or is refused by the name of what we do not have."""
    wrong = {p for p, _ in properties(tree) if p not in KNOWN} | foreign(tree)
    mistaken = any(wanted and KNOWN.get(p, wanted) != wanted for p, wanted in properties(tree))
    if not wrong and not mistaken:
        both(text, tree)
        return True
    for filter_text, language in (text, "cql2-text"), (json.dumps(tree), "cql2-json"):
        detail = ask(filter_text, language)
        assert isinstance(detail, str), (name, filter_text, detail)
        named = names_what_is_wrong(detail, filter_text, tree, wrong) if wrong else " is needed" in detail
        assert named or mistaken and " is needed" in detail, (name, filter_text, detail)
    return False


def standard():
    examples = sorted((CQL2 / "examples/text").glob("*.txt"))
    assert len(examples) >= 115, len(examples)
    plain, with_ours, some = 0, 0, 0
    for path in examples:
        text = path.read_text().strip()
        tree = json.loads((CQL2 / "examples/json" / f"{path.stem.split('-')[0]}.json").read_text())
        SCHEMA.validate(tree)
        plain += check(path.stem, text, tree)
        names = our_names(tree)
        text, tree = renamed_text(text, names), renamed(tree, names)
        if check(path.stem, text, tree):
            with_ours += 1
            some += both(text, tree) > 0
    assert with_ours >= 100 and some >= 20, (with_ours, some)
    say(f"{len(examples)} examples of the standard: {plain} fit as they stand, {with_ours} with properties of ours; "
        "each of these counts the same as text and as an object, the others are refused by name and position")


def abstract_tests():
    names = {"textfield": "name", "intfield": "benefit_value", "floatfield": "benefit_value", "geom": "geometry",
             "intarrayfield": "categories", "ts_start": "last_confirmed"}
    # The suite wants numbers between numbers; and its arrays hold identifiers where values are meant.
    mended = (r"textfield (?=between)", "intfield "), (r'\("foo","bar"\)', "('foo','bar')")
    counts, refused = {}, 0
    for line in (CQL2 / "tests/ats/expressions.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        text = line.split("|", 1)[1]
        for wrong, right in mended:
            text = re.sub(wrong, right, text, flags=re.I)
        text = renamed_text(text, names)
        if re.search(r"\b90 180\b", text):
            # "Assert unsuccessful execution (invalid coordinate)": A.7.1, A.8.1, A.9.1, A.9.2.
            detail = ask(text)
            assert isinstance(detail, str) and detail.startswith("filter: character "), (text, detail)
            refused += 1
        else:
            counts[text] = both(text, cql2.parse_text(text).to_json())
    # The box of the world and its polygon are one area (A.9.1, A.9.2, A.9.6, A.9.7).
    world = "BBOX(-180,-90,180,90)", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
    for function in "S_INTERSECTS", "S_DISJOINT", "S_WITHIN", "S_CONTAINS":
        of_box, of_polygon = (counts[f"{function}(geometry,{area})"] for area in world)
        assert of_box == of_polygon, (function, of_box, of_polygon)
    # A.5.4 and others: four predicates of those above in one filter.
    chance = random.Random(21_065)
    for _ in range(60):
        one, two, three, four = chance.sample(sorted(counts), 4)
        text = f"((NOT ({one}) AND {two}) OR ({three} and NOT ({four})) or not ({one} AND {four}))"
        both(text, cql2.parse_text(text).to_json())
    say(f"abstract tests: {len(counts)} expressions and 60 combinations counted, {refused} refused for their coordinates")


def balanced(source, start):
    """Where the bracket that opens first at `start` or after it is closed."""
    depth = 0
    for part in re.compile(r'"(?:[^"\\]|\\.)*"|[(\[{]|[)\]}]').finditer(source, start):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(part[0], 0)
        if depth == 0 and part[0] in ")]}":
            return part.end()
    raise ValueError(source[start:start + 80])


def ours():
    """The filters of tests/it/cql2.rs, text beside object, and of docs/ogc.md."""
    source = Path("tests/it/cql2.rs").read_text()
    known = {"op": lambda name, args: {"op": name, "args": args}, "p": lambda name: {"property": name},
             "json": lambda value: value, "true": True}

    def value(at):
        rust = source[at:balanced(source, at)]
        for is_rust, is_python in ("&[", "["), (".into()", ""), (".clone()", ""), ("json!(", "json("):
            rust = rust.replace(is_rust, is_python)
        return eval(rust, {}, known)  # noqa: S307 -- our own source

    for let in re.finditer(r"let (\w+) = (?=json!)", source[:source.index("vec![")]):
        known[let[1]] = value(let.end())
    examples = list(re.finditer(r'\(\s*"((?:[^"\\]|\\.)*)",\s*(?=op\(|json!)', source))
    assert len(examples) >= 38, len(examples)
    for example in examples:
        text, tree = example[1], value(example.end())
        theirs = cql2.parse_text(text).to_json()
        assert tree == theirs, (text, tree, theirs)
        both(text, tree)
    written = re.findall(r"^ {4}filter=(.+)$", Path("docs/ogc.md").read_text(), re.M)
    assert len(written) >= 5, written
    for text in written:
        both(text, cql2.parse_text(text).to_json())
    say(f"ours: {len(examples)} of the tests and {len(written)} of the documentation are CQL2 to another parser and to cql2.json")


standard()
abstract_tests()
ours()
