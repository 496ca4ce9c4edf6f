"""tools/embed.py puts every byte of every file into the program, under its path."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent
LISTING = r"""
#include <cstdio>

#include "base/embedded.hpp"

int main() {
    for (const auto& file : movio::embedded::things()) {
        std::printf("%.*s=", static_cast<int>(file.path.size()), file.path.data());
        for (const unsigned char byte : file.content) std::printf("%02x", byte);
        std::printf("\n");
    }
}
"""


class Embed(unittest.TestCase):
    def embedded(self, files):
        """What a program finds embedded: path -> bytes."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            source = folder / 'a "strange" folder'
            source.mkdir()
            for path, content in files.items():
                (source / path).parent.mkdir(parents=True, exist_ok=True)
                (source / path).write_bytes(content)
            output = folder / "things.cpp"
            subprocess.run([sys.executable, TOOLS / "embed.py", source, "things", output], check=True)
            header = (TOOLS.parent / "src/base/embedded.hpp").read_text()
            (folder / "base").mkdir()
            (folder / "base/embedded.hpp").write_text(
                header.replace("}  // namespace", "std::span<const File> things();\n}  // namespace"))
            (folder / "main.cpp").write_text(LISTING)
            program = folder / "listing"
            subprocess.run(["clang++-19", "-std=c++23", "-I", folder, folder / "main.cpp", output, f"{output}.S",
                            "-o", program], check=True)
            listing = subprocess.run([program], check=True, capture_output=True, text=True).stdout
            pairs = (line.rsplit("=", 1) for line in listing.splitlines())
            return {path: bytes.fromhex(content) for path, content in pairs}

    def test_every_byte_under_its_path(self):
        files = {"index.html": b"<html>", "assets/a b\"c\\d?.js": bytes(range(256)), "empty.txt": b"", "ü.css": b"\0\0"}
        self.assertEqual(self.embedded(files), files)

    def test_hidden_files_are_left_out(self):
        self.assertEqual(self.embedded({"a": b"1", ".b": b"2", ".c/d": b"3"}), {"a": b"1"})

    def test_an_empty_folder_is_an_empty_list(self):
        self.assertEqual(self.embedded({}), {})

    def test_a_missing_folder_is_an_error_that_names_it(self):
        outcome = subprocess.run([sys.executable, TOOLS / "embed.py", "/no/such", "things", "/dev/null"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("/no/such", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
