"""Sizes that keep one idea in one place: files, functions, lines."""

import ast
import re

from rules.tree import Problem

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
LINE_COLUMNS_MAX = 120
CODE = (".cpp", ".hpp", ".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".cmake", ".sql", ".sh")


NOT_CODE = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
AFTER_PARAMETERS = re.compile(
    r"\)\s*(const|noexcept(\([^)]*\))?|override|final|mutable|try|&&?|requires[^{]*|->[^{]*|:[^:{][^{]*|\s)*$")
# A picture drawn in text, and other long literals, cannot be broken.
LONG_LITERAL = re.compile(
    r'R"\(.{60,}\)"|"(?:\\.|[^"\\]){60,}"'
    r"|'(?:\\.|[^'\\]){60,}'|`[^`]{60,}`")


def is_code(tree, path):
    if path.endswith(CODE) or path.endswith("CMakeLists.txt") or path == "Makefile":
        return True
    return path.startswith(("tools/", ".ci/")) and (tree.text(path) or "").startswith("#!")


def without_comments_and_texts(code):
    """The C++ code with the same lines, but comments, strings and characters blanked."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), code)


def cpp_functions(code):
    """(first line, name, lines) of every function body outside other functions."""
    code = "\n".join("" if line.lstrip().startswith("#") else line
                     for line in without_comments_and_texts(code).split("\n"))
    found, open_scopes, head_start = [], [], 0
    for match in re.finditer(r"[{};]", code):
        position, sign = match.start(), match[0]
        in_function = any(scope[0] != "scope" for scope in open_scopes)
        if sign == "{":
            head = re.sub(r"\{[^{}]*\}", "", code[head_start:position])
            if in_function:
                open_scopes.append(("inner",))
            elif is_function_head(head):
                start = head_start + len(head) - len(head.lstrip())
                open_scopes.append(("function", start, function_name(head)))
            elif is_scope_head(head):
                open_scopes.append(("scope",))
            else:
                open_scopes.append(("initializer",))
        elif sign == "}" and open_scopes:
            closed = open_scopes.pop()
            if closed[0] == "function":
                first = code.count("\n", 0, closed[1]) + 1
                found.append((first, closed[2], code.count("\n", 0, position) + 2 - first))
            if closed[0] == "initializer":
                continue
        if not any(scope[0] != "scope" for scope in open_scopes):
            head_start = match.end()
    return found


def is_scope_head(head):
    return re.search(r"\b(namespace|class|struct|union|enum|extern)\b", head) is not None


def is_function_head(head):
    if re.search(r"\b(namespace|class|struct|union|enum)\b[^()]*$", head) and ")" not in head:
        return False
    if re.search(r"\)\s*:[^:].*[\w>]$", head, re.DOTALL):
        return False  # a member's braces in a constructor's list
    return AFTER_PARAMETERS.search(head) is not None


def function_name(head):
    match = re.search(r"([\w:~]+)\s*\(", head)
    return match[1] if match else "a function"


def python_functions(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def functions(path, code):
    if path.endswith((".cpp", ".hpp")):
        return cpp_functions(code)
    if path.endswith(".py") or code.startswith("#!/usr/bin/env python3"):
        return python_functions(code)
    return []


def check_sizes(tree):
    problems = []
    for path in tree.paths:
        if not is_code(tree, path):
            continue
        lines = tree.lines(path)
        if len(lines) > FILE_LINES_MAX:
            words = f"has {len(lines)} lines; at most {FILE_LINES_MAX}: make two ideas two files"
            problems.append(Problem(path, 0, words))
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_COLUMNS_MAX and len(LONG_LITERAL.sub("", line)) > LINE_COLUMNS_MAX - 60:
                problems.append(Problem(path, number, f"has {len(line)} columns; at most {LINE_COLUMNS_MAX}"))
        try:
            measured = list(functions(path, tree.text(path) or ""))
        except SyntaxError as error:
            problems.append(Problem(path, error.lineno or 0, f"is not Python: {error.msg}"))
            continue
        for number, name, length in measured:
            if length > FUNCTION_LINES_MAX:
                problems.append(Problem(path, number, f"{name} has {length} lines; at most {FUNCTION_LINES_MAX}"))
    return problems
