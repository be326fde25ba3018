"""The environment of the processes that this room starts."""

import os


def environment() -> dict[str, str]:
    """This process's environment without any account's secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_SECRET_")}
