"""Every rule of tools/check refuses what it must, and lets pass what is right."""

import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from rules.dead import check_dead
from rules.formatting import check_formatting
from rules.layers import check_layers, may_include
from rules.sizes import check_sizes, cpp_functions
from rules.tree import Tree
from rules.words import check_words

STYLE = pathlib.Path(__file__).resolve().parent.parent / ".clang-format"
GOOD = {
    "README.md": "# Fixture\n[design](docs/design.md)\n",
    "docs/design.md": "# Design\n",
    "src/CMakeLists.txt": "movio_library(base)\nmovio_library(catalog)\nadd_executable(movio main.cpp)\n",
    "src/main.cpp": '#include "base/name.hpp"\n\nint main() { return movio::name(); }\n',
    "src/base/name.hpp": "#pragma once\n\nnamespace movio {\n\nint name();\n\n}  // namespace movio\n",
    "src/base/name.cpp": '#include "base/name.hpp"\n\n'
                         'namespace movio {\n\nint name() { return 0; }\n\n}  // namespace movio\n',
}


class Fixture(unittest.TestCase):
    def problems(self, rule, **changes):
        """What the rule says of the good tree with these files changed; `__` in a name stands for '/'."""
        with tempfile.TemporaryDirectory() as folder:
            changed = {name.replace("__", "/").replace("_dot_", "."): text for name, text in changes.items()}
            files = GOOD | changed
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            shutil.copy(STYLE, folder)
            return [str(problem) for problem in rule(Tree(folder))]

    def refuses(self, words, rule, **changes):
        found = self.problems(rule, **changes)
        self.assertTrue(any(words in problem for problem in found), f"no problem says '{words}': {found}")


class GoodTree(Fixture):
    def test_passes_every_rule(self):
        for rule in (check_layers, check_sizes, check_words, check_dead, check_formatting):
            self.assertEqual(self.problems(rule), [], rule.__name__)


class Layers(Fixture):
    def test_order_of_layers(self):
        right = [
            ("base/ids.cpp", "base/ids.hpp"), ("async/pool.hpp", "base/limits.hpp"),
            ("media/engine/av/open.cpp", "media/format/plan.hpp"), ("http/server.cpp", "async/pool.hpp"),
            ("ledger/ledger.cpp", "ports/database.hpp"), ("sandbox/spawner.cpp", "media/format/box.hpp"),
            ("sandbox/child/main.cpp", "media/engine/index/index.hpp"),
            ("sandbox/child/main.cpp", "sandbox/protocol/messages.hpp"),
            ("processing/run.cpp", "sandbox/media_process.hpp"),
            ("playback/manifests.cpp", "catalog/video.hpp"), ("catalog/endpoints/get.cpp", "http/endpoint.hpp"),
            ("adapters/sql/videos.cpp", "catalog/video_store.hpp"), ("app/wiring.cpp", "adapters/disk/blob_store.hpp"),
            ("adapters/sql/sqlite/database.cpp", "adapters/sql/dialect.hpp"), ("main.cpp", "app/run.hpp"),
        ]
        for source, target in right:
            self.assertTrue(may_include(source, target), f"{source} -> {target}")
        wrong = [
            ("base/ids.cpp", "async/pool.hpp"), ("media/format/box.cpp", "async/pool.hpp"),
            ("media/format/box.cpp", "media/engine/av/open.hpp"), ("ports/blob_store.hpp", "ledger/ledger.hpp"),
            ("http/server.cpp", "ports/blob_store.hpp"), ("sandbox/spawner.cpp", "media/engine/av/open.hpp"),
            ("sandbox/child/main.cpp", "async/pool.hpp"), ("sandbox/child/main.cpp", "sandbox/media_process.hpp"),
            ("catalog/video.cpp", "uploads/upload.hpp"), ("catalog/video.cpp", "http/endpoint.hpp"),
            ("catalog/video.cpp", "sandbox/media_process.hpp"), ("catalog/video.cpp", "adapters/disk/blob_store.hpp"),
            ("processing/run.cpp", "catalog/video.hpp"), ("accounts/user.cpp", "catalog/video.hpp"),
            ("notices/send.cpp", "catalog/video.hpp"), ("playback/manifests.cpp", "processing/plan.hpp"),
            ("adapters/disk/blob_store.cpp", "adapters/sql/dialect.hpp"), ("adapters/disk/store.cpp", "app/wiring.hpp"),
            ("app/wiring.cpp", "media/engine/av/open.hpp"), ("main.cpp", "catalog/video.hpp"),
        ]
        for source, target in wrong:
            self.assertFalse(may_include(source, target), f"{source} -> {target}")

    def test_an_include_against_the_order_is_named(self):
        self.refuses("src/base/name.cpp:1: base may not include catalog", check_layers,
                     src__base__name_dot_cpp='#include "catalog/video.hpp"\n',
                     src__catalog__video_dot_hpp="#pragma once\n")

    def test_walls(self):
        for include in ("boost/beast/http.hpp", "boost/json.hpp", "spdlog/spdlog.h", "libavformat/avformat.h",
                        "libswscale/swscale.h", "sqlite3.h", "prometheus/registry.h", "CLI/CLI.hpp"):
            self.refuses(f"<{include}> may be included only in", check_layers,
                         src__catalog__video_dot_cpp=f"#include <{include}>\n")
        self.refuses("only in http/*.cpp", check_layers, src__http__server_dot_hpp="#include <boost/beast.hpp>\n")

    def test_unknown_folder_and_missing_header(self):
        self.refuses("belongs to no module", check_layers, src__misc__x_dot_cpp="int x;\n")
        self.refuses("is no file below src/", check_layers, src__base__x_dot_cpp='#include "name.hpp"\n')


class Sizes(Fixture):
    def test_long_file_line_and_function(self):
        self.refuses("has 501 lines", check_sizes, src__base__x_dot_cpp="int x;\n" * 501)
        self.refuses("has 121 columns", check_sizes, src__base__x_dot_cpp="//" + "x" * 119 + "\n")
        self.refuses("long_one has 71 lines", check_sizes,
                     src__base__x_dot_cpp="int long_one(int x) {\n" + "    ++x;\n" * 69 + "}\n")
        self.refuses("long_one has 71 lines", check_sizes,
                     tools__x_dot_py="def long_one():\n" + "    print()\n" * 70)

    def test_a_literal_that_cannot_be_broken_may_be_longer(self):
        for literal in ('"' + 'x\\"' * 60 + '"', 'R"(' + '"y":1,' * 30 + ')"', '"' + "z" * 130 + '"'):
            self.assertEqual(self.problems(check_sizes, src__base__x_dot_cpp=f"auto x = {literal};\n"), [], literal)

    def test_functions_are_found_where_they_are(self):
        code = """
namespace movio {
struct Shape { int sides() const { return 4; } };
constexpr int kTable[] = {1, 2, 3};
Thing::Thing(int a) : a_(a), b_{a} {
    if (a) { b_ = 1; }
}
auto Thing::get() const noexcept -> int {
    const char* text = "} not a brace {";  // nor } this
    return [&] { return 1; }();
}
}
"""
        self.assertEqual([(line, name, length) for line, name, length in cpp_functions(code)],
                         [(3, "sides", 1), (5, "Thing::Thing", 3), (8, "Thing::get", 4)])

    def test_a_function_of_seventy_lines_is_right(self):
        self.assertEqual(self.problems(check_sizes, src__base__x_dot_cpp="int f() {\n" + "    g();\n" * 68 + "}\n"), [])


class Words(Fixture):
    def test_banned_words(self):
        for word in ("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"):
            self.refuses(f"'{word}' may not be written", check_words, src__base__x_dot_cpp=f"// {word}: later\n")

    def test_machines_own_addresses(self):
        self.refuses("a path of one machine", check_words, docs__x_dot_md="see /wo" "rk/main/file\n")
        self.refuses("package registry", check_words, web___dot_npmrc="registry=https" "://example.org/\n")
        self.refuses("holds registry addresses", check_words,
                     **{"web__package-lock_dot_json": '{"resolved": "https://example.org/x.tgz"}\n'})

    def test_data_folder_stands_beside_its_setting(self):
        self.refuses("named only beside", check_words, src__base__x_dot_cpp='auto x = "../sha' 'red";\n')
        self.assertEqual(self.problems(check_words, docs__x_dot_md="MOVIO_TEST_DATA defaults to ../sha" "red\n"), [])


class Dead(Fixture):
    def test_dead_files(self):
        self.refuses("src/base/alone.hpp: is included by nothing", check_dead,
                     src__base__alone_dot_hpp="#pragma once\n")
        self.refuses("is included by nothing", check_dead, src__base__alone_dot_hpp="#pragma once\n",
                     src__base__alone_dot_cpp='#include "base/alone.hpp"\n')
        self.refuses("src/other/x.cpp: is built by no target", check_dead, src__other__x_dot_cpp="int x;\n")
        self.refuses("docs/alone.md: is linked from no other page", check_dead, docs__alone_dot_md="# Alone\n")
        self.refuses("links to docs/gone.md", check_dead, README_dot_md="[a](docs/gone.md) [b](docs/design.md)\n")
        self.refuses("tools/alone: is used by no command", check_dead, tools__alone="#!/bin/sh\n")


class Formatting(Fixture):
    def test_form(self):
        self.refuses("must begin with #pragma once", check_formatting, src__base__name_dot_hpp="int name();\n")
        self.refuses("has a carriage return", check_formatting, src__base__name_dot_cpp="int x;\r\n")
        self.refuses("is not formatted", check_formatting, src__base__name_dot_cpp="int   x ;\n")


if __name__ == "__main__":
    unittest.main()
