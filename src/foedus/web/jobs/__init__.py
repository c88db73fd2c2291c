"""Long work: an order that was checked becomes a job, a process of its own that runs the command line in a folder.

The folder outlives the server: `job.json` says what was asked and how it went, the tables are what the command wrote.
Start with `Desk`.
"""

from foedus.web.jobs.desk import Desk
from foedus.web.jobs.orders import Order
from foedus.web.jobs.store import Job

__all__ = ["Desk", "Job", "Order"]
