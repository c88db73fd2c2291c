"""Military spending: the share of GDP that a state spends, with partial adjustment, allies, rivals and a guideline.

`panel` makes the state-years from the user's files, `fit` the process with draws over designs that disagree (needs
statsmodels), `guideline` how fast NATO members closed their gap, `kernels` one year for a simulator with its `plain`
twin. It imports the record, the sources, panels and `model.drivers`. Start with `fit.fit`.
"""
