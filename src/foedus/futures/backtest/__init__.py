"""backtest: was the simulator right about what has happened since?

At an origin year every model is fitted again on what was known then, worlds run forward, and their forecasts are scored
on what happened, beside references that need no simulator. `run.backtest` does it; `questions` says what is asked,
`scores` how an answer is scored, `references` and `ergm` what else could have been answered. docs/backtest.md shows
the result. It imports the simulator and the membership models.
"""
