"""Disputes: where they are likely, whether pacts deter them, who wins a war.

`dangerous` is the published non-directed baseline; `initiation` who starts a dispute with whom, with the target's pacts
coded naively or by the casus engine (`covered`); `war` the initiator's chance; `onset` the process for a simulator, one
pair and year of it in `kernels`. It imports the record, the sources, panels, `casus` and `model.drivers`.
"""
