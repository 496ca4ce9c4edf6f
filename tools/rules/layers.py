"""Who may include whom. ARCHITECTURE.md gives the reasons; this is the same order as text."""

from rules.tree import Problem

BUSINESS = {"accounts", "catalog", "uploads", "playback", "captions", "search", "processing", "notices",
            "embedding"}
# What belongs to one service never includes what belongs to another.
WITH_CATALOG = {"uploads", "playback", "captions", "search", "embedding"}

LOW = {"base", "async", "ports", "ledger", "audit", "media/format", "access"}
ALLOWED = {
    "base": set(),
    "async": {"base"},
    "media/format": {"base"},
    "media/engine": {"base", "media/format"},
    "http": {"base", "async"},
    "ports": {"base", "async"},
    "ledger": {"base", "async", "ports"},
    "audit": {"base", "async", "ports"},
    "access": {"base", "async"},
    # The two sides of the sandbox share its protocol and nothing else.
    "sandbox/protocol": {"base", "media/format"},
    "sandbox": {"base", "async", "media/format", "sandbox/protocol"},
    "sandbox/child": {"base", "media/format", "media/engine", "sandbox/protocol"},
    "sandbox/movio_media": {"base", "media/format", "media/engine", "sandbox/protocol", "sandbox/child"},
    **{module: LOW | ({"catalog"} if module in WITH_CATALOG else set()) for module in BUSINESS},
    "processing": LOW | {"sandbox"},
    "adapters": LOW | BUSINESS,
    "app": LOW | BUSINESS | {"http", "sandbox", "adapters"},
    "main": {"app", "base"},
}

# A library that stays behind one wall: (start of the include, where it may be, how to say it).
WALLS = [
    ("boost/beast", lambda path: path.startswith("src/http/") and path.endswith(".cpp"), "http/*.cpp"),
    ("boost/json", lambda path: path == "src/base/json.cpp", "base/json.cpp"),
    ("spdlog/", lambda path: path == "src/base/log.cpp", "base/log.cpp"),
    ("prometheus/", lambda path: path == "src/base/metrics.cpp", "base/metrics.cpp"),
    ("libav", lambda path: path.startswith("src/media/engine/"), "media/engine/"),
    ("libsw", lambda path: path.startswith("src/media/engine/"), "media/engine/"),
    ("sqlite3.h", lambda path: path.startswith("src/adapters/sql/sqlite/"), "adapters/sql/sqlite/"),
    ("sodium", lambda path: path == "src/accounts/passwords.cpp", "accounts/passwords.cpp"),
    ("seccomp.h", lambda path: path.startswith("src/sandbox/"), "sandbox/"),
    ("curl/", lambda path: path.startswith("src/adapters/curl/"), "adapters/curl/"),
    ("CLI/", lambda path: path.startswith("src/app/"), "app/"),
    ("toml++/", lambda path: path.startswith("src/app/"), "app/"),
]


def module_of(path):
    """The module of a path relative to src/, None if it belongs to none."""
    if path == "main.cpp":
        return "main"
    fitting = [module for module in ALLOWED if path.startswith(module + "/")]
    return max(fitting, key=len, default=None)


def may_include(source, target):
    """Whether the file `source` may include the header `target`; both relative to src/."""
    here, there = module_of(source), module_of(target)
    if here == "adapters" and there == "adapters":
        return source.split("/")[1] == target.split("/")[1]  # technologies do not know each other
    if here == there or there in ALLOWED[here]:
        return True
    answers = here in BUSINESS | {"access", "audit", "ledger"} and "endpoint" in source.split("/", 1)[1]
    return answers and there == "http"


def check_layers(tree):
    problems, present = [], set(tree.paths)
    for path in tree.select(".cpp", ".hpp", under="src/"):
        source = path.removeprefix("src/")
        if module_of(source) is None:
            problems.append(Problem(path, 0, "belongs to no module; name its folder in tools/rules/layers.py"))
            continue
        for number, name, quoted in tree.includes(path):
            for start, allowed, words in WALLS:
                if name.startswith(start) and not allowed(path):
                    problems.append(Problem(path, number, f"<{name}> may be included only in {words}"))
            if not quoted:
                continue
            if f"src/{name}" not in present:
                problems.append(Problem(path, number, f'"{name}" is no file below src/; includes start from there'))
            elif module_of(name) is None or not may_include(source, name):
                words = f"{module_of(source)} may not include {module_of(name)} ({name}): see the layer rule"
                problems.append(Problem(path, number, words))
    return problems
