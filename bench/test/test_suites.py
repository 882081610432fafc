"""What the suites make of figures, without measuring anything."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import http_suite
import main
import session_runs
from failure import Failure
from http_load import HttpSuite
from session_runs import Figure, Measure, Program, SessionSuite

ROOT = Path(__file__).resolve().parents[2]
LOAD = Measure("load all", "load", "load", 1.4, memory_goal=1.6)
LACKING = Measure("dream", None, "dream")
PROGRAMS = [Program("cuvee", "Cuvee", ["c"]), Program("raw", "raw client", ["r"])]


def figures_of(cuvee: Figure, raw: Figure) -> session_runs.Figures:
    return {("load all", "cuvee"): [cuvee], ("load all", "raw"): [raw]}


class SessionTest(unittest.TestCase):
    def test_other_work_is_refused(self) -> None:
        figures = figures_of(Figure(1.0, 7, 10), Figure(1.0, 8, 10))
        with self.assertRaisesRegex(Failure, "load all: .* not do the same work"):
            session_runs.check_equal_work([LOAD], figures)
        session_runs.check_equal_work([LOAD], figures_of(Figure(1.0, 7, 10), Figure(1.0, 7, 10)))

    def test_time_and_memory_have_goals_of_their_own(self) -> None:
        rows = session_runs.table_rows([LOAD], PROGRAMS, figures_of(Figure(0.5, 7, 170), Figure(1.0, 7, 100)))
        verdicts = {(row[0], row[1]): row[-1] for row in rows}
        self.assertEqual(verdicts["load all", "raw client"], "reached")
        self.assertEqual(verdicts["memory of: load all", "structs and text"], "missed")

    def test_measure_without_goal_has_no_verdict(self) -> None:
        plain = Measure("load all", "load", "load")
        rows = session_runs.table_rows([plain], PROGRAMS, figures_of(Figure(9.0, 7, 0), Figure(1.0, 7, 0)))
        self.assertEqual([row[-1] for row in rows], ["", ""])

    def test_program_without_a_case_takes_no_turn(self) -> None:
        turns = [(measure.title, program.name) for measure, program, _ in session_runs.turns([LOAD, LACKING], PROGRAMS)]
        self.assertEqual(turns, [("load all", "cuvee"), ("load all", "raw"), ("dream", "raw")])


class ChoiceTest(unittest.TestCase):
    def test_all_suites_run_unless_some_are_named(self) -> None:
        self.assertEqual(main.chosen_suites([], frozenset()), list(main.SUITES))
        self.assertEqual(main.chosen_suites(["session"], frozenset()), ["session"])

    def test_part_chooses_the_suites_that_have_it(self) -> None:
        self.assertEqual(main.chosen_suites([], frozenset(["ulfius"])), ["http"])
        self.assertEqual(main.chosen_suites([], frozenset(["cuvee"])), list(main.SUITES))

    def test_parts_are_those_that_are_run(self) -> None:
        for name, suite in main.SUITES.items():
            made = suite.recipes(ROOT) if isinstance(suite, HttpSuite) else suite.programs(ROOT)
            with self.subTest(name):
                self.assertEqual([part.name for part in made], suite.parts)

    def test_goals_name_parts_that_exist(self) -> None:
        for name, suite in main.SUITES.items():
            if isinstance(suite, HttpSuite):
                with self.subTest(name):
                    self.assertLessEqual({part for _, part in suite.goals}, set(suite.parts))

    def test_every_session_suite_has_a_goal_for_loads_and_writes(self) -> None:
        for name, suite in main.SUITES.items():
            if isinstance(suite, SessionSuite):
                with self.subTest(name):
                    judged = {measure.peer for measure in suite.measures if measure.goal is not None}
                    self.assertIn("load", judged)
                    self.assertTrue(judged & {"insert", "insert-keys"})


class CommandTest(unittest.TestCase):
    def test_servers_in_c_have_the_same_threads(self) -> None:
        commands = {recipe.name: recipe.command(8123, Path("/data")) for recipe in http_suite.SUITE.recipes(ROOT)}
        threads = ["--event-threads", "2", "--workers", "4"]
        for name in ("cuvee", "handwritten", "ulfius"):
            self.assertEqual(commands[name][-4:], threads, name)

    def test_the_demo_is_run_as_it_is_and_tuned(self) -> None:
        told = {recipe.name: recipe.environment(Path("/data")) for recipe in http_suite.SUITE.recipes(ROOT)}
        self.assertEqual(told["fastapi"], {"BLEND_DATA": "/data", "BLEND_TUNED": "0"})
        self.assertEqual(told["fastapi-tuned"], {"BLEND_DATA": "/data", "BLEND_TUNED": "1"})


if __name__ == "__main__":
    unittest.main()
