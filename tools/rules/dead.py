"""Files that nothing needs."""

import pathlib
import re

from rules.tree import Problem


def check_dead(tree):
    return [*dead_headers(tree), *unbuilt_sources(tree), *unlinked_documents(tree), *unused_tools(tree)]


def dead_headers(tree):
    """A header must be included by more than its own .cpp; one of src/ by something in src/."""
    used = {}
    for path in tree.select(".cpp", ".hpp"):
        for _, name, _ in tree.includes(path):
            used.setdefault(name, set()).add(path)
    for header in tree.select(".hpp"):
        top, _, rest = header.partition("/")
        own_source = header.removesuffix(".hpp") + ".cpp"
        users = used.get(rest, set()) | used.get(header, set()) | used.get(pathlib.PurePosixPath(header).name, set())
        users -= {own_source, header}
        if top == "src":
            users = {user for user in users if user.startswith("src/")}
        if not users:
            yield Problem(header, 0, "is included by nothing but its own source: remove it")


def unbuilt_sources(tree):
    """CMake globs a folder that is named in movio_library or movio_test; other sources are named by file."""
    cmake = "\n".join(tree.text(path) or "" for path in tree.paths
                      if path.endswith("CMakeLists.txt") or path.endswith(".cmake"))
    named = re.sub(r"#[^\n]*", "", cmake)
    modules = re.findall(r"movio_library\(([\w/]+)", named)
    folders = {f"src/{module}{part}" for module in modules for part in ("", "/endpoints", "/commands", "/services")}
    folders |= {f"tests/{folder}" for folder in re.findall(r"movio_test\(([\w/]+)", named)}
    folders |= {"tests/support"}
    benches = {f"bench/{name}_bench.cpp" for name in re.findall(r"movio_bench\((\w+)", named)}
    fuzzers = {f"tests/fuzz/{name}_fuzz.cpp" for name in re.findall(r"movio_fuzz\((\w+)", named)}
    files = set()
    for path in tree.paths:
        if path.endswith("CMakeLists.txt"):
            beside = path.rpartition("/")[0]
            files |= {f"{beside}/{name}" for name in re.findall(r"(?<=[\s(])[\w/-]+\.cpp", tree.text(path) or "")}
    for source in tree.select(".cpp"):
        folder = source.rpartition("/")[0]
        if folder not in folders and source not in benches | fuzzers | files:
            yield Problem(source, 0, "is built by no target: name its folder in CMakeLists.txt or remove it")


def unlinked_documents(tree):
    links = set()
    for path in tree.select(".md"):
        folder = pathlib.PurePosixPath(path).parent
        for target in re.findall(r"\]\(([^)#\s]+)", tree.text(path) or ""):
            parts = []
            for part in (folder / target).parts:
                if part == "..":
                    parts = parts[:-1]
                else:
                    parts.append(part)
            name = "/".join(parts)
            if name != path:
                links.add(name)
            if "://" not in target and not (tree.root / name).exists():
                yield Problem(path, 0, f"links to {target}, which is not there")
    for path in tree.select(".md"):
        if path.count("/") and not path.startswith("docs/"):
            continue
        if path != "README.md" and path not in links:
            yield Problem(path, 0, "is linked from no other page")


def unused_tools(tree):
    others = {path: tree.text(path) or "" for path in tree.text_paths() if not path.endswith("package-lock.json")}
    for tool in tree.paths:
        parts = tool.split("/")
        if parts[0] != "tools" or tool.endswith("_test.py"):
            continue
        name = parts[-1].removesuffix(".py")
        folder = "/".join(parts[:-1])
        mentioned = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for path, text in others.items()
                        if path != tool and path.startswith((folder, "tools/", "Makefile", ".ci/", "cmake/", "CMake")))
        if not mentioned:
            yield Problem(tool, 0, "is used by no command")
