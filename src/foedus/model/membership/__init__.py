"""membership: who founds, joins and leaves alliances, and which of them end, year by year.

`standing` says what the world looks like at the start of a year and names every term; `kernels` turn it into design
rows; `histories` makes standings from the record or from ATOP. `accession`, `withdrawal` and `termination` are yearly
hazards, `counts`, `sizes` and `founding` say how many alliances are founded, by how many states, and by which. All are
fitted by `foedus model fit NAME`; see `docs/model.md`. It imports panels, the record and sources.
"""
