"""No line of docs/v1-api.md without a test, no test for a line that is not there."""

import pathlib
import re

from support.contract_table import lines_of_page


def lines_of_tests():
    found = set()
    for path in pathlib.Path(__file__).parent.glob("test_*.py"):
        for arguments in re.findall(r"mark\.contract\(([^)]*)\)", path.read_text()):
            found |= set(re.findall(r'"([A-Z]\d+)"', arguments))
    return found


def test_every_line_of_the_page_has_a_test():
    lines = lines_of_page()
    assert len(lines) == len(set(lines)) > 40
    assert set(lines) == lines_of_tests()
