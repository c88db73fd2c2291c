"""One assumption at a time, and the charts that show it."""

import pytest

from foedus.cyber import Alliance, CyberError, read_policy, varied
from foedus.cyber.variations import LEFT_OUT, RELEASE_DAYS
from foedus.view.brief.cyber_member_charts import balance_chart, delay_chart
from foedus.view.theme import NARROW, WIDE, spec


def test_delay_costs_people_and_not_machines(alliances: dict[str, Alliance]) -> None:
    here = alliances["quad"]
    policies = {name: read_policy(name) for name in ("hub", "machine")}
    points = varied(policies, here.threats(), here.regions, "release_days", RELEASE_DAYS, n=4000)
    hub, machine = ([p.averted for p in points if p.policy == name] for name in policies)
    assert hub == sorted(hub, reverse=True) and hub[0] > 1.5 * hub[-1]
    assert len(set(machine)) == 1 and machine[0] >= hub[0]
    assert [p.value for p in points] == [*RELEASE_DAYS] * 2


def test_networks_help_and_adaptation_hurts(alliances: dict[str, Alliance]) -> None:
    here = alliances["quad"]
    for assumption, rises in (("networks", True), ("adaptation", False)):
        points = varied(
            {"hub": read_policy("hub")}, here.threats(), here.regions, assumption, LEFT_OUT[assumption], n=4000
        )
        found = [p.averted for p in points]
        assert found == sorted(found, reverse=not rises) and found[0] != found[-1]


def test_what_is_no_assumption(alliances: dict[str, Alliance]) -> None:
    with pytest.raises(CyberError, match="is not a parameter"):
        varied({"hub": read_policy("hub")}, alliances["quad"].threats(), {}, "luck", (1.0,))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_charts_carry_every_value(alliances: dict[str, Alliance], width: int) -> None:
    here = alliances["quad"]
    points = varied({"hub": read_policy("hub")}, here.threats(), here.regions, "release_days", RELEASE_DAYS[:3], n=1000)
    drawn = spec(delay_chart(points, {"hub": "Hub"}, width))
    said = str(drawn)
    assert all(str(p.averted) in said for p in points)
    balance = str(spec(balance_chart({"A": 1.25, "B": 0.0}, {"A": 0.5, "B": 2.0}, {"A": "Aland", "B": "Bland"}, width)))
    assert all(x in balance for x in ("Aland", "Bland", "1.25", "0.5"))
