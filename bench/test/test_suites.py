"""What the suites make of figures, without measuring anything."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import http_suite
import main
import session_suite
from failure import Failure
from session_suite import Figure


def session_figures(cuvee: Figure, raw: Figure) -> session_suite.Figures:
    return {("load all", "cuvee"): [cuvee], ("load all", "raw"): [raw]}


class SessionTest(unittest.TestCase):
    def test_other_work_is_refused(self) -> None:
        figures = session_figures(Figure(1.0, 7, 10), Figure(1.0, 8, 10))
        with self.assertRaisesRegex(Failure, "load all: .* not do the same work"):
            session_suite._check_equal_work(figures)
        session_suite._check_equal_work(session_figures(Figure(1.0, 7, 10), Figure(1.0, 7, 10)))

    def test_time_and_memory_have_goals_of_their_own(self) -> None:
        rows = session_suite._rows(session_figures(Figure(0.5, 7, 170), Figure(1.0, 7, 100)))
        verdicts = {(row[0], row[1]): row[-1] for row in rows}
        self.assertEqual(verdicts["load all", "raw sqlite3 in C"], "reached")
        self.assertEqual(verdicts["memory of: load all", "structs and text"], "missed")

    def test_program_without_a_case_takes_no_turn(self) -> None:
        turns = [(measure.title, program) for measure, program, _ in session_suite._turns(["cuvee", "raw"])]
        self.assertIn(("load all", "cuvee"), turns)
        missing = [measure.title for measure in session_suite._MEASURES if measure.cuvee is None]
        for title in missing:
            self.assertNotIn((title, "cuvee"), turns)
            self.assertIn((title, "raw"), turns)


class ChoiceTest(unittest.TestCase):
    def test_all_suites_run_unless_some_are_named(self) -> None:
        self.assertEqual(main.chosen_suites([], frozenset()), list(main.SUITES))
        self.assertEqual(main.chosen_suites(["session"], frozenset()), ["session"])

    def test_part_chooses_the_suites_that_have_it(self) -> None:
        self.assertEqual(main.chosen_suites([], frozenset(["ulfius"])), ["http"])
        self.assertEqual(main.chosen_suites([], frozenset(["cuvee"])), ["http", "session"])

    def test_goals_name_parts_that_exist(self) -> None:
        self.assertLessEqual({name for _, name in http_suite._GOALS}, set(http_suite.PARTS))


if __name__ == "__main__":
    unittest.main()
