"""Verbs of the command line while a stack runs."""

import json

from journey_stack import verb


def test_recommend_uses_the_running_stack(stack):
    wish = ("--text", "couturière à Bafoussam", "--lang", "fr", "--limit", "3", "--json")
    code, output, errors = verb(stack.home, "recommend", *wish)
    assert (code, errors) == (0, "")  # nothing is told, since nothing had to be started
    items = json.loads(output)["items"]
    assert [item["rank"] for item in items] == [1, 2, 3]
    assert all(len(item["reasons"]) >= 2 for item in items)


def test_keys_are_rotated_while_everything_runs(stack):
    code, output, errors = verb(stack.home, "keys", "rotate", "--json")
    assert (code, errors) == (0, "")
    current = json.loads(output)["current"]
    code, output, errors = verb(stack.home, "keys", "list", "--json")
    assert (code, errors) == (0, "")
    assert [key["id"] for key in json.loads(output)["keys"] if key["current"]] == [current]
    assert stack.get("/healthz")["status"] == "ok"


def test_a_second_up_on_the_same_home_is_refused(stack):
    code, output, errors = verb(stack.home, "up")
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert f"already runs on this data (pid {stack.pid}, {stack.address})" in errors


def test_doctor_reports_thirteen_passed_checks(stack):
    code, output, errors = verb(stack.home, "doctor")
    assert (code, errors) == (0, "")
    assert [line[0] for line in output.splitlines()] == ["✓"] * 13
