"""After every form of the pages its visitor is told what happened: by a notice, or by the page shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

from oim.channels import web

PAGES = Path(web.__file__).parent
REDIRECTS = {"redirect", "redirect_back", "redirect_to_offer", "_redirect_to_search"}
# Functions that redirect without a notice, and why the page they lead to says what happened.
WITHOUT_NOTICE = {
    "forgotten_pin:request_second_code": "the next step asks for the code that was sent",
    "me/account:request_contact_code": "the next step asks for the code that was sent",
    "me/cv:upload_cv": "the next page shows what was read, to be confirmed",
    "me/cv:settle_proposal": "only where it was settled already: the page of the CV shows how it stands",
    "me/keep:keep_answers": "only where nothing is left to keep",
    "me/save_dismiss:dismiss": "of a fraud: the next page is the form to report it",
    "me/searches:follow": "only where the search is wrong: the list shows what to correct",
    "reports:send_report": "the next page says that the report is received",
    "sign_in:submit_contact": "the next step asks for the code that was sent",
    "unsent_question:answer_question": "the page shows what was written, or no longer asks about it",
    "staff/sign_in:accept_invitation": "the next step shows the key of the authenticator",
    "sign_in:submit_code": "the next step asks who it is",
}


def functions(module: ast.Module) -> dict[str, ast.AST]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name: node for node in module.body if isinstance(node, kinds)}


def calls(function: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def is_posted(function: ast.AST) -> bool:
    decorators = getattr(function, "decorator_list", [])
    return any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "post"
        for each in decorators
    )


def silent_redirects(name: str, module: dict[str, ast.AST]) -> bool:
    """Whether a function, or one of its module that it calls, redirects without a notice."""
    seen, waiting = set(), [name]
    while waiting:
        current = waiting.pop()
        seen.add(current)
        for called, call in calls(module[current]):
            if called in module and called not in seen | REDIRECTS:
                waiting.append(called)
            elif called in REDIRECTS and called not in seen:
                has_name = called == "_redirect_to_search" and len(call.args) == 3
                if not has_name and not any(each.arg == "done" for each in call.keywords):
                    return True
    return False


def test_every_form_that_redirects_says_that_it_was_done() -> None:
    found = set()
    for path in PAGES.rglob("*.py"):
        module = functions(ast.parse(path.read_text("utf-8")))
        for name, function in module.items():
            if is_posted(function) and silent_redirects(name, module):
                found.add(f"{path.relative_to(PAGES).with_suffix('').as_posix()}:{name}")
    assert found == WITHOUT_NOTICE.keys()
