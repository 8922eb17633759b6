"""Grafana's dashboard, the alerts and the page that explains the figures name exactly those that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from handlers.chatwoot.desk import FIGURES
from relay.figures import Figures, Stock
from relay.store.tables import STATES
from tests.rig import ROOT, Server

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboard.json").read_text(encoding="utf-8"))
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = [
    rule
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
METRIC = re.compile(r"\b(?:servidor|process)_\w+")
SELECTED = re.compile(r"\b((?:servidor|process)_\w+)\{([^}]*)\}")
BOOKS = {
    "requests": dict.fromkeys(("received", "rejected", "repeated", "events"), 1),
    "deliveries": dict.fromkeys(STATES, 1),
}
WAITING = {"handler": "a:x", "state": "waiting", "number": 1, "oldest": 0}
# What Prometheus adds to every sample, and what the dashboard's variables stand for.
ADDED = {"job", "instance"}


def known() -> dict[str, set[str]]:
    """Every sample's name that /metrics may hold, with its labels."""
    figures = Figures(FIGURES)
    for metric in (*vars(figures).values(), *figures.own.values()):
        if hasattr(metric, "labels") and metric._labelnames:
            metric.labels(*metric._labelnames)
    text = figures.text(Stock(BOOKS, [WAITING], [])).decode()
    families = text_string_to_metric_families(text)
    return {each.name: set(each.labels) for family in families for each in family.samples}


KNOWN = known()


def expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel.get("targets", []))
    yield from (each["definition"] for each in DASHBOARD["templating"]["list"] if "definition" in each)
    yield from (rule["expr"] for rule in RULES)


each_expression = pytest.mark.parametrize("expression", sorted(set(expressions())))


@each_expression
def test_every_figure_named_is_one_that_there_is(expression: str) -> None:
    named = set(METRIC.findall(expression))

    assert named <= KNOWN.keys()
    assert named or expression.startswith("up{")


@each_expression
def test_every_label_named_is_one_that_its_figure_has(expression: str) -> None:
    for metric, selected in SELECTED.findall(expression):
        assert set(re.findall(r"(\w+)\s*=", selected)) <= KNOWN[metric] | ADDED
    grouped = {label.strip() for by in re.findall(r"\bby \(([^)]*)\)", expression) for label in by.split(",")}
    labels: set[str] = set().union(*(KNOWN[metric] for metric in METRIC.findall(expression)))

    assert grouped <= labels | ADDED


@each_expression
def test_every_bucket_named_is_one_that_there_is(expression: str) -> None:
    bounds = {f'le="{float(each)}"' for each in (1, 5, 30)}

    assert set(re.findall(r'le="[^"]*"', expression)) <= bounds


@each_expression
def test_every_bracket_is_closed(expression: str) -> None:
    for opened, closed in ("()", "{}", "[]"):
        assert expression.count(opened) == expression.count(closed)


def test_a_running_server_has_every_figure_that_is_named(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    text = server.http.get("/metrics").text
    server.stop()
    families = {each.name for each in text_string_to_metric_families(text)}
    families |= {f"{name}{end}" for name in families for end in ("_total", "_bucket", "_sum", "_count")}

    assert {name for each in expressions() for name in METRIC.findall(each)} <= families


def test_every_figure_of_ours_is_on_the_dashboard() -> None:
    shown = {name for panel in DASHBOARD["panels"] for name in METRIC.findall(json.dumps(panel))}
    ours = {re.sub("_(bucket|sum|count)$", "", name) for name in KNOWN if name.startswith("servidor_")}

    assert ours <= {re.sub("_(bucket|sum|count)$", "", name) for name in shown}


def test_panels_have_titles_and_words_and_do_not_overlap() -> None:
    panels = DASHBOARD["panels"]
    places = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(places) == len(set(places))
    assert all(x < 24 for x, _ in places)
    assert all(panel["title"] and (panel["type"] == "row" or panel["description"]) for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]


def test_prometheus_asks_with_a_token_from_a_file_at_the_right_address() -> None:
    (scrape,) = yaml.safe_load((PROMETHEUS / "scrape.yml").read_text(encoding="utf-8"))["scrape_configs"]

    assert scrape["metrics_path"] == "/metrics"
    assert scrape["authorization"]["credentials_file"]
    assert "credentials" not in scrape["authorization"]


def test_every_figure_stands_in_its_page_and_no_other() -> None:
    page = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(servidor_\w+)", page))

    assert named == {re.sub("_(bucket|sum|count)$", "", name) for name in KNOWN if name.startswith("servidor_")}
