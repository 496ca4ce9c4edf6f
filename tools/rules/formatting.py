"""C++ files look as clang-format makes them; every text file ends its lines the same way."""

import concurrent.futures
import os
import shutil
import subprocess

from rules.tree import Problem

CLANG_FORMAT = "clang-format-19"  # pinned: versions differ


def check_formatting(tree):
    problems = []
    for path in tree.text_paths():
        text = tree.text(path) or ""
        if "\r" in text and not path.startswith("tests/"):
            problems.append(Problem(path, text[:text.index("\r")].count("\n") + 1, "has a carriage return"))
    sources = tree.select(".cpp", ".hpp")
    for header in tree.select(".hpp"):
        if not (tree.text(header) or "").startswith("#pragma once\n"):
            problems.append(Problem(header, 1, "must begin with #pragma once"))
    if not sources:
        return problems
    if shutil.which(CLANG_FORMAT) is None:
        return [*problems, Problem(CLANG_FORMAT, 0, "is not installed: tools/setup test")]
    groups = [sources[start:start + 16] for start in range(0, len(sources), 16)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for group in pool.map(lambda names: unformatted(tree, names), groups):
            problems += group
    return problems


def unformatted(tree, names):
    outcome = subprocess.run([CLANG_FORMAT, "--dry-run", "--ferror-limit=1", *names],
                             cwd=tree.root, capture_output=True, text=True, check=False)
    found = {}
    for line in outcome.stderr.splitlines():
        parts = line.split(":")
        if len(parts) > 3 and parts[0] in names:
            found.setdefault(parts[0], int(parts[1]))
    return [Problem(name, number, "is not formatted: make format") for name, number in found.items()]
