"""The street of docs/architecture.md as a table, and a check for each of its rules.

Each check takes a source tree and returns what is wrong in it, one line a finding.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

CRAWLER = frozenset({"scrapy", "twisted"})
DATABASE = frozenset({"sqlalchemy", "alembic"})
NETWORK = frozenset({"socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "aiohttp", "asyncio"})
CHANCE = frozenset({"random", "secrets", "uuid"})


@dataclass(frozen=True, slots=True)
class Room:
    """A step of the street.

    modules: their names below ``pipeline``; a package stands for all in it.
    barred: libraries it must not import. annotates: those of them it may import under ``TYPE_CHECKING`` all the same.
    """

    name: str
    modules: tuple[str, ...]
    barred: frozenset[str]
    annotates: frozenset[str] = frozenset()


PURE = CRAWLER | DATABASE | NETWORK | CHANCE
"""The pure core has none of these, not even in annotations. The edge may name an ``Engine`` it was handed."""

STREET = (
    Room("entry", ("__main__",), barred=DATABASE),
    Room("commands", ("commands",), barred=DATABASE, annotates=DATABASE),
    Room(
        "edge",
        (
            "spiders",
            "pipelines",
            "replays",
            "reextraction",
            "middlewares",
            "extensions",
            "health",
            "metrics",
            "logs",
            "service",
            "downloads",
            "settings",
            "web",
        ),
        DATABASE,
        DATABASE,
    ),
    Room("workers", ("workers",), barred=CRAWLER | DATABASE),
    Room("configuration", ("config",), barred=CRAWLER | DATABASE),
    Room("storage", ("storage",), barred=CRAWLER | NETWORK),
    Room("extraction", ("extraction",), barred=PURE),
    Room("discovery", ("discovery",), barred=PURE),
    Room(
        "decisions",
        (
            "stories",
            "fingerprints",
            "schedule",
            "monitor",
            "shifts",
            "rhythm",
            "findings",
            "notices",
            "export",
            "formats",
            "explain",
            "changes",
            "differences",
            "rereading",
            "report",
            "sources",
            "subscriptions",
            "funnel",
            "politeness",
            "robots",
            "search",
            "directives",
            "addresses",
            "traps",
        ),
        barred=PURE,
    ),
    Room(
        "words",
        ("text", "urls", "dates", "durations", "months", "decode", "payloads", "answers", "unpacked", "warcfile"),
        barred=PURE,
    ),
    Room("items", ("", "items", "errors"), barred=PURE),
)
"""Top to bottom. A module imports from its own room and from those below it, never from above."""

BORDERS = ("pipelines", "commands", "workers", "downloads.losses")  # where a fault of any kind becomes a record
FACES = ("spiders", "extraction")  # packages whose __init__ may hold something
FOREIGN_LAYOUT = Path("pipeline/storage/migrations/versions")  # Alembic's own, a level deeper than ours may be
CLOCKS = ("now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime")


@dataclass(frozen=True, slots=True)
class Import:
    target: str  # as far as it names a module; `from a import b` gives both a and a.b
    line: int
    typing_only: bool


@dataclass(frozen=True, slots=True)
class Module:
    name: str  # below `pipeline`; empty for pipeline/__init__.py
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def room(self) -> Room | None:
        return next((r for r in STREET if any(is_within(self.name, m) for m in r.modules)), None)

    @property
    def is_pure(self) -> bool:
        return self.room is not None and self.room.barred == PURE


def is_within(name: str, package: str) -> bool:
    return name == package or (package != "" and name.startswith(package + "."))


def modules(root: Path) -> dict[str, Module]:
    found = {}
    for path in sorted((root / "pipeline").rglob("*.py")):
        parts = path.relative_to(root / "pipeline").with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path.relative_to(root), ast.parse(path.read_bytes()))
    return found


def imports(module: Module) -> Iterator[Import]:
    """Every import of a module wherever it stands: at the top, in a function, for annotations, by name."""
    typing_only = {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(module.tree):
        for target in targets(node, module):
            yield Import(target, node.lineno, id(node) in typing_only)


def targets(node: ast.AST, module: Module) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=base, names=names, level=level):
            if level:
                here = ["pipeline", *module.name.split(".")] if module.name else ["pipeline"]
                parent = here[: len(here) - level + module.is_package]
                base = ".".join([*parent, base] if base else parent)
            return [base, *(f"{base}.{alias.name}" for alias in names)]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(target)), *_]):
            return [target] if name in ("import_module", "__import__") else []
    return []


def house_imports(module: Module, house: dict[str, Module]) -> Iterator[tuple[str, int]]:
    """The modules of the house that a module imports; `from pipeline.a import b` is pipeline.a.b where that exists."""
    for node in ast.walk(module.tree):
        named = [target for target in targets(node, module) if is_within(target, "pipeline")]
        known = [name for name in (target[len("pipeline.") :] for target in named) if name in house]
        for name in known:
            is_mere_parent = any(other != name and is_within(other, name or other) for other in known)
            if not is_mere_parent:
                yield name, node.lineno


# The rules. Each takes a tree and returns its findings.


def strangers(root: Path) -> list[str]:
    """Modules that stand in no room."""
    return [f"{m.path} stands in no room of the street" for m in modules(root).values() if m.room is None]


def upward_imports(root: Path) -> list[str]:
    house = modules(root)
    return [
        f"{module.path}:{line} ({module.room.name}) imports {target} ({house[target].room.name}), which is above it"
        for module in house.values()
        for target, line in house_imports(module, house)
        if module.room and house[target].room and STREET.index(house[target].room) < STREET.index(module.room)
    ]


def import_loops(root: Path) -> list[str]:
    house = modules(root)
    graph = {name: {t for t, _ in house_imports(m, house)} - {name} for name, m in house.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["import loop: " + " -> ".join(reversed(error.args[1]))]
    return []


def barred_libraries(root: Path) -> list[str]:
    findings = [
        f"{module.path}:{found.line} ({module.room.name}) imports {library}"
        for module in modules(root).values()
        if module.room
        for found in imports(module)
        for library in sorted(module.room.barred - (module.room.annotates if found.typing_only else frozenset()))
        if is_within(found.target, library)
    ]
    return list(dict.fromkeys(findings))  # `from a import b` names a twice


def clocks_in_the_core(root: Path) -> list[str]:
    return [
        f"{module.path}:{node.lineno} reads the clock; take the time as an argument"
        for module in modules(root).values()
        if module.is_pure
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
        if ast.unparse(node.value).rpartition(".")[2] in ("datetime", "date", "time")
    ]


def environment_readers(root: Path) -> list[str]:
    """Uses of the environment outside config.py; the entry may preset a variable for Scrapy to find."""
    findings = []
    for module in modules(root).values():
        preset = {
            id(node.value)
            for node in ast.walk(module.tree)
            if module.name == "__main__" and isinstance(node, ast.Attribute) and node.attr == "setdefault"
        }
        for node in ast.walk(module.tree):
            is_attribute = isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv")
            is_import = any(t in ("os.environ", "os.environb", "os.getenv", "os.putenv") for t in targets(node, module))
            if (is_attribute or is_import) and id(node) not in preset and module.name != "config":
                findings.append(f"{module.path}:{node.lineno} reads the environment; only config.py does")
    return findings


def full_inits(root: Path) -> list[str]:
    return [
        f"{module.path} holds code; import from the module itself"
        for module in modules(root).values()
        if module.is_package and module.name not in FACES and module.tree.body
    ]


def prints(root: Path) -> list[str]:
    return [
        f"{module.path}:{node.lineno} prints; commands write with print_line, the rest logs"
        for module in modules(root).values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def wide_excepts(root: Path) -> list[str]:
    return [
        f"{module.path}:{node.lineno} catches everything; only the borders do ({', '.join(BORDERS)})"
        for module in modules(root).values()
        if not any(is_within(module.name, border) for border in BORDERS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        if node.type is None
        or any(isinstance(n, ast.Name) and n.id in ("Exception", "BaseException") for n in ast.walk(node.type))
    ]


def deep_folders(root: Path) -> list[str]:
    """Folders more than two levels below ``pipeline``."""
    return sorted(
        {
            f"{module.path.parent} lies deeper than two levels"
            for module in modules(root).values()
            if len(module.path.parent.parts) > 1 + 2 and module.path.parent != FOREIGN_LAYOUT
        }
    )


RULES: tuple[Callable[[Path], list[str]], ...] = (
    strangers,
    upward_imports,
    import_loops,
    barred_libraries,
    clocks_in_the_core,
    environment_readers,
    full_inits,
    prints,
    wide_excepts,
    deep_folders,
)
