"""The files of the repository as the rules see them."""

import dataclasses
import functools
import os
import pathlib
import re
import subprocess

TEXT_SUFFIXES = {".cpp", ".hpp", ".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".cmake", ".sql", ".sh", ".md",
                 ".json", ".txt", ".toml", ".yml", ".yaml", ".srt", ".vtt", ".cfg", ".ini", ""}
LEFT_OUT = {"build", "node_modules", "dist", ".git", "__pycache__"}


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class Tree:
    """Paths are relative to the root, '/'-separated. Files that git ignores are not part of the tree."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    @functools.cached_property
    def paths(self):
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root, capture_output=True, text=True, check=False)
        if listing.returncode == 0 and (self.root / ".git").exists():
            names = [name for name in listing.stdout.split("\0") if name]
        else:
            names = self._walk()
        return sorted({name for name in names if (self.root / name).is_file()})

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in LEFT_OUT]
            for name in names:
                yield (pathlib.Path(folder) / name).relative_to(self.root).as_posix()

    def select(self, *suffixes, under=""):
        return [path for path in self.paths if path.startswith(under) and path.endswith(suffixes)]

    def text_paths(self):
        return [path for path in self.paths if pathlib.PurePosixPath(path).suffix in TEXT_SUFFIXES
                and self.text(path) is not None]

    @functools.cache
    def text(self, path):
        """The file as text, None if it is not UTF-8 or holds NUL."""
        content = (self.root / path).read_bytes()
        if b"\0" in content:
            return None
        try:
            return content.decode()
        except UnicodeDecodeError:
            return None

    def lines(self, path):
        return (self.text(path) or "").splitlines()

    @functools.cache
    def includes(self, path):
        """(line, name, quoted) of every #include of a C++ file."""
        found = []
        for number, line in enumerate(self.lines(path), 1):
            match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
            if match:
                found.append((number, match[2], match[1] == '"'))
        return found
