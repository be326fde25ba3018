"""Answers in figures."""

from workbench.engine.desk import Desk
from workbench.plan.report import Question, Series
from workbench.store import reports as stored


async def series(desk: Desk, question: Question) -> Series:
    """The series that answers the question."""
    return await desk.store.read(stored.series, question)
