"""Small allocation problems with a known optimum, and drawn ones."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from foedus.strategy import Package, Problem, Scenarios, Synergy

INF = float("inf")


def scenarios(requirement, weight, probability, arrives=None, reach=None, n=1, k=2) -> Scenarios:
    requirement = np.array(requirement, dtype=float)
    s = len(requirement)
    return Scenarios(
        names=tuple(f"threat {i + 1}" for i in range(s)),
        threat=np.arange(s),
        probability=np.array(probability, dtype=float),
        requirement=requirement,
        weight=np.array(weight, dtype=float),
        loss=np.zeros(s),
        arrives=np.ones((s, n)) if arrives is None else np.array(arrives, dtype=float),
        reach=np.ones((s, k)) if reach is None else np.array(reach, dtype=float),
    )


def problem(packages, scenarios, price, *, budget=INF, cap=None, floor=None, **rest) -> Problem:
    price = np.array(price, dtype=float)
    n, d = len(price), scenarios.requirement.shape[1]
    return Problem(
        title="a problem",
        money="billion",
        members=tuple(f"member {i + 1}" for i in range(n)),
        packages=tuple(packages),
        dimensions=tuple(f"dimension {i + 1}" for i in range(d)),
        scenarios=scenarios,
        price=price,
        existing=rest.pop("existing", np.zeros((n, d))),
        budget=budget,
        cap=np.full(n, INF) if cap is None else np.array(cap, dtype=float),
        floor=np.zeros(n) if floor is None else np.array(floor, dtype=float),
        need=rest.pop("need", np.full(n, 1 / n)),
        fair=rest.pop("fair", np.full(n, 1 / n)),
        **rest,
    )


def instance_a(risk_weight: float, tail: float, weight: float = 1.0) -> Problem:
    """Two dimensions, one pool of 10, three scenarios; `weight` is that of the second."""
    s = scenarios([[10, 0], [0, 10], [6, 6]], [[1, 1], [weight, weight], [1, 1]], [0.5, 0.3, 0.2])
    packages = (Package("one", (1.0, 0.0)), Package("two", (0.0, 1.0)))
    return problem(packages, s, [[1, 1]], budget=10.0, risk_weight=risk_weight, tail=tail)


def instance_c(risk_weight: float = 0.0) -> Problem:
    """Two members, three packages that are bought whole."""
    s = scenarios([[4, 2], [2, 5], [3, 3]], [[10, 10], [20, 20], [15, 15]], [0.5, 0.2, 0.3], n=2, k=3)
    packages = [Package(f"package {i + 1}", y, lumpy=True) for i, y in enumerate([(3.0, 0.0), (1.0, 2.0), (0.0, 4.0)])]
    return problem(packages, s, [[4, 3, 5], [2, 4, 6]], budget=9.0, cap=[8, 7], risk_weight=risk_weight, tail=0.8)


@st.composite
def drawn_problems(draw, lumpy: bool = False) -> Problem:
    """A problem of one to three members, packages, dimensions and four scenarios, with every kind of package."""
    stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, k, d, s = (int(draw(st.integers(1, m))) for m in (3, 3, 2, 4))
    packages = []
    for i in range(k):
        curve = ((2.0, 1.0), (3.0, 0.5)) if draw(st.booleans()) else ()
        technology = draw(st.sampled_from(["sum", "weakest-link", "best-shot"]))
        packages.append(
            Package(
                f"package {i + 1}",
                tuple(stream.uniform(0, 2, d)),
                technology=technology,
                curve=curve,
                stays=draw(st.booleans()),
                lumpy=lumpy,
            )
        )
    probability = stream.dirichlet(np.ones(s))
    drawn = scenarios(
        stream.uniform(0, 6, (s, d)),
        stream.uniform(0, 3, (s, d)),
        probability,
        arrives=stream.random((s, n)).round(1),
        reach=stream.random((s, k)),
        n=n,
        k=k,
    )
    drawn = replace(drawn, loss=stream.uniform(0, 1, s))
    synergies = (Synergy(0, 1, 0, 0.5),) if k > 1 else ()
    return problem(
        packages,
        drawn,
        stream.uniform(0.5, 2, (n, k)),
        budget=float(stream.uniform(1, 6)),
        cap=stream.uniform(1, 4, n),
        existing=stream.uniform(0, 1, (n, d)),
        synergies=synergies,
        risk_weight=draw(st.sampled_from([0.0, 0.5, 1.0])),
        tail=draw(st.sampled_from([0.0, 0.5, 0.9])),
    )
