#!/usr/bin/env python3
"""Make the files of one folder part of the executable.

usage: embed.py FOLDER NAME OUTPUT.cpp

Writes OUTPUT.cpp, which defines movio::embedded::NAME() as src/base/embedded.hpp declares it, and OUTPUT.cpp.S, which
holds the bytes. The assembler reads the files itself, so a large web app costs no compile time. Files are listed by
path in byte order. Hidden files and folders are left out.
"""

import pathlib
import sys


def assembler_text(path):
    """The path as the content of an assembler string literal."""
    return "".join(f"\\{byte:03o}" if byte in b'"\\' or byte < 32 or byte > 126 else chr(byte) for byte in bytes(path))


def cpp_text(text):
    """The text as a C++ literal; octal escapes, because a hexadecimal one would swallow the letters after it."""
    return '"' + "".join(
        f"\\{byte:03o}" if byte in b'"\\?' or byte < 32 or byte > 126 else chr(byte) for byte in text.encode()) + '"'


def assembler(name, files):
    lines = ['.section .note.GNU-stack,"",%progbits', ".section .rodata"]
    for index, path in enumerate(files):
        symbol = f"movio_embedded_{name}_{index}"
        lines += [
            f".global {symbol}", f".hidden {symbol}", ".balign 16", f"{symbol}:",
            f'.incbin "{assembler_text(path)}"',
            f".global {symbol}_end", f".hidden {symbol}_end", f"{symbol}_end:", ".byte 0",
        ]
    return "\n".join(lines) + "\n"


def cpp(name, folder, files):
    lines = ["#include <array>", "", '#include "base/embedded.hpp"', ""]
    if files:
        lines.append('extern "C" {')
        for index in range(len(files)):
            symbol = f"movio_embedded_{name}_{index}"
            lines.append(f"extern const char {symbol}[];")
            lines.append(f"extern const char {symbol}_end[];")
        lines += ["}", ""]
    lines += ["namespace movio::embedded {", "", f"std::span<const File> {name}() {{"]
    if not files:
        lines.append("    return {};")
    else:
        lines.append(f"    static const std::array<File, {len(files)}> files{{{{")
        for index, path in enumerate(files):
            symbol = f"movio_embedded_{name}_{index}"
            relative = cpp_text(path.relative_to(folder).as_posix())
            lines.append(f"        {{{relative}, {{{symbol}, {symbol}_end}}}},")
        lines += ["    }};", "    return files;"]
    lines += ["}", "", "}  // namespace movio::embedded"]
    return "\n".join(lines) + "\n"


def listed(folder):
    """Every regular file below the folder that is not hidden."""
    found = [path for path in folder.rglob("*")
             if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix().encode())


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, name, output = pathlib.Path(arguments[0]).resolve(), arguments[1], pathlib.Path(arguments[2])
    if not folder.is_dir():
        print(f"embed.py: cannot read the folder {folder}: it does not exist", file=sys.stderr)
        return 1
    files = listed(folder)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(cpp(name, folder, files))
    output.with_name(output.name + ".S").write_text(assembler(name, files))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
