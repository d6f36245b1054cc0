"""What the house test of words measures in the source, by its syntax trees and its tokens."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

# A participle or a pronoun alone names nothing: who searches for the concept never meets it.
BANNED_NAMES = frozenset(
    {"told", "said", "held", "kept", "found", "sought", "given", "taken", "made", "seen", "asked", "wanted"}
    | {"who", "whose", "apart", "became", "doors", "besides", "lacking", "of", "one", "others"}
)
# Keys of JSON that clients of the API read: they change with its version, not with its code.
API_FIELDS = frozenset(
    {
        ("channels/rest/people/consents.py", "given"),
        ("channels/rest/staff/review.py", "held"),
        ("channels/rest/staff/sources.py", "held"),
    }
)
SHORT_FILE = 40  # lines: one idea spread over many such files is hard to follow

Sources = Mapping[str, str]  # the text of each module by its path, `features/cv/service.py`


@dataclass(frozen=True)
class Name:
    """A name the source binds, and the line that binds it."""

    text: str
    line: int


def read_sources(root: Path) -> dict[str, str]:
    """The text of every Python file under a folder, by its path in it."""
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))
    }


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Every node of a module's syntax tree, breadth first: it is parsed and walked once for all measures."""
    return tuple(ast.walk(ast.parse(source)))


def bound_names(source: str) -> Iterator[Name]:
    """Every name a module binds: functions, classes, parameters, variables, fields and import aliases."""
    for node in nodes_of(source):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield Name(node.name, node.lineno)
            case ast.arg():
                yield Name(node.arg, node.lineno)
            case ast.Name(ctx=ast.Store()):
                yield Name(node.id, node.lineno)
            case ast.Attribute(ctx=ast.Store()):
                yield Name(node.attr, node.lineno)
            case ast.alias(asname=str(alias)):
                yield Name(alias, node.lineno)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield Name(name, node.lineno)
            case _:
                pass


@cache
def banned_names(path: str, source: str) -> list[Name]:
    """The names of a module that say nothing, whether private (`_told`) or not."""
    return [
        name
        for name in bound_names(source)
        if name.text.strip("_") in BANNED_NAMES and (path, name.text) not in API_FIELDS
    ]


def count_told(source: str) -> int:
    """How often the word `told` stands in a module: names, docstrings, comments and texts."""
    return len(re.findall(r"\b_?told\b", source))


@cache
def count_own_line_comments(source: str) -> int:
    """Comments with a line to themselves; directives to a tool (`# noqa`, `# type:`) are not counted."""
    lines = source.splitlines()
    return sum(
        token.type == tokenize.COMMENT
        and lines[token.start[0] - 1].lstrip().startswith("#")
        and not re.match(r"# (noqa|type:|pragma|fmt:|ruff:)", token.string)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
    )


def comments_per_hundred_lines(sources: Sources) -> float:
    """Comments on a line of their own, a hundred lines of source."""
    lines = sum(len(source.splitlines()) for source in sources.values())
    return 100 * sum(map(count_own_line_comments, sources.values())) / lines


def import_graph(sources: Sources) -> dict[str, set[str]]:
    """For each module the modules of OIM it imports, wherever in it the import stands.

    An import of a name from a package counts as one of the package; of a module in it, as one of that module.
    """
    modules = {_module_name(path): source for path, source in sources.items()}
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        imported: set[str] = set()
        for node in nodes_of(source):
            if isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                imported |= (inner & modules.keys()) or ({node.module} & modules.keys())
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names} & modules.keys()
        graph[module] = imported
    return graph


def find_import_circle(sources: Sources) -> list[str]:
    """The modules of one circle of imports; empty where there is none."""
    try:
        TopologicalSorter(import_graph(sources)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def measure(sources: Sources) -> dict[str, str]:
    """The table that is printed: each measure by its name, as text."""
    lengths = [len(source.splitlines()) for source in sources.values()]
    names = [
        node.id for source in sources.values() for node in nodes_of(source) if isinstance(node, ast.Name)
    ]
    functions = [
        length
        for path, source in sources.items()
        if not is_generated(path)
        for length, _ in measure_functions(path, source)
    ]
    return {
        "files": str(len(sources)),
        "lines a file (median/p90/biggest)": _median_p90_max(lengths),
        f"files of at most {SHORT_FILE} lines": str(sum(length <= SHORT_FILE for length in lengths)),
        "banned names": str(sum(len(banned_names(path, source)) for path, source in sources.items())),
        "times `told` stands": str(sum(map(count_told, sources.values()))),
        "comments a hundred lines": f"{comments_per_hundred_lines(sources):.2f}",
        "lines a function, migrations apart (median/p90/biggest)": _median_p90_max(functions),
        "`Any`": str(names.count("Any")),
        "`type: ignore`": str(sum(source.count("# type: ignore") for source in sources.values())),
        "modules in a circle of imports": str(len(find_import_circle(sources))),
    }


def measure_functions(path: str, source: str) -> list[tuple[int, str]]:
    """Lines of each function of a module, its docstring included, with where it stands."""
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}")
        for node in nodes_of(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def is_generated(path: str) -> bool:
    """Whether a module is a migration: a list of operations, as long as it is."""
    return path.startswith("migrations/versions/")


def _median_p90_max(values: list[int]) -> str:
    p90 = statistics.quantiles(values, n=10)[-1]
    return f"{statistics.median(values):.0f}/{p90:.0f}/{max(values)}"


def _module_name(path: str) -> str:
    return ".".join(("oim", *Path(path).with_suffix("").parts)).removesuffix(".__init__")
