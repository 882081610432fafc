"""Figures become ratios, ratios become a table, and a table replaces only itself in the file."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import ratios
import results


class RatioTest(unittest.TestCase):
    def test_figures_of_one_round_are_divided(self) -> None:
        ratio = ratios.paired([10, 40, 90], [10, 20, 30])
        self.assertEqual((ratio.median, ratio.low, ratio.high), (2, 1, 3))

    def test_series_of_other_length_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            ratios.paired([1, 2], [1])

    def test_figures_are_shown_as_precisely_as_they_deserve(self) -> None:
        shown = [ratios.shown(value) for value in (0.8734, 1.916, 38.14, 12345.6)]
        self.assertEqual(shown, ["0.873", "1.92", "38.1", "12,346"])


    def test_goal_is_reached_at_its_bound_and_missed_beyond(self) -> None:
        rate, seconds = ratios.Goal(0.85, at_least=True), ratios.Goal(1.4, at_least=False)
        self.assertEqual([rate.cells(0.85)[1], rate.cells(0.849)[1]], ["reached", "missed"])
        self.assertEqual([seconds.cells(1.4)[1], seconds.cells(1.401)[1]], ["reached", "missed"])

    def test_comparison_without_goal_has_no_verdict(self) -> None:
        self.assertEqual(ratios.cells([2, 3], [1, 1], None), ["2.50 ×", "2.00–3.00", "", ""])


class SectionTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name) / "RESULTS.md"

    def test_section_replaces_only_itself(self) -> None:
        results.keep_section(self.path, "one", "first")
        results.keep_section(self.path, "two", "second")
        results.keep_section(self.path, "one", r"third \1")
        text = self.path.read_text()
        self.assertNotIn("first", text)
        self.assertLess(text.index(r"third \1"), text.index("second"))
        self.assertTrue(text.startswith("# Results\n"))

    def test_same_section_twice_changes_nothing(self) -> None:
        results.keep_section(self.path, "one", "first")
        once = self.path.read_text()
        results.keep_section(self.path, "one", "first")
        self.assertEqual(self.path.read_text(), once)

    def test_table_aligns_figures_to_the_right(self) -> None:
        lines = results.table(["a", "b", "c"], [["1", "2", "3"]]).splitlines()
        self.assertEqual(lines, ["| a | b | c |", "| --- | --- | ---: |", "| 1 | 2 | 3 |"])


if __name__ == "__main__":
    unittest.main()
