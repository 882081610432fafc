"""Runs the unittest modules of a folder and prints TAP: unittest_tap.py FOLDER."""
import sys
import unittest


class TapResult(unittest.TestResult):
    def _tell(self, test, mark, why=''):
        print(f'{mark} {self.testsRun} - {test.id()}{why}', flush=True)

    def addSuccess(self, test):
        self._tell(test, 'ok')

    def addSkip(self, test, reason):
        self._tell(test, 'ok', f' # SKIP {reason}')

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._tell(test, 'not ok')
        for line in self.failures[-1][1].splitlines():
            print(f'# {line}')

    def addError(self, test, err):
        super().addError(test, err)
        self._tell(test, 'not ok')
        for line in self.errors[-1][1].splitlines():
            print(f'# {line}')


sys.dont_write_bytecode = True
suite = unittest.defaultTestLoader.discover(sys.argv[1])
print(f'1..{suite.countTestCases()}')
sys.exit(0 if suite.run(TapResult()).wasSuccessful() else 1)
