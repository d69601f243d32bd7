"""The end of a job by SLURM's clock, in a job that began before all other tests."""

from jobs_of_slurm import Job
from waiting import wait_for


def test_a_job_of_a_minute_saves_by_the_clock_and_goes_on(minute: Job):
    wait_for(lambda: minute.events("session_started") > 1, seconds=150)
    assert "the end of the SLURM job is in" in minute.log
    assert "the time limit comes near" in minute.log and "asked to stop" not in minute.log
    assert "back into the queue (restart 1 of at most 20)" in minute.log
    wait_for(lambda: len(minute.starts) > 4)
    assert minute.starts[4] > 0
    minute.cluster.run("scancel", minute.id)
    minute.wait_until_over()
