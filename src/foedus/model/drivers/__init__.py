"""Drivers: how states' growth, regimes and rivalries move from year to year, fitted; one year of each as a kernel.

| process | fit | draws of its parameters, one row a world | one year | what it starts from |
| --- | --- | --- | --- | --- |
| GDP | `growth.fit` | `model.draws(n, seed)`, (n, 7) | `kernels.growth_step` | `growth.starting`, `.latest` |
| regime | `regime.fit` | `regime.draws(model, n, seed)`, (n, 4, 4) | `kernels.regime_step` | class 0 to 3, -1 unknown |
| rivalry | `rivalry.fit` | `rivalry.split(model.draws(n, seed))` | `kernels.onset_rate`, `.end_rate` | pairs |
| spending | `spending.fit` | `fit.draws(model, n, seed)`, (n, 7) | `spending.kernels` | `fit.anchors`, `fit.pull_of` |
| disputes | `disputes.onset` | `model.draws(n, seed)`, (n, 9) | `disputes.kernels` | pairs |

Models come from `foedus.model.shipped.shipped("growth")` and so on, or from the fit functions with `until=` for a
back-test. A year goes: growth (its drift from `growth.Starting.drift(row)`), spending (with growth less drift, and
allies' and rivals' spending of the year before), regime, rivalry. Kernels take uniforms in (0, 1) and own no stream.
Rates of rivalry are per pair and year; probability 1 - exp(-rate). Distance and age change little and onsets are few
(about one a year in the world), so a simulator may draw candidates by a bound on the rate and thin them.
"""
