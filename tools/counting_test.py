"""tools/test counts what really happened: nothing that failed, crashed or was left out goes missing in the sum."""

import importlib.machinery
import importlib.util
import pathlib
import tempfile
import unittest

PATH = pathlib.Path(__file__).resolve().parent / "test"


def load():
    loader = importlib.machinery.SourceFileLoader("movio_test_runner", str(PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


runner = load()
GTEST = """<testsuites><testsuite name="A">
<testcase name="passes" status="run" result="completed" classname="A"/>
<testcase name="fails" status="run" result="completed" classname="A"><failure message="no"/></testcase>
<testcase name="skips" status="run" result="skipped" classname="A"><skipped message="no films"/></testcase>
<testcase name="disabled" status="notrun" result="suppressed" classname="A"/>
</testsuite></testsuites>"""


class Counting(unittest.TestCase):
    def count(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "result.xml")
            if text is not None:
                path.write_text(text)
            totals = runner.Totals()
            totals.add_junit(path, "source")
            return totals

    def test_each_case_is_counted_once(self):
        totals = self.count(GTEST)
        self.assertEqual(totals.line(), "1 passed, 1 failed, 2 skipped")
        self.assertIn("source: A fails", totals.failures)
        self.assertIn("source: A skips (no films)", totals.skips)

    def test_an_error_is_a_failure(self):
        totals = self.count('<testsuite><testcase name="a" classname="b"><error message="x"/></testcase></testsuite>')
        self.assertEqual(totals.line(), "0 passed, 1 failed, 0 skipped")

    def test_a_missing_or_broken_result_is_a_failure(self):
        self.assertEqual(self.count(None).line(), "0 passed, 1 failed, 0 skipped")
        self.assertEqual(self.count("<testsuite>").line(), "0 passed, 1 failed, 0 skipped")

    def test_a_program_that_crashes_without_a_result_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder)
            (results / "gtest").mkdir()
            (results / "gtest" / "test_b.xml").write_text(GTEST.replace("<failure message=\"no\"/>", ""))
            listed = """<testsuite><testcase name="test_a" status="fail"/><testcase name="test_b" status="fail"/>
                <testcase name="rules" status="run"/><testcase name="other" status="notrun"/></testsuite>"""
            totals = runner.Totals()
            runner.count_ctest(listed_file(results, listed), results, totals)
            self.assertEqual(totals.line(), "3 passed, 3 failed, 2 skipped")
            self.assertIn("ctest: test_b", totals.failures)


def listed_file(folder, text):
    path = folder / "ctest.xml"
    path.write_text(text)
    return path


if __name__ == "__main__":
    unittest.main()
