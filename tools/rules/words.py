"""Words that may not be in the repository, each with what to do instead."""

import re

from rules.tree import Problem

# Patterns are written so that this file does not hold the words itself.
BANNED = [
    (r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b", "finish it, or say in the issue what is missing"),
    (r"(?<![\w.])/w[o]rk/(?!<)\w+", "a path of one machine; use a setting or a path relative to the root"),
    (r"registry\.n[p]mjs\.|pyp[i]\.org|files\.pythonh[o]sted|(registry|index-url|extra-index-url)\s*=\s*https?:",
     "the address of a package registry is the business of each machine's own settings"),
    (r"deb\.d[e]bian\.org|archive\.ubuntu\.c[o]m", "the address of a package mirror is the business of each machine"),
]
SHARED = re.compile(r"\.\./sh[a]red")
SHARED_SETTING = "MOVIO_TEST_DATA"


def check_words(tree):
    problems = []
    patterns = [(re.compile(pattern), advice) for pattern, advice in BANNED]
    for path in tree.text_paths():
        if path.endswith("package-lock.json"):
            problems += check_lock(tree, path)
            continue
        lines = tree.lines(path)
        for number, line in enumerate(lines, 1):
            for pattern, advice in patterns:
                match = pattern.search(line)
                if match:
                    problems.append(Problem(path, number, f"'{match[0]}' may not be written: {advice}"))
            if SHARED.search(line):
                near = "\n".join(lines[max(0, number - 3):number + 2])
                if SHARED_SETTING not in near:
                    words = f"the test data folder is named only beside {SHARED_SETTING}"
                    problems.append(Problem(path, number, words))
    return problems


def check_lock(tree, path):
    for number, line in enumerate(tree.lines(path), 1):
        if re.search(r'"resolved"\s*:\s*"https?:', line):
            words = "holds registry addresses; make it with omit-lockfile-registry-resolved=true"
            return [Problem(path, number, words)]
    return []
