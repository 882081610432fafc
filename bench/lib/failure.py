"""The one error that ends a suite with a line for the user."""


class Failure(Exception):
    """What could not be done, in one line."""
