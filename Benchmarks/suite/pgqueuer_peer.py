"""PgQueuer as a peer: dequeues and completes through its own queries, without its runner, which would only add to it.

usage: pgqueuer_peer.py URL JOBS BATCH; prints a line of JSON.
"""

import asyncio
import json
import sys
import time
import uuid
from datetime import timedelta

import asyncpg
import uvloop
from pgqueuer.db import AsyncpgDriver
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.queries import Queries


async def main(url: str, jobs: int, batch: int):
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    for first in range(0, jobs, 1000):
        count = min(1000, jobs - first)
        await queries.enqueue(["remind"] * count, [b""] * count, [0] * count)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    wanted = {"remind": EntrypointExecutionParameter(concurrency_limit=0)}
    manager, done, claiming, began = uuid.uuid4(), 0, 0.0, time.perf_counter()
    while True:
        before = time.perf_counter()
        claimed = await queries.dequeue(batch, wanted, manager, None, timedelta(seconds=30))
        claiming += time.perf_counter() - before
        if not claimed:
            break
        await queries.log_jobs([(job, "successful", None) for job in claimed])
        done += len(claimed)
    seconds = time.perf_counter() - began
    left = await connection.fetchval("SELECT COUNT(*) FROM pgqueuer")
    assert done == jobs and left == 0, f"{done} of {jobs} completed, {left} left"
    print(json.dumps({"seconds": seconds, "claiming": claiming}))
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
