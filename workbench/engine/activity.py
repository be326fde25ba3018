"""What is being worked on: the jobs of this engine, to watch and to cancel."""

from workbench.engine.desk import Desk
from workbench.engine.news import Progress


async def jobs(desk: Desk) -> tuple[Progress, ...]:
    """Every job since the engine started with its last progress, oldest first."""
    return desk.jobs.all()


async def cancel(desk: Desk, job_id: str) -> bool:
    """Ask a running job to stop; False if none of that id runs."""
    return desk.jobs.cancel(job_id)
