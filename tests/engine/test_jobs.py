"""A job's progress, told from a working thread, and its end."""

import asyncio
import threading

import pytest

from workbench.engine.jobs import Cancelled, Job, Jobs
from workbench.engine.news import News, NewsDesk, Progress


def test_the_end_of_a_job_is_the_last_that_is_heard_of_it() -> None:
    """What the working thread said at the very end is still on its way when the job has ended."""
    heard: list[News] = []

    async def scene() -> None:
        desk = NewsDesk()
        desk.subscribe(heard.append)
        jobs = Jobs(desk)

        async def work(job: Job) -> None:
            thread = threading.Thread(target=lambda: job.advance(5, 5))
            thread.start()
            thread.join()

        await jobs.run("sample", "Sample", "rows", work)
        await asyncio.sleep(0.05)
        assert [each.state for each in jobs.all()] == ["finished"]

    asyncio.run(scene())
    states = [each.state for each in heard if isinstance(each, Progress)]
    assert (states[0], states[-1]) == ("running", "finished")
    assert isinstance(heard[-1], Progress)
    assert (heard[-1].done, heard[-1].total) == (5, 5)


def test_a_late_word_of_a_thread_does_not_bring_a_job_back() -> None:
    async def scene() -> None:
        jobs = Jobs(NewsDesk())
        held: list[Job] = []

        async def work(job: Job) -> None:
            held.append(job)

        await jobs.run("import", "Import", "rows", work)
        held[0].advance(1, 2)
        assert [(each.state, each.done) for each in jobs.all()] == [("finished", 0)]
        held[0].cancelled.set()
        with pytest.raises(Cancelled):
            held[0].advance(2, 2)

    asyncio.run(scene())
